"""Dates: an expression and what is known of its report -> EDTF, with what it rests on."""

import datetime
from dataclasses import dataclass

from pipeline.normalise import edtf
from pipeline.normalise.datelines import dateline, stated_years
from pipeline.normalise.expressions import (
    Calendar,
    Expression,
    Point,
    Span,
    Step,
    Weekday,
    Whole,
    needs_month,
    parse,
)
from pipeline.schema import Basis

__all__ = ["Resolved", "Setting", "dateline", "resolve", "resolve_expression", "stated_years"]

_RANK: dict[Basis, int] = {"stated": 0, "inferred": 1, "relative": 2}
_LEAP_CYCLE = 9  # years within which every day of the calendar comes round
_SEASON = datetime.timedelta(days=92)  # beyond it a weekday that fits is chance
_SOON = datetime.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a report tells of the place where a date stands.

    `year` is the year of the story, used where no publication date is known; `anchor` the nearest
    date before, `day`, `month` and `quarter` the nearest such, `near` one in the same sentence,
    `told` the day of the same paragraph that was stated last in full (all EDTF); `future` whether the
    text there speaks of what is to come, `planned` whether its words have no tense ("scheduled for"), so that it may lie
    behind; `compared` whether a sum stands before, set against another.
    """

    published: datetime.date | None = None
    year: int | None = None
    anchor: str | None = None
    near: str | None = None
    day: str | None = None
    month: str | None = None
    quarter: str | None = None
    told: str | None = None
    future: bool = False
    planned: bool = False
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """A date placed on the calendar; `rule` names the kind of expression that it was."""

    value: str
    first: datetime.date | None
    last: datetime.date | None
    basis: Basis
    rule: str


Placed = tuple[str, Basis]


def resolve(text: str, setting: Setting | None = None, *, ranged: bool = False) -> Resolved | None:
    """Return what a date expression means in its setting, or None if it cannot be placed.

    >>> setting = Setting(published=datetime.date(2010, 12, 31))
    >>> [resolve(text, setting).value for text in ("12 April", "the end of 2009", "17 to 19 May")]
    ['2010-04-12', '2009', '2010-05-17/2010-05-19']
    >>> resolve("three months", setting) is None
    True
    """
    expression = parse(text, ranged=ranged)
    return resolve_expression(expression, setting or Setting()) if expression else None


def resolve_expression(expression: Expression, setting: Setting) -> Resolved | None:
    """Return what a parsed expression means in its setting, or None if it cannot be placed."""
    placed = _span(expression, setting) if isinstance(expression, Span) else _point(expression, setting)
    if placed is None:
        return None
    first, last = edtf.bounds(placed[0])
    return Resolved(placed[0], first, last, placed[1], f"date.{_kind(expression)}")


def _kind(expression: Expression) -> str:
    """Return the id of the rule that reads expressions of this kind."""
    if isinstance(expression, Step):
        return {"published": "deictic", "anchor": "anchored", "report": "report-year"}[expression.origin]
    return {Whole: "stated", Calendar: "calendar", Weekday: "weekday", Span: "range"}[type(expression)]


def _point(point: Point, setting: Setting) -> Placed | None:
    if isinstance(point, Whole):
        return point.value, "stated"
    if isinstance(point, Step):
        value = _step(point, setting)
        return (value, "relative") if value else None
    if isinstance(point, Weekday):
        value = _weekday(point, setting)
        return (value, "relative") if value else None
    return _calendar(point, setting)


# --- places in a year ----------------------------------------------------------------------------


def _calendar(point: Calendar, setting: Setting) -> Placed | None:
    if needs_month(point):
        return None
    if isinstance(point.month, Step):
        return _of_quarter(point, setting) if point.month.unit == "quarter" else _day_of_month(point, point.month, setting)
    if isinstance(point.year, Step):
        year = _step(point.year, setting)
        value = _in_year(point, int(year[:4])) if year else None
        return (value, "relative") if value else None
    if point.year is not None:
        value = _in_year(point, point.year)
        return (value, "stated") if value else None
    return _yearless(point, setting)


def _day_of_month(point: Calendar, step: Step, setting: Setting) -> Placed | None:
    month = _step(step, setting)
    value = edtf.day(int(month[:4]), int(month[5:7]), point.day or 0) if month else None
    return (value, "relative") if value else None


def _of_quarter(point: Calendar, setting: Setting) -> Placed | None:
    """Place "the 1988 quarter": the quarter that the text speaks of, in that year; without one the year alone."""
    months = setting.quarter.split("/") if setting.quarter else []
    value = "/".join(f"{point.year}{month[4:]}" for month in months)
    return (value, "relative") if value else (f"{point.year}", "stated")


def _in_year(point: Calendar, year: int | None) -> str | None:
    """Return the value of a place in a year that is known (None: `XXXX`)."""
    if point.span:
        first, last = point.span
        return None if year is None else f"{year}-{first}/{year}-{last}"
    if not isinstance(point.month, int):
        return None if year is None else f"{year:04d}"
    if point.day is not None:
        return edtf.day(year, point.month, point.day)
    return edtf.month(year, point.month)


def _yearless(point: Calendar, setting: Setting) -> Placed | None:
    """Place a day, month or season whose year is left open: it is near the publication."""
    basis: Basis = "relative" if point.by else "inferred"
    if value := _told(point, setting):
        return value, basis
    if setting.published is not None:
        value = _nearest(point, setting.published, future=_ahead(point, setting), strict=bool(point.by))
    else:
        value = _in_year(point, None if point.by else setting.year)
        if setting.year is None:
            basis = "stated"  # all that the value says is in the text
    return (value, basis) if value else None


def _told(point: Calendar, setting: Setting) -> str | None:
    """Place a later day of a story that a paragraph tells day by day: "held on 4 May 2009, he was tried on 9 June".

    Not in a report that covers a year: between past years it goes back to its own without saying so.
    """
    if setting.told is None or setting.published is None or covers_year(setting.published) or point.by:
        return None
    if setting.future and not setting.planned:
        return None
    value = _in_year(point, int(setting.told[:4])) if point.day else None
    return value if value and value > setting.told else None


def covers_year(published: datetime.date | None) -> bool:
    """Say whether a report is dated the last of December, as reports that cover a year are: it looks back."""
    return published is not None and (published.month, published.day) == (12, 31)


def _ahead(point: Calendar, setting: Setting) -> bool:
    """Say whether the date lies ahead; a weekday beside it is better evidence than any cue."""
    if point.by:
        return point.by > 0
    if point.span and setting.published and setting.future:
        return not _just_over(point, setting.published)
    if point.weekday is None or setting.published is None:
        return setting.future or _imminent(point, setting.published)
    for future in (setting.future, not setting.future):
        value = _nearest(point, setting.published, future=future)
        day = datetime.date.fromisoformat(value) if value else None
        if day and day.weekday() == point.weekday and abs(day - setting.published) < _SEASON:
            return future
    return setting.future


def _imminent(point: Calendar, published: datetime.date | None) -> bool:
    """Say whether a day comes soon after publication: news means it, not the one a year before.

    "The ministry set a deadline of April 11." A report dated the last of December looks back.
    """
    if published is None or point.day is None or covers_year(published):
        return False
    value = _nearest(point, published, future=True)
    return value is not None and datetime.date.fromisoformat(value) - published <= _SOON


def _just_over(point: Calendar, published: datetime.date) -> bool:
    """Say whether a part of the year goes on or has just ended: "it expects to report a loss for the third quarter"."""
    value = _nearest(point, published, future=False)
    last = edtf.bounds(value)[1] if value else None
    return last is not None and published - last <= _SEASON


def _nearest(point: Calendar, published: datetime.date, *, future: bool, strict: bool = False) -> str | None:
    """Return the latest such day or period not after *published*, or the earliest not before it.

    A period that holds the day counts, unless *strict*: "last May" is not the May it is read in.
    """
    direction = 1 if future else -1
    for distance in range(-1, _LEAP_CYCLE):
        value = _in_year(point, published.year + direction * distance)
        if value and _lies(value, published, future=future, strict=strict):
            return value
    return None


def _lies(value: str, published: datetime.date, *, future: bool, strict: bool) -> bool:
    """Say whether *value* lies on that side of a day."""
    first, last = _extent(value)
    if future:
        return first > published if strict else last >= published
    return last < published if strict else first <= published


def _extent(value: str) -> tuple[datetime.date, datetime.date]:
    """Return the days of a value, to put it in order; a season's by the months of the north."""
    if len(value) == len("2020-24") and int(value[5:]) in edtf.SEASON_STARTS:
        first = datetime.date(int(value[:4]), edtf.SEASON_STARTS[int(value[5:])], 1)
        return first, first + datetime.timedelta(days=89)
    first_day, last_day = edtf.bounds(value)
    return first_day or datetime.date.min, last_day or datetime.date.max


# --- steps from a known day ----------------------------------------------------------------------


def _step(step: Step, setting: Setting) -> str | None:
    if step.compares and setting.quarter and (setting.compared or step.unit == "quarter"):
        return _anchored(Step("quarter", -4, "anchor"), setting)
    if step.compares and step.unit == "quarter":
        return _step(Step("year", -1, "published"), setting)
    if step.origin == "anchor":
        return _anchored(step, setting)
    if setting.published is None:
        known = step.origin == "report" and setting.year is not None
        return f"{setting.year}" if known else None
    return _moved(setting.published, step)


def _moved(start: datetime.date, step: Step) -> str | None:
    """Return the period of the step's unit, so many units from *start*."""
    try:
        return _moved_days(start, step) or _moved_months(start, step)
    except (OverflowError, ValueError):  # "9999 years ago"
        return None


def _moved_days(start: datetime.date, step: Step) -> str | None:
    if step.unit == "day":
        return (start + datetime.timedelta(days=step.by)).isoformat()
    if step.unit in ("week", "weekend"):
        day = start + datetime.timedelta(weeks=step.by)
        return edtf.week(day) if step.unit == "week" else edtf.weekend(day)
    return None


def _moved_months(start: datetime.date, step: Step) -> str | None:
    if step.unit == "month":
        return edtf.month(*edtf.add_months(start, step.by))
    if step.unit == "quarter":
        year, month = edtf.add_months(start, 3 * step.by)
        first = (month - 1) // 3 * 3 + 1
        return f"{year}-{first:02d}/{year}-{first + 2:02d}"
    if step.unit == "decade":
        return f"{start.year // 10 + step.by}X"
    year = start.year + step.by
    return f"{year:04d}" if datetime.MINYEAR <= year <= datetime.MAXYEAR else None


def _anchored(step: Step, setting: Setting) -> str | None:
    """Return "the same day", "the following month": a step from the date stated before."""
    if step.unit == "year":
        return _anchored_year(step, setting)
    known = {"month": setting.month, "quarter": setting.quarter}.get(step.unit, setting.day)
    start = edtf.bounds(known)[0] if known else None
    return _moved(start, step) if start else None


def _anchored_year(step: Step, setting: Setting) -> str | None:
    """Return "that year" by the date before, "the previous year" by one in its sentence.

    Without one there, "a rise over the previous year" is over the year before the report's.
    """
    anchor = setting.near if step.by < 0 else setting.near or setting.anchor
    start = edtf.bounds(anchor)[0] if anchor else None
    if start is None and step.by < 0:
        return _step(Step("year", step.by, "published"), setting)
    return _moved(start, step) if start else None


def _weekday(point: Weekday, setting: Setting) -> str | None:
    """Return a day of the week: in a named week, or the nearest in the direction of the tense."""
    if point.week is not None:
        week = _step(point.week, setting)
        monday = edtf.bounds(week)[0] if week else None
        return (monday + datetime.timedelta(days=point.number)).isoformat() if monday else None
    start = setting.published
    if point.origin == "anchor":
        start = edtf.bounds(setting.day)[0] if setting.day else None
    if start is None:
        return None
    future = point.by > 0 if point.by else setting.future
    ahead = (point.number - start.weekday()) % 7
    distance = ahead if future else -(-ahead % 7)
    if point.by and distance == 0:
        distance = 7 * point.by
    return (start + datetime.timedelta(days=distance)).isoformat()


# --- ranges --------------------------------------------------------------------------------------


def _span(span: Span, setting: Setting) -> Placed | None:
    """Place a range: an end without a year takes it from the other, so that it runs forward."""
    first, last = _ends(span, setting)
    if not first or not last:
        return None
    value = edtf.interval(first[0].split("/")[0], last[0].split("/")[-1])
    return (value, max(first[1], last[1], key=_RANK.__getitem__)) if value else None


def _ends(span: Span, setting: Setting) -> tuple[Placed | None, Placed | None]:
    if _open(span.last) and not _open(span.first):
        first = _point(span.first, setting)
        return first, _from(span.last, first[0], future=True) if first else None
    last = _point(span.last, setting)
    if _open(span.first) and last and not last[0].startswith("XXXX"):
        placed = _from(span.first, last[0], future=False)
        return (placed[0], "stated") if placed and last[1] == "stated" and placed[0][:4] == last[0][:4] else placed, last
    return _point(span.first, setting), last


def _open(point: Point) -> bool:
    return isinstance(point, Calendar) and point.year is None and point.month is not None


def _from(point: Point, other: str, *, future: bool) -> Placed | None:
    """Return the nearest such day before (or after) the other end of its range."""
    bound = edtf.bounds(other)[0 if future else 1]
    if bound is None or not isinstance(point, Calendar):
        return None
    value = _nearest(point, bound, future=future)
    return (value, "inferred") if value else None
