"""What the network learns from: windows of text with the labels that are wanted of each sub-word."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pipeline.components.detector import ATTRIBUTES, screened, windows_of
from pipeline.components.encoding import COLUMNS, HEADS, TAGS, TYPES, WIDTH, Encoded, encode, windows
from pipeline.errors import ReadError
from pipeline.gold import Gold, read_gold
from pipeline.schema import FactType

Halves = NDArray[np.float16]
Asked = NDArray[np.bool_]
Screen = Callable[[str], bool]  # tells whether a sentence may hold a fact
OWNERS: dict[str, FactType] = {head: kind for kind in TYPES for head in ATTRIBUTES.get(kind, ())}
_HEADS = list(HEADS)
_TAG = _HEADS.index("tag")
_SURE = 0.5  # from this probability on the teacher is asked for the attributes of a mention


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Sub-words *start*:*end* of a text.

    `wanted` has a row a sub-word of the text and the columns of all heads: the probability that each label is to get.
    `asked` has a column a head: whether it is asked anything of that sub-word.
    """

    encoded: Encoded
    wanted: Halves
    asked: Asked
    start: int
    end: int

    def __len__(self) -> int:
        """Return the number of sub-words."""
        return self.end - self.start


def checked(paths: Sequence[Path]) -> list[Gold]:
    """Return the annotated texts; a ReadError where there is nothing to learn, or where some types are not marked."""
    documents = read_gold(paths)
    names = ", ".join(map(str, paths))
    if not any(document.facts for document in documents):
        raise ReadError(names, "no_facts", "has no facts; mark some first (docs/training.md tells how)")
    partly = [document.id for document in documents if document.types is not None or document.places is not None]
    if partly:
        message = f"{partly[0]!r} is annotated for some types or places only: the network would learn that the others are nowhere"
        raise ReadError(names, "types", message)
    return documents


def gold_windows(documents: Iterable[Gold], tokenizer: Tokenizer, may_hold: Screen | None = None) -> list[Window]:
    """Cut annotated texts into windows: the label of each unit is certain, and asked of all its sub-words.

    With *may_hold* as the detector reads them: windows of sentences, those that hold no fact left blank. Without, whole
    and in overlapping windows.
    """
    found = []
    for document in documents:
        encoded = encode(screened(document.text, may_hold) if may_hold else document.text, tokenizer)
        labels = _certain(document, encoded)
        found += _as_read(encoded, document.text, *labels) if may_hold else _overlapping(encoded, *labels)
    return found


def soft_windows(text: str, whole: Encoded, scores: Halves, tokenizer: Tokenizer, may_hold: Screen) -> list[Window]:
    """Cut a text into windows, as the detector reads it, whose wanted labels are those of a teacher.

    *scores* are the teacher's logarithms of probabilities, of the sub-words of the *whole* text.
    """
    encoded = encode(screened(text, may_hold), tokenizer)
    wanted = np.exp(scores[np.searchsorted(whole.starts, encoded.starts)].astype(np.float32))
    asked = np.zeros((len(wanted), len(HEADS)), dtype=bool)
    asked[:, _TAG] = True
    for head, kind in OWNERS.items():
        asked[:, _HEADS.index(head)] = wanted[:, _tag_columns(kind)].sum(axis=1) > _SURE
    return _as_read(encoded, text, wanted.astype(np.float16), asked)


def batches(items: Sequence[Window], size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Yield batches of windows of like length, in any order."""
    order = sorted(items, key=lambda item: len(item) + rng.uniform(0, 24))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def _certain(document: Gold, encoded: Encoded) -> tuple[Halves, Asked]:
    """Return what is wanted of every sub-word of an annotated text; an optional fact is neither wanted nor unwanted."""
    units = len(encoded.units)
    wanted = np.zeros((units + 1, WIDTH), dtype=np.float16)  # the last row is that of sub-words without a unit
    asked = np.zeros((units + 1, len(HEADS)), dtype=bool)
    wanted[:units, COLUMNS["tag"].start] = 1
    asked[:units, _TAG] = True
    starts = np.array([start for start, _ in encoded.units], dtype=np.int64)
    ends = np.array([end for _, end in encoded.units], dtype=np.int64)
    for fact in document.facts:
        inside = np.nonzero((starts < fact.end) & (ends > fact.start))[0]
        if fact.optional or not len(inside):
            asked[inside] = False
            continue
        wanted[inside, COLUMNS["tag"]] = 0
        begin, inner = _tag_columns(fact.type)
        wanted[inside[0], begin], wanted[inside[1:], inner] = 1, 1
        for head in ATTRIBUTES.get(fact.type, ()):
            label = getattr(fact, head)
            wanted[inside, COLUMNS[head]] = [name == label for name in HEADS[head]]
            asked[inside, _HEADS.index(head)] = label is not None
    return wanted[encoded.units_of], asked[encoded.units_of]


def _tag_columns(kind: FactType) -> list[int]:
    return [COLUMNS["tag"].start + TAGS.index(f"{prefix}-{kind}") for prefix in "BI"]


def _overlapping(encoded: Encoded, wanted: Halves, asked: Asked) -> list[Window]:
    return [Window(encoded, wanted, asked, start, end) for start, end in windows(len(encoded.ids))]


def _as_read(encoded: Encoded, text: str, wanted: Halves, asked: Asked) -> list[Window]:
    return [Window(encoded, wanted, asked, start, end) for start, end, _, _ in windows_of(encoded, text) if end > start]
