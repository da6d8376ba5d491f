"""JSON Lines: one JSON object a line, each a report."""

import json
from collections.abc import Iterable, Iterator

from pipeline.errors import ReadError
from pipeline.readers.columns import known, with_text
from pipeline.readers.rejections import rejected
from pipeline.readers.rows import Row, label
from pipeline.readers.sources import Source
from pipeline.readers.text import broken, decoded
from pipeline.schema import Rejected


def rows(source: Source, column: str) -> Iterator[Row | Rejected]:
    """Yield each line as a row; a malformed one is rejected by its number and the others go on."""
    with decoded(source) as (lines, stream):
        yield from with_text(_objects(lines, source, column), source, column)
        yield from broken(stream, source)


def _objects(lines: Iterable[str], source: Source, column: str) -> Iterator[Row | Rejected]:
    for number, line in enumerate(lines, start=1):
        if line.strip() in ("[", "{"):
            raise _one_document(source)
        if line.strip():
            yield _object(line, label(source, number), number, column)


def _object(line: str, where: str, number: int, column: str) -> Row | Rejected:
    try:
        cells = json.loads(line)
    except (ValueError, RecursionError) as error:
        return rejected(ReadError(where, "bad_row", f"is no JSON ({error}); mend the line"))
    if not isinstance(cells, dict):
        message = 'is no JSON object; write the line as {"text": "…"}'
        return rejected(ReadError(where, "bad_row", message))
    return Row(number, dict(zip(known(list(cells), column), cells.values(), strict=True)))


def _one_document(source: Source) -> ReadError:
    message = "is one JSON document over many lines; write one object a line (jq -c '.[]')"
    return ReadError(source.label, "bad_row", message)
