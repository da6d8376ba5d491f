"""CSV: a header, then a report a row; delimited as the header is: comma, semicolon, tab, bar."""

import csv
from collections.abc import Iterable, Iterator

from pipeline.errors import ReadError
from pipeline.readers.columns import known, no_column, with_text
from pipeline.readers.rejections import rejected
from pipeline.readers.rows import Row, label
from pipeline.readers.sources import Source
from pipeline.readers.text import broken, decoded
from pipeline.schema import Rejected

_DELIMITERS = ",;\t|"
_LONGEST = 2**31 - 1  # what a C long holds everywhere; the module's own limit is 131,072 characters


def rows(source: Source, column: str) -> Iterator[Row | Rejected]:
    """Yield each row; a malformed one is rejected by its number and line, the others go on."""
    csv.field_size_limit(_LONGEST)
    with decoded(source, newline="") as (lines, stream):
        header = lines.readline()
        if header.strip():
            names = _names(header, source, column)
            yield from with_text(_cells(lines, header, names, source), source, column)
        yield from broken(stream, source)


def _names(header: str, source: Source, column: str) -> list[str]:
    names = next(csv.reader([header], delimiter=_delimiter(header)))
    clean = [name.strip().removeprefix("\ufeff") for name in names]
    found = known(clean, column)
    if column not in found:
        raise no_column(source, column, clean)
    return found


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _cells(lines: Iterable[str], header: str, names: list[str], source: Source) -> Iterator[Row | Rejected]:
    reader = csv.reader(lines, delimiter=_delimiter(header), strict=True)
    number = 0
    while True:
        number, start = number + 1, reader.line_num + 2
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _bad(source, number, start, str(error))
            continue
        if values:
            yield _row(values, names, source, number, start)
        else:
            number -= 1


def _row(values: list[str], names: list[str], source: Source, number: int, line: int) -> Row | Rejected:
    if len(values) != len(names):
        return _bad(source, number, line, f"{len(values)} cells under {len(names)} columns")
    return Row(number, dict(zip(reversed(names), reversed(values), strict=True)))


def _bad(source: Source, number: int, line: int, what: str) -> Rejected:
    message = f"row of line {line}: {what}; check its quotes and delimiters"
    return rejected(ReadError(label(source, number), "bad_row", message))
