"""What a format cannot hold: told table by table and column by column, never left out in silence."""

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from pipeline.exports.runs import Run
from pipeline.schema import Record


class Loss(Record):
    """Values of a column that an export does not hold, or holds altered, and why; `column` is None for whole rows."""

    table: str
    column: str | None = None
    values: int
    why: str


def unheld(run: Run, held: Mapping[str, Collection[str]], *, why: str) -> list[Loss]:
    """Return what a format leaves out that holds the columns *held* of each table: columns and rows without a value are none."""
    return [
        Loss(table=name, column=column, values=values, why=why)
        for name, table in run.tables.items()
        for column, values in _left_out(table, held.get(name))
        if values
    ]


def _left_out(table: pa.Table, held: Collection[str] | None) -> Iterable[tuple[str | None, int]]:
    if held is None:
        return [(None, table.num_rows)]
    left = [column for column in table.column_names if column not in held]
    return [(column, table.num_rows - table.column(column).null_count) for column in left]


def some(losses: Iterable[Loss]) -> list[Loss]:
    """Return the losses that any value suffers."""
    return [loss for loss in losses if loss.values]


def lines(losses: Iterable[Loss]) -> list[str]:
    """Return losses for people: one line a table and reason, with the columns."""
    grouped: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        grouped.setdefault((loss.table, loss.why), []).append(loss)
    return [f"{table}: {_columns(group)}: {why}" for (table, why), group in grouped.items()]


def _columns(group: list[Loss]) -> str:
    return ", ".join(f"{loss.column} ({loss.values:,})" if loss.column else f"{loss.values:,} rows" for loss in group)


def write_report(path: Path, content: Mapping[str, object], losses: Iterable[Loss]) -> None:
    """Write what is known of an export, and what it does not hold, as JSON."""
    told = {**content, "losses": [loss.model_dump() for loss in losses]}
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
