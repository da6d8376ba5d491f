"""Excel (.xlsx): a report a row, a row among the first of a sheet names its columns."""

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pipeline.errors import ReadError
from pipeline.readers.columns import known, missing_column
from pipeline.readers.office import check_office
from pipeline.readers.rejections import rejected
from pipeline.readers.rows import Row
from pipeline.schema import Rejected

_ABOVE = 10  # rows in which a title, a date may stand above the names of the columns


def rows(path: Path, label: str, column: str) -> Iterator[Row | Rejected]:
    """Yield the rows of every sheet that has a column for the text; if none has, ReadError says what there is."""
    import openpyxl

    check_office(path, label)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, BadZipFile, SyntaxError, TypeError) as error:
        raise ReadError(label, "unreadable", f"is a damaged Excel workbook ({error}); open and save it again") from error
    headers, numbers = list[str](), count(1)
    found = False
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs state them wrong, and openpyxl would cut the rest off
        cells = sheet.iter_rows(values_only=True)
        names, seen = _header(cells, column)
        headers += [name for name in seen if name and name not in headers]
        for values in cells if names else ():
            if any(value is not None for value in values):
                yield Row(next(numbers), dict(zip(names, values, strict=False)))
        found = found or bool(names)
    if headers and not found:
        yield rejected(missing_column(label, column, headers))


def _header(rows: Iterator[tuple[Any, ...]], column: str) -> tuple[list[str], list[str]]:
    """Return the names of the columns, from the row among the first that has *column*; else none, and the first row's."""
    first: list[str] = []
    for row in islice(rows, _ABOVE):
        names = ["" if value is None else str(value).strip() for value in row]
        if column in known(names, column):
            return known(names, column), names
        first = first or [name for name in names if name]
    return [], first
