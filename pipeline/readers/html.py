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
from pipeline.readers.documents import Document, Heading, joined_blocks
from pipeline.readers.encoding import declared, decode
from pipeline.readers.html_blocks import layout_blocks
from pipeline.readers.repair import Repairs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_FURNITURE = (
    "script,style,noscript,template,svg,iframe,button,select,nav,dialog,body > header,body > footer,[aria-hidden=true],[hidden]"
)
_TAGS = {"list": "ul", "item": "li", "row": "tr", "cell": "td", "head": "h4", "lb": "br", "hi": "b", "ref": "a", "graphic": "img"}
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
_LEAST = 0.8  # of the words of a page, menus aside: if trafilatura finds fewer, it has taken a part for the whole
_SURE = 5  # words of a block that stands in the article and not by chance
_WORD = re.compile(r"\w+")


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
    headings = [Heading(int((node.tag or "")[1]) - 1, _flat(node.text())) for node in tree.css("h1,h2,h3,h4,h5,h6")]
    repairs = Repairs()
    text = joined_blocks(_article(tree), repairs)
    if not text:
        raise ReadError(
            label, "empty", "is a page without an article: it may have been drawn by a program; save it from the browser"
        )
    return Document(text, outline=tuple(headings), repairs=repairs, **about)


def _decoded(data: bytes) -> str | None:
    """Return a page as text: as its marks or bytes say, else as it says itself."""
    said = _CHARSET.search(data[:4096])
    if said and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return declared(data, said[1].decode("ascii"))
    return decode(data)


def _article(tree: "LexborHTMLParser") -> list[str]:
    """Return the blocks of the article, as trafilatura tells it from what stands around it.

    Where it drops some of what stands between the heading, or its first block, and its last, all of that is read; where it finds
    only a small part, all of the page.
    """
    element = tree.css_first("article") or tree.css_first("main")
    own = list(layout_blocks(element or tree.root)) if tree.root else []
    found = list(_found(tree.html or ""))
    if _count(found) < _LEAST * _count(own):
        return own
    headings = {_flat(node.text()) for node in tree.css("h1")} - {""}
    between = _between(own, found, headings)
    if _count(between) > _count(found):
        return between
    heading = next((_flat(node.text()) for node in tree.css("h1")), "")
    return found if not heading or any(heading in block for block in found) else [heading, *found]


def _between(own: list[str], found: list[str], headings: set[str]) -> list[str]:
    """Return the blocks of a page from its heading, or the first that was *found*, to the last such."""
    article = _plain("\n".join(found))
    known = [number for number, block in enumerate(own) if any(_plain(line) in article for line in _sure_lines(block))]
    if not known:
        return []
    first = next((number for number, block in enumerate(own[: known[0]]) if block in headings), known[0])
    return own[first : known[-1] + 1]


def _sure_lines(block: str) -> list[str]:
    return [line for line in block.split("\n") if len(line.split()) >= _SURE]


def _found(page: str) -> Iterator[str]:
    """Yield the blocks of what trafilatura takes for the article of a page."""
    from lxml.etree import tostring
    from selectolax.lexbor import LexborHTMLParser
    from trafilatura import bare_extraction

    found = bare_extraction(page, include_comments=False, include_tables=True, with_metadata=False, favor_recall=True)
    if found is None or isinstance(found, dict) or found.body is None:
        return
    for element in found.body.iter():
        element.tag = _TAGS.get(element.tag, element.tag)
    root = LexborHTMLParser(tostring(found.body, encoding="unicode", method="html")).root
    yield from layout_blocks(root) if root else ()


def _count(blocks: list[str]) -> int:
    return sum(len(block.split()) for block in blocks)


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(text))} "


def _flat(text: str) -> str:
    return " ".join(text.split())


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
