"""Find known names of places in a text, in one pass: whole words, the longest name first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from pipeline.gazetteer import fold
from pipeline.rules.places import Name, PlaceRules, place_rules

_LETTER = r"(?:[^\W_]|[\u0300-\u036f])"
_MORE = rf"(?:['’‘ʼʻ](?![sS]\b){_LETTER}+)*"
_WORD = re.compile(rf"{_LETTER}+{_MORE}")
# A word with a capital or a figure: what a name may open with. To look at those alone takes a third of the time.
_OPENING = re.compile(rf"(?<!{_LETTER})(?<!{_LETTER}['’‘ʼʻ])[^\Wa-z_]{_LETTER}*{_MORE}")
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
        end = 0
        for opening in _OPENING.finditer(text):
            if opening.start() >= end and (found := self._opened(text, opening)):
                end = found.end
                yield found

    def at(self, text: str, start: int) -> Named | None:
        """Return the name that begins at *start*."""
        opening = _OPENING.match(text, start)
        return self._opened(text, opening) if opening else None

    def _opened(self, text: str, opening: re.Match[str]) -> Named | None:
        known = self.by_first.get(_folded(opening[0]))
        return _longest(text, opening.start(), known) if known else None


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


def _longest(text: str, start: int, known: Iterable[tuple[tuple[str, ...], Name]]) -> Named | None:
    """Return the first of *known* names, the longest first, that stands at *start*."""
    words = [match.span() for match in islice(_WORD.finditer(text, start), max(len(key) for key, _ in known))]
    for key, name in known:
        stop = _stop(text, words, key)
        if stop and _may_be(text[start:stop], name):
            return Named(start, stop, name)
    return None


def _stop(text: str, words: list[tuple[int, int]], key: tuple[str, ...]) -> int | None:
    """Return the end of *key* in *text* if its *words* begin with it, the last point of initials included."""
    stop = words[0][1]
    for offset, word in enumerate(key[1:], 1):
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
