"""Days stated in full, in any order: read by dateparser, which is never let fill anything in."""

import re
from functools import lru_cache

from dateparser.date import DateDataParser

from pipeline.normalise import edtf

YEAR = r"(?:1[0-9]|20)\d\d"
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2({YEAR})|({YEAR})([./-])(\d{{1,2}})\6(\d{{1,2}})")
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


def _numeric_day(found: re.Match[str]) -> str | None:
    """Return a day in figures; with two readings only full stops tell which is the day."""
    if found[5]:
        return edtf.day(int(found[5]), int(found[7]), int(found[8]))
    a, b, year = int(found[1]), int(found[3]), int(found[4])
    day_first, month_first = edtf.day(year, b, a), edtf.day(year, a, b)
    if found[2] == "." or month_first in (None, day_first):
        return day_first
    return None if day_first else month_first
