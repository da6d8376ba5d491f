"""Write tables as they grow, row group by row group, and put them in place whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, Literal, Protocol, TextIO, get_args

import pyarrow as pa
from pyarrow import csv, parquet

from pipeline.errors import CasefactsError
from pipeline.schema import Extraction
from pipeline.tables import RUN_TABLES, Row, schemas, table

Format = Literal["parquet", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
MANIFEST = "run.json"
_GROUP = 10_000  # rows held in memory for each table, and the size of a Parquet row group
_TEXTS = 20_000_000  # characters of texts held in memory: a row of theirs may be a book


class _Sink(Protocol):
    """What writes one table to one file."""

    def write(self, rows: pa.Table) -> None: ...
    def close(self) -> None: ...


class _ParquetSink:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = parquet.ParquetWriter(path, schema, compression="zstd")
        self.close = self._writer.close

    def write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows)


class _CsvSink:
    """UTF-8, LF, ISO dates, strings in quotes, null an empty cell without quotes."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = csv.CSVWriter(path, schema)
        self.close = self._writer.close

    def write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows)


class _JsonlSink:
    """One object a line, dates as ISO strings, every column present."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        self.close = self._file.close
        self._names = schema.names

    def write(self, rows: pa.Table) -> None:
        self._file.writelines(_line(row) for row in rows.to_pylist())


_SINKS: dict[str, type[_ParquetSink] | type[_CsvSink] | type[_JsonlSink]] = {
    "parquet": _ParquetSink,
    "csv": _CsvSink,
    "jsonl": _JsonlSink,
}


def sink(name: str, path: Path, kind: str, rows: list[Row], *, schema: pa.Schema | None = None) -> None:
    """Write one whole table to a file, under the columns of the table *name* or those of *schema*."""
    schema = schema or schemas()[name]
    with closing(_SINKS[kind](path, schema)) as open_sink:
        if rows:
            open_sink.write(pa.Table.from_pylist(rows, schema=schema))


class TableWriter:
    """The tables of a run, being written to a folder that becomes visible only when all is done."""

    def __init__(self, folder: Path, kind: Format) -> None:
        self.files = {name: f"{name}.{kind}" for name in RUN_TABLES}
        self.written = dict.fromkeys(self.files, 0)
        self._waiting: dict[str, list[Row]] = {name: [] for name in self.files}
        self._sinks: dict[str, _Sink] = {name: _SINKS[kind](folder / file, schemas()[name]) for name, file in self.files.items()}
        self._folder = folder
        self._characters = 0

    def add(self, new: Mapping[str, Iterable[Row]]) -> None:
        """Add rows to the tables that *new* names."""
        for name, rows in new.items():
            self._waiting[name].extend(rows)
            if len(self._waiting[name]) >= _GROUP:
                self._flush(name)
        self._characters += sum(len(row["text"]) for row in new.get("texts", ()))
        if self._characters >= _TEXTS:
            self._flush("texts")

    def finish(self) -> None:
        """Write what is waiting; afterwards `written` holds the number of rows of each table."""
        for name in self.files:
            self._flush(name)

    def close(self) -> None:
        """Close the files."""
        for sink in self._sinks.values():
            sink.close()

    def manifest(self, content: Mapping[str, Any]) -> None:
        """Write the run's manifest, with the tables that it made."""
        self.finish()
        tables = {n: {"file": f, "rows": self.written[n]} for n, f in self.files.items()}
        text = json.dumps({**content, "tables": tables}, indent=2, ensure_ascii=False)
        (self._folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    def _flush(self, name: str) -> None:
        rows, self._waiting[name] = self._waiting[name], []
        if name == "texts":
            self._characters = 0
        if rows:
            self._sinks[name].write(table(name, rows))
            self.written[name] += len(rows)


@contextmanager
def tables(out: Path, kind: Format) -> Iterator[TableWriter]:
    """Give a writer whose tables take the place of a former run's in the folder *out* at the end.

    They are written beside their places under a hidden name; an exception leaves *out* as it was, and so does a run
    that read no report where a former run's tables stand. A former run's tables of another format go. A file that no
    run made is never written over: a CasefactsError says so before anything is read.
    """
    former = _former(out)
    with _hidden_folder(out) as folder:
        with closing(TableWriter(folder, kind)) as writer:
            names = [*writer.files.values(), MANIFEST]
            _refuse_foreign(out, names, former)
            yield writer
            writer.finish()
        if writer.written["reports"] or not former:
            _publish(folder, out, names)
            _remove(out, set(former) - set(names))


def _former(out: Path) -> list[str]:
    """Return the files of the run that the folder holds, as its manifest names them."""
    try:
        listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["tables"]
        return [MANIFEST, *(str(one["file"]) for one in listed.values())]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _refuse_foreign(out: Path, names: Iterable[str], former: Iterable[str]) -> None:
    foreign = [name for name in names if (out / name).exists() and name not in former]
    if foreign:
        raise CasefactsError(f"{out}: holds {foreign[0]}, which no run of casefacts made; choose another folder by -o")


def _remove(out: Path, names: Iterable[str]) -> None:
    for name in names:
        if Path(name).name == name:  # a manifest that somebody edited reaches nothing outside its folder
            (out / name).unlink(missing_ok=True)


def write_line(stream: TextIO, extraction: Extraction) -> None:
    """Write one report's facts and claims as a line of JSON: `{"id": …, "facts": […], "claims": […]}`."""
    facts = [fact.model_dump(mode="json") for fact in extraction.facts]
    claims = [claim.model_dump(mode="json") for claim in extraction.claims]
    stream.write(_line({"id": extraction.report.id, "facts": facts, "claims": claims}))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso) + "\n"


def _iso(value: Any) -> str:
    return str(value.isoformat())


@contextmanager
def _hidden_folder(out: Path) -> Iterator[Path]:
    if out.exists() and not out.is_dir():
        raise CasefactsError(f"{out}: is a file, not a folder; choose a folder by -o")
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".casefacts-", dir=out))
    except OSError as error:
        message = f"{out}: no tables can be written there ({error.strerror}); choose another by -o"
        raise CasefactsError(message) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(folder: Path, out: Path, names: Iterable[str]) -> None:
    """Move the finished files to their places, once the disk has them whole."""
    present = [name for name in names if (folder / name).exists()]
    for name in present:
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    for name in present:
        (folder / name).replace(out / name)
