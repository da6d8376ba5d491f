"""Reports, facts and rejected sources as flat rows with typed columns, from the models of `schema`.

The columns of `facts` are the union of the fields of the fact types: one row a mention, null where
a field does not apply to its type. A field added to a model is a column at once.
"""

import datetime
import hashlib
import types
import typing
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel

from pipeline.schema import Claim, Event, Extraction, Fact, FactType, Incident, Link, Rejected, Report

Row = dict[str, Any]
FACT_TYPES: tuple[FactType, ...] = typing.get_args(FactType)
FACT_MODELS: tuple[type[BaseModel], ...] = typing.get_args(typing.get_args(Fact)[0])
RUN_TABLES = ("reports", "texts", "facts", "claims", "incidents", "rejected")
_FIRST = ("id", "report_id", "type")
_ARROW: dict[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime.date: pa.date32(),
}


@cache
def schemas() -> dict[str, pa.Schema]:
    """Return the columns of every table, by its name: `RUN_TABLES`, and those that linking adds."""
    return {
        "reports": _reports_schema(),
        "texts": pa.schema([("report_id", pa.string()), ("text", pa.string())]),
        "facts": _union_schema(FACT_MODELS),
        "claims": _union_schema((Claim,)),
        "incidents": _union_schema((Incident,)),
        "rejected": _union_schema((Rejected,)),
        "links": _union_schema((Link,)),
        "events": _union_schema((Event,)),
    }


def rows(item: Extraction | Rejected) -> dict[str, list[Row]]:
    """Return the rows that one report, or one rejected source, adds to each table."""
    if isinstance(item, Rejected):
        return {"rejected": [item.model_dump()]}
    facts = [fact.model_dump() for fact in item.facts]
    claims = [flat(claim.model_dump()) for claim in item.claims]
    incidents = [flat(incident.model_dump()) for incident in item.incidents]
    texts = [{"report_id": item.report.id, "text": item.report.text}]
    return {"reports": [report_row(item)], "texts": texts, "facts": facts, "claims": claims, "incidents": incidents}


def flat(row: Row) -> Row:
    """Return a row whose lists are one text each, parted by a semicolon: CSV has no other cells."""
    return {name: "; ".join(value) or None if isinstance(value, tuple) else value for name, value in row.items()}


def report_row(extraction: Extraction) -> Row:
    """Return a report's row: whence, how long, the SHA-256 of its text, how many facts it has."""
    report = extraction.report
    found = Counter(fact.type for fact in extraction.facts)
    paged = bool(report.pages) or report.first_page is not None
    return (
        {name: getattr(report, name) for name in _copied()}
        | {
            "characters": len(report.text),
            "words": words(report),
            "pages": len(report.pages) + 1 if paged else None,
            "sha256": hashlib.sha256(report.text.encode()).hexdigest(),
        }
        | {count_column(kind): found[kind] for kind in FACT_TYPES}
    )


def table(name: str, items: Iterable[Row]) -> pa.Table:
    """Return rows as an Arrow table under the columns of the table *name*."""
    return pa.Table.from_pylist(list(items), schema=schemas()[name])


def words(report: Report) -> int:
    """Return the number of words of a report, as white space parts them."""
    return len(report.text.split())


def count_column(kind: str) -> str:
    """Return the column of `reports` that counts its facts of one type."""
    return f"n_{kind}s"


def arrow_type(annotation: object) -> pa.DataType:
    """Return the Arrow type of a field's annotation; TypeError if a column cannot hold it.

    >>> arrow_type(int | None)
    DataType(int64)
    """
    if annotation in _ARROW:
        return _ARROW[annotation]
    arguments = [a for a in typing.get_args(annotation) if a is not types.NoneType]
    if typing.get_origin(annotation) is Literal:
        return arrow_type(type(arguments[0]))
    if typing.get_origin(annotation) is tuple and arguments[0] is str:
        return pa.string()
    if typing.get_origin(annotation) in (types.UnionType, typing.Union) and len(arguments) == 1:
        return arrow_type(arguments[0])
    raise TypeError(f"no column can hold {annotation}")


def _reports_schema() -> pa.Schema:
    fields = {name: arrow_type(Report.model_fields[name].annotation) for name in _copied()}
    integers = ("characters", "words", "pages")
    fields |= dict.fromkeys(integers, pa.int64()) | {"sha256": pa.string()}
    fields |= {count_column(kind): pa.int64() for kind in FACT_TYPES}
    return pa.schema(list(fields.items()))


def _copied() -> list[str]:
    """Return the fields of a report that its row holds as they are: all but text and pages."""
    order = ("id", "title", "published", "published_basis", "source")
    others = [name for name in Report.model_fields if name not in (*order, "text", "pages")]
    return [*order, *others]


def _union_schema(models: Iterable[type[BaseModel]]) -> pa.Schema:
    columns: dict[str, pa.DataType] = {}
    for model in models:
        for name, field in model.model_fields.items():
            kind = arrow_type(field.annotation)
            if columns.setdefault(name, kind) != kind:
                raise TypeError(f"column {name!r} is {columns[name]} and, in {model.__name__}, {kind}")
    names = [n for n in _FIRST if n in columns] + [n for n in columns if n not in _FIRST]
    return pa.schema([(name, columns[name]) for name in names])
