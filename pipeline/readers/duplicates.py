"""The same text twice, also under another name or with another footer, is read once.

A text that is the same word for word is known by its hash. One that is nearly the same is found by MinHash, and counts as
the same only if all that it says more than the other is furniture: an address, the number of a page, a line without a
sentence. An update of a report, or the next of a series in the same words, says something new, and is read.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

_THRESHOLD = 0.8  # of the shingles of two texts that are nearly the same
_PERMUTATIONS = 64
_SHINGLE = 4  # words
_LEAST = 80  # words: what is shorter is the same only word for word
_MOST_NEW = 0.1  # of the sentences may be furniture
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_FURNITURE = re.compile(
    r"https?://|www\.|\bpage \d+|©|\bcopyright\b|all rights reserved|\b(?:printed|downloaded|retrieved|accessed)\b", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?][\"'”’)\]]*$")
_SHORT = 15  # words
_FOOT = 2  # lines at the end of a text


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a text that was read: its id, its source, the hashes of its sentences."""

    id: str
    source: str
    sentences: frozenset[int]


@dataclass(slots=True)
class Seen:
    """The texts that a run has read: about 3 KB and a twelfth of its length for each."""

    _exact: dict[bytes, Known] = field(default_factory=dict)
    _near: dict[str, Known] = field(default_factory=dict)
    _index: "MinHashLSH | None" = None

    def same(self, text: str, identity: str, source: str) -> tuple[Known | None, Known | None]:
        """Return the text read before that is the same as *text*, or else one that is similar to it; and remember *text*."""
        words = _WORD.findall(text.casefold())
        exact = hashlib.sha256(" ".join(words).encode()).digest()
        if exact in self._exact:
            return self._exact[exact], None
        short = len(words) < _LEAST
        known = Known(identity, source, frozenset() if short else frozenset(hash(s) for s, _ in _sentences(text)))
        if short:
            self._exact[exact] = known
            return None, None
        sketch = _sketch(words)
        index = self._opened()
        near = [self._near[key] for key in index.query(sketch)]
        twin = next((one for one in near if _says_nothing_new(text, one)), None)
        self._exact[exact] = twin or known
        if twin:
            return twin, None
        self._near[identity] = known
        index.insert(identity, sketch)
        return None, near[0] if near else None

    def _opened(self) -> "MinHashLSH":
        from datasketch import MinHashLSH  # here: it takes SciPy along, and a single report needs none

        if self._index is None:
            self._index = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)
        return self._index


def _sketch(words: list[str]) -> "MinHash":
    from datasketch import MinHash

    sketch = MinHash(num_perm=_PERMUTATIONS)
    sketch.update_batch({" ".join(words[at : at + _SHINGLE]).encode() for at in range(len(words) - _SHINGLE + 1)})
    return sketch


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence or line of *text*: its words alone, and as it stands."""
    for piece in _SENTENCE.split(text):
        if words := " ".join(_WORD.findall(piece.casefold())):
            yield words, piece.strip()


def _says_nothing_new(text: str, known: Known) -> bool:
    """Say whether every sentence of *text* is one of *known*, but for a few that are furniture.

    A line that stands where *known* has another tells two cases written in the same words apart ("Name: …"), but at the foot.
    """
    sentences = list(_sentences(text))
    exchanged = bool(known.sentences - {hash(words) for words, _ in sentences})
    foot = len(sentences) - _FOOT if exchanged else 0
    new = [(number, piece) for number, (words, piece) in enumerate(sentences) if hash(words) not in known.sentences]
    few = len(new) <= max(2, _MOST_NEW * len(sentences))
    return few and all(_is_furniture(piece) and (number >= foot or _FURNITURE.search(piece)) for number, piece in new)


def _is_furniture(piece: str) -> bool:
    short = len(piece.split()) <= _SHORT
    return short and bool(_FURNITURE.search(piece) or not _ENDS.search(piece))
