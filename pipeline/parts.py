"""What a run has done so far, kept in parts beside its tables, so that a run that was broken off goes on where it was.

A part is one Parquet file with a row for each report: its key, and its rows of every table as lists. It appears whole or
not at all, so the folder of the parts is the journal: what stands there is done, and what does not is still to do.
"""

import hashlib
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import pyarrow as pa
from pyarrow import parquet

from pipeline.folders import Folder
from pipeline.schema import Extraction, Rejected, Report
from pipeline.tables import RUN_TABLES, rows, schemas

KEY = "key"
HIDDEN = ".casefacts"
_ELSEWHERE = {"source": None, "raw_sha256": None, "similar_to": None}  # what a report's row says of other files and reports
_BYTES = 64 << 20  # a part is written when so much is waiting
_OPEN = 4  # parts held in memory while tables are put together


def key(report: Report) -> bytes:
    """Return the hash of all that a report's facts depend on: a row of a table that has grown is the same report."""
    told = report.model_copy(update=_ELSEWHERE).model_dump_json()
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def part_schema() -> pa.Schema:
    """Return the columns of a part: the key, and each table as a list of its rows."""
    lists = [pa.field(name, pa.list_(pa.struct(list(schemas()[name])))) for name in RUN_TABLES]
    return pa.schema([pa.field(KEY, pa.binary()), *lists])


def part(keys: Sequence[bytes], found: Sequence[Extraction | Rejected]) -> pa.Table:
    """Return what was found in some reports as rows of a part."""
    told = [{KEY: one, **rows(item)} for one, item in zip(keys, found, strict=True)]
    return pa.Table.from_pylist(told, schema=part_schema())


def unpacked(rows_of_part: pa.Table) -> dict[str, pa.Table]:
    """Return the rows of a part, or of a slice of one, as the tables that they belong to."""
    return {name: _unpacked(rows_of_part, name) for name in RUN_TABLES}


def _unpacked(rows_of_part: pa.Table, name: str) -> pa.Table:
    lists = [cast("pa.ListArray[Any]", chunk) for chunk in rows_of_part.column(name).chunks]
    batches = [pa.RecordBatch.from_struct_array(cast("pa.StructArray", one.flatten())) for one in lists]
    return pa.Table.from_batches(batches, schema=schemas()[name])


class Journal:
    """The parts of a run: what is done, and what is being added. A part is written every so many *seconds*."""

    def __init__(self, folder: Folder, *, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        self._names: list[str] = []
        self._places: dict[bytes, tuple[int, int]] = {}
        self._waiting: list[pa.Table] = []
        self._bytes, self._since = 0, time.monotonic()
        self._opened: OrderedDict[int, pa.Table] = OrderedDict()
        for name in folder.names():
            self._take(name)

    def __contains__(self, one: bytes) -> bool:
        """Say whether a report is done."""
        return one in self._places

    def __len__(self) -> int:
        """Return how many reports are done and kept."""
        return len(self._places)

    def add(self, done: pa.Table) -> None:
        """Add what was found in some reports; it is kept from the next part on."""
        self._waiting.append(done)
        self._bytes += done.nbytes
        if self._bytes >= _BYTES or time.monotonic() - self._since >= self._seconds:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as a part."""
        self._since = time.monotonic()
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        sink = pa.BufferOutputStream()
        parquet.write_table(table, sink, compression="zstd")
        name = f"{len(self._names):06}-{uuid.uuid4().hex[:12]}.parquet"  # in order, and nobody else's
        self._folder.write(name, sink.getvalue())
        self._waiting, self._bytes = [], 0
        self._enter(name, table.column(KEY).to_pylist())

    def spans(self, keys: Iterable[bytes]) -> Iterator[pa.Table]:
        """Yield the rows of the parts for *keys*, in their order; those that stand together in a part, together."""
        run: tuple[int, int, int] | None = None  # part, first row, row after the last
        for one in keys:
            number, row = self._places[one]
            if run and run[0] == number and run[2] == row:
                run = (number, run[1], row + 1)
                continue
            if run:
                yield self._rows(*run)
            run = (number, row, row + 1)
        if run:
            yield self._rows(*run)

    def keep(self, keys: Iterable[bytes]) -> None:
        """Forget the parts that hold none of *keys*: the reports of files that are gone or have changed."""
        used = {self._places[one][0] for one in keys if one in self._places}
        for number, name in enumerate(self._names):
            if number not in used:
                self._folder.remove(name)

    def _take(self, name: str) -> None:
        """Enter a part of a former run. What is none, a write broken off, is removed, and its reports are done again."""
        if name.startswith(".") or not name.endswith(".parquet"):
            self._folder.remove(name)
            return
        try:
            found = self._folder.read(name, [KEY]).column(KEY).to_pylist()
        except (OSError, pa.ArrowInvalid):
            self._folder.remove(name)
        else:
            self._enter(name, found)

    def _enter(self, name: str, found: Iterable[bytes | None]) -> None:
        number = len(self._names)
        self._names.append(name)
        self._places.update((one, (number, row)) for row, one in enumerate(found) if one)

    def _rows(self, number: int, start: int, end: int) -> pa.Table:
        if number not in self._opened:
            if len(self._opened) >= _OPEN:
                self._opened.popitem(last=False)
            self._opened[number] = self._folder.read(self._names[number]).combine_chunks()
        self._opened.move_to_end(number)
        return self._opened[number].slice(start, end - start)
