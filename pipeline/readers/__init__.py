"""Bytes in, reports out: what a run is pointed at, whatever its format, one by one.

Nothing that is wrong with a source raises: it comes out as a `Rejected` with its reason, and the
rest goes on. The reasons are stable codes: missing, unreadable, unsupported, no_reports, no_column
(whole sources); empty, not_text, bad_row, bad_date (a source or one row of it).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import ReadError
from pipeline.readers import delimited, jsonl, parquet, text
from pipeline.readers.rows import Options, Row, default_dateline, report_of
from pipeline.readers.sources import Source, expand, rejected
from pipeline.schema import Rejected, Report

__all__ = ["read"]

_FORMATS: dict[str, Callable[[Source, str], Iterator[Row | Rejected]]] = {
    "text": text.rows,
    "jsonl": jsonl.rows,
    "csv": delimited.rows,
    "parquet": parquet.rows,
}


def read(
    sources: str | Path | Iterable[str | Path],
    *,
    text_column: str = "text",
    published: datetime.date | None = None,
    dateline: Callable[[str], datetime.date | None] = default_dateline,
    stdin: BinaryIO | None = None,
    exclude: Path | None = None,
) -> Iterator[Report | Rejected]:
    """Yield every report of *sources*, in their order, and a `Rejected` for all that is none.

    A source is a file, a folder (read with its subfolders, in alphabetical order, hidden files left
    out), a glob pattern, or `-` for plain text on standard input. Columns named `id`, `title` and
    `published` are used where present. The publication date is the column's, else *published*, else
    what *dateline* finds in the text. *exclude* is a folder left out (the output's).

    A report without an id is called by its path in the folder and its row (`2017/baku.csv:12`).
    Ids are unique in a run: the second report with the id "x" becomes "x#2".
    """
    options = Options(text_column, published, dateline)
    paths = [sources] if isinstance(sources, str | Path) else sources
    seen: set[str] = set()
    for source in expand(paths, stdin=stdin, exclude=exclude):
        items = _read_one(source, options) if isinstance(source, Source) else iter([source])
        for item in items:
            yield _unique(item, seen) if isinstance(item, Report) else item


def _read_one(source: Source, options: Options) -> Iterator[Report | Rejected]:
    """Yield the reports of one file; what is wrong with it comes last, as a rejection."""
    empty = True
    try:
        for row in _FORMATS[source.format](source, options.text_column):
            empty = False
            yield row if isinstance(row, Rejected) else report_of(row, source, options)
    except ReadError as error:
        yield rejected(error)
    except OSError as error:
        yield source.unreadable(error)
    else:
        if empty:
            message = "holds no rows; fill it or leave it out"
            yield Rejected(source=source.label, reason="empty", message=message)


def _unique(report: Report, seen: set[str]) -> Report:
    """Return *report* under an id that no report before it has."""
    name, number = report.id, 1
    while name in seen:
        number += 1
        name = f"{report.id}#{number}"
    seen.add(name)
    return report if name == report.id else report.model_copy(update={"id": name})
