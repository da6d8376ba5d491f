"""Parts by the headings that a file marks: a PDF's bookmarks, the styles of an office document, the marks of Markdown."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.readers.documents import Document, Heading

_LEAST = 3
_LONG = 250  # words, about a page: what is shorter is no part, but a paragraph with a heading
_WORD = re.compile(r"\w+")
_BLOCK = re.compile(r"(?:\A|\n\n)([^\n]+(?:\n(?!\n)[^\n]+)*)")

Start = tuple[int, str]


def outlined(document: Document) -> list[Start]:
    """Return where the parts of a document begin, and what they are called; none if its headings tell of none.

    The parts are those of the topmost headings that are several and have, as a rule, a page of text each.
    """
    starts = _found(document)
    for level in sorted({heading.level for heading, _ in starts}):
        here = [(at, heading.title) for heading, at in starts if heading.level == level]
        if len(here) >= _LEAST and _long(document.text, here):
            return here
    return []


def _long(text: str, starts: Sequence[Start]) -> bool:
    bounds = [*(at for at, _ in starts), len(text)]
    return median(len(text[start:end].split()) for start, end in pairwise(bounds)) >= _LONG


def _found(document: Document) -> list[tuple[Heading, int]]:
    """Return the headings that stand in the text, in its order; one of a known page that does not, where its page begins."""
    blocks = [(found.start(1), _plain(found[1])) for found in _BLOCK.finditer(document.text)]
    found: list[tuple[Heading, int]] = []
    after = -1
    for heading in document.outline:
        at = _place(heading, document, blocks, after)
        if at is not None:
            found.append((heading, at))
            after = at
    return found


def _place(heading: Heading, document: Document, blocks: Sequence[Start], after: int) -> int | None:
    title = _plain(heading.title)
    first, last = _page(heading.page, document)
    here = [(at, words) for at, words in blocks if first <= at <= last and at > after]
    exact = next((at for at, words in here if words == title), None)
    if exact is not None or heading.page is None:
        return exact
    begun = next((at for at, words in here if words.startswith(title) or words.endswith(title)), None)
    return begun if begun is not None else next((at for at, _ in here), None)


def _page(number: int | None, document: Document) -> tuple[int, int]:
    """Return the offsets between which a page lies; all of the text if the page is unknown."""
    if number is None or document.pages is None:
        return 0, len(document.text)
    bounds = [0, *document.pages, len(document.text)]
    return (bounds[number], bounds[number + 1]) if number + 1 < len(bounds) else (len(document.text), len(document.text))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
