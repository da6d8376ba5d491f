"""The country of a claim whose place tells none: that which the report speaks of most where the claim stands.

A town tells where a report plays; a people only named for its members ("three Kenyan nationals") tells whose citizens they are.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.context import Context
from pipeline.normalise.phrases import one_of
from pipeline.rules.claims import claim_words
from pipeline.schema import Fact, LocationFact
from pipeline.ties.story import Story

_NEAR = 2_000  # characters before and behind a claim: a page
_PLACES, _MOST_PLACES = 1.0, 3
_SHARE = 2.0
_CITIZENS = 2.0


@dataclass(frozen=True)
class Countries:
    """What a report tells of countries, in order: its places, and the countries and peoples that it names.

    Each is an offset, a country, and of a place whether it is a part of it, of a name whether members of a people are meant.
    """

    context: Context
    main: str | None
    places: tuple[tuple[int, str, bool], ...]
    peoples: tuple[tuple[int, str, bool], ...]

    def at(self, position: int) -> str | None:
        """Return the country that the report is most about at a character, if it speaks of any."""
        weights = dict(self.context.weights_at(position))
        low, high = self._around(position)
        places, peoples = _inside(self.places, low, high), _inside(self.peoples, low, high)
        parts, whole = Counter(code for _, code, part in places if part), Counter(code for _, code, _ in places)
        named, members = Counter(code for _, code, _ in peoples), Counter(code for _, code, member in peoples if member)
        for code in dict.fromkeys((*weights, *whole)):
            told = _PLACES * min(parts[code], _MOST_PLACES) + _SHARE * whole[code] / max(1, len(places))
            weights[code] = weights.get(code, 0.0) + told - _CITIZENS * members[code] / max(1, named[code])
        return max(weights, key=lambda code: (weights[code], code == self.main), default=self.main)

    def _around(self, position: int) -> tuple[float, float]:
        """Return the stretch whose places count: near, and in the same entry."""
        begins, ends = self.context.scene.entry(position)
        return max(begins, position - _NEAR), min(ends, position + _NEAR)


def countries_of(facts: Sequence[Fact], story: Story, context: Context) -> Countries:
    """Return what a report tells of countries."""
    located = [fact for fact in facts if isinstance(fact, LocationFact) and fact.country]
    return Countries(
        context=context,
        main=story.country,
        places=tuple((fact.start, fact.country or "", fact.kind != "country") for fact in located),
        peoples=tuple((one.start, one.code, bool(_members().match(story.outline.text, one.end))) for one in story.namings),
    )


def _inside(found: Sequence[tuple[int, str, bool]], low: float, high: float) -> Sequence[tuple[int, str, bool]]:
    return found[bisect_left(found, (low,)) : bisect_left(found, (high,))]


@cache
def _members() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:\w+\s+){{0,2}}?(?:{one_of(claim_words().citizens)})(?!\w)")
