"""What the whole report tells each of its sentences: the year that a story is in, the country that it is about.

Built once from the report, before any network runs, and read by the components; so a long report may go through in
pieces, and each piece still knows the title, the headings and what was said before it.
"""

import datetime
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.normalise.scene import Scene

_JUST_BEFORE = 120
_ENTRY, _ENTRY_LENGTH = 6.0, 20_000  # as much as the title; behind that the next heading was lost


@dataclass(frozen=True)
class Context:
    """Offsets are those of the report; `offset` is where the piece at hand begins in it, `goes_on` whether another follows.

    `years` are the years stated, `days` those of the days stated in full, `countries` the countries spoken of,
    `headings` the countries whose entries begin.
    """

    title: str | None = None
    published: datetime.date | None = None
    years: tuple[tuple[int, int], ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    countries: tuple[tuple[int, str], ...] = ()
    title_countries: tuple[str, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()
    offset: int = 0
    goes_on: bool = False

    def at(self, offset: int, *, goes_on: bool = False) -> "Context":
        """Return the same context for the piece that begins at *offset*; *goes_on* says that another follows it."""
        return replace(self, offset=offset, goes_on=goes_on)

    def story_year(self) -> int | None:
        """Return the year of the last day stated in full before this piece: the story goes on in it."""
        before = self.days[: bisect_right(self.days, (self.offset, 0))]
        return before[-1][1] if before else None

    @cached_property
    def scene(self) -> Scene:
        """Return the countries that the report speaks of, weighed by place."""
        return Scene(self.title_countries, self.countries, self.entries)

    @cached_property
    def entries(self) -> tuple[int, ...]:
        """Return the offsets at which the entries of countries begin: a heading and the full name below it begin one."""
        before = (None, *(code for _, code in self.headings))
        return tuple(at for (at, code), last in zip(self.headings, before, strict=False) if code != last)

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """Return the countries that the report speaks of."""
        return frozenset((*self.title_countries, *(code for _, code in (*self.countries, *self.headings))))

    def country_at(self, position: int) -> str | None:
        """Return the country that the report is most about at *position* of the piece, if it speaks of any."""
        weights = self.weights_at(position)
        return max(weights, key=lambda code: weights[code], default=None)

    def likeliest(self, position: int, codes: set[str]) -> str | None:
        """Return the one of *codes* that the report speaks of most at *position*; the only one, also if it speaks of none."""
        weights = {code: weight for code, weight in self.weights_at(position).items() if code in codes}
        if not weights and len(codes) > 1:
            return self.country_at(position)
        return max(weights or codes, key=lambda code: weights.get(code, 0.0))

    def told_by(self, code: str, position: int) -> int | None:
        """Return where in the piece the mention of a country stands that is nearest to *position*; None without any."""
        at = self.scene.told_by(code, self.offset + position)
        return None if at is None else at - self.offset

    def weights_at(self, position: int) -> dict[str, float]:
        """Weigh the countries at *position*; the one named just before weighs more than the one named just after."""
        at = self.offset + position
        weights = self.scene.weights(at, at)
        before = self.countries[: bisect_right(self.countries, (at, ""))]
        if before and at - before[-1][0] <= _JUST_BEFORE:
            weights[before[-1][1]] = weights.get(before[-1][1], 0.0) + 1.0
        above = self.headings[: bisect_right(self.headings, (at, ""))]
        if above and at - above[-1][0] <= _ENTRY_LENGTH:
            weights[above[-1][1]] = weights.get(above[-1][1], 0.0) + _ENTRY
        return weights
