"""Who a count or a penalty is told by: the network's answer, made a name."""

from pipeline.components.attribution import shortened
from pipeline.ties.reading import Answer
from pipeline.ties.story import Anchor, Story

_ATTRIBUTED = 0.6


def speaker_of(story: Story, anchor: Anchor, answer: Answer) -> str | None:
    """Return the speaker, "reports" for one without a name, None for the report itself.

    What the rules read stands: they are right oftener. The network finds speakers that no rule knows, and those further off.
    """
    if anchor.source is not None or answer.attributed < _ATTRIBUTED:
        return anchor.source
    if answer.speaker is None:
        return "reports"
    start, end = answer.speaker
    for first, last, label in story.outline.entities:
        if label in ("PERSON", "ORG", "NORP") and first < end and start < last:
            start, end = min(start, first), max(end, last)
    return shortened(story.outline.text[start:end])
