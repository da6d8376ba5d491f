"""Word (.docx) and OpenDocument (.odt): headings, paragraphs, items of lists and tables, in the order of the document."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from pipeline.errors import ReadError
from pipeline.readers.documents import Document, Heading, joined_blocks
from pipeline.readers.office import check_office
from pipeline.readers.repair import Repairs

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_MORE_KINDS = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"Heading ([1-9])")
_HOLDERS = tuple(f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ELSEWHERE = (f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}pPr", f"{_W}rPr", _FALLBACK)
_ODT_HOLDERS = ("text:section", "text:numbered-paragraph", "text:alphabetical-index", "text:bibliography", "text:index-body")
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def docx(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of a Word file."""
    check_office(path, label)
    try:
        word = _opened(path)
        repairs = Repairs()
        text = joined_blocks(_grouped(_word_blocks(word)), repairs)
        about = word.core_properties
    except (KeyError, ValueError, BadZipFile, SyntaxError) as error:
        raise ReadError(label, "unreadable", f"is a damaged Word document ({error}); open and save it again") from error
    yield Document(
        text,
        title=about.title.strip() or None,
        publisher=_company(path),
        outline=tuple(_headings(word)),
        created=about.created.date() if isinstance(about.created, datetime.datetime) else None,
        repairs=repairs,
    )


def _opened(path: Path) -> "WordDocument":
    """Open a Word document, also one that is a template or holds macros, which are not run."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    for kind in _MORE_KINDS:
        PartFactory.part_type_for[kind] = DocumentPart
    part = Package.open(str(path)).main_document_part
    if not isinstance(part, DocumentPart):
        raise ValueError(f"its main part is {part.content_type}")  # noqa: TRY004 - the file is wrong, not a type
    document: WordDocument = part.document
    return document


def odt(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of an OpenDocument text."""
    import odfdo

    check_office(path, label)
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
        outline=tuple(_odt_headings(found.body)),
        repairs=repairs,
    )


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
    yield from _blocks_in(word.element.body, word)
    yield from ((text, False) for text in _notes(word))


def _blocks_in(parent: Any, word: "WordDocument") -> Iterator[tuple[str, bool]]:
    """Yield the blocks of a part of a Word document, what stands in boxes behind the paragraph that holds them."""
    from docx.text.paragraph import Paragraph

    for node in parent:
        if node.tag == f"{_W}p":
            yield _paragraph(node), _is_item(Paragraph(node, word._body))  # noqa: SLF001 - where its styles are found
            for box in _boxes(node):
                yield from _blocks_in(box, word)
        elif node.tag == f"{_W}tbl":
            yield "\n".join(_rows(node)), False
        elif node.tag in _HOLDERS:
            yield from _blocks_in(node, word)


def _paragraph(paragraph: Any) -> str:
    """Return the text of a paragraph, with what was inserted under review, without what was deleted or moved away."""
    return "".join(_pieces(paragraph))


def _pieces(node: Any) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _ELSEWHERE:
            yield from _pieces(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Yield the boxes of text that hang on a paragraph; what is written for older programs too is the same again."""
    boxes = paragraph.iter(f"{_W}txbxContent")
    return (box for box in boxes if not any(above.tag == _FALLBACK for above in box.iterancestors()))


def _is_item(paragraph: "Paragraph") -> bool:
    style = paragraph.style.name if paragraph.style and paragraph.style.name else ""
    properties = paragraph._p.pPr  # noqa: SLF001 - python-docx tells of no numbering
    return style.startswith("List ") or (properties is not None and properties.numPr is not None)


def _rows(table: Any) -> Iterator[str]:
    """Yield the rows of a table, what stands in a cell on one line; a table in a cell is words of that cell."""
    for row in _nearest(table, f"{_W}tr"):
        cells = (_nearest(cell, f"{_W}p") for cell in _nearest(row, f"{_W}tc"))
        yield "\t".join(" ".join(filter(None, map(_paragraph, paragraphs))).replace("\n", " ") for paragraphs in cells)


def _nearest(node: Any, tag: str) -> Iterator[Any]:
    """Yield the nearest descendants of a kind: rows of a table, not those of a table in it; paragraphs in any table of a cell."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in _ELSEWHERE:
            yield from _nearest(child, tag)


def _headings(word: "WordDocument") -> Iterator[Heading]:
    """Yield the paragraphs of the styles of headings, which are called so in every language's Word."""
    for paragraph in word.paragraphs:
        style = paragraph.style.name if paragraph.style and paragraph.style.name else ""
        if (found := _HEADING.fullmatch(style)) and (title := _paragraph(paragraph._p).strip()):  # noqa: SLF001 - as above
            yield Heading(int(found[1]) - 1, title)


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
    """Yield each block of an OpenDocument text, and whether it is an item of a list; boxes and notes come at the end."""
    for comment in body.get_elements("descendant::office:annotation"):
        comment.delete()
    boxes = [_odt_text(box) for box in body.get_elements("descendant::draw:text-box")]
    for frame in body.get_elements("descendant::draw:frame"):
        frame.delete()
    notes = [note.note_body.strip() for note in body.get_elements("descendant::text:note")]
    for note in body.get_elements("descendant::text:note"):
        note.delete()
    yield from _odt_elements(body)
    yield from ((text, False) for text in (*boxes, *notes))


def _odt_headings(body: Any) -> Iterator[Heading]:
    for heading in body.get_elements("descendant::text:h"):
        level = heading.get_attribute("text:outline-level") or "1"
        if (title := _odt_text(heading)) and level.isdecimal():
            yield Heading(int(level) - 1, title)


def _odt_elements(body: Any) -> Iterator[tuple[str, bool]]:
    for element in body.children:
        if element.tag == "text:list":
            yield from ((_odt_text(item), True) for item in element.get_elements("descendant::text:p"))
        elif element.tag == "table:table":
            yield "\n".join(_odt_row(row) for row in element.get_elements("descendant::table:table-row")), False
        elif element.tag in _ODT_HOLDERS:
            yield from _odt_elements(element)
        elif element.tag in ("text:p", "text:h"):
            yield _odt_text(element), False


def _odt_row(row: Any) -> str:
    return "\t".join(_odt_text(cell).replace("\n", " ") for cell in row.get_elements("table:table-cell"))


def _odt_text(element: Any) -> str:
    return str(element.text_recursive).strip()
