"""Which passages of unmarked reports the network is to learn from: many of them rich in facts, the others at random."""

import hashlib
import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.errors import CasefactsError
from pipeline.readers import read
from pipeline.rules.status import status_words
from pipeline.schema import Rejected, Report

_RUN = 12  # words; two texts that share so many in a row have them from one another
_RICH_SHARE = 0.75
_RICH = 3  # words of arrest, charge, sentence or release
_SIZE = (1200, 2900)  # characters of a passage
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Chosen:
    """The passages of least key, up to *limit* words: a random choice that never depends on the order of reading."""

    limit: int
    words: int = 0
    _heap: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, key: int, words: int, text: str) -> None:
        """Add a passage, and drop those of greatest key that are too many."""
        heapq.heappush(self._heap, (-key, words, text))
        self.words += words
        while self.words - self._heap[0][1] >= self.limit:
            self.words -= heapq.heappop(self._heap)[1]

    def take(self, limit: int) -> Iterator[str]:
        """Yield the passages of least key until they hold *limit* words."""
        taken = 0
        for _, words, text in sorted(self._heap, reverse=True):
            if taken >= limit:
                return
            taken += words
            yield text


@dataclass(slots=True)
class _Source:
    """One of the paths named: its words in all, and the passages that may be drawn."""

    rich: Chosen
    other: Chosen
    words: int = 0


def drawn(
    texts: Sequence[str],
    *,
    without: Iterable[str],
    words: int,
    seed: int,
    text_column: str = "text",
    told: Callable[[Rejected], None],
    step: Callable[[str, int, int], None],
) -> list[str]:
    """Return about *words* words of passages of the reports in *texts*; every path gives its share by its size.

    Three quarters are rich in facts. A passage that shares twelve words in a row with a text of *without* is left out.
    A CasefactsError if nothing is left.
    """
    known = {run for text in without for run in runs(text)}
    sources = []
    for number, path in enumerate(texts):
        step("Reading texts", number, len(texts))
        sources.append(_read(read(path, text_column=text_column), known, words=words, seed=seed, told=told))
    step("Reading texts", len(texts), len(texts))
    total = sum(source.words for source in sources)
    if not total:
        raise CasefactsError(f"{', '.join(texts)}: no passage to learn from; name folders or files of reports by --texts")
    found = [text for source in sources for text in _share(source, words * source.words / total)]
    return sorted(dict.fromkeys(found), key=lambda text: _key(text, seed))


def read_texts(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the texts of files; what cannot be read is an error, for nothing may slip in unseen."""
    for item in read(list(paths)):
        if isinstance(item, Rejected):
            raise CasefactsError(f"--without: {item.source}: {item.message}")
        yield item.text


def runs(text: str) -> Iterator[int]:
    """Yield a number for every twelve words in a row, without case and signs."""
    words = _WORD.findall(text.lower())
    for i in range(len(words) - _RUN + 1):
        yield hash(tuple(words[i : i + _RUN]))


def passages(text: str) -> Iterator[str]:
    """Cut a text into passages that end with a line; what is too short to tell anything is left out."""
    least, most = _SIZE
    passage = ""
    for line in text.splitlines(keepends=True):
        passage += line
        while len(passage) > 2 * most:  # a text without lines
            yield passage[:most]
            passage = passage[most:]
        if len(passage) >= least:
            yield passage
            passage = ""
    if len(passage) > least / 4:
        yield passage


def rich(text: str) -> bool:
    """Tell whether a passage speaks of arrest, charge, sentence or release again and again."""
    return sum(1 for _ in _happened().finditer(text)) >= _RICH


@cache
def _happened() -> re.Pattern[str]:
    """Return what finds the words of `lang/en/status.yml`."""
    words = status_words()
    forms = {form for group in (words.forms, words.active) for forms in group.values() for form in forms}
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")\b", re.IGNORECASE)


def _read(
    items: Iterable[Report | Rejected], known: set[int], *, words: int, seed: int, told: Callable[[Rejected], None]
) -> _Source:
    source = _Source(Chosen(words), Chosen(words))
    for item in items:
        if isinstance(item, Report):
            _sort(item.text, source, known, seed)
        else:
            told(item)
    return source


def _sort(text: str, source: _Source, known: set[int], seed: int) -> None:
    for passage in passages(text):
        size = len(passage.split())
        source.words += size
        if known.isdisjoint(runs(passage)):
            (source.rich if rich(passage) else source.other).add(_key(passage, seed), size, passage)


def _share(source: _Source, words: float) -> Iterator[str]:
    """Yield a path's share; where rich passages are too few, others stand in."""
    many = min(source.rich.words, int(words * _RICH_SHARE))
    yield from source.rich.take(many)
    yield from source.other.take(int(words) - many)


def _key(text: str, seed: int) -> int:
    """Return a number that is random, but the same for the same text and seed."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{text}".encode()).digest()[:8])
