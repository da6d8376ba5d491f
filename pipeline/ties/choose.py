"""Choose for a count or a penalty its day, its place and its people among the candidates, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.outline import Field
from pipeline.schema import Tie
from pipeline.ties.candidates import Candidate
from pipeline.ties.reading import Answer
from pipeline.ties.story import Anchor, Story

# From which chance on a tie is made: the strictest of the limits that are as good as the best, on claims held out.
LIMITS: dict[Field, float] = {"when": 0.32, "where": 0.5, "who": 0.35}
_NEARLY = 0.8


@dataclass(frozen=True, slots=True)
class Tied:
    """The candidate chosen, how likely it is the right one, and how it hangs together with the anchor."""

    candidate: Candidate
    score: float
    tie: Tie


def choose(story: Story, anchor: Anchor, near: Sequence[Candidate], answer: Answer, field: Field) -> Tied | None:
    """Return the likeliest of the candidates *near*, None where none is likely enough; *answer* is the network's."""
    read = answer.chances.get(field, {})
    shown = [one for one in near if one.means in read]
    chances = [round(read[one.means], 4) for one in shown]
    if not shown or max(chances) < LIMITS[field]:
        return None
    best = _finer(shown, chances, max(range(len(shown)), key=lambda i: chances[i]))
    said = [one for one in shown if one.means == shown[best].means]
    nearest = min(said, key=lambda one: abs(one.start - anchor.start))  # said twice: the nearer mention is the evidence
    return Tied(nearest, chances[best], tie_of(story, anchor, nearest))


def _finer(near: Sequence[Candidate], chances: Sequence[float], best: int) -> int:
    """Return instead of a country the likeliest place in it that is nearly as likely: the most specific place is asked for."""
    if near[best].kind != "country":
        return best
    within = (i for i, one in enumerate(near) if one.kind != "country" and one.country == near[best].country)
    finer = max(within, key=lambda i: chances[i], default=best)
    return finer if chances[finer] >= _NEARLY * chances[best] else best


def tie_of(story: Story, anchor: Anchor, candidate: Candidate) -> Tie:
    """Return how far off a candidate stands: in the clause, in the sentence, or carried over from another."""
    outline = story.outline
    if outline.sent(anchor.start) != outline.sent(candidate.start):
        return "carried"
    one = outline.verb_above(outline.head_of(anchor.start, anchor.end))
    other = outline.verb_above(outline.head_of(candidate.start, candidate.end))
    return "clause" if one == other else "sentence"
