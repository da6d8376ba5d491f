"""A PDF file is a document: its text in the order of reading, the page of every character kept."""

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.readers.documents import Attachment, Document, Heading
from pipeline.readers.pdf.columns import flows
from pipeline.readers.pdf.heads import without_heads
from pipeline.readers.pdf.lines import Run, runs
from pipeline.readers.pdf.paragraphs import Paragraph, all_words, paragraphs, plain_bullets
from pipeline.readers.rejections import rejected
from pipeline.readers.repair import Repairs, characters, ends_cut, mended, spaces, words
from pipeline.schema import Rejected

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PASSWORD, _FORMAT = 4, 3  # PDFium's codes of errors
_TAIL = 2_048  # bytes: the mark of the file's end stands there
_BEHIND = 65_536  # bytes of zeros that may follow it
_PICTURE = 0.5  # of the page
_HEADS = 20  # running heads that are kept to tell a layout by
_LETTERS = 8  # a page, on average: fewer is the number of a scanned page
_DAY = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def documents(path: Path, label: str, *, pages: int) -> Iterator[Document | Attachment | Rejected]:
    """Yield the one document of a PDF file, after what of it cannot be read, and the files attached to it.

    ReadError if nothing can be read or it has more than *pages* pages.
    """
    pdf = _opened(path, label)
    try:
        if len(pdf) > pages:
            raise ReadError(label, "too_large", f"has {len(pdf):,} pages; casefacts reads at most {pages:,} at once; split it")
        found = [_page(pdf, number) for number in range(len(pdf))]
        damaged = [number for number, page in enumerate(found, start=1) if page is None]
        if damaged:
            message = f"its {_numbers(damaged)} damaged; get it again; the other pages are read"
            yield rejected(ReadError(label, "unreadable", message))
        kept = [page or [] for page in found]
        yield from _scanned(pdf, kept, label)
        yield _document(pdf, kept)
        yield from _attached(pdf)
    finally:
        pdf.close()
    if not _ends(path):
        raise ReadError(label, "truncated", f"breaks off before its end; the {len(found)} pages before that are read")


def _scanned(pdf: "PdfDocument", pages: Sequence[list[Run]], label: str) -> Iterator[Rejected]:
    """Yield the rejection of pages that are pictures; ReadError if all are."""
    if sum(len(run.text) for page in pages for run in page) < _LETTERS * max(len(pages), 1):
        raise ReadError(label, "scanned", "its pages are pictures without text; have them recognised by --ocr")
    bare = [number for number, page in enumerate(pages) if sum(len(run.text) for run in page) < _LETTERS]
    pictures = [number + 1 for number in bare if _is_picture(pdf, number)]
    if pictures:
        message = f"its {_numbers(pictures)} pictures without text; if they are scanned text, have it recognised by --ocr"
        yield rejected(ReadError(label, "scanned", f"{message}; the other pages are read"))


def _is_picture(pdf: "PdfDocument", number: int) -> bool:
    """Say whether a picture takes up most of a page."""
    import pypdfium2.raw as pdfium
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number]
        width, height = page.get_size()
        boxes = [picture.get_bounds() for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])]
        page.close()
    except PdfiumError:
        return False
    return any((right - left) * (top - foot) > _PICTURE * width * height for left, foot, right, top in boxes)


def _numbers(pages: Sequence[int]) -> str:
    """Return the numbers of pages as the subject of a sentence.

    >>> _numbers([2, 3, 4, 7]), _numbers([5])
    ('pages 2-4, 7 are', 'page 5 is')
    """
    spans: list[list[int]] = []
    for page in pages:
        if spans and spans[-1][-1] == page - 1:
            spans[-1].append(page)
        else:
            spans.append([page])
    shown = ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
    return f"page {shown} is" if len(pages) == 1 else f"pages {shown} are"


def _attached(pdf: "PdfDocument") -> Iterator[Attachment]:
    """Yield the files that a PDF file carries."""
    for index in range(pdf.count_attachments()):
        file = pdf.get_attachment(index)
        name = re.sub(r"[/\\\0]", "_", file.get_name()) or f"attachment-{index + 1}"
        yield Attachment(name, bytes(file.get_data()))


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
    """Say whether a file has the mark of its end, whatever a careless transfer has put behind it."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _BEHIND, 0))
        return b"%%EOF" in file.read().rstrip(b"\0\r\n ")[-_TAIL:]


def _page(pdf: "PdfDocument", number: int) -> list[Run] | None:
    """Return the runs of a page, None if it is damaged."""
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number]
    except PdfiumError:
        return None
    try:
        return runs(page, number)
    finally:
        page.close()


def _document(pdf: "PdfDocument", pages: Sequence[list[Run]]) -> Document:
    repairs = Repairs()
    kept, heads = without_heads(pages)
    repairs.heads = len(heads)
    text, starts = _text(paragraphs(flows(kept)), len(pages), repairs)
    about = pdf.get_metadata_dict()
    return Document(
        text,
        title=_title(about.get("Title", "")),
        created=_day(about.get("CreationDate", "")),
        pages=tuple(starts),
        heads="\n".join(heads[:_HEADS]),
        outline=tuple(_outline(pdf)),
        repairs=repairs,
    )


def _outline(pdf: "PdfDocument") -> Iterator[Heading]:
    """Yield the headings that the file's bookmarks name."""
    for mark in pdf.get_toc():
        target = mark.get_dest()
        page = target.get_index() if target else None
        if page is not None and page >= 0 and (title := characters(mark.get_title().strip(), Repairs())):
            yield Heading(mark.level, title, page)


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
            repairs.spaces += line.spaces
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
