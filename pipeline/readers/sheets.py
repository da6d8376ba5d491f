"""Excel (.xlsx): a report a row, the first row of a sheet names its columns."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zipfile import BadZipFile

from pipeline.errors import ReadError
from pipeline.readers.columns import missing_column
from pipeline.readers.rejections import rejected
from pipeline.readers.rows import Row
from pipeline.schema import Rejected


def rows(path: Path, label: str, column: str) -> Iterator[Row | Rejected]:
    """Yield the rows of every sheet that has a column for the text; if none has, ReadError says what there is."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, BadZipFile, SyntaxError, TypeError) as error:
        raise ReadError(label, "unreadable", f"is a damaged Excel workbook ({error}); open and save it again") from error
    headers, numbers = list[str](), count(1)
    found = False
    for sheet in book.worksheets:
        cells = sheet.iter_rows(values_only=True)
        names = [str(name).strip() if name is not None else "" for name in next(cells, ())]
        headers += [name for name in names if name and name not in headers]
        if column in names:
            found = True
            for values in cells:
                if any(value is not None for value in values):
                    yield Row(next(numbers), dict(zip(names, values, strict=False)))
    if headers and not found:
        yield rejected(missing_column(label, column, headers))
