"""A report as the ties see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.normalise.scene import Scene
from pipeline.outline import Outline
from pipeline.schema import CountFact, SentenceFact
from pipeline.ties.candidates import Candidate

Anchor = CountFact | SentenceFact


@dataclass(frozen=True)
class Story:
    """A report's grammar, its counts and penalties, its country, its title, and where it speaks of countries."""

    outline: Outline
    anchors: tuple[Anchor, ...]
    scene: Scene
    country: str | None = None
    title: str = ""

    def beside(self, anchor: Anchor, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the candidates that may belong to an anchor: they do not overlap it, and no other country's entry holds them."""
        begins, ends = self.scene.entry(anchor.start)
        return [one for one in candidates if begins <= one.start < ends and (one.end <= anchor.start or anchor.end <= one.start)]
