"""The fields of a fact that a reader judges and may correct, and what may stand in them."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from pipeline.normalise import edtf
from pipeline.normalise.durations import days, length
from pipeline.normalise.numbers import quantity
from pipeline.schema import Assertion, FactType, Modality, Penalty, PlaceKind, Status
from pipeline.scoring import differing

Values = dict[str, Any]
Kind = Literal["text", "choice", "yes"]

FIELDS: dict[FactType, tuple[str, ...]] = {
    "date": ("value",),
    "location": ("country", "kind"),
    "count": ("low", "high", "approx", "status", "who"),
    "sentence": ("min", "max", "penalty", "modality"),
    "article": ("article", "instrument", "jurisdiction"),
}
COMMON = ("source", "assertion")
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(PlaceKind),
    "status": get_args(Status),
    "penalty": get_args(Penalty),
    "modality": get_args(Modality),
    "assertion": get_args(Assertion),
}
HINTS: dict[str, str] = {
    "value": "2017-09-23, 2017-09, 2017, 201X, XXXX-09-23, or first/last",
    "country": "two letters, as AZ; empty: in several",
    "low": "at least; empty: open",
    "high": "at most; empty: open",
    "who": "the group, in the report’s words",
    "min": "P10D, P2W, P8Y6M, PT48H, life, death; empty: open",
    "max": "the same, at most",
    "article": "148(2), 535.1, 124A",
    "instrument": "the law, as the report calls it",
    "jurisdiction": "two letters, or INT",
    "source": "who says so; empty: the report itself",
}
_REQUIRED = {"value", "kind", "status", "penalty", "modality", "article", "assertion"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|\d{3}X|XXXX-\d\d(-\d\d)?")
_DURATION = re.compile(r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T\d+H)?|life|death")


def names(kind: FactType) -> tuple[str, ...]:
    """Return the fields of a type that a reader judges, in the order in which they are shown."""
    return (*FIELDS[kind], *COMMON)


def judged(kind: FactType, row: Mapping[str, Any]) -> Values:
    """Return those fields of a row of `facts`."""
    return {name: row.get(name) for name in names(kind)}


def agree(kind: FactType, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether all fields that a reader judges agree, spelling that carries no meaning aside."""
    return not differing(kind, one, other, names=names(kind))


def read(kind: FactType, written: Mapping[str, str]) -> tuple[Values, dict[str, str]]:
    """Return the fields of a filled-in form, and what is wrong with which; an empty one is null.

    >>> read("date", {"value": "2017-02-30", "assertion": "stated"})[1]
    {'value': 'the calendar has no such day'}
    """
    values: Values = {}
    wrong: dict[str, str] = {}
    for name in names(kind):
        given = written.get(name, "").strip()
        try:
            values[name] = _value(name, given)
        except ValueError as error:
            wrong[name] = str(error)
    if not wrong:
        wrong = _together(kind, values)
    return values, wrong


def derived(kind: FactType, values: Mapping[str, Any]) -> Values:
    """Return what follows from corrected values: the days that bound a date, the days of a term."""
    if kind == "date":
        first, last = edtf.bounds(values["value"])
        return {"first": first, "last": last}
    if kind == "sentence":
        return {"min_days": days(values["min"]), "max_days": days(values["max"])}
    return {}


def suggested(kind: FactType, words: str) -> Values:
    """Return what the words of a missed fact say by themselves, to begin its form with."""
    values: Values = {"assertion": "stated"}
    if kind == "count" and (found := quantity(words)):
        values |= {"low": found.low, "high": found.high, "approx": found.approx}
    if kind == "sentence" and (term := length(words)):
        values |= {"min": term.min, "max": term.max}
    if kind == "article":
        values["article"] = "".join(words.split())
    if kind == "date" and _DATE.fullmatch(words.strip()):
        values["value"] = words.strip()
    return values


def _value(name: str, given: str) -> Any:
    if name == "approx":
        return given == "true"
    if not given:
        if name in _REQUIRED:
            raise ValueError("is needed")
        return None
    return _CHECKS.get(name, _plain)(given) if name not in CHOICES else _choice(name, given)


def _choice(name: str, given: str) -> str:
    if given not in CHOICES[name]:
        raise ValueError(f"one of {', '.join(CHOICES[name])}")
    return given


def _date(given: str) -> str:
    """Return an EDTF value; ValueError for what is none, or a day that the calendar lacks."""
    parts = re.split("[/,]", given.strip("[]"))
    if len(parts) > 2 or not all(_DATE.fullmatch(part) for part in parts):
        raise ValueError(HINTS["value"])
    if not all(map(_in_calendar, parts)):
        raise ValueError("the calendar has no such day")
    first, last = edtf.bounds(given)
    if first and last and first > last:
        raise ValueError("runs backwards")
    return given


def _in_calendar(value: str) -> bool:
    year, *rest = value.split("-")
    known = int(year) if year.isdigit() else None
    if len(rest) == 2:
        return edtf.day(known, int(rest[0]), int(rest[1])) is not None
    return known != 0 and (not rest or edtf.month(known, int(rest[0])) is not None)


def _country(given: str) -> str:
    import pycountry

    code = given.upper()
    if code != "XK" and not pycountry.countries.get(alpha_2=code):
        raise ValueError("no country of ISO 3166-1")
    return code


def _jurisdiction(given: str) -> str:
    return "INT" if given.upper() == "INT" else _country(given)


def _people(given: str) -> int:
    figures = re.sub(r"[ ,\u00a0\u202f]", "", given)
    if not re.fullmatch(r"[0-9]{1,12}", figures):
        raise ValueError("a whole number")
    return int(figures)


def _duration(given: str) -> str:
    found = given if given in ("life", "death") else given.upper()
    if not _DURATION.fullmatch(found):
        raise ValueError("an ISO 8601 duration, as P10D or P8Y6M; life or death")
    return found


def _plain(given: str) -> str:
    return " ".join(given.split())[:500]


def _together(kind: FactType, values: Values) -> dict[str, str]:
    """Return what is wrong with values that are right one by one."""
    if kind == "count":
        if values["low"] is None and values["high"] is None:
            return {"low": "one of the two is needed"}
        if None not in (values["low"], values["high"]) and values["low"] > values["high"]:
            return {"high": "is less than the least"}
    if kind == "sentence" and values["min"] is None and values["max"] is None:
        return {"min": "one of the two is needed"}
    return {}


_CHECKS: dict[str, Callable[[str], Any]] = {
    "value": _date,
    "country": _country,
    "jurisdiction": _jurisdiction,
    "low": _people,
    "high": _people,
    "min": _duration,
    "max": _duration,
    "article": lambda given: "".join(given.split())[:100],
}
