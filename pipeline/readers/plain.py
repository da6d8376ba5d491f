"""RTF and Markdown: text with marks, which go."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ReadError
from pipeline.readers.documents import Document, joined_blocks
from pipeline.readers.encoding import decode
from pipeline.readers.repair import Repairs

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode


def rtf(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of an RTF file."""
    from striprtf.striprtf import rtf_to_text

    data = path.read_bytes()
    repairs = Repairs()
    plain: str = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    text = joined_blocks(plain.split("\n"), repairs)
    if text:
        yield Document(text, repairs=repairs)
    if not data.rstrip(b"\0\r\n \t").endswith(b"}"):
        raise ReadError(label, "truncated", "breaks off before its end; what stands before that is read")


def markdown(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of a Markdown file; its first heading is its title."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    text = decode(path.read_bytes())
    if text is None:
        raise ReadError(label, "not_text", "its bytes are no text; convert it to text first")
    root = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(_without_front(text)))
    heading = next((_inline(node) for node in root.walk() if node.type == "heading"), None)
    repairs = Repairs()
    yield Document(joined_blocks(_blocks(root), repairs), title=heading, repairs=repairs)


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
