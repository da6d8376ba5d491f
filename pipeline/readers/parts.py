"""A book of entries, a report of sections, a list of cases: each part a document, where headings say that it begins."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.readers.documents import Document
from pipeline.readers.outlines import Start, outlined
from pipeline.readers.records import recorded
from pipeline.readers.repair import Repairs
from pipeline.rules.layouts import Layout, layouts

_SLUG = re.compile(r"[\W_]+")
_OPENING = 2_000  # characters of a text in which its title stands
_LONGEST = 60
_TITLE = 40  # words


def split(document: Document, known: Mapping[str, Layout] | None = None) -> Iterator[Document]:
    """Yield the parts of a document in order, all of its text in one or the other; one that tells of no parts as it is.

    A publisher's layout comes first, then the headings that the file marks; what these leave whole, or a part of theirs, may be
    a list of cases. What stands before the first part is a part without a name, if it is more than a title. The first has the
    counts of repairs.
    """
    every = list((known or layouts()).values())
    of_publisher = _first(document, [layout for layout in every if layout.publisher])
    if of_publisher:
        layout, starts = of_publisher
        whole = replace(document, publisher=document.publisher or layout.publisher, story_year=_story_year(document, layout))
        yield from _cut(whole, starts)
        return
    for part in _cut(document, outlined(document)):
        general = _first(part, [layout for layout in every if not layout.publisher])
        yield from _cut(part, general[1] if general else recorded(part))


def _first(document: Document, known: Sequence[Layout]) -> tuple[Layout, list[Start]] | None:
    """Return the first layout that a document has, and where its parts begin."""
    pairs = ((layout, _starts(document.text, layout)) for layout in known)
    return next(((layout, starts) for layout, starts in pairs if starts), None)


def _cut(document: Document, found: Sequence[Start]) -> Iterator[Document]:
    """Yield the stretches of a document from each beginning to the next; all of it if there is none."""
    if not found:
        yield document
        return
    before = document.text[: found[0][0]].split()
    starts = [(0, None), *found] if len(before) > _TITLE else [(0, found[0][1]), *found[1:]]
    ends = [start for start, _ in starts[1:]] + [len(document.text)]
    for number, ((start, name), end) in enumerate(zip(starts, ends, strict=True)):
        part = _part(document, start, end, name)
        yield part if number == 0 else replace(part, repairs=Repairs())


def _story_year(document: Document, layout: Layout) -> int | None:
    """Return the year that a publication is about: its title or running heads name one, and the layout says which it means."""
    told = "\n".join((document.title or "", document.heads, document.text[:_OPENING]))
    found = layout.covers.search(told) if layout.covers else None
    return int(found["year"]) + layout.years_after if found else None


def _starts(text: str, layout: Layout) -> list[Start]:
    """Return where the parts of a layout begin; a line with nothing of its own before the next is one of a table of contents."""
    found = list(layout.part.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    starts = [
        (m.start(), " ".join(m["part"].split())) for m, end in zip(found, ends, strict=False) if text[m.end() : end].strip()
    ]
    return starts if len(starts) >= layout.least else []


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
    return replace(
        document, text=text, name=names, part=name or document.part, title=title or None, pages=pages, first_page=page, outline=()
    )
