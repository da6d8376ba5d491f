"""Which facts a reader wants to see: the filters of the lists, as an address carries them and as SQL."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from pipeline.normalise import edtf
from pipeline.show import DOUBTFUL
from pipeline.tables import FACT_TYPES

Order = Literal["text", "doubt"]
VERDICTS = ("mine", "none", "accepted", "rejected", "corrected", "added", "disputed")
_MONTH_OR_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
Condition = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The filters; None lets everything pass. `verdict` "mine" is what this reader has not judged, "none" what nobody has."""

    type: str | None = None
    country: str | None = None
    since: str | None = None
    until: str | None = None
    rule: str | None = None
    verdict: str | None = None
    words: str | None = None
    doubt: bool = False
    order: Order = "text"

    def address(self, **more: object) -> str:
        """Return the filters, and more, as the query of an address."""
        told = {name: value for name, value in asdict(self).items() if value and (name, value) != ("order", "text")}
        return urlencode({**told, **{name: value for name, value in more.items() if value is not None}})

    def where(self, reader: str) -> Condition:
        """Return the filters of facts as SQL with its values; *reader* is who looks."""
        held: list[Condition] = [
            (f"facts.{name} = ?", (value,)) for name in ("type", "country", "rule") if (value := getattr(self, name))
        ]
        held += self._period()
        if self.doubt:
            held.append(("facts.confidence < ?", (DOUBTFUL,)))
        if self.words:
            pattern = "%" + re.sub(r"([%_\\])", r"\\\1", self.words) + "%"
            held.append((r"facts.n IN (SELECT n FROM more WHERE context LIKE ? ESCAPE '\')", (pattern,)))
        if self.verdict == "mine":
            held.append(("instr(facts.readers, ?) = 0", (f"|{reader}|",)))
        elif self.verdict == "none":
            held.append(("facts.outcome IS NULL", ()))
        elif self.verdict:
            held.append(("facts.outcome = ?", (self.verdict,)))
        return _joined(held)

    def of_claims(self) -> Condition:
        """Return those filters that claims have too."""
        held: list[Condition] = [
            (f"facts.{name} = ?", (value,)) for name in ("type", "country") if (value := getattr(self, name))
        ]
        return _joined([*held, *self._period()])

    def _period(self) -> list[Condition]:
        first = edtf.bounds(self.since)[0] if self.since else None
        last = edtf.bounds(self.until)[1] if self.until else None
        held: list[Condition] = [("facts.last >= ?", (str(first),))] if first else []
        return held + ([("facts.first <= ?", (str(last),))] if last else [])


def selection(query: Mapping[str, str]) -> Selection:
    """Return the filters that an address names; what is no filter, or none that can be, is passed over."""
    orders: tuple[Order, ...] = get_args(Order)
    return Selection(
        type=_known(query.get("type"), FACT_TYPES),
        country=_short(query.get("country")),
        since=_day(query.get("since")),
        until=_day(query.get("until")),
        rule=_short(query.get("rule")),
        verdict=_known(query.get("verdict"), VERDICTS),
        words=_short(query.get("words")),
        doubt=query.get("doubt") in ("1", "True"),
        order=next((order for order in orders if order == query.get("order")), "text"),
    )


def _joined(held: list[Condition]) -> Condition:
    sql = " AND ".join(condition for condition, _ in held) or "TRUE"
    return sql, tuple(value for _, values in held for value in values)


def _known(value: str | None, among: tuple[str, ...]) -> str | None:
    return value if value in among else None


def _short(value: str | None) -> str | None:
    return value.strip()[:200] or None if value else None


def _day(value: str | None) -> str | None:
    """Return a year, month or day that the calendar has."""
    value = (value or "").strip()
    if not _MONTH_OR_DAY.fullmatch(value):
        return None
    year, month, day = [int(part) for part in (*value.split("-"), "1", "1")[:3]]
    return value if year and month <= 12 and edtf.day(year, month, day) else None
