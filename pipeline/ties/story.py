"""A report as the ties see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.normalise.names import known_names
from pipeline.normalise.scene import Mentions, Scene
from pipeline.outline import Outline
from pipeline.schema import CountFact, SentenceFact
from pipeline.ties.candidates import Candidate, Naming

Anchor = CountFact | SentenceFact


@dataclass(frozen=True)
class Story:
    """A report's grammar, its counts and penalties, its country, its title, and where it speaks of countries and names one."""

    outline: Outline
    anchors: tuple[Anchor, ...]
    scene: Scene
    country: str | None = None
    title: str = ""
    namings: tuple[Naming, ...] = ()

    def beside(self, anchor: Anchor, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the candidates that may belong to an anchor: they do not overlap it, and no other country's entry holds them."""
        begins, ends = self.scene.entry(anchor.start)
        return [one for one in candidates if begins <= one.start < ends and (one.end <= anchor.start or anchor.end <= one.start)]


def namings_of(text: str, mentions: Mentions) -> tuple[Naming, ...]:
    """Return the names of countries, peoples and places at *mentions*, which are those of `Context`."""
    names = known_names()
    found = ((names.at(text, at), code) for at, code in mentions)
    return tuple(Naming(named.start, named.end, code, named.name.role) for named, code in found if named)
