"""A report as the ties see it."""

from dataclasses import dataclass

from pipeline.outline import Outline
from pipeline.schema import CountFact, SentenceFact

Anchor = CountFact | SentenceFact


@dataclass(frozen=True)
class Story:
    """A report's grammar, its counts and penalties, its country and its title."""

    outline: Outline
    anchors: tuple[Anchor, ...]
    country: str | None = None
    title: str = ""
