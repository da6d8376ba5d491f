"""Who a count or a penalty is told by: the network's answer, made a name."""

from pipeline.components.attribution import shortened
from pipeline.ties.reading import Answer
from pipeline.ties.story import Anchor, Story

_ATTRIBUTED = 0.6
_NAMES = frozenset({"PERSON", "ORG", "NORP"})


def speaker_of(story: Story, anchor: Anchor, answer: Answer) -> str | None:
    """Return the speaker, "reports" for one without a name, None for the report itself.

    What the rules read stands: they are right oftener. The network finds speakers that no rule knows, and those further off.
    """
    if anchor.source is not None or answer.attributed < _ATTRIBUTED:
        return anchor.source
    if answer.speaker is None:
        return "reports"
    start, end = answer.speaker
    named = [(first, last) for first, last, label in story.outline.entities_at(start, end) if label in _NAMES]
    start, end = min([start, *(first for first, _ in named)]), max([end, *(last for _, last in named)])
    return shortened(story.outline.text[start:end])
