"""Choose for a count or a penalty its day, its place and its people among the candidates, or none."""

from dataclasses import dataclass

from pipeline.outline import REACH, Field
from pipeline.schema import Tie
from pipeline.ties.candidates import Candidate, Offered
from pipeline.ties.features import Anchor, Asked, Pair, Story, features
from pipeline.ties.forest import forests


@dataclass(frozen=True, slots=True)
class Tied:
    """The candidate chosen, how likely it is the right one, and how it hangs together with the anchor."""

    candidate: Candidate
    score: float
    tie: Tie


def choose(story: Story, anchor: Anchor, candidates: Offered, field: Field) -> Tied | None:
    """Return the likeliest candidate of a field, or None where none is likely enough."""
    near = within_reach(story, anchor, candidates, field)
    forest = forests()[field]
    asked = Asked(story, anchor, candidates, field)
    chances = forest.chances([features(Pair(asked, one)) for one in near])
    best = max(range(len(near)), key=lambda i: chances[i], default=None)
    if best is None or chances[best] < forest.threshold:
        return None
    said = [
        one for one, chance in zip(near, chances, strict=True) if one.value == near[best].value and chance >= forest.threshold
    ]
    nearest = min(said, key=lambda one: abs(one.start - anchor.start))  # said twice: the nearer mention is the evidence
    return Tied(nearest, chances[best], tie_of(story, anchor, nearest))


def within_reach(story: Story, anchor: Anchor, candidates: Offered, field: Field) -> list[Candidate]:
    """Return the candidates that stand near enough; dates and places of the first sentence always do."""
    outline = story.outline
    own, (behind, before) = outline.sent(anchor.start), REACH[field]
    low, _ = outline.sent_span(max(0, own - before))
    _, high = outline.sent_span(min(own + behind, max(0, len(outline.sents) - 1)))
    _, first = outline.sent_span(0) if field != "who" else (0, 0)
    found = (*candidates.inside(0, min(first, low)), *candidates.inside(low, high))
    return [one for one in found if one.end <= anchor.start or anchor.end <= one.start]


def tie_of(story: Story, anchor: Anchor, candidate: Candidate) -> Tie:
    """Return how far off a candidate stands: in the clause, in the sentence, or carried over from another."""
    outline = story.outline
    if outline.sent(anchor.start) != outline.sent(candidate.start):
        return "carried"
    one = outline.verb_above(outline.head_of(anchor.start, anchor.end))
    other = outline.verb_above(outline.head_of(candidate.start, candidate.end))
    return "clause" if one == other else "sentence"
