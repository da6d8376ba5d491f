"""CSV that Excel opens as it is meant: UTF-8 with its mark, no cell run as a formula or turned into a date or a number."""

import csv
import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.exports.losses import Loss, some
from pipeline.exports.runs import Run

_ROWS, _CELL = 1_048_575, 32_767  # what a sheet holds below its header, and characters of a cell
_FORMULA = tuple("=+-@\t\r")  # OWASP: what begins so is run, or hides what is
# What Excel would read as a number, a date or a truth value: "535.10" (as 535.1), "2017-09" (as a day), "3-1", "1E5", "TRUE".
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_READ = re.compile(
    r"\s*(?:[\d.,]*\d[\d.,]*(?:E[+-]?\d+)?%?|\d{1,4}[-/.]\d{1,4}(?:[-/.]\d{1,4})?|true|false"
    rf"|\d{{1,4}}[-/ ]?{_MONTH}(?:[-/ ,]+\d{{1,4}})?|{_MONTH}[-/ .]+\d{{1,4}}(?:[-/ ,]+\d{{1,4}})?)\s*",
    re.IGNORECASE,
)


def write(run: Run, folder: Path) -> list[Loss]:
    """Write a file `TABLE.csv` for every table; text that Excel would run or reinterpret begins with an apostrophe."""
    losses = []
    for name, table in run.tables.items():
        texts = {field.name for field in table.schema if field.type == pa.string()}
        guarded, cut = dict.fromkeys(texts, 0), dict.fromkeys(texts, 0)
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(table.column_names)
            for row in run.rows(name):
                for column in texts:
                    guarded[column] += guard(row[column]) != row[column]
                    cut[column] += len(row[column] or "") > _CELL
                rows.writerow([guard(value) if column in texts else _plain(value) for column, value in row.items()])
        losses += [
            *(Loss(table=name, column=c, values=n, why="an apostrophe stands before it") for c, n in guarded.items()),
            *(Loss(table=name, column=c, values=n, why=f"Excel cuts it at {_CELL:,} characters") for c, n in cut.items()),
            Loss(table=name, values=max(0, table.num_rows - _ROWS), why=f"Excel opens {_ROWS:,} rows at most"),
        ]
    return sorted(some(losses), key=lambda loss: (loss.table, loss.why, loss.column or ""))


def guard(text: str | None) -> str | None:
    """Return a cell's text with an apostrophe before what Excel would run as a formula or read as a number or a date.

    >>> guard("=SUM(A1)"), guard("535.10"), guard("2017-09"), guard("Article 5"), guard(None)
    ("'=SUM(A1)", "'535.10", "'2017-09", 'Article 5', None)
    """
    if text and (text.startswith((*_FORMULA, "'")) or _READ.fullmatch(text)):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """Return a cell as the table had it.

    >>> unguarded(guard("535.10")), unguarded(guard("'tis"))
    ('535.10', "'tis")
    """
    return text.removeprefix("'")


def _plain(value: Any) -> Any:
    return str(value).upper() if isinstance(value, bool) else value
