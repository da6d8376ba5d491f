"""Days stated in full, in any order: read by dateparser, which is never let fill anything in."""

import re
from functools import lru_cache

from dateparser.date import DateDataParser

from pipeline.normalise import edtf

YEAR = r"(?:1[0-9]|20)\d\d"
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2({YEAR})|({YEAR})([./-])(\d{{1,2}})\6(\d{{1,2}})")
_MONTHS = 12
_TWO_DAYS = re.compile(r"(?<!\d)\d{1,2}-\d{1,2} ?[a-z]")  # "20-21 July 2020": dateparser takes the first


@lru_cache
def _days() -> DateDataParser:
    settings = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "DMY",
    }
    return DateDataParser(languages=["en"], settings=settings)


@lru_cache(maxsize=1 << 14)
def stated_day(text: str) -> str | None:
    """Return the day that *text* states in full, in any order, or None.

    Nothing is filled in: day, month and a year of four figures must all be there. Figures alone
    are taken if they can be read in one way (`23/09/2017`, `2017-09-23`) or with full stops
    between them, which puts the day first everywhere.

    >>> stated_day("October 13, 2020"), stated_day("23.09.2017"), stated_day("03.04.2017")
    ('2020-10-13', '2017-09-23', '2017-04-03')
    >>> stated_day("03/04/2017"), stated_day("31 April 2010"), stated_day("April 2010")
    (None, None, None)
    """
    if numeric := _NUMERIC.fullmatch(text):
        return _numeric_day(numeric)
    if not re.search(rf"(?<!\d){YEAR}(?!\d)", text) or re.fullmatch(r"[\d\W]+", text) or _TWO_DAYS.search(text):
        return None
    found = _days().get_date_data(text).date_obj
    return None if found is None or str(found.year) not in text else found.date().isoformat()


def either_day(text: str) -> str | None:
    """Return both days that figures may mean where nothing tells day from month, as an EDTF set of which one is meant.

    >>> either_day("03/04/2017"), either_day("23/04/2017"), either_day("03.04.2017")
    ('[2017-03-04,2017-04-03]', None, None)
    """
    first, last = numeric_day(text, day_first=False), numeric_day(text, day_first=True)
    if stated_day(text) or first is None or last is None:
        return None
    return f"[{min(first, last)},{max(first, last)}]"


def numeric_day(text: str, *, day_first: bool) -> str | None:
    """Return the day that figures mean in that order, or None.

    >>> numeric_day("03/04/2017", day_first=True), numeric_day("23/04/2017", day_first=False)
    ('2017-04-03', None)
    """
    found = _NUMERIC.fullmatch(text)
    if not found or found[5]:
        return None
    day, month = (found[1], found[3]) if day_first else (found[3], found[1])
    return edtf.day(int(found[4]), int(month), int(day))


def day_first(text: str) -> bool | None:
    """Say whether the numeric dates of *text* put the day first, by those that can be read in one way; None if they do not tell.

    >>> day_first("on 23/09/2017 and 03/04/2017"), day_first("09/23/2017"), day_first("03/04/2017")
    (True, False, None)
    """
    told = {int(m[1]) > _MONTHS for m in _NUMERIC.finditer(text) if m[1] and (int(m[1]) > _MONTHS) != (int(m[3]) > _MONTHS)}
    return told.pop() if len(told) == 1 else None


def _numeric_day(found: re.Match[str]) -> str | None:
    """Return a day in figures; with two readings only full stops tell which is the day."""
    if found[5]:
        return edtf.day(int(found[5]), int(found[7]), int(found[8]))
    a, b, year = int(found[1]), int(found[3]), int(found[4])
    day_first, month_first = edtf.day(year, b, a), edtf.day(year, a, b)
    if found[2] == "." or month_first in (None, day_first):
        return day_first
    return None if day_first else month_first
