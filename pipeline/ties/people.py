"""The group that a count counts, also where only a number goes back to it: "the nine", "two of them", "the other three"."""

from pipeline.schema import CountFact, Tie
from pipeline.ties.story import Story

_REACH = 4  # sentences


def group_of(story: Story, count: CountFact) -> tuple[str | None, Tie | None]:
    """Return the group counted: named behind the number, else that of the last group before it."""
    if count.who and not _is_nobody(count.who):
        return count.who, "clause"
    outline = story.outline
    own = outline.sent(count.start)
    before = (one for one in reversed(story.anchors) if isinstance(one, CountFact) and one.start < count.start)
    for one in before:
        if one.who and not _is_nobody(one.who) and own - outline.sent(one.start) <= _REACH:
            return one.who, "sentence" if outline.sent(one.start) == own else "carried"
    return (count.who, "clause") if count.who else (None, None)


def _is_nobody(who: str) -> bool:
    return who.casefold() in ("others", "other", "them", "cases", "total")
