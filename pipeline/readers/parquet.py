"""Parquet: a report a row, read a few rows at a time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.readers.columns import READ, known, no_column
from pipeline.readers.rows import Row
from pipeline.readers.sources import Source
from pipeline.schema import Rejected

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_BATCH = 64


def rows(source: Source, column: str) -> Iterator[Row | Rejected]:
    """Yield each row of the table; ReadError if it is none or has no such column."""
    import pyarrow as pa  # here: a third of a second that other formats need not wait for

    with _seekable(source) as file:
        try:
            yield from _rows(file, source, column)
        except pa.ArrowException as error:
            message = f"is no whole Parquet table ({error}); write it again"
            raise ReadError(source.label, "unreadable", message) from error


def _rows(file: IO[bytes], source: Source, column: str) -> Iterator[Row]:
    import pyarrow.parquet as pq

    table = pq.ParquetFile(file)
    names = dict(zip(known(table.schema_arrow.names, column), table.schema_arrow.names, strict=True))
    if column not in names:
        raise no_column(source, column, table.schema_arrow.names)
    wanted = {name: names[name] for name in (column, *READ) if name in names}
    for number, cells in enumerate(_records(table, list(wanted.values())), start=1):
        yield Row(number, {name: cells[there] for name, there in wanted.items()})


def _records(table: "ParquetFile", columns: list[str]) -> Iterator[dict[str, object]]:
    for batch in table.iter_batches(batch_size=_BATCH, columns=list(dict.fromkeys(columns))):
        yield from batch.to_pylist()


@contextmanager
def _seekable(source: Source) -> Iterator[IO[bytes]]:
    """Open the file for reading back and forth; a compressed one is unpacked to a copy."""
    with source.open() as stream:
        if isinstance(stream.inner, BufferedReader):
            yield stream.inner
            return
        with TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            if stream.error:
                raise OSError(str(stream.error))
            copy.seek(0)
            yield copy
