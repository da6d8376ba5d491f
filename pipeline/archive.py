"""The tables of a run, read back: its incidents linked across reports, `links` and `events` written beside them."""

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from pipeline.errors import CasefactsError
from pipeline.linking import SPAN, Told, link
from pipeline.schema import Event, Incident, Link
from pipeline.tables import Row, flat, schemas
from pipeline.writers import MANIFEST, sink

_LISTS = [name for name, field in Incident.model_fields.items() if "tuple" in str(field.annotation)]


def link_archive(folder: Path, *, span: int = SPAN) -> tuple[list[Link], list[Event]]:
    """Link the incidents of the run in *folder*, add the tables `links` and `events` to it, and return both.

    A CasefactsError says what is missing where the folder holds no run with incidents.
    """
    manifest = manifest_of(folder)
    kind = Path(manifest["tables"]["incidents"]["file"]).suffix.lstrip(".")
    links, events = link(list(_told(folder, manifest)), span=span)
    for name, rows in (("links", links), ("events", events)):
        _write(folder, name, kind, [flat(row.model_dump()) for row in rows])
        manifest["tables"][name] = {"file": f"{name}.{kind}", "rows": len(rows)}
    manifest["linked"] = {"span_days": span}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return links, events


def run_rows(folder: Path, *names: str) -> Iterator[Iterator[Row]]:
    """Yield the rows of each table of *names* of the run in a folder; a CasefactsError says which table it lacks."""
    manifest = manifest_of(folder)
    for name in names:
        if name not in manifest["tables"]:
            raise CasefactsError(f"{folder}: its run wrote no {name}; run casefacts extract again")
        yield _rows(folder, manifest, name)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of the run in *folder*; a CasefactsError says what is missing."""
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CasefactsError(f"{folder}: holds no tables of a run; name the folder that casefacts extract wrote by -o") from error
    except (OSError, ValueError) as error:
        raise CasefactsError(f"{folder}: its {MANIFEST} cannot be read ({error}); run casefacts extract again") from error
    if "incidents" not in content.get("tables", {}):
        raise CasefactsError(f"{folder}: its run wrote no incidents; run casefacts extract again")
    return content


def _told(folder: Path, manifest: dict[str, Any]) -> Iterator[Told]:
    """Yield the incidents with the words of the sentences that tell them."""
    context = {row["id"]: row["context"] for row in _rows(folder, manifest, "facts", ("id", "context"))}
    fact_of = {row["id"]: row["fact_id"] for row in _rows(folder, manifest, "claims", ("id", "fact_id"))}
    for row in _rows(folder, manifest, "incidents"):
        incident = Incident.model_validate(
            row | {name: tuple((row[name] or "").split("; ")) if row[name] else () for name in _LISTS}
        )
        texts = (context.get(fact_of.get(claim, ""), "") for claim in incident.claims)
        yield Told(incident, _content(texts))


def _content(texts: Iterable[str]) -> frozenset[str]:
    """Return the longer words of some sentences: what they tell, not how."""
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{5,}", text.casefold()))


def read_table(folder: Path, manifest: dict[str, Any], name: str, columns: tuple[str, ...] = ()) -> pa.Table:
    """Return a table of a run, or some of its columns, in whichever format the run wrote it.

    A CasefactsError names a column that the table of an older version has not.
    """
    path = folder / manifest["tables"][name]["file"]
    wanted = list(columns) or schemas()[name].names
    try:
        return _READERS[path.suffix](path, name, wanted)
    except (KeyError, pa.ArrowInvalid) as error:
        raise CasefactsError(f"{path}: is no table of this version ({error}); run casefacts extract again") from error


def _rows(folder: Path, manifest: dict[str, Any], name: str, columns: tuple[str, ...] = ()) -> Iterator[Row]:
    for batch in read_table(folder, manifest, name, columns).to_batches(1000):
        yield from batch.to_pylist()


def _from_jsonl(path: Path, name: str, wanted: list[str]) -> pa.Table:
    schema = pa.schema([schemas()[name].field(column) for column in wanted])
    days = [field.name for field in schema if field.type == pa.date32()]
    with path.open(encoding="utf-8") as lines:
        rows = [{column: row[column] for column in wanted} for row in map(json.loads, lines)]
    for row in rows:
        row |= {day: datetime.date.fromisoformat(row[day]) for day in days if row[day]}
    return pa.Table.from_pylist(rows, schema=schema)


def _from_csv(path: Path, name: str, wanted: list[str]) -> pa.Table:
    types = {field.name: field.type for field in schemas()[name]}
    reading = csv.ReadOptions(block_size=max(1 << 20, min(path.stat().st_size + 1, 1 << 30)))  # no row goes across two blocks
    options = csv.ConvertOptions(column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    return csv.read_csv(path, reading, parsing, options).select(wanted)


def _from_parquet(path: Path, name: str, wanted: list[str]) -> pa.Table:
    return parquet.ParquetFile(path).read(columns=wanted).select(wanted)


_READERS: dict[str, Callable[[Path, str, list[str]], pa.Table]] = {
    ".parquet": _from_parquet,
    ".csv": _from_csv,
    ".jsonl": _from_jsonl,
}


def _write(folder: Path, name: str, kind: str, rows: list[Row]) -> None:
    """Write one table whole, or leave the former one."""
    path = folder / f"{name}.{kind}"
    hidden = folder / f".casefacts-{path.name}"
    try:
        sink(name, hidden, kind, rows)
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)
