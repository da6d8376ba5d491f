"""Find known names of places in a text, in one pass: whole words, the longest name first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.gazetteer import fold
from pipeline.rules.places import Name, PlaceRules, place_rules

_LETTERS = r"(?:[^\W_]|[\u0300-\u036f])+"
_WORD = re.compile(rf"{_LETTERS}(?:['’‘ʼʻ](?![sS]\b){_LETTERS})*")
_INITIALS = 5
_JOINT = re.compile(r"[\s\-–.,'’&()/]{1,4}")


@dataclass(frozen=True, slots=True)
class Named:
    """A known name at a place of a text."""

    start: int
    end: int
    name: Name


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Known names by their first word, the longest first."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], Name], ...]]

    def exactly(self, text: str) -> Name | None:
        """Return the name that *text* is as a whole, the article apart."""
        bare = re.sub(r"^[Tt]he\s+", "", text.strip())
        found = next(self.found_in(bare), None)
        if found and found.start == 0 and not bare[found.end :].strip(" .,)"):
            return found.name
        return None

    def found_in(self, text: str) -> Iterator[Named]:
        """Yield the names in *text* in order, none overlapping another."""
        words = [match.span() for match in _WORD.finditer(text)]
        position = 0
        while position < len(words):
            found = self._at(text, words, position)
            position += found[1] if found else 1
            if found:
                yield found[0]

    def _at(self, text: str, words: list[tuple[int, int]], position: int) -> tuple[Named, int] | None:
        start, end = words[position]
        if not (text[start].isupper() or text[start].isdigit()):
            return None
        for key, name in self.by_first.get(_folded(text[start:end]), ()):
            stop = _stop(text, words, position, key)
            if stop and _may_be(text[start:stop], name):
                return Named(start, stop, name), len(key)
        return None


@cache
def known_names() -> NameIndex:
    """Return the index of the names under `models/places/`."""
    return name_index(place_rules())


def name_index(rules: PlaceRules) -> NameIndex:
    """Index all names of *rules*."""
    return NameIndex(_by_first((_key(name.text), name) for name in rules.names))


def _by_first(
    keyed: Iterable[tuple[tuple[str, ...], Name]],
) -> dict[str, tuple[tuple[tuple[str, ...], Name], ...]]:
    entries: dict[str, list[tuple[tuple[str, ...], Name]]] = {}
    for key, name in keyed:
        entries.setdefault(key[0], []).append((key, name))
    return {first: tuple(sorted(n, key=lambda e: -len(e[0]))) for first, n in entries.items()}


def _key(name: str) -> tuple[str, ...]:
    return tuple(_folded(match.group()) for match in _WORD.finditer(name))


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() and "'" not in word else fold(word)


def _may_be(text: str, name: Name) -> bool:
    """Compare letter by letter where case tells: CAR is a country, SWAT is no valley."""
    if name.exact:
        return _letters(text) == _letters(name.text)
    initials = text.isupper() and len(text) <= _INITIALS and not name.text.isupper()
    return name.role == "country" or not initials


def _letters(text: str) -> str:
    return text.replace(".", "")


def _stop(text: str, words: list[tuple[int, int]], position: int, key: tuple[str, ...]) -> int | None:
    """Return the end of *key* in *text* if it stands there, the last point of initials included."""
    stop = words[position][1]
    for offset, word in enumerate(key[1:], position + 1):
        if offset == len(words):
            return None
        start, end = words[offset]
        if not _JOINT.fullmatch(text, stop, start) or _folded(text[start:end]) != word:
            return None
        stop = end
    initials = len(key) > 1 and len(key[-1]) == 1 and key[-1] != "s"
    if initials or (len(key) > 1 and key[-1] == "s" and text[stop - 2 : stop - 1] == "."):
        return stop + (text[stop : stop + 1] == ".")
    return stop
