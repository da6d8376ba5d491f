"""A document as a reader finds it, before it is a report: its text, its pages, what its file says about it."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.readers.repair import Repairs, characters

DayBasis = Literal["metadata", "url", "file_name"]


class Heading(NamedTuple):
    """A heading as its file marks it: how deep (0 is the top), its words, and its page (0 is the first) where that is known."""

    level: int
    title: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a file. `pages` are the offsets at which its pages after the first begin; None where it has none.

    `name` tells it from other documents of its file (a message's number). `published` is a day that the document
    gives as that of its publication; `created` the day on which its file says that it was made, which is another thing.
    `outline` holds the headings that its file marks.
    """

    text: str
    name: str | None = None
    part: str | None = None
    story_year: int | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: datetime.date | None = None
    created: datetime.date | None = None
    pages: tuple[int, ...] | None = None
    first_page: int = 1
    heads: str = ""
    outline: tuple[Heading, ...] = ()
    repairs: Repairs = field(default_factory=Repairs)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a file, to be read as one of its own."""

    name: str
    data: bytes


def joined_blocks(blocks: Iterable[str], repairs: Repairs) -> str:
    r"""Return the blocks of a document (headings, paragraphs, items of lists) as its text, a blank line between.

    >>> joined_blocks(["Heading", " ", "Two  words\n\n\nmore"], Repairs())
    'Heading\n\nTwo words\nmore'
    """
    clean = (_block(characters(block, repairs)) for block in blocks)
    return "\n\n".join(block for block in clean if block)


def _block(text: str) -> str:
    lines = (re.sub(r" {2,}", " ", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
