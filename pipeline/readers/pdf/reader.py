"""A PDF file is a document: its text in the order of reading, the page of every character kept."""

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.readers.documents import Document
from pipeline.readers.pdf.columns import flows
from pipeline.readers.pdf.heads import without_heads
from pipeline.readers.pdf.lines import Run, runs
from pipeline.readers.pdf.paragraphs import Paragraph, all_words, paragraphs, plain_bullets
from pipeline.readers.repair import Repairs, characters, ends_cut, mended, spaces, words

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PASSWORD, _FORMAT = 4, 3  # PDFium's codes of errors
_TAIL = 2_048  # bytes: the mark of the file's end stands there
_LETTERS = 8  # a page, on average: fewer is the number of a scanned page
_DAY = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def documents(path: Path, label: str, *, pages: int) -> Iterator[Document]:
    """Yield the one document of a PDF file; ReadError if it cannot be read or has more than *pages* pages."""
    pdf = _opened(path, label)
    try:
        if len(pdf) > pages:
            raise ReadError(label, "too_large", f"has {len(pdf):,} pages; casefacts reads at most {pages:,} at once; split it")
        found = [_page(pdf, number, label) for number in range(len(pdf))]
        if sum(len(run.text) for page in found for run in page) < _LETTERS * max(len(found), 1):
            raise ReadError(label, "scanned", "its pages are pictures without text; have them recognised by --ocr")
        yield _document(pdf, found)
    finally:
        pdf.close()
    if not _ends(path):
        raise ReadError(label, "truncated", f"breaks off before its end; the {len(found)} pages before that are read")


def _opened(path: Path, label: str) -> "PdfDocument":
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise ReadError(label, "encrypted", "is locked by a password; save it without one") from error
        if not _ends(path):
            raise ReadError(label, "truncated", "breaks off before its end; get it again") from error
        raise ReadError(label, "unreadable", f"is a damaged PDF document ({error}); get it again") from error


def _ends(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        return b"%%EOF" in file.read()


def _page(pdf: "PdfDocument", number: int, label: str) -> list[Run]:
    import pypdfium2

    try:
        page = pdf[number]
    except pypdfium2.PdfiumError as error:
        raise ReadError(label, "unreadable", f"its page {number + 1} is damaged ({error}); get it again") from error
    try:
        return runs(page, number)
    finally:
        page.close()


def _document(pdf: "PdfDocument", pages: Sequence[list[Run]]) -> Document:
    repairs = Repairs()
    kept, repairs.heads = without_heads(pages)
    text, starts = _text(paragraphs(flows(kept)), len(pages), repairs)
    about = pdf.get_metadata_dict()
    return Document(
        text,
        title=_title(about.get("Title", "")),
        created=_day(about.get("CreationDate", "")),
        pages=tuple(starts),
        repairs=repairs,
    )


def _text(found: list[Paragraph], pages: int, repairs: Repairs) -> tuple[str, list[int]]:
    """Return the text of paragraphs, and the offset at which each page after the first begins."""
    known = words(all_words(found))
    pieces, length, starts = list[str](), 0, list[int]()
    for paragraph in found:
        for number, line in enumerate(paragraph.lines):
            joint = _joint(pieces[-1] if pieces else "", line.text, first=not number)
            if joint == "-":
                whole = mended(pieces[-1], line.text, known)
                repairs.hyphens += len(whole) < len(pieces[-1])
                length += len(whole) - len(pieces[-1])
                pieces[-1], joint = whole, ""
            text = joint + spaces(characters(plain_bullets(line.text), repairs), repairs, known)
            starts += [length + len(joint)] * (line.page - len(starts))
            pieces.append(text)
            length += len(text)
    return "".join(pieces), starts + [length] * (pages - 1 - len(starts))


def _joint(before: str, line: str, *, first: bool) -> str:
    """Return what stands between two lines: nothing, a space, a blank line, or "-" for a word cut in two."""
    if not before or first:
        return "\n\n" if before else ""
    return "-" if ends_cut(before) and line[:1].isalnum() else " "


def _title(given: str) -> str | None:
    """Return the title that the file gives itself, but for the names of files that word processors put there."""
    named = re.fullmatch(r"(?:Microsoft Word - )?.*\.(?:\w{2,4})|untitled.*|.*\bcopy \d+", given.strip(), re.IGNORECASE)
    return None if named or not given.strip() else characters(given.strip(), Repairs())


def _day(given: str) -> datetime.date | None:
    found = _DAY.match(given)
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
