"""EDTF values (ISO 8601-2, Library of Congress levels 0 to 2): make them, bound them, move them.

Values here are `2017-09-23`, `2017-09`, `2017`, `201X`, the seasons `2019-21` to `2019-24`,
`XXXX-09-23` where the year is unknown, two of them with a slash between, and `[2017-03-04,2017-04-03]`
where it is one of two days.
"""

import datetime
import re
from calendar import monthrange

Bounds = tuple[datetime.date | None, datetime.date | None]

_SEASONS = range(21, 25)
_DATED = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?|(\d{3})X")
SEASON_STARTS = {21: 3, 22: 6, 23: 9, 24: 12}


def day(year: int | None, month: int, number: int) -> str | None:
    """Return a day, or None if the calendar has no such day; a year of None is `XXXX`.

    >>> day(2017, 9, 23), day(None, 2, 29), day(2019, 2, 29), day(2010, 4, 31)
    ('2017-09-23', 'XXXX-02-29', None, None)
    """
    if not 1 <= month <= 12 or not 1 <= number <= monthrange(year or 2000, month)[1]:
        return None
    return f"{_year(year)}-{month:02d}-{number:02d}"


def month(year: int | None, number: int) -> str | None:
    """Return a month, or a season where *number* is 21 to 24.

    >>> month(2017, 9), month(None, 9), month(2019, 22), month(2017, 13)
    ('2017-09', 'XXXX-09', '2019-22', None)
    """
    known = 1 <= number <= 12 or number in _SEASONS
    return f"{_year(year)}-{number:02d}" if known else None


def _year(year: int | None) -> str:
    return "XXXX" if year is None else f"{year:04d}"


def interval(first: str, last: str) -> str | None:
    """Return the range from *first* to *last*, or None if it would run backwards.

    >>> interval("2017-09-17", "2017-09-19"), interval("2008-08", "2008"), interval("2016", "2014")
    ('2017-09-17/2017-09-19', '2008-08/2008', None)
    """
    begins, ends = bounds(first)[0], bounds(last)[1]
    if begins and ends and begins > ends:
        return None
    return f"{first}/{last}"


def bounds(value: str) -> Bounds:
    """Return the first and the last day that *value* may mean; None where the year is unknown.

    A season lies in other months south of the equator, so it is bounded by its year (a summer or a
    winter may end in the February after it).

    >>> [day.isoformat() for day in bounds("2016-02")]
    ['2016-02-01', '2016-02-29']
    >>> [day.isoformat() for day in bounds("199X/2004-03-05")]
    ['1990-01-01', '2004-03-05']
    >>> [day.isoformat() for day in bounds("[2017-03-04,2017-04-03]")]
    ['2017-03-04', '2017-04-03']
    >>> bounds("XXXX-09-23")
    (None, None)
    """
    if "/" in value or "," in value:
        first, last = re.split("[/,]", value.strip("[]"))
        return bounds(first)[0], bounds(last)[1]
    found = _DATED.fullmatch(value)
    if not found:
        return None, None
    if found[4]:
        return _first(int(found[4] + "0")), _last(int(found[4] + "9"))
    year, number = int(found[1]), int(found[2] or 0)
    if found[3]:
        exact = datetime.date(year, number, int(found[3]))
        return exact, exact
    if number in _SEASONS:
        return _first(year), _last(year + 1, 2) if number in {22, 24} else _last(year)
    return _first(year, number or 1), _last(year, number or 12)


def _first(year: int, month: int = 1) -> datetime.date:
    return datetime.date(year, month, 1)


def _last(year: int, month: int = 12) -> datetime.date:
    return datetime.date(year, month, monthrange(year, month)[1])


def week(within: datetime.date) -> str:
    """Return the week of a day, Monday to Sunday.

    >>> week(datetime.date(2021, 1, 8))
    '2021-01-04/2021-01-10'
    """
    monday = within - datetime.timedelta(days=within.weekday())
    return f"{monday}/{monday + datetime.timedelta(days=6)}"


def weekend(within: datetime.date) -> str:
    """Return the Saturday and Sunday of the week of a day."""
    saturday = within + datetime.timedelta(days=5 - within.weekday())
    return f"{saturday}/{saturday + datetime.timedelta(days=1)}"


def add_months(start: datetime.date, by: int) -> tuple[int, int]:
    """Return year and month, *by* months from a day.

    >>> add_months(datetime.date(2020, 1, 31), -1)
    (2019, 12)
    """
    years, months = divmod(start.year * 12 + start.month - 1 + by, 12)
    return years, months + 1
