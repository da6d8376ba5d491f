"""Text to the network's windows, and its scores back to spans: the same code in training and at run time.

The network reads sub-words; people read words and numbers. A *unit* is a word, a whole number with its inner
punctuation ("535.1", "10-20", "15,000") or one other sign: a label is predicted for units, so that no number falls to pieces.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pipeline.errors import RuleError
from pipeline.schema import FactType, Modality, Penalty, PlaceKind, Status

TYPES: tuple[FactType, ...] = get_args(FactType)
TAGS = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))
HEADS: dict[str, tuple[str, ...]] = {
    "tag": TAGS,
    "status": get_args(Status),
    "penalty": get_args(Penalty),
    "modality": get_args(Modality),
    "kind": get_args(PlaceKind),
}
WIDTH = sum(map(len, HEADS.values()))
COLUMNS = {
    head: slice(start, start + len(labels))
    for (head, labels), start in zip(HEADS.items(), np.cumsum([0, *map(len, HEADS.values())]).tolist(), strict=False)
}
WINDOW, STRIDE = 192, 48

_UNIT = re.compile(r"\d+(?:[.,/–-]\d+)+|\w+|[^\w\s]")

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's units and sub-words.

    Of sub-word k `starts[k]` is its first character, `units_of[k]` its unit (-1 for none), `first[k]` whether it opens it.
    """

    units: list[tuple[int, int]]
    starts: Ints
    ids: Ints
    shapes: Ints
    units_of: Ints
    first: NDArray[np.bool_]


def shape(word: str) -> int:
    """Return what the uncased base cannot see: 0 other, 1 lower, 2 Title, 3 UPPER, 4 Mixed, 5 number.

    >>> [shape(w) for w in ("town", "Baku", "UN", "McDonald", "535.1", ",")]
    [1, 2, 3, 4, 5, 0]
    """
    if word[0].isdigit():
        return 5
    if not word[0].isalpha():
        return 0
    if word.islower():
        return 1
    if word.isupper() and len(word) > 1:
        return 3
    return 2 if (word[0].isupper() and word[1:].islower()) or len(word) == 1 else 4


def encode(text: str, tokenizer: Tokenizer) -> Encoded:
    """Cut *text* into units and sub-words."""
    units = [m.span() for m in _UNIT.finditer(text)]
    of_char = np.full(len(text) + 1, -1, dtype=np.int64)
    for i, (start, end) in enumerate(units):
        of_char[start:end] = i
    coded = tokenizer.encode(text, add_special_tokens=False)
    starts = np.array([start for start, _ in coded.offsets], dtype=np.int64)
    of_token = of_char[starts] if len(starts) else starts
    first = np.ones(len(of_token), dtype=bool)
    first[1:] = of_token[1:] != of_token[:-1]
    shapes = np.array([shape(text[s:e]) for s, e in units] or [0], dtype=np.int64)
    return Encoded(
        units,
        starts,
        np.array(coded.ids, dtype=np.int64),
        np.where(of_token >= 0, shapes[of_token], 0),
        of_token,
        first & (of_token >= 0),
    )


def ends(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids of the signs that open and close a window."""
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if cls is None or sep is None:
        raise RuleError("trained/tokenizer.json: it has no [CLS] and [SEP]")
    return cls, sep


def windows(length: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping windows over *length* sub-words.

    >>> list(windows(300))
    [(0, 192), (108, 300)]
    """
    if length <= WINDOW:
        if length:
            yield 0, length
        return
    step = WINDOW - STRIDE
    for start in range(0, length - WINDOW, step):
        yield start, start + WINDOW
    yield length - WINDOW, length


def sentence_windows(ends: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield windows over whole sentences that end before the sub-words *ends*: their bounds, and those of what counts in them.

    No sub-word is read twice, but those of a sentence that is longer than a window.

    >>> list(sentence_windows([100, 150, 250, 550]))
    [(0, 150, 0, 150), (150, 250, 150, 250), (250, 442, 250, 418), (358, 550, 382, 550)]
    """
    start = last = 0
    for end in ends:
        if last > start and end - start > WINDOW:
            yield start, last, start, last
            start = last
        if end - start > WINDOW:
            for low, high in windows(end - start):
                inner, outer = settled(low, high, end - start)
                yield start + low, start + high, start + inner, start + outer
            start = end
        last = end
    if last > start:
        yield start, last, start, last


def settled(start: int, end: int, length: int) -> tuple[int, int]:
    """Return the part of a window over *length* sub-words in which its scores count: there it sees most of what is around.

    >>> settled(0, 192, 300), settled(108, 300, 300)
    ((0, 168), (132, 300))
    """
    return start + STRIDE // 2 if start else 0, end - STRIDE // 2 if end < length else end


def batch(encoded: Sequence[tuple[Encoded, int, int]], cls: int, sep: int) -> tuple[Ints, Ints, Ints]:
    """Pad windows to one rectangle: sub-word ids, shapes, mask."""
    width = max(end - start for _, start, end in encoded) + 2
    ids, shapes, mask = (np.zeros((len(encoded), width), dtype=np.int64) for _ in range(3))
    for row, (text, start, end) in enumerate(encoded):
        n = end - start
        ids[row, 0], ids[row, n + 1] = cls, sep
        ids[row, 1 : n + 1] = text.ids[start:end]
        shapes[row, 1 : n + 1] = text.shapes[start:end]
        mask[row, : n + 2] = 1
    return ids, shapes, mask


def softmax(scores: Floats) -> Floats:
    """Return scores as probabilities of the last axis."""
    powers: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return chances


_INSIDE = np.array([tag.startswith("I-") for tag in TAGS])
_BEGIN_OF = np.array([TAGS.index(f"B-{tag[2:]}") for tag in TAGS if tag.startswith("I-")])
# No I- tag follows anything but its own type.
_FORBIDDEN = np.array(
    [[-1e4 if tag[:2] == "I-" and tag[2:] != last[2:] else 0 for tag in TAGS] for last in TAGS], dtype=np.float32
)


def viterbi(scores: Floats) -> list[int]:
    """Return the best row of tags in which no I- tag follows anything but its own type."""
    path = np.zeros(len(scores), dtype=np.int64)
    open_ = np.flatnonzero(~surely_outside(scores))
    for run in np.split(open_, np.flatnonzero(np.diff(open_) > 1) + 1):
        if len(run):
            path[run] = _best_path(scores[run[0] : run[-1] + 1])
    found: list[int] = path.tolist()
    return found


def surely_outside(scores: Floats) -> NDArray[np.bool_]:
    """Tell the units that the best row of tags leaves outside whatever stands around them.

    Any other tag there could at most save what the next unit loses by beginning a span instead of going on with one.
    """
    margin = scores[:, 0] - scores[:, 1:].max(axis=1)
    saved = np.zeros(len(scores), dtype=np.float32)
    saved[:-1] = (scores[1:, _INSIDE] - scores[1:, _BEGIN_OF]).max(axis=1)
    sure: NDArray[np.bool_] = margin > np.maximum(saved, 0)
    return sure


def _best_path(scores: Floats) -> list[int]:
    best = scores[0] + np.where(_INSIDE, np.float32(-1e4), np.float32(0))
    back = np.zeros((len(scores), len(TAGS)), dtype=np.int64)
    for k in range(1, len(scores)):
        paths = best[:, None] + _FORBIDDEN
        back[k] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[k]
    path = [int(best.argmax())]
    for k in range(len(scores) - 1, 0, -1):
        path.append(int(back[k, path[-1]]))
    return path[::-1]


def spans(tags: Sequence[int]) -> Iterator[tuple[FactType, int, int]]:
    """Yield (type, first unit, unit after the last) of every span in a row of tags."""
    start = None
    for i, tag in enumerate([*tags, 0]):
        if start is not None and not TAGS[tag].startswith("I-"):
            yield TYPES[(tags[start] - 1) // 2], start, i
            start = None
        if TAGS[tag].startswith("B-"):
            start = i
