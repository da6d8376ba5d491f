"""Bytes in, reports out: what a run is pointed at, whatever its format, one by one.

Nothing that is wrong with a source raises: it comes out as a `Rejected` with its reason, and the
rest goes on. The reasons are stable codes: missing, unreadable, unsupported, not_text, no_reports,
no_column, encrypted, scanned, truncated, too_large, too_slow, unsafe, failed (whole sources); empty,
bad_row, bad_date (a source or one row of it); duplicate, language (a text that was read).
"""

import datetime
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import BinaryIO

from pipeline.errors import ReadError
from pipeline.readers import delimited, jsonl, parquet, text
from pipeline.readers.archives import members
from pipeline.readers.documents import Attachment, Document
from pipeline.readers.duplicates import Seen
from pipeline.readers.kinds import packed, unread
from pipeline.readers.limits import DEFAULT, NESTED, Limits
from pipeline.readers.ocr import recognised
from pipeline.readers.rejections import rejected
from pipeline.readers.reports import in_its_language, reports
from pipeline.readers.rows import Options, Row, blank, default_dateline, report_of
from pipeline.readers.sources import Source, expand, told
from pipeline.readers.worker import Item, Worker
from pipeline.schema import Rejected, Report

__all__ = ["Limits", "read"]

_ARCHIVES = ("zip", "tar")
_FORMATS: dict[str, Callable[[Source, str], Iterator[Row | Rejected]]] = {
    "text": text.rows,
    "jsonl": jsonl.rows,
    "csv": delimited.rows,
    "parquet": parquet.rows,
}


def read(
    sources: str | Path | Iterable[str | Path],
    *,
    text_column: str = "text",
    published: datetime.date | None = None,
    dateline: Callable[[str], datetime.date | None] = default_dateline,
    stdin: BinaryIO | None = None,
    exclude: Path | None = None,
    duplicates: bool = False,
    ocr: bool = False,
    limits: Limits = DEFAULT,
) -> Iterator[Report | Rejected]:
    """Yield every report of *sources*, in their order, and a `Rejected` for all that is none.

    A source is a file, a folder (read with its subfolders, in alphabetical order, hidden files left
    out), a glob pattern, or `-` for standard input. Its format is told by its content; of zip and tar
    archives each file is read. Columns named `id`, `title`, `published`, `publisher` and `url` are used
    where present. The publication date is the column's, else *published*, else what the document's own
    fields, *dateline* in the text, its address or its name say. *exclude* is a folder left out (the output's).

    A text that was read before is rejected and names the first, unless *duplicates* are wanted or it is a row of a
    table with an id of its own. With *ocr* the text of scanned PDF files is recognised. A report without an id is called
    by its path in the folder and its row (`2017/baku.csv:12`) or part (`2006.pdf#albania`). Ids are unique in a run: the second
    report with the id "x" becomes "x#2".
    """
    options = Options(text_column, published, dateline)
    paths = [sources] if isinstance(sources, str | Path) else sources
    seen: set[str] = set()
    texts = None if duplicates else Seen()
    with closing(_Reading(options, limits, Worker(limits), ocr=ocr)) as reading:
        for source in expand(paths, stdin=stdin, exclude=exclude, column=text_column):
            items = reading.items(source) if isinstance(source, Source) else iter([source])
            for item in items:
                if isinstance(item, Rejected):
                    yield item
                    continue
                kept = item.id in reading.given  # a row of a table with an id of its own: its maker tells texts apart
                yield from _once(_unique(item, seen), None if kept else texts)


@dataclass(slots=True)
class _Reading:
    """How the sources of a run are read."""

    options: Options
    limits: Limits
    worker: Worker
    ocr: bool
    given: set[str] = field(default_factory=set)

    def close(self) -> None:
        self.worker.close()

    def items(self, source: Source, depth: int = 0) -> Iterator[Report | Rejected]:
        """Yield the reports of one file; what is wrong with it comes last, as a rejection."""
        empty = True
        try:
            for item in self._found(source, depth):
                empty = False
                yield item
        except ReadError as error:
            yield rejected(ReadError(error.source or source.label, error.reason, error.message))
        except OSError as error:
            yield source.unreadable(error)
        else:
            if empty:
                message = "holds no rows; fill it or leave it out"
                yield Rejected(source=source.label, reason="empty", message=message)

    def _found(self, source: Source, depth: int) -> Iterator[Report | Rejected]:
        if source.format in _FORMATS:
            digest = source.sha256()
            for row in _FORMATS[source.format](source, self.options.text_column):
                yield row if isinstance(row, Rejected) else self._of_row(row, source, digest)
            return
        source = _unpacked(source, self.limits)
        if source.format in _ARCHIVES:
            yield from self._members(source, depth)
        else:
            with source.local(self.limits.unpacked) as path:
                yield from self._documents(source, path, depth)

    def _of_row(self, row: Row, source: Source, digest: str) -> Report | Rejected:
        """Return the report of a row, and keep in mind an id that is the row's own."""
        report = _signed(report_of(row, source, self.options), digest)
        if isinstance(report, Report) and not blank(row.cells.get("id")):
            self.given.add(report.id)
        return report

    def _members(self, source: Source, depth: int) -> Iterator[Report | Rejected]:
        if depth >= NESTED:
            raise ReadError(source.label, "unsupported", "is an archive in an archive in an archive; unpack it first")
        for member in members(source, self.limits):
            inner = told(member, self.options.text_column) if isinstance(member, Source) else member
            yield from [inner] if isinstance(inner, Rejected) else self.items(inner, depth + 1)

    def _documents(self, source: Source, path: Path, depth: int) -> Iterator[Report | Rejected]:
        digest = source.sha256()
        attached: list[Attachment] = []
        items = self.worker.read(path, source.format, label=source.label, column=self.options.text_column)
        for item in self._with_scans(items, source, path) if self.ocr and source.format == "pdf" else items:
            if isinstance(item, Attachment):
                attached.append(item)
            elif isinstance(item, Document):
                yield from (_signed(report, digest) for report in reports(item, source, self.options))
            elif isinstance(item, Row):
                yield self._of_row(item, source, digest)
            else:
                yield item
        for file in attached:
            yield from self._attached(file, source, depth)

    def _with_scans(self, items: Iterator[Item], source: Source, path: Path) -> Iterator[Item]:
        """Yield what a PDF file holds with its scanned pages as OCR reads them; without them, and why, where that fails."""
        found = list(items)
        if not any(isinstance(item, Rejected) and item.reason == "scanned" for item in found):
            yield from found
            return
        try:
            with recognised(path, source.label, seconds=self.limits.seconds) as copy:
                again = list(self.worker.read(copy, "pdf", label=source.label, column=self.options.text_column))
        except ReadError as error:
            again = [*found, rejected(error)]
        else:  # what has no words now is a picture
            read = any(isinstance(item, Document) for item in again)
            again = [item for item in again if not (read and isinstance(item, Rejected) and item.reason == "scanned")]
        yield from again

    def _attached(self, file: Attachment, source: Source, depth: int) -> Iterator[Report | Rejected]:
        """Yield what a file within a file holds, from a copy of it."""
        with tempfile.NamedTemporaryFile(prefix="casefacts-") as copy:
            copy.write(file.data)
            copy.flush()
            label, name = f"{source.label}/{file.name}", f"{source.name}/{file.name}"
            inner = told(Source(Path(copy.name), label, name, "", named=PurePath(file.name)), self.options.text_column)
            yield from [inner] if isinstance(inner, Rejected) else self.items(inner, depth + 1)


def _unpacked(source: Source, limits: Limits) -> Source:
    """Return a ZIP file as the document that it is, if it is one."""
    if source.format != "zip":
        return source
    with source.local(limits.unpacked) as path, path.open("rb") as file:
        try:
            kind = packed(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            message = f"is a damaged or unfinished archive or Office document ({error}); get it again"
            raise ReadError(source.label, "truncated" if "not a zip" in str(error) else "unreadable", message) from error
    if kind == "unsupported":
        raise ReadError(source.label, *unread(b"PK", PurePath(source.name)))
    return replace(source, format=kind)


def _signed(report: Report | Rejected, digest: str) -> Report | Rejected:
    return report.model_copy(update={"raw_sha256": digest}) if isinstance(report, Report) else report


def _once(report: Report, texts: Seen | None) -> Iterator[Report | Rejected]:
    """Yield a report in its language, unless its text was read before."""
    same, similar = texts.same(report.text, report.id, report.source or report.id) if texts else (None, None)
    if same:
        message = f"says the same as {same.source}, read before"
        yield Rejected(source=report.source or report.id, reason="duplicate", message=message, duplicate_of=same.id)
        return
    yield from in_its_language(report.model_copy(update={"similar_to": similar.id}) if similar else report)


def _unique(report: Report, seen: set[str]) -> Report:
    """Return *report* under an id that no report before it has."""
    name, number = report.id, 1
    while name in seen:
        number += 1
        name = f"{report.id}#{number}"
    seen.add(name)
    return report if name == report.id else report.model_copy(update={"id": name})
