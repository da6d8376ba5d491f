"""The tables of a run, opened to be exported; where a format needs them, with the texts of its reports."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.archive import manifest_of, read_table
from pipeline.errors import CasefactsError
from pipeline.readers import Limits, read
from pipeline.schema import Claim, Event, Incident, Report
from pipeline.tables import Row, schemas

LISTS = {
    name: tuple(field for field, about in model.model_fields.items() if "tuple" in str(about.annotation))
    for name, model in (("claims", Claim), ("incidents", Incident), ("events", Event))
}


@dataclass(frozen=True, slots=True)
class Run:
    """The tables of a run by their name, what its manifest tells, and the texts of its reports by their ids where asked for."""

    tables: Mapping[str, pa.Table]
    about: Mapping[str, Any]
    texts: Mapping[str, str]

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of a table; of one that the run has not, none."""
        if name in self.tables:
            for batch in self.tables[name].to_batches(max_chunksize=10_000):
                yield from batch.to_pylist()

    def texts_missing(self) -> int:
        """Return how many reports have no text here."""
        return sum(row["id"] not in self.texts for row in self.rows("reports"))


def open_run(folder: Path, *, texts: bool = False) -> Run:
    """Return the run in *folder*, if asked with the texts that it keeps; a CasefactsError says what is missing."""
    about = manifest_of(folder)
    names = [name for name in schemas() if name in about["tables"] and name != "texts"]
    kept = read_table(folder, about, "texts").to_pylist() if texts and "texts" in about["tables"] else []
    found = {row["report_id"]: row["text"] for row in kept}
    return Run({name: read_table(folder, about, name) for name in names}, about, found)


def parts(cell: str | None) -> list[str]:
    """Return the parts of a cell that holds a list.

    >>> parts("510; 535.1"), parts(None)
    (['510', '535.1'], [])
    """
    return cell.split("; ") if cell else []


def with_texts(run: Run, sources: Sequence[str | Path] = ()) -> Run:
    """Return a run with the texts of its reports: those read from *sources*, else those that it keeps.

    A run that keeps none is read again from the sources that its manifest names. A text that is read counts if its SHA-256
    is that of a report. A CasefactsError tells if none is found.
    """
    if run.texts and not sources:
        return run
    arguments = run.about.get("arguments", {})
    paths = list(sources) or [source for source in arguments.get("sources", []) if source != "-"]
    found = {_digest(item.text): item.text for item in _read(paths, arguments) if isinstance(item, Report)}
    texts = {row["id"]: found[row["sha256"]] for row in run.rows("reports") if row["sha256"] in found}
    if not texts and run.tables["reports"].num_rows:
        where = ", ".join(map(str, paths)) or "standard input"
        raise CasefactsError(f"{where}: holds none of the texts that this run read; name their files or folder by --texts")
    return replace(run, texts=texts)


def _read(paths: Sequence[str | Path], arguments: Mapping[str, Any]) -> Iterator[object]:
    published = arguments.get("published")
    return read(
        paths,
        text_column=arguments.get("text_column", "text"),
        published=datetime.date.fromisoformat(published) if published else None,
        duplicates=True,
        ocr=arguments.get("ocr", False),
        limits=Limits(seconds=arguments.get("timeout", 300.0)),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
