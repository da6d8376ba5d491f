"""SQLite: every table with its keys, views, and full-text search as Datasette finds it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from sqlite_utils import Database
from sqlite_utils.db import Table

from pipeline.exports.losses import Loss
from pipeline.exports.runs import LISTS, Run, parts
from pipeline.exports.views import VIEWS
from pipeline.tables import Row

_TYPES = {pa.string(): str, pa.int64(): int, pa.float64(): float, pa.bool_(): int, pa.date32(): str}
_ORDER = ("reports", "facts", "incidents", "claims", "events", "links", "rejected")
_KEYS = {
    "facts": [("report_id", "reports")],
    "incidents": [("report_id", "reports")],
    "claims": [
        ("report_id", "reports"),
        ("incident_id", "incidents"),
        ("fact_id", "facts"),
        ("joined_id", "claims"),
        ("part_of", "claims"),
    ],
    "links": [("incident_id", "incidents"), ("other_id", "incidents")],
}
_SEARCHED = {
    "reports": ("title",),
    "facts": ("text", "context", "source"),
    "claims": ("text", "who", "where", "source"),
    "incidents": ("who", "where", "figures"),
    "events": ("who", "where"),
}
_INDEXED = ("type", "country", "first", "jurisdiction")


def write(run: Run, path: Path) -> list[Loss]:
    """Write the tables of a run as one SQLite database; nothing is lost. The same tables make the same bytes."""
    database = Database(path)
    try:
        for name in _ORDER:
            if name in run.tables:
                _fill(_made(database, name, run.tables[name].schema), run, name)
        for name, words in VIEWS.items():
            database.create_view(name, words)
        database.vacuum()
    finally:
        database.close()
    return []


def _made(database: Database, name: str, schema: pa.Schema) -> Table:
    table = database.table(name)
    keys = [(column, other, "id") for column, other in _KEYS.get(name, [])]
    columns = {field.name: _TYPES[field.type] for field in schema}
    return table.create(columns, pk="id" if "id" in columns else None, foreign_keys=keys)


def _fill(table: Table, run: Run, name: str) -> None:
    table.insert_all(_plain(run, name))
    columns = run.tables[name].column_names
    for column in (*(column for column, _ in _KEYS.get(name, [])), *(c for c in _INDEXED if c in columns)):
        table.create_index([column], if_not_exists=True)
    if name in _SEARCHED:
        table.enable_fts(_SEARCHED[name], tokenize="unicode61 remove_diacritics 2")


def _plain(run: Run, name: str) -> Iterator[Row]:
    """Yield rows as SQLite holds them: ISO days, and lists as JSON, which Datasette offers to filter by."""
    lists = LISTS.get(name, ())
    for row in run.rows(name):
        told = {column: value.isoformat() if hasattr(value, "isoformat") else value for column, value in row.items()}
        yield told | {column: json.dumps(parts(row[column]), ensure_ascii=False) for column in lists}
