"""Where a report plays: the countries that it speaks of, weighed at each place of its text."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

Mentions = tuple[tuple[int, str], ...]

_TITLE = 6.0
_ADJACENT = 8.0
_NEAR, _SCALE, _REACH = 1.5, 250.0, 30
_SHARE = 3.0
_BESIDE = 4


@dataclass(frozen=True)
class Scene:
    """The countries that a report speaks of: in its title, and at offsets of its text, in order.

    `entries` are the offsets at which the entries of countries begin: what stands in another entry is not near.
    """

    title: tuple[str, ...] = ()
    mentions: Mentions = ()
    entries: tuple[int, ...] = ()

    def weights(self, start: int, end: int) -> dict[str, float]:
        """Weigh each country as the one where a place named at *start*:*end* lies."""
        weights = dict(self._everywhere)
        for code, weight in self._nearby(start, end).items():
            weights[code] = weights.get(code, 0.0) + weight
        if beside := self._beside(end):
            weights[beside] = weights.get(beside, 0.0) + _ADJACENT
        return weights

    def told_by(self, code: str, start: int) -> int | None:
        """Return the offset of the mention of a country that is nearest to *start*, those before it first; None without any."""
        offsets = [at for at, one in self.mentions if one == code and at != start]
        before = bisect_left(offsets, start)
        return offsets[before - 1] if before else next(iter(offsets), None)

    @cached_property
    def _offsets(self) -> list[int]:
        return [offset for offset, _ in self.mentions]

    @cached_property
    def _everywhere(self) -> dict[str, float]:
        """Weigh what holds at every place: the title, and each country's share of all mentions."""
        counts = Counter(code for _, code in self.mentions)
        weights = {code: _SHARE * n / len(self.mentions) for code, n in counts.items()}
        for rank, code in enumerate(self.title, 1):
            weights[code] = weights.get(code, 0.0) + _TITLE / rank
        return weights

    def _nearby(self, start: int, end: int) -> dict[str, float]:
        """Weigh the mentions around a place, each country by its nearest."""
        first, after = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
        begins, ends = self.entry(start)
        before = ((start - at, code) for at, code in self.mentions[max(0, first - _REACH) : first] if at >= begins)
        behind = ((at - end, code) for at, code in self.mentions[after : after + _REACH] if at < ends)
        weights: dict[str, float] = {}
        for distance, code in (*before, *behind):
            weights[code] = max(weights.get(code, 0.0), _NEAR / (1 + distance / _SCALE))
        return weights

    def entry(self, position: int) -> tuple[float, float]:
        """Return where the entry of a country that holds *position* begins and ends."""
        number = bisect_right(self.entries, position)
        begins = self.entries[number - 1] if number else 0
        return begins, self.entries[number] if number < len(self.entries) else math.inf

    def _beside(self, end: int) -> str | None:
        """Return the country named at once after a place ("Baku, Azerbaijan")."""
        after = bisect_left(self._offsets, end)
        follows = after < len(self.mentions) and self._offsets[after] - end <= _BESIDE
        return self.mentions[after][1] if follows else None
