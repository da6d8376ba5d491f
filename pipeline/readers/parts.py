"""A book of entries, a report of sections, a list of cases: each part a document, where headings say that it begins."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.readers.documents import Document
from pipeline.readers.repair import Repairs
from pipeline.rules.layouts import Layout, layouts

_SLUG = re.compile(r"[\W_]+")
_LONGEST = 60
_TITLE = 40  # words


def split(document: Document, known: Mapping[str, Layout] | None = None) -> Iterator[Document]:
    """Yield the parts of a document in order, all of its text in one or the other; a document of no known layout as it is.

    What stands before the first part is a part without a name, if it is more than a title. The first has the counts of repairs.
    """
    found = next((pair for layout in (known or layouts()).values() if (pair := _starts(document, layout))), None)
    if found is None:
        yield document
        return
    layout, starts = found
    ends = [start for start, _ in starts[1:]] + [len(document.text)]
    whole = replace(document, publisher=document.publisher or layout.publisher)
    for number, ((start, name), end) in enumerate(zip(starts, ends, strict=True)):
        part = _part(whole, start, end, name)
        yield part if number == 0 else replace(part, repairs=Repairs())


def _starts(document: Document, layout: Layout) -> tuple[Layout, list[tuple[int, str | None]]] | None:
    found: list[tuple[int, str | None]] = [
        (match.start(), " ".join(match["part"].split())) for match in layout.part.finditer(document.text)
    ]
    if len(found) < layout.least:
        return None
    before = document.text[: found[0][0]].split()
    return layout, [(0, None), *found] if len(before) > _TITLE else [(0, found[0][1]), *found[1:]]


def _part(document: Document, start: int, end: int, name: str | None) -> Document:
    """Return the text from *start* to *end* as a document with the pages that it stands on."""
    raw = document.text[start:end]
    first = start + len(raw) - len(raw.lstrip())
    text = raw.strip()
    title = ": ".join(filter(None, (document.title, name)))
    slug = _SLUG.sub("-", (name or "front").casefold()).strip("-")[:_LONGEST]
    pages, page = document.pages, document.first_page
    if pages is not None:
        page += bisect_right(pages, first)
        pages = tuple(at - first for at in pages if first < at <= first + len(text) - 1)
    names = "#".join(filter(None, (document.name, slug)))
    return replace(document, text=text, name=names, part=name or document.part, title=title or None, pages=pages, first_page=page)
