"""What the network of the ties reads: a stretch of text around some counts and penalties, they and their candidates marked.

The same code in training and at run time. Offsets are those of the report; sub-words count from the front of the window.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from tokenizers import Tokenizer

from pipeline.components.encoding import Encoded, Ints, encode
from pipeline.schema import Modality, Status

Span = tuple[int, int]
# What a sub-word may be marked as: nothing, a count or a penalty by its stage, a candidate by its kind, a country spoken of.
MARKS: tuple[str, ...] = (
    "",
    *get_args(Status),
    *get_args(Modality),
    *("day", "month", "year", "range", "vague"),
    *("country", "region", "city", "court", "site"),
    *("person", "group", "nsubj", "nsubjpass", "dobj", "pobj", "appos", "dative"),
    "spoken",
)
_NUMBER = {mark: i for i, mark in enumerate(MARKS)}
_MOST, _TITLE, _OPENING, _BEHIND = 192, 16, 24, 40  # sub-words
_TOGETHER, _BEFORE, _AFTER, _FIRST = 400, 1_600, 600, 400  # characters
STEPS = (20, 10, 10, 5)  # how many steps each number of `Window.between` has


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch with its title and opening: sub-words, shapes and marks, and where its anchors and the text's sub-words stand.

    `shown` are the stretches of the text that it shows: the one around the anchors, and the opening.
    """

    ids: Ints
    shapes: Ints
    marks: Ints
    anchors: tuple[Span, ...]
    shown: tuple["_Shown", ...]

    def place(self, start: int, end: int) -> Span | None:
        """Return the sub-words of some characters, from the first to the one behind the last; None if they are not shown."""
        return next((found for part in self.shown if (found := part.place(start, end))), None)

    def characters(self, sub_word: int) -> Span | None:
        """Return the word of the text that a sub-word belongs to."""
        return next((found for part in self.shown if (found := part.characters(sub_word))), None)

    def between(self, anchor: int, candidate: Span, sentences: int, rank: int) -> tuple[int, int, int, int]:
        """Return how two stand to each other, in the steps of `STEPS`: sub-words, sentences, rivals, other anchors between."""
        own = self.anchors[anchor][0]
        low, high = sorted((own, candidate[0]))
        others = sum(low < other < high for other, _ in self.anchors)
        far = int(steps_of(np.array([candidate[0] - own]))[0])
        return (far, min(9, max(0, sentences + 2)), min(9, max(0, rank + 4)), min(4, others))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A part of the text in a window: sub-words *first* to before *after* of *encoded* stand at *at*; it begins at *offset*."""

    encoded: Encoded
    offset: int
    first: int
    after: int
    at: int

    def place(self, start: int, end: int) -> Span | None:
        """Return the sub-words of the window that hold some characters of the text."""
        found = _sub_words(self.encoded, start - self.offset, end - self.offset)
        if found is None or found[0] < self.first or found[1] > self.after:
            return None
        return found[0] - self.first + self.at, found[1] - self.first + self.at

    def characters(self, sub_word: int) -> Span | None:
        """Return the characters of the word that a sub-word of the window belongs to."""
        k = sub_word - self.at + self.first
        if not self.first <= k < self.after or self.encoded.units_of[k] < 0:
            return None
        start, end = self.encoded.units[self.encoded.units_of[k]]
        return start + self.offset, end + self.offset


def _sub_words(encoded: Encoded, start: int, end: int) -> Span | None:
    if end <= 0 or not encoded.units:
        return None
    low = bisect_left(encoded.units, start + 1, key=lambda unit: unit[1])
    high = bisect_left(encoded.units, end, key=lambda unit: unit[0])
    first, after = np.searchsorted(encoded.units_of, (low, high)).tolist()
    return (first, after) if after > first else None


def steps_of(apart: Ints) -> Ints:
    """Return distances in sub-words as steps, each twice as long as the one before: 0 to 9 before, 10 to 19 behind.

    >>> steps_of(np.array([-9, -1, 0, 1, 2, 5_000])).tolist()
    [4, 1, 10, 11, 12, 19]
    """
    length: Ints = np.minimum(9, np.frexp(np.abs(apart).astype(np.float64))[1]).astype(np.int64)
    return np.where(apart >= 0, 10, 0) + length


def together(spans: Sequence[Span]) -> Iterator[range]:
    """Yield the indexes of anchors, which are in order, that one window shows.

    >>> list(together([(10, 12), (90, 95), (900, 905)]))
    [range(0, 2), range(2, 3)]
    """
    first = 0
    for i in range(1, len(spans) + 1):
        if i == len(spans) or spans[i][1] - spans[first][0] > _TOGETHER:
            yield range(first, i)
            first = i


@dataclass(frozen=True, slots=True)
class Reader:
    """Cuts windows out of one report."""

    text: str
    title: Encoded
    opening: Encoded
    tokenizer: Tokenizer
    ends: Span

    @staticmethod
    def reach(anchors: Sequence[Span]) -> tuple[Span, Span]:
        """Return the characters that the window around some anchors may show, beside its own: the opening's, and those around."""
        low = max(0, anchors[0][0] - _BEFORE)
        return (0, min(low, _FIRST)), (low, anchors[-1][1] + _AFTER)

    def window(self, anchors: Sequence[Span], marked: Iterable[tuple[int, int, str]]) -> Window:
        """Return the window around some anchors; *marked* are characters and their marks, the anchors' own behind the others'."""
        _, (low, high) = self.reach(anchors)
        while 0 < low < anchors[0][0] and not self.text[low - 1].isspace():
            low += 1
        encoded = encode(self.text[low:high], self.tokenizer)
        size = len(encoded.ids)
        own = [_sub_words(encoded, start - low, end - low) or (0, min(1, size)) for start, end in anchors]
        after = min(size, max(own[-1][1] + _BEHIND, own[0][0] + _MOST // 2))
        first = min(max(0, after - _MOST), own[0][0])
        after = min(size, first + _MOST)
        cls, sep = self.ends
        ids, shapes, shown = [cls], [0], []
        title = min(_TITLE, len(self.title.ids))
        if title:
            ids += [*self.title.ids[:title].tolist(), sep]
            shapes += [*self.title.shapes[:title].tolist(), 0]
        opening = min(_OPENING, len(self.opening.ids)) if low or first else 0
        if opening:
            shown.append(_Shown(self.opening, 0, 0, opening, len(ids)))
            ids += [*self.opening.ids[:opening].tolist(), sep]
            shapes += [*self.opening.shapes[:opening].tolist(), 0]
        shown.insert(0, _Shown(encoded, low, first, after, len(ids)))
        ids += [*encoded.ids[first:after].tolist(), sep]
        shapes += [*encoded.shapes[first:after].tolist(), 0]
        marks = np.zeros(len(ids), dtype=np.int64)
        placed = tuple((a - first + shown[0].at, b - first + shown[0].at) for a, b in own)
        window = Window(np.array(ids), np.array(shapes), marks, placed, tuple(shown))
        for start, end, mark in marked:
            if place := window.place(start, end):
                marks[slice(*place)] = _NUMBER.get(mark, 0)
        return window


def reader(text: str, title: str, opening: int, tokenizer: Tokenizer, ends: Span) -> Reader:
    """Return what cuts windows out of a report whose first sentence ends before character *opening*."""
    return Reader(text, encode(title, tokenizer), encode(text[: min(opening, _FIRST)], tokenizer), tokenizer, ends)
