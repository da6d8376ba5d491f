"""Counts that belong together: a group and its penalty, a part and its whole."""

import re
from collections.abc import Mapping
from functools import cache

from pipeline.normalise.phrases import one_of
from pipeline.rules.claims import claim_words
from pipeline.schema import CountFact, SentenceFact
from pipeline.ties.story import Story


def joined_penalties(story: Story) -> dict[str, SentenceFact]:
    """Return for each group sentenced the penalty that its sentence tells of it: "48 people were sentenced to 10 to 20 days"."""
    outline = story.outline
    found: dict[str, SentenceFact] = {}
    for penalty in (one for one in story.anchors if isinstance(one, SentenceFact) and one.modality == "imposed"):
        start, _ = outline.sent_span(outline.sent(penalty.start))
        between = [one for one in story.anchors if start <= one.start < penalty.start]
        group = between[-1] if between else None
        if isinstance(group, CountFact) and group.id not in found and _tells(group, penalty, outline.text):
            found[group.id] = penalty
    return found


def _tells(group: CountFact, penalty: SentenceFact, text: str) -> bool:
    """Tell whether a group is the one that a penalty behind it fell on."""
    return group.status == "sentenced" and ";" not in text[group.end : penalty.start]


@cache
def _of() -> re.Pattern[str]:
    return re.compile(
        rf"\s+(?:{one_of(claim_words().part_of)})\s+(?:the\s+|these\s+|those\s+|some\s+|at\s+least\s+)*$", re.IGNORECASE
    )


@cache
def _including() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(claim_words().including)})(?:\s+(?:the|at\s+least|some|about))*\s+$", re.IGNORECASE)


def wholes(story: Story) -> Mapping[str, CountFact]:
    """Return for each count that is a part the count it is a part of: "48 of the 83", "12 people, including three minors"."""
    counts = [one for one in story.anchors if isinstance(one, CountFact)]
    text, sent = story.outline.text, story.outline.sent
    found: dict[str, CountFact] = {}
    for i, part in enumerate(counts):
        after, before = counts[i + 1 : i + 2], [one for one in counts[:i] if sent(one.start) == sent(part.start)]
        if after and _of().match(text[part.end : after[0].start]) and fits(part, after[0]):
            found[part.id] = after[0]
        elif before and _including().search(text[max(before[-1].end, part.start - 40) : part.start]):
            whole = _outermost(before[-1], found)
            if fits(part, whole):
                found[part.id] = whole
        elif (
            before and before[-1].id in found and _listed(text[before[-1].end : part.start]) and fits(part, found[before[-1].id])
        ):
            found[part.id] = found[before[-1].id]
    return found


def _outermost(count: CountFact, found: Mapping[str, CountFact]) -> CountFact:
    return found.get(count.id, count)


def _listed(between: str) -> bool:
    """Tell "three minors and two women" from another clause."""
    return (
        len(between) < 60 and bool(re.search(r"(?:,|\band\b)\s*$", between)) and not re.search(r"[.;:]|\bwere\b|\bwas\b", between)
    )


def fits(part: CountFact, whole: CountFact) -> bool:
    """Tell whether a part can be one: not more people than the whole has."""
    return part.low is None or whole.high is None or part.low <= whole.high
