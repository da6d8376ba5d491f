"""Which rows have the column of the text: a table without it is rejected once, not once a row."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.errors import ReadError
from pipeline.readers.rows import Row, label
from pipeline.readers.sources import Source
from pipeline.schema import Rejected

READ = ("id", "title", "published", "publisher", "url")  # beside the text
_SHOWN = 12


def known(names: Sequence[str], text: str) -> list[str]:
    """Return the names of a table's columns with those that are read written as they are known, whatever their capitals.

    A name that is there as it is known stays alone; of two that differ in capitals only, neither is changed.

    >>> known(["Case", "TITLE", "Text "], "text"), known(["Text", "text"], "text"), known(["ID", "Id"], "text")
    (['Case', 'title', 'text'], ['Text', 'text'], ['ID', 'Id'])
    """
    found = list(names)
    for wanted in (text, *READ):
        alike = [at for at, name in enumerate(names) if name.strip().casefold() == wanted.casefold()]
        if len(alike) == 1 and wanted not in found:
            found[alike[0]] = wanted
    return found


def with_text(rows: Iterable[Row | Rejected], source: Source, column: str) -> Iterator[Row | Rejected]:
    """Yield the rows that have *column*; others are rejected, in one piece if none has it."""
    lacking: list[int] = []
    first: Row | None = None
    found = False
    for row in rows:
        if isinstance(row, Rejected):
            yield row
        elif column in row.cells:
            yield from (_bad(source, number, column) for number in lacking)
            lacking, found = [], True
            yield row
        elif found:
            yield _bad(source, row.number or 0, column)
        else:
            first = first or row
            lacking.append(row.number or 0)
    if first and not found:
        raise no_column(source, column, first.cells)


def no_column(source: Source, column: str, names: Iterable[str]) -> ReadError:
    """Return the error of a table that has no column for the text."""
    return missing_column(source.label, column, names)


def missing_column(where: str, column: str, names: Iterable[str]) -> ReadError:
    """Return the error of a table, called *where*, that has no column for the text."""
    known = list(names)
    shown = ", ".join(known[:_SHOWN]) + (", …" if known[_SHOWN:] else "")
    message = f"has no column {column!r}; it has: {shown or 'none'}; name the one that holds the text by --text-column"
    return ReadError(where, "no_column", message)


def _bad(source: Source, number: int, column: str) -> Rejected:
    message = f"has no {column!r}, as other rows have; add it or leave the row out"
    return Rejected(source=label(source, number), reason="bad_row", message=message)
