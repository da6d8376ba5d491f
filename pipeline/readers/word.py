"""Word (.docx) and OpenDocument (.odt): headings, paragraphs, items of lists and tables, in the order of the document."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from pipeline.errors import ReadError
from pipeline.readers.documents import Document, joined_blocks
from pipeline.readers.repair import Repairs

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_ENTITIES = (b"<!ENTITY", b"<!DOCTYPE")  # no office program writes them: entities that multiply are an attack
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of a Word file."""
    import docx

    _check(path, label)
    try:
        word = docx.Document(str(path))
        repairs = Repairs()
        text = joined_blocks(_grouped(_word_blocks(word)), repairs)
        about = word.core_properties
    except (KeyError, ValueError, BadZipFile, SyntaxError) as error:
        raise ReadError(label, "unreadable", f"is a damaged Word document ({error}); open and save it again") from error
    yield Document(
        text,
        title=about.title.strip() or None,
        publisher=_company(path),
        created=about.created.date() if isinstance(about.created, datetime.datetime) else None,
        repairs=repairs,
    )


def odt(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of an OpenDocument text."""
    import odfdo

    _check(path, label)
    try:
        found = odfdo.Document(str(path))
        repairs = Repairs()
        text = joined_blocks(_grouped(_odt_blocks(found.body)), repairs)
        about = found.meta
        created = about.creation_date
    except (KeyError, ValueError, BadZipFile, SyntaxError, TypeError) as error:
        raise ReadError(label, "unreadable", f"is a damaged OpenDocument text ({error}); open and save it again") from error
    yield Document(
        text,
        title=(about.title or "").strip() or None,
        created=created.date() if isinstance(created, datetime.datetime) else None,
        repairs=repairs,
    )


def _check(path: Path, label: str) -> None:
    """Refuse a document that is locked, or whose XML defines entities of its own: no office program writes such."""
    with ZipFile(path) as archive:
        for item in archive.infolist():
            if item.flag_bits & 1:
                raise ReadError(label, "encrypted", "is locked by a password; save it without one")
            if item.filename.endswith((".xml", ".rels")):
                with archive.open(item) as file:
                    if any(mark in file.read(4096) for mark in _ENTITIES):
                        raise ReadError(
                            label,
                            "unsafe",
                            "its XML defines entities, as attacks do and office programs do not; it is left unread",
                        )
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise ReadError(label, "encrypted", "is locked by a password; save it without one")


def _grouped(blocks: Iterator[tuple[str, bool]]) -> Iterator[str]:
    """Yield blocks, items of one list on lines of one block."""
    items: list[str] = []
    for text, item in blocks:
        if item:
            items.append(f"• {text}")
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield text
    yield "\n".join(items)


def _word_blocks(word: "WordDocument") -> Iterator[tuple[str, bool]]:
    """Yield each block of a Word document, and whether it is an item of a list; notes come at the end."""
    from docx.table import Table

    for block in word.iter_inner_content():
        if isinstance(block, Table):
            yield "\n".join(_rows(block)), False
        else:
            yield _paragraph(block), _is_item(block)
    yield from ((text, False) for text in _notes(word))


def _paragraph(paragraph: "Paragraph") -> str:
    """Return the text of a paragraph, with what was inserted under review, without what was deleted."""
    pieces = []
    for node in paragraph._p.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):  # noqa: SLF001 - .text lacks revisions
        local = node.tag.removeprefix(_W)
        pieces.append(node.text or "" if local == "t" else {"tab": "\t", "br": "\n"}.get(local, "-"))
    return "".join(pieces)


def _is_item(paragraph: "Paragraph") -> bool:
    style = paragraph.style.name if paragraph.style and paragraph.style.name else ""
    properties = paragraph._p.pPr  # noqa: SLF001 - python-docx tells of no numbering
    return style.startswith("List ") or (properties is not None and properties.numPr is not None)


def _rows(table: "Table") -> Iterator[str]:
    for row in table.rows:
        cells = {id(cell._tc): cell for cell in row.cells}  # noqa: SLF001 - a merged cell comes once for each column
        yield "\t".join(" ".join(_paragraph(p) for p in cell.paragraphs) for cell in cells.values())


def _notes(word: "WordDocument") -> Iterator[str]:
    from lxml import etree

    for part in word.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(part.blob, parser):
                if note.get(f"{_W}type") is None:
                    yield "".join(node.text or "" for node in note.iter(f"{_W}t")).strip()


def _company(path: Path) -> str | None:
    """Return the organisation that a Word document names as its own."""
    from lxml import etree

    with ZipFile(path) as archive:
        if "docProps/app.xml" not in archive.namelist():
            return None
        root = etree.fromstring(archive.read("docProps/app.xml"), etree.XMLParser(resolve_entities=False, no_network=True))
    found = root.findtext("{*}Company") or ""
    return found.strip() or None


def _odt_blocks(body: Any) -> Iterator[tuple[str, bool]]:
    """Yield each block of an OpenDocument text, and whether it is an item of a list; notes come at the end."""
    notes = [note.note_body.strip() for note in body.get_elements("descendant::text:note")]
    for note in body.get_elements("descendant::text:note"):
        note.delete()
    yield from _odt_elements(body)
    yield from ((note, False) for note in notes)


def _odt_elements(body: Any) -> Iterator[tuple[str, bool]]:
    for element in body.children:
        if element.tag == "text:list":
            yield from ((_odt_text(item), True) for item in element.get_elements("descendant::text:p"))
        elif element.tag == "table:table":
            yield "\n".join(_odt_row(row) for row in element.get_elements("descendant::table:table-row")), False
        elif element.tag in ("text:section", "text:index-body"):
            yield from _odt_elements(element)
        elif element.tag in ("text:p", "text:h"):
            yield _odt_text(element), False


def _odt_row(row: Any) -> str:
    return "\t".join(_odt_text(cell).replace("\n", " ") for cell in row.get_elements("table:table-cell"))


def _odt_text(element: Any) -> str:
    return str(element.text_recursive).strip()
