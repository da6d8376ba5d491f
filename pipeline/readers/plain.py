"""RTF and Markdown: text with marks, which go."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.readers.documents import Document, Heading, joined_blocks
from pipeline.readers.encoding import decode
from pipeline.readers.repair import Repairs
from pipeline.readers.rows import whole_day

_NOTE = re.compile(r"\{(?:\\\*)?\\(?:footnote|shptxt)\b")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_CELL = re.compile(r"\\(?:nest)?cell(?![a-z]) ?")
_CODE_PAGE = re.compile(r"\\ansicpg\d+")
_TITLE = re.compile(r"\{\\title ([^{}]*)\}")
_MADE = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode


def rtf(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of an RTF file, what stands in its notes and boxes at the end."""
    data = path.read_bytes()
    source = _notes_last(data.decode("latin-1"))
    repairs = Repairs()
    text = joined_blocks(_rtf_words(_CELL.sub(r"\\tab ", source)).split("\n"), repairs)
    if text:
        page, title, made = _CODE_PAGE.search(source), _TITLE.search(source), _MADE.search(source)
        yield Document(
            text,
            title=_rtf_words(f"{{\\rtf1{page[0] if page else ''} {title[1]}}}").strip() or None if title else None,
            created=whole_day(*made.groups()) if made else None,
            repairs=repairs,
        )
    if not data.rstrip(b"\0\r\n \t").endswith(b"}"):
        raise ReadError(label, "truncated", "breaks off before its end; what stands before that is read")


def _rtf_words(source: str) -> str:
    from striprtf.striprtf import rtf_to_text

    plain: str = rtf_to_text(source, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    return plain


def _notes_last(source: str) -> str:
    """Return RTF with its notes and boxes behind the rest, as paragraphs: where they stand, they would be left out."""
    kept, notes, at = list[str](), list[str](), 0
    while found := _NOTE.search(source, at):
        end = _group_end(source, found.start())
        kept.append(source[at : found.start()])
        notes.append(f"\\par {{{source[found.end() : end]}")
        at = end
    body, brace, rest = (source[at:]).rpartition("}")
    return "".join([*kept, body, *notes, brace, rest]) if notes else source


def _group_end(source: str, start: int) -> int:
    """Return where the group that begins at *start* ends."""
    depth = 0
    for brace in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    return len(source)


def markdown(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of a Markdown file; its first heading is its title."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    text = decode(path.read_bytes())
    if text is None:
        raise ReadError(label, "not_text", "its bytes are no text; convert it to text first")
    root = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(_without_front(text)))
    headings = [Heading(int(node.tag[1]) - 1, _inline(node)) for node in root.walk() if node.type == "heading"]
    repairs = Repairs()
    title = headings[0].title if headings else None
    yield Document(joined_blocks(_blocks(root), repairs), title=title, outline=tuple(headings), repairs=repairs)


def _without_front(text: str) -> str:
    """Return *text* without the fields that some programs write above it, between two lines of dashes."""
    lines = text.removeprefix("\ufeff").splitlines()
    if lines[:1] == ["---"] and "---" in lines[1:]:
        return "\n".join(lines[lines.index("---", 1) + 1 :])
    return "\n".join(lines)


def _blocks(node: "SyntaxTreeNode") -> Iterator[str]:
    for child in node.children:
        if child.type in ("bullet_list", "ordered_list"):
            yield "\n".join(_items(child))
        elif child.type == "table":
            yield "\n".join("\t".join(_inline(cell) for cell in row.children) for row in child.walk() if row.type == "tr")
        elif child.type in ("fence", "code_block", "html_block"):
            yield _html(child.content) if child.type == "html_block" else child.content
        elif child.type in ("heading", "paragraph"):
            yield _inline(child)
        else:
            yield from _blocks(child)


def _items(node: "SyntaxTreeNode") -> Iterator[str]:
    for number, item in enumerate(node.children, start=int(node.attrs.get("start", 1))):
        mark = f"{number}." if node.type == "ordered_list" else "•"
        yield f"{mark} " + "\n".join(_blocks(item))


def _inline(node: "SyntaxTreeNode") -> str:
    """Return the words of a block: a link is its words, an image what it is called."""
    pieces = {"softbreak": " ", "hardbreak": "\n"}
    leaves = (leaf for leaf in node.walk() if not leaf.children)
    return "".join(pieces.get(leaf.type, "" if leaf.type == "html_inline" else leaf.content) for leaf in leaves)


def _html(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    return " ".join(LexborHTMLParser(markup).text(separator=" ").split())
