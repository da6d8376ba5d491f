"""The blocks of a page as a browser would lay it out: paragraphs, items of lists, rows of tables; menus of links left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_CELLS = ("td", "th")
_LONG_CELL = 300  # words: a table with such a cell lays out a page
_MENU = 0.5  # of the letters of a block are links
_MENU_TABLE = 0.8  # a list of cases may name each by a link


@dataclass(slots=True)
class _Block:
    """Words of one kind: a paragraph, the items of a list, the rows of a table; `links` counts letters that are links."""

    kind: str
    lines: list[str] = field(default_factory=list)
    links: int = 0

    def menu(self) -> bool:
        share = _MENU_TABLE if self.kind == "table" else _MENU
        return self.links > share * sum(map(len, self.lines))


@dataclass(slots=True)
class _Layout:
    """What a walk through a page has found: whole blocks, and the line that it is on."""

    blocks: list[_Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    links: int = 0
    kind: str = "text"
    link_depth: int = 0
    table: "LexborNode | None" = None

    def words(self, text: str) -> None:
        """Add words as they stand in the page's source, where the end of a line is a space."""
        self.line.append(re.sub(r"\s+", " ", text))
        if self.link_depth:
            self.links += len(" ".join(text.split()))

    def end(self) -> None:
        """End the line: the next words are another."""
        text = _flat("".join(self.line))
        if text:
            if not (self.blocks and self.kind == self.blocks[-1].kind != "text"):
                self.blocks.append(_Block(self.kind))
            self.blocks[-1].lines.append(f"• {text}" if self.kind == "item" else text)
            self.blocks[-1].links += self.links
            self.kind = "text" if self.table is None else "table"
        self.line, self.links = [], 0


def layout_blocks(root: "LexborNode") -> Iterator[str]:
    """Yield the text of each block under *root*, in the order of the page."""
    layout = _Layout()
    stack = [(root, False)]
    while stack:
        node, left = stack.pop()
        if left:
            _leave(node, layout)
            continue
        _enter(node, layout)
        stack.append((node, True))
        stack += [(child, False) for child in reversed(list(node.iter(include_text=True)))]
    layout.end()
    yield from ("\n".join(block.lines) for block in layout.blocks if not block.menu())


def _enter(node: "LexborNode", layout: _Layout) -> None:
    tag = node.tag
    if tag == "-text":
        layout.words(node.text())
    elif tag == "a":
        layout.link_depth += 1
    elif tag == "br":
        layout.line.append(" " if layout.table is not None else "\n")
    elif layout.table is not None:
        _enter_in_table(tag or "", layout)
    elif tag == "table" and _of_rows(node):
        layout.end()
        layout.table, layout.kind = node, "table"
    elif tag not in _INLINE:
        layout.end()
        layout.kind = "item" if tag == "li" else layout.kind


def _enter_in_table(tag: str, layout: _Layout) -> None:
    if tag in ("tr", "caption"):
        layout.end()
    elif tag in _CELLS and "".join(layout.line).strip():
        layout.line.append("\t")
    elif tag not in _INLINE:
        layout.line.append(" ")


def _leave(node: "LexborNode", layout: _Layout) -> None:
    if node.tag == "a":
        layout.link_depth -= 1
    elif layout.table is not None:
        if node == layout.table:
            layout.end()
            layout.table, layout.kind = None, "text"
    elif node.tag not in _INLINE and node.tag not in ("-text", "br"):
        layout.end()
        layout.kind = "text" if node.tag == "li" else layout.kind


def _of_rows(table: "LexborNode") -> bool:
    """Say whether a table holds data, not the layout of a page."""
    if any(inner != table for inner in table.css("table")) or table.css_first("h1,h2,h3") is not None:
        return False
    rows = table.css("tr")
    several = sum(len(row.css("td,th")) > 1 for row in rows)
    return (
        len(rows) > 1 and several > len(rows) / 2 and all(len(cell.text().split()) <= _LONG_CELL for cell in table.css("td,th"))
    )


def _flat(text: str) -> str:
    """Return a line with single spaces; breaks of the line and the tabs between cells stay."""
    return "\n".join(
        filter(None, ("\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in text.split("\n")))
    )
