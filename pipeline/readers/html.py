"""HTML: the article of a page, with its headings, lists and tables, and what the page says about itself.

The page is parsed as browsers do (a tag left open in its menu would else take the article along), then trafilatura tells
the article from what stands around it.
"""

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReadError
from pipeline.readers.documents import Document, joined_blocks
from pipeline.readers.encoding import decode
from pipeline.readers.repair import Repairs

if TYPE_CHECKING:
    from lxml.etree import _Element
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_FURNITURE = (
    "script,style,noscript,template,svg,iframe,button,select,nav,dialog,body > header,body > footer,[aria-hidden=true],[hidden]"
)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_PUBLISHED = (
    "meta[property='article:published_time']",
    "meta[name='article:published_time']",
    "meta[itemprop=datePublished]",
    "meta[name='DC.date.issued']",
    "meta[name='DCTERMS.issued']",
    "meta[name='dcterms.date']",
    "meta[name='DC.date']",
    "meta[name=citation_publication_date]",
    "meta[name=pubdate]",
    "meta[name=publish-date]",
    "meta[name=date]",
    "time[itemprop=datePublished]",
    "time[pubdate]",
    "time.published",
    "time.entry-date",
)
_LEAST = 0.8  # of the words of a page's own article: if trafilatura finds fewer, it has taken a part for the whole


def documents(path: Path, label: str) -> Iterator[Document]:
    """Yield the one document of an HTML file; ReadError if it says nothing."""
    yield page(path.read_bytes(), label)


def page(data: bytes, label: str) -> Document:
    """Return an HTML page as a document."""
    from selectolax.lexbor import LexborHTMLParser

    markup = _decoded(data)
    if markup is None:
        raise ReadError(label, "not_text", "its bytes are no text; get the page again")
    tree = LexborHTMLParser(markup)
    about = _about(tree)
    for node in tree.css(_FURNITURE):
        node.decompose()
    repairs = Repairs()
    text = joined_blocks(_article(tree), repairs)
    if not text:
        raise ReadError(
            label, "empty", "is a page without an article: it may have been drawn by a program; save it from the browser"
        )
    return Document(text, repairs=repairs, **about)


def _decoded(data: bytes) -> str | None:
    """Return a page as text: as its marks or bytes say, else as it says itself."""
    said = _CHARSET.search(data[:4096])
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(said[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _article(tree: "LexborHTMLParser") -> list[str]:
    """Return the blocks of the article: trafilatura's, but the whole body where it drops much of what is in the article."""
    from trafilatura import bare_extraction

    found = bare_extraction(tree.html, include_comments=False, include_tables=True, with_metadata=False, favor_recall=True)
    blocks = list(_blocks(found.body)) if found is not None and not isinstance(found, dict) and found.body is not None else []
    own = list(_plain(tree.css_first("article") or tree.css_first("main") or tree.root))
    return blocks if _count(blocks) >= _LEAST * _count(own) else own


def _count(blocks: list[str]) -> int:
    return sum(len(block.split()) for block in blocks)


def _blocks(body: "_Element") -> Iterator[str]:
    """Yield the headings, paragraphs, items and rows of what trafilatura found."""
    for element in body:
        if element.tag == "list":
            yield "\n".join(f"• {_words(item)}" for item in element.iter("item") if _words(item))
        elif element.tag == "table":
            yield "\n".join(_row(row) for row in element.iter("row"))
        elif element.tag in ("quote", "div", "body", "section") and len(element) and not (element.text or "").strip():
            yield from _blocks(element)
        else:
            yield _words(element)
        if (element.tail or "").strip():
            yield _flat(element.tail or "")


def _row(row: "_Element") -> str:
    return "\t".join(_words(cell) for cell in row.iter("cell"))


def _words(element: "_Element") -> str:
    return "\n".join(filter(None, map(_flat, "".join(_pieces(element)).split("\n"))))


def _pieces(element: "_Element") -> Iterator[str]:
    """Yield the text of an element; a break of the line stays one."""
    yield _space(element.text)
    for child in element:
        yield "\n" if child.tag == "lb" else "".join(_pieces(child))
        yield _space(child.tail)


def _space(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _plain(root: "LexborNode | None") -> Iterator[str]:
    """Yield every block under *root*, menus of links left out."""
    for node in root.css("h1,h2,h3,h4,h5,h6,p,li,tr,blockquote,pre,dt,dd,figcaption") if root else ():
        text = (
            "\t".join(_flat(cell.text(separator=" ")) for cell in node.css("td,th")) if node.tag == "tr" else _flat(node.text())
        )
        links = sum(len(_flat(link.text())) for link in node.css("a"))
        inner = node.css_first("p,li,tr") if node.tag in ("li", "blockquote", "dd") else None
        if text and links <= len(text) / 2 and (inner is None or inner == node):
            yield f"• {text}" if node.tag == "li" else text


def _about(tree: "LexborHTMLParser") -> dict[str, Any]:
    """Return what a page says about itself: title, publisher, address, and the day of its publication."""
    linked = _linked(tree)
    heading = tree.css_first("h1")
    name = _meta(tree, "meta[property='og:title']") or (_flat(heading.text()) if heading else "") or _tag(tree, "title")
    site = _meta(tree, "meta[property='og:site_name']") or _publisher(linked) or _meta(tree, "meta[name='DC.publisher']")
    address = tree.css_first("link[rel=canonical]")
    url = (address.attributes.get("href") if address else None) or _meta(tree, "meta[property='og:url']")
    days = [
        _day(node.attributes.get("content") or node.attributes.get("datetime")) for css in _PUBLISHED for node in tree.css(css)
    ]
    stated = [_day(entry.get("datePublished")) for entry in linked]
    title = name.removesuffix(f" - {site}").removesuffix(f" | {site}") if site else name
    if heading and title and title.casefold() in _flat(heading.text()).casefold():
        title = _flat(heading.text())
    return {
        "title": title or None,
        "publisher": site or None,
        "url": url if url and url.startswith("http") else None,
        "published": next((day for day in [*days, *stated] if day), None),
    }


def _meta(tree: "LexborHTMLParser", css: str) -> str:
    node = tree.css_first(css)
    return _flat(node.attributes.get("content") or "") if node else ""


def _tag(tree: "LexborHTMLParser", css: str) -> str:
    node = tree.css_first(css)
    return _flat(node.text()) if node else ""


def _linked(tree: "LexborHTMLParser") -> list[dict[str, Any]]:
    """Return the entries of the page's JSON-LD, at the depths at which sites put them."""
    found: list[dict[str, Any]] = []
    for node in tree.css("script[type='application/ld+json']"):
        try:
            content = json.loads(node.text())
        except (ValueError, RecursionError):
            continue
        for entry in content if isinstance(content, list) else [content]:
            if isinstance(entry, dict):
                graph = entry.get("@graph")
                found += [entry, *(one for one in (graph if isinstance(graph, list) else []) if isinstance(one, dict))]
    return found


def _publisher(linked: list[dict[str, Any]]) -> str:
    named = (entry.get("publisher") for entry in linked)
    return next((str(one["name"]) for one in named if isinstance(one, dict) and one.get("name")), "")


def _day(given: object) -> datetime.date | None:
    found = re.match(r"\d{4}-\d\d-\d\d", str(given or "").strip())
    try:
        return datetime.date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
