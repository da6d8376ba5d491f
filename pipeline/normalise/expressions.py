"""What a date expression says, before anything is known of the report that it stands in.

`parse` reads the words and leaves open what they leave open: "12 April" is a day without a year,
"last month" a step from the day of publication, "the same day" a step from a date stated before.
`normalise.dates` places them.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pipeline.normalise import edtf
from pipeline.normalise.days import YEAR, either_day, stated_day
from pipeline.normalise.surface import alternatives, plain
from pipeline.rules.dates import DateWords, Unit, date_words

Origin = Literal["published", "anchor", "report"]
Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """A value that the words state in full; a set of two days where figures leave open which is the month."""

    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """So many units from publication, from a date stated before, or from the report's period.

    `compares` where the words set one figure against another: behind "in the third quarter", a figure
    of "a year ago" is that of the same quarter.
    """

    unit: Unit
    by: int
    origin: Origin
    compares: bool = False


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week (Monday is 0): the nearest, the last (-1) or next (1), or of a week."""

    number: int
    by: int | None = None
    week: Step | None = None
    origin: Origin = "published"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A place in a year.

    `month` may be a season (21 to 24), `span` is the first and last month (or day) of a part of
    the year. A step of no quarters for `month` is the quarter that the text speaks of ("the 1988
    period"). `year` is None where the words leave it open; `by` says that they mean the last (-1)
    or the next (1) such.
    """

    year: int | Step | None = None
    month: int | Step | None = None
    day: int | None = None
    span: tuple[str, str] | None = None
    weekday: int | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From one to the other."""

    first: "Point"
    last: "Point"


Point = Whole | Step | Weekday | Calendar
Expression = Point | Span

Reader = Callable[[Match], Point | None]
Rule = tuple[str, Reader]
_YEARS = re.compile(rf"({YEAR}) ?[-/] ?(\d\d?)")
_LONGEST = 80  # characters: no date is longer, and a run-away span must not cost time


# --- the grammar ---------------------------------------------------------------------------------


class Grammar:
    """The patterns of a language's dates, compiled once from its words."""

    def __init__(self, words: DateWords) -> None:
        self.words = words
        self.month = alternatives(words.months.words)
        self.weekday = alternatives(words.weekdays.words)
        self.season = alternatives(words.seasons.words)
        self.unit = alternatives(words.units.words)
        self.steps = {**words.steps.words, "the last": -1, "the next": 1}
        self.step = alternatives(self.steps)
        self.anchor = alternatives(words.anchored.words)
        self.by = alternatives({*words.steps.words, *words.anchored.words})
        self.prefix = re.compile(rf"(?:{alternatives(words.prepositions.phrases)}) ")
        self.qualifier = re.compile(rf"{alternatives(map(plain, words.qualifiers.phrases))}[ -]")
        self.suffix = re.compile(rf"(?: (?:and|or))? {alternatives(words.suffixes.phrases)}$")
        self.daypart = re.compile(rf"[ -]{alternatives(words.day_parts.phrases)}$")
        self.separator = re.compile(rf" ?(-|/|,? {alternatives(words.range_words.phrases)} )")
        self.both = re.compile(r",? and ")
        self.rules = tuple((re.compile(pattern), reader) for pattern, reader in self._rules())
        self.in_year = self._in_year()

    def _rules(self) -> Iterator[Rule]:
        """Yield the patterns that read a whole expression, and their readers."""
        yield from self._calendar_rules()
        yield from self._decade_rules()
        yield from self._relative_rules()

    def _calendar_rules(self) -> Iterator[Rule]:
        year = rf"(?:,? (?:of )?(?P<year>{YEAR}))?"
        weekday = rf"(?:(?P<weekday>{self.weekday}),? (?:the )?)?"
        month = rf"(?P<month>{self.month})"
        day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
        feast = alternatives(self.words.feasts.words)
        yield rf"{weekday}(?:the )?{day},? (?:day )?(?:of )?{month}{year}", self._calendar
        yield rf"{weekday}{month}[ -](?:the )?{day}{year}", self._calendar
        yield rf"{month}{year}", self._calendar
        yield rf"(?:the )?(?P<season>{self.season}){year}(?:[-/]\d\d(?:\d\d)?)?", self._season
        yield rf"(?:the )?(?P<feast>{feast}){year}", self._feast
        yield rf"(?:the )?(?:year )?(?P<year>{YEAR})", self._stated_year
        yield rf"{day}(?:, (?P<year>{YEAR}))?", self._bare_day
        yield rf"(?:the )?{day} of (?P<by>{self.by}) month", self._day_of_month

    def _decade_rules(self) -> Iterator[Rule]:
        yield r"(?:the )?(?P<century>1[0-9]|20|')(?P<decade>\d0)'?s", self._decade
        yield rf"(?:the )?(?P<word>{alternatives(self.words.decades.words)})", self._decade_in_words

    def _relative_rules(self) -> Iterator[Rule]:
        weekday, unit = rf"(?P<weekday>{self.weekday})", rf"(?P<unit>{self.unit})"
        named = rf"(?P<month>{self.month}|{self.season})"
        report = alternatives([*self.words.report_period.phrases, *self.words.year_ends.phrases])
        side = alternatives(self.words.sides.words)
        yield alternatives(self.words.days.words), self._deictic
        yield weekday, self._weekday
        yield rf"(?P<by>{self.step}) {weekday}", self._stepped_weekday
        yield rf"{weekday},? (?:of )?(?P<by>{self.by}) week", self._weekday_of_week
        yield rf"(?P<by>{self.step}) {named}", self._stepped
        yield rf"(?P<by>{self.by}) {unit}", self._step
        yield rf"(?P<by>{self.anchor}) {named}", self._anchored
        yield rf"(?P<by>{self.anchor}) {weekday}", self._anchored_weekday
        yield rf"(?:a|an|1|the) {unit} (?P<side>{side})", self._side
        yield from self._compared_rules()
        yield rf"(?P<number>\d+|an?) {unit}(?: or so)? ago", self._ago
        yield report, self._report
        yield from self._part_rules()

    def _compared_rules(self) -> Iterator[Rule]:
        """Yield the rules of a quarter that the text speaks of, and of the same time a year before."""
        compared, latest = alternatives(self.words.compared.phrases), alternatives(self.words.latest.phrases)
        this = Step("quarter", 0, "anchor")
        yield rf"(?:the )?{compared}(?: period)?", lambda _: Step("quarter", -4, "anchor", compares=True)
        yield rf"(?:the )?{compared} quarter", lambda _: Step("quarter", -4, "anchor")
        yield rf"the (?P<year>{YEAR}) (?:quarter|period)", lambda found: Calendar(int(found["year"]), this)
        yield rf"the (?:{latest} )?quarter|the {latest} period", lambda _: this

    def _part_rules(self) -> Iterator[Rule]:
        year = rf"{YEAR}|{self.by} year|the year"
        nth = r"(?:the )?(?P<nth>last|\d+)(?:st|nd|rd|th)?"
        part = rf"(?P<part>{alternatives(self.words.parts.words)})"
        opening = r"the (?P<end>1st|last) (?P<number>\d+) (?P<unit>days|months)"
        yield rf"{nth}[ -]{part}(?:(?: of| in)? (?P<year>{year}))?", self._nth_part
        yield rf"(?:the )?(?P<year>{year})(?:'s)? {nth}[ -]{part}", self._nth_part
        yield rf"{opening} of (?P<year>{year})", self._opening

    def _in_year(self) -> re.Pattern[str]:
        """Return the pattern of "November last year", "July of that year", "last year's November"."""
        year = rf"{self.by} year|the year"
        return re.compile(rf"(?P<part>.+?)(?:,? of|,? in|,)? (?P<year>{year})|(?P<whose>{year})'s (?P<its>.+)")

    def expression(self, text: str, *, ranged: bool) -> Expression | None:
        """Return what *text* says; *ranged* where a "between" stands before it."""
        opening = self.prefix.match(text)
        while opening:
            ranged = ranged or opening[0] == "between "
            text = text[opening.end() :]
            opening = self.prefix.match(text)
        return self.point(text) or self.span(text, ranged=ranged)

    def point(self, text: str) -> Point | None:
        """Return what *text* says of one point or period, or None."""
        bare = self.suffix.sub("", self.unqualified(text))
        for core in dict.fromkeys((text, bare, self.daypart.sub("", bare))):
            if found := self.core(core):
                return found
        return self._within(bare) if bare != text else None

    def _within(self, text: str) -> Step | None:
        """Read "the month" of "the end of the month": alone it would be no date."""
        unit = self.words.units.words.get(text.removeprefix("the "))
        return Step(unit, 0, "anchor") if unit in ("day", "week", "month") and text.startswith("the ") else None

    def unqualified(self, text: str) -> str:
        """Return *text* without "early", "the end of" and the like."""
        qualifier = self.qualifier.match(text)
        while qualifier:
            text = text[qualifier.end() :]
            qualifier = self.qualifier.match(text)
        return text

    def core(self, text: str) -> Point | None:
        """Return what *text* says if one rule reads it whole."""
        if day := stated_day(text) or either_day(text):
            return Whole(day)
        for pattern, reader in self.rules:
            if (found := pattern.fullmatch(text)) and (point := reader(found)):
                return point
        return self._of_year(text)

    def span(self, text: str, *, ranged: bool) -> Span | Whole | None:
        """Return the range that *text* states, split where both sides make sense."""
        if years := _YEARS.fullmatch(text):
            return _year_range(years)
        for first, last in self._splits(text, ranged=ranged):
            a, b = self.point(first), self.point(last)
            if a and b and (shared := _shared(a, b)):
                return shared
        return None

    def _splits(self, text: str, *, ranged: bool) -> Iterator[tuple[str, str]]:
        for pattern in (self.both, self.separator) if ranged else (self.separator,):
            for found in pattern.finditer(text):
                first, last = text[: found.start()], text[found.end() :]
                yield first.rstrip(" ,"), self._unprefixed(last.lstrip())

    def _unprefixed(self, text: str) -> str:
        """Return *text* without the preposition that it begins with."""
        opening = self.prefix.match(text)
        return text[opening.end() :] if opening else text

    # --- readers: one for each kind of expression

    def _calendar(self, found: Match) -> Calendar | None:
        groups = found.groupdict()
        month, day = self.words.months.words[found["month"]], int(groups.get("day") or 0)
        if day and (groups["year"] or edtf.day(None, month, day) is None):
            return None  # with a year dateparser has read it, or there is no such day
        weekday = self.words.weekdays.words.get(groups.get("weekday") or "")
        return Calendar(_number(groups["year"]), month, day or None, weekday=weekday)

    def _season(self, found: Match) -> Calendar:
        return Calendar(_number(found["year"]), self.words.seasons.words[found["season"]])

    def _feast(self, found: Match) -> Calendar:
        month, day = divmod(self.words.feasts.words[found["feast"]], 100)
        return Calendar(_number(found["year"]), month, day)

    def _stated_year(self, found: Match) -> Calendar:
        return Calendar(int(found["year"]))

    def _day_of_month(self, found: Match) -> Calendar:
        return Calendar(None, self._origin(found["by"], "month"), int(found["day"]))

    def _bare_day(self, found: Match) -> Calendar | None:
        day = int(found["day"])
        return Calendar(_number(found["year"]), day=day) if 1 <= day <= 31 else None

    def _decade(self, found: Match) -> Whole:
        century = "19" if found["century"] == "'" else found["century"]
        return Whole(f"{century}{found['decade'][0]}X")

    def _decade_in_words(self, found: Match) -> Whole:
        return Whole(f"19{self.words.decades.words[found['word']] // 10}X")

    def _deictic(self, found: Match) -> Step:
        return Step("day", self.words.days.words[found[0]], "published")

    def _weekday(self, found: Match) -> Weekday:
        return Weekday(self.words.weekdays.words[found["weekday"]])

    def _stepped_weekday(self, found: Match) -> Weekday:
        number, by = self.words.weekdays.words[found["weekday"]], self.steps[found["by"]]
        return Weekday(number, by) if by else Weekday(number, week=Step("week", 0, "published"))

    def _anchored_weekday(self, found: Match) -> Weekday:
        number, by = self.words.weekdays.words[found["weekday"]], found["by"]
        if step := self.words.anchored.words[by]:
            return Weekday(number, step, origin="anchor")
        return Weekday(number, week=Step("week", 0, "anchor"))

    def _weekday_of_week(self, found: Match) -> Weekday:
        return Weekday(self.words.weekdays.words[found["weekday"]], week=self._origin(found["by"], "week"))

    def _origin(self, by: str, unit: Unit) -> Step:
        if by in self.words.steps.words:
            return Step(unit, self.words.steps.words[by], "published")
        return Step(unit, self.words.anchored.words[by], "anchor")

    def _stepped(self, found: Match) -> Calendar:
        month = self._month_or_season(found["month"])
        by = self.steps[found["by"]]
        return Calendar(None, month, by=by) if by else Calendar(Step("year", 0, "published"), month)

    def _anchored(self, found: Match) -> Calendar:
        year = Step("year", self.words.anchored.words[found["by"]], "anchor")
        return Calendar(year, self._month_or_season(found["month"]))

    def _month_or_season(self, name: str) -> int:
        return self.words.months.words.get(name) or self.words.seasons.words[name]

    def _step(self, found: Match) -> Step | None:
        if found["unit"].endswith("s"):
            return None
        by, unit = found["by"], self.words.units.words[found["unit"]]
        if found["unit"] == "night" and by == "last":
            return Step("day", -1, "published")
        if by == "this past":
            return None
        return self._origin(by, unit)

    def _side(self, found: Match) -> Step | None:
        if found["unit"].endswith("s"):
            return None
        unit, by = self.words.units.words[found["unit"]], self.words.sides.words[found["side"]]
        return Step(unit, by, "anchor", compares=unit == "year" and by < 0)

    def _ago(self, found: Match) -> Step:
        number = int(found["number"]) if found["number"].isdigit() else 1
        unit = self.words.units.words[found["unit"]]
        if unit == "decade":  # "a decade ago" names a year, not the nineties
            return Step("year", -10 * number, "published")
        return Step(unit, -number, "published", compares=unit == "year" and number == 1)

    def _report(self, _found: Match) -> Step:
        return Step("year", 0, "report")

    def _of_year(self, text: str) -> Calendar | None:
        """Read "November last year", "July of that year" and "last year's November"."""
        found = self.in_year.fullmatch(text)
        part = self.point(found["part"] or found["its"]) if found else None
        if not found or not isinstance(part, Calendar) or part.year or not part.month:
            return None
        return replace(part, year=self._year(found["year"] or found["whose"]))

    def _year(self, text: str | None) -> int | Step | None:
        if text is None or text.isdigit():
            return int(text) if text else None
        by = text.removesuffix(" year")
        return Step("year", 0, "report") if by == "the" else self._origin(by, "year")

    def _nth_part(self, found: Match) -> Calendar | None:
        """Read "the first half of 2016", "this year's third quarter"."""
        months = self.words.parts.words[found["part"]]
        nth = 12 // months if found["nth"] == "last" else int(found["nth"])
        if not 1 <= nth <= 12 // months:
            return None
        span = (f"{(nth - 1) * months + 1:02d}", f"{nth * months:02d}")
        return Calendar(self._year(found["year"]), span=span)

    def _opening(self, found: Match) -> Calendar | None:
        """Read "the first eight months of the year", "the last three days of 2019"."""
        number, days = int(found["number"]), found["unit"] == "days"
        if not 1 <= number <= (31 if days else 12):
            return None
        if found["end"] == "1st":
            span = ("01-01", f"01-{number:02d}") if days else ("01", f"{number:02d}")
        else:
            span = (f"12-{32 - number:02d}", "12-31") if days else (f"{13 - number:02d}", "12")
        return Calendar(self._year(found["year"]), span=span)


def _number(figures: str | None) -> int | None:
    return int(figures) if figures else None


@lru_cache
def grammar() -> Grammar:
    """Return the grammar of English dates, compiled at first use."""
    return Grammar(date_words())


def _year_range(found: Match) -> Span | Whole | None:
    """Read 2014-15, 1992-3 and 1999-00 as years; 2017-09 can only be a month."""
    first, short = int(found[1]), found[2]
    last = int(found[1][: -len(short)] + short)
    last += 100 if short == "00" else 0
    if last > first:
        return Span(Calendar(first), Calendar(last))
    value = edtf.month(first, int(short)) if len(short) == 2 and int(short) <= 12 else None
    return Whole(value) if value else None


def _shared(first: Point, last: Point) -> Span | None:
    """Return a range whose ends have what they left to each other: "17 to 19 September"."""
    first, last = shared(first, last), shared(last, first)
    return None if needs_month(first) or needs_month(last) or not _alike(first, last) else Span(first, last)


def _alike(first: Point, last: Point) -> bool:
    """Say whether two points may bound one range: "Monday-2014" may not."""
    return not (isinstance(first, Step | Weekday) and isinstance(last, Whole | Calendar))


def shared(point: Point, other: Expression) -> Point:
    """Return a bare day with the month (and year) of the date that it is joined to."""
    if not isinstance(point, Calendar) or not needs_month(point):
        return point
    if isinstance(other, Whole) and len(other.value) == len("2017-09-23"):
        day = datetime.date.fromisoformat(other.value)
        return replace(point, year=day.year, month=day.month)
    if isinstance(other, Calendar) and other.month and other.day and not other.span:
        return replace(point, year=point.year or other.year, month=other.month, by=other.by)
    return point


def needs_month(point: Expression) -> bool:
    """Say whether *point* is a bare day, which means nothing by itself."""
    return isinstance(point, Calendar) and point.day is not None and point.month is None


@lru_cache
def _names() -> frozenset[str]:
    """Return the names that are other words without their capital: "may", "march", "sun"."""
    return frozenset(date_words().months.words) | frozenset(date_words().weekdays.words)


@lru_cache(maxsize=1 << 16)
def parse(text: str, *, ranged: bool = False) -> Expression | None:
    """Return what a date expression says, or None; *ranged* if "between" stands before it.

    >>> parse("12 April")
    Calendar(year=None, month=4, day=12, span=None, weekday=None, by=None)
    >>> parse("the same day")
    Step(unit='day', by=0, origin='anchor', compares=False)
    """
    if len(text) > _LONGEST or text in _names():
        return None
    return grammar().expression(plain(text), ranged=ranged)
