"""Which dates, places and people stand near enough to a count or a penalty to belong to it."""

from collections.abc import Mapping

from pipeline.outline import REACH, Field
from pipeline.schema import SentenceFact
from pipeline.ties.candidates import Candidate, Offered
from pipeline.ties.story import Anchor, Story

Offers = Mapping[Field, Offered]
Near = Mapping[Field, list[Candidate]]


def near_of(story: Story, anchor: Anchor, offers: Offers) -> Near:
    """Return the candidates within reach, field by field; whom a number counts stands beside it, and is not asked."""
    fields = [field for field in offers if field != "who" or isinstance(anchor, SentenceFact)]
    return {field: within_reach(story, anchor, offers[field], field) for field in fields}


def within_reach(story: Story, anchor: Anchor, candidates: Offered, field: Field) -> list[Candidate]:
    """Return the candidates near enough, and in the same country's entry; those of the first sentence always are near."""
    outline = story.outline
    own, (behind, before) = outline.sent(anchor.start), REACH[field]
    low, _ = outline.sent_span(max(0, own - before))
    _, high = outline.sent_span(min(own + behind, max(0, len(outline.sents) - 1)))
    _, first = outline.sent_span(0) if field != "who" else (0, 0)
    found = (*candidates.inside(0, min(first, low)), *candidates.inside(low, high))
    return story.beside(anchor, found)
