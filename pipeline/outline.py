"""The grammar of a report that outlives its Doc: words with tags and heads, sentences, paragraphs, named entities.

Offsets are those of the report: the outlines of its pieces join to one, so that what one piece says can be tied to another.
"""

import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from spacy.tokens import Doc

Field = Literal["when", "where", "who"]
# Sentences behind and before a count or a penalty that may hold its day, its place or its people.
REACH: dict[Field, tuple[int, int]] = {"when": (2, 6), "where": (2, 6), "who": (0, 2)}

_PARAGRAPH = re.compile(r"\n\s*\n")
_NO_WORDS = np.zeros((4, 0), dtype=np.int64)


@dataclass(frozen=True)
class Outline:
    """Words in the order of the text; `heads` are indexes of words (a root is its own head), `sents` offsets of first letters.

    Numbers are in arrays: a report of two million words has as many of each.
    """

    text: str = ""
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    tags: Sequence[str] = ()
    deps: Sequence[str] = ()
    heads: Sequence[int] = ()
    sents: Sequence[int] = ()
    entities: tuple[tuple[int, int, str], ...] = ()

    @cached_property
    def paragraphs(self) -> tuple[int, ...]:
        """Return the offsets at which paragraphs begin."""
        return (0, *(found.end() for found in _PARAGRAPH.finditer(self.text)))

    @cached_property
    def _entity_ends(self) -> tuple[int, ...]:
        return tuple(end for _, end, _ in self.entities)

    def entities_at(self, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """Yield the entities that share characters with a span; entities stand in order and do not overlap."""
        for i in range(bisect_right(self._entity_ends, start), len(self.entities)):
            if self.entities[i][0] >= end:
                return
            yield self.entities[i]

    def sent(self, position: int) -> int:
        """Return the number of the sentence that holds a character."""
        return max(0, bisect_right(self.sents, position) - 1)

    def sent_span(self, number: int) -> tuple[int, int]:
        """Return the offsets of a sentence."""
        start = self.sents[number] if self.sents else 0
        return start, self.sents[number + 1] if number + 1 < len(self.sents) else len(self.text)

    def paragraph(self, position: int) -> int:
        """Return the number of the paragraph that holds a character."""
        return bisect_right(self.paragraphs, position) - 1

    def word_at(self, position: int) -> int:
        """Return the index of the word at, or last before, a character."""
        return max(0, bisect_right(self.starts, position) - 1)

    def word(self, index: int) -> str:
        """Return a word in lower case."""
        return self.text[self.starts[index] : self.ends[index]].casefold()

    def head_of(self, start: int, end: int) -> int:
        """Return the index of the word of a span that the rest of the sentence holds it by."""
        first, last = self.word_at(start), self.word_at(max(start, end - 1))
        inside = range(first, last + 1)
        return next((i for i in inside if self.heads[i] not in inside or self.heads[i] == i), first)

    def above(self, index: int) -> list[int]:
        """Return a word and all that it depends on, up to its sentence's root."""
        path = [index]
        while self.heads[path[-1]] != path[-1] and len(path) < 50:
            path.append(self.heads[path[-1]])
        return path

    def verb_above(self, index: int) -> int | None:
        """Return the verb whose clause holds a word."""
        return next((i for i in self.above(index) if self.tags[i].startswith("V")), None)


def outline(doc: Doc, text: str) -> Outline:
    """Return the outline of one piece of which *text* is the text, with offsets of the piece."""
    starts, lengths, heads, marks = (
        doc.to_array(["IDX", "LENGTH", "HEAD", "SENT_START"]).astype(np.int64).T if len(doc) else _NO_WORDS
    )
    return Outline(
        text=text,
        starts=array("i", starts.tolist()),
        ends=array("i", (starts + lengths).tolist()),
        tags=_names(doc, "TAG"),
        deps=_names(doc, "DEP"),
        heads=array("i", (heads + np.arange(len(doc))).tolist()),
        sents=tuple(sorted({0, *starts[marks == 1].tolist(), *(found.end() for found in _PARAGRAPH.finditer(text))})),
        entities=tuple((e.start_char, e.end_char, e.label_) for e in doc.ents),
    )


def _names(doc: Doc, attribute: str) -> tuple[str, ...]:
    """Return the tag or the like of each word."""
    keys = doc.to_array(attribute)
    names = {key: sys.intern(doc.vocab.strings[key]) for key in np.unique(keys).tolist()}
    return tuple(map(names.__getitem__, keys.tolist()))


def joined(pieces: Iterable[Outline]) -> Outline:
    """Return one outline of the pieces that make up a text."""
    starts, ends, heads, sents = array("i"), array("i"), array("i"), array("i")
    tags: list[str] = []
    deps: list[str] = []
    entities: list[tuple[int, int, str]] = []
    texts: list[str] = []
    offset = 0
    for piece in pieces:
        before = len(starts)
        heads.extend(before + head for head in piece.heads)
        starts.extend(offset + at for at in piece.starts)
        ends.extend(offset + at for at in piece.ends)
        tags += piece.tags
        deps += piece.deps
        sents.extend(offset + at for at in piece.sents)
        entities += [(offset + a, offset + b, label) for a, b, label in piece.entities]
        texts.append(piece.text)
        offset += len(piece.text)
    return Outline("".join(texts), starts, ends, tags, deps, heads, sents, tuple(entities))
