"""WARC: the web pages that an archive of the web keeps, each a document under the address that it had."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import ReadError
from pipeline.readers.documents import Attachment, Document
from pipeline.readers.html import page
from pipeline.readers.rejections import rejected
from pipeline.schema import Rejected

_PAGE = ("text/html", "application/xhtml+xml")
_FILES = ("application/pdf", "text/plain", "application/msword", "application/vnd.", "application/rtf")


def documents(path: Path, label: str, *, most: int) -> Iterator[Document | Attachment | Rejected]:
    """Yield the pages of a WARC file; documents among them come as files. One of more than *most* bytes is rejected."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers:
                    yield from _record(record, label, most)
        except (ArchiveLoadFailed, EOFError) as error:
            raise ReadError(label, "unreadable", f"is a damaged WARC archive ({error}); what stands before is read") from error


def _record(record: object, label: str, most: int) -> Iterator[Document | Attachment | Rejected]:
    headers = record.http_headers  # type: ignore[attr-defined]
    url = record.rec_headers.get_header("WARC-Target-URI") or ""  # type: ignore[attr-defined]
    kind = (headers.get_header("Content-Type") or "").lower()
    if headers.get_statuscode() != "200" or not kind.startswith((*_PAGE, *_FILES)):
        return
    data = record.content_stream().read(most + 1)  # type: ignore[attr-defined]
    where = f"{label}/{url}"
    if len(data) > most:
        yield rejected(ReadError(where, "too_large", f"has more than {most:,} bytes; take it out and split it"))
    elif kind.startswith(_PAGE):
        try:
            yield replace(page(data, where), name=url, url=url)
        except ReadError as error:
            yield rejected(error)
    else:
        yield Attachment(Path(urlsplit(url).path).name or "document", data)
