"""Uwazi's CSV import: a file a template, `|` between the parts of a list, `lat|lon`, `from:to`; relations by title."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.exports.captions import caption
from pipeline.exports.losses import Loss, some, unheld
from pipeline.exports.runs import Run, parts
from pipeline.tables import Row

# Uwazi's name of a property, where that of the column means something else to it: `id` is its own key, `language` the entity's.
_RENAMED = {"id": "casefacts_id", "language": "report_language", "when": "edtf"}
_SELECT = (
    "status",
    "penalty",
    "modality",
    "what",
    "type",
    "country",
    "where_kind",
    "assertion",
    "approx",
    "open_ended",
    "language",
    "published_basis",
)
_MULTISELECT = ("articles", "penalties", "sources")
_NUMBER = ("low", "high", "min_days", "max_days")
_DAY = ("published", "created")
_TEXT = {
    "reports": ("id", "publisher", "source", "part"),
    "incidents": ("id", "who", "where", "low_source", "high_source", "figures"),
    "claims": ("id", "text", "who", "when", "where", "min", "max", "source"),
    "events": ("id", "who", "where", "low_source", "high_source"),
}
_COMPOSED = {  # columns that stand in properties of their own form
    "reports": ("title", "url"),
    "incidents": ("report_id", "first", "last", "latitude", "longitude"),
    "claims": ("report_id", "incident_id", "first", "last", "latitude", "longitude"),
    "events": ("first", "last", "latitude", "longitude", "reports", "incidents"),
}
_EMPTIED = ("null", "undefined", "n/a")  # Uwazi takes these words for nothing
_Titles = Mapping[str, Mapping[str, str]]


def write(run: Run, folder: Path) -> list[Loss]:
    """Write a file a template, `reports.csv` and so on, and in `properties.csv` the properties that each template must have."""
    names = [name for name in _TEXT if name in run.tables]
    titles = {name: _titles(run.rows(name), _title_of(name)) for name in names}
    sentences = {row["id"]: row["context"] for row in run.rows("facts")}
    properties: list[tuple[str, str, str, str]] = []
    losses: list[Loss] = []
    for name in names:
        columns = run.tables[name].column_names
        entities = [_entity(name, row, titles, sentences) for row in run.rows(name)]
        kinds = _kinds(name, columns, titles)
        _write_csv(folder / f"{name}.csv", ["title", *kinds], entities)
        properties += [(name, column, *kind) for column, kind in kinds.items()]
        losses += _altered(name, run)
    _write_csv(
        folder / "properties.csv",
        ["template", "property", "type", "related_template"],
        [dict(zip(("template", "property", "type", "related_template"), one, strict=True)) for one in properties],
    )
    held = {name: [*_COMPOSED[name], *(c for c in run.tables[name].column_names if _kind(name, c))] for name in names}
    return [*unheld(run, held, why="no property holds it"), *losses]


def _kinds(name: str, columns: Iterable[str], titles: _Titles) -> dict[str, tuple[str, str]]:
    """Return the properties of a template but its title, each with its type and the template that it relates to."""
    kinds = {_RENAMED.get(c, c): (kind, "") for c in columns if (kind := _kind(name, c))}
    if name == "reports":
        return kinds | {"url": ("link", "")}
    kinds |= {"days": ("daterange", ""), "geolocation": ("geolocation", "")}
    kinds |= {"sentence": ("text", "")} if name == "claims" else {}
    several = {"claims": ("report", "incident"), "incidents": ("report",), "events": ("reports", "incidents")}[name]
    return kinds | {one: ("relationship", one if one in titles else f"{one}s") for one in several}


def _kind(name: str, column: str) -> str | None:
    """Return the Uwazi type of a column that is a property as it stands."""
    if column in _TEXT[name]:
        return "text"
    if column.startswith("n_") or column in _NUMBER:
        return "numeric"
    kinds = (("select", _SELECT), ("multiselect", _MULTISELECT), ("date", _DAY))
    return next((kind for kind, columns in kinds if column in columns), None)


def _entity(name: str, row: Row, titles: _Titles, sentences: Mapping[str, str]) -> dict[str, str]:
    told = {_RENAMED.get(c, c): _cell(kind, value) for c, value in row.items() if (kind := _kind(name, c))}
    told["title"] = titles[name][row["id"]]
    if name == "reports":
        address = (row["url"] or "").replace("|", "%7C")
        return told | {"url": f"{address}|{address}" if address else ""}
    told["days"] = ":".join(_day(row[end]) for end in ("first", "last")) if row["first"] or row["last"] else ""
    told["geolocation"] = f"{row['latitude']}|{row['longitude']}" if None not in (row["latitude"], row["longitude"]) else ""
    if name == "events":
        related = {other: map(titles[other].get, parts(row[other])) for other in ("reports", "incidents")}
        return told | {other: "|".join(title for title in found if title) for other, found in related.items()}
    told["report"] = titles["reports"][row["report_id"]]
    if name == "claims":
        told["incident"] = titles["incidents"].get(row["incident_id"] or "", "")
        told["sentence"] = sentences.get(row["fact_id"], "")
    return told


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "multiselect":
        return "|".join(_plain(part) for part in parts(value))
    if kind == "date":
        return _day(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _day(value: Any) -> str:
    return value.strftime("%Y/%m/%d") if value else ""


def _plain(text: str) -> str:
    """Return text on one line without the sign that parts a list: Uwazi joins white space in labels and titles itself."""
    return " ".join(text.replace("|", "/").split())


def _title_of(name: str) -> Callable[[Row], str]:
    return (lambda row: row["title"] or row["id"]) if name == "reports" else caption


def _titles(rows: Iterable[Row], title: Callable[[Row], str]) -> dict[str, str]:
    """Return a title for each id that no other has: entities are related by their titles."""
    titles = {row["id"]: _plain(title(row)) for row in rows}
    seen = Counter(titles.values())
    return {key: one if one and seen[one] == 1 else f"{one} ({_plain(key)})".strip() for key, one in titles.items()}


def _altered(name: str, run: Run) -> Iterator[Loss]:
    """Yield what Uwazi itself will change: words that it takes for nothing, and the sign that parts its lists."""
    for column in (c for c in run.tables[name].column_names if _kind(name, c) in ("text", "multiselect")):
        values = [row[column] for row in run.rows(name) if row[column]]
        emptied = sum(value.strip().lower() in _EMPTIED for value in values)
        barred = sum("|" in value for value in values) if _kind(name, column) == "multiselect" else 0
        spaced = sum(re.search(r"\s\s|\n|^\s|\s$", value) is not None for value in values) - emptied
        yield from some(
            [
                Loss(table=name, column=column, values=emptied, why="Uwazi takes these words for an empty cell"),
                Loss(table=name, column=column, values=barred, why="/ stands for |, which parts Uwazi's lists"),
                Loss(table=name, column=column, values=max(0, spaced), why="Uwazi makes runs of white space one space"),
            ]
        )


def _write_csv(path: Path, columns: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
