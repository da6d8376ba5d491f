"""Text as it was meant: characters composed, invisible ones gone, words that the end of a line cut put together.

Nothing here guesses: what is not certain stays as it is. What is taken out or mended is counted.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.rules.line_ends import LineEnds, line_ends

# The soft hyphen, spaces and joiners without width, the mark of a byte order, the place of an object (a picture).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc\ufff9-\ufffb]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LIGATURES = str.maketrans({chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)})
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_LETTERS = r"[^\W\d_]"
_COMMA = re.compile(rf"(?<=[a-z]{{2}}),(?={_LETTERS}{{2}})")
_CUT = re.compile(r"([\w’'.]+)-$")
_REST = re.compile(r"[\w’']+")
_CAPITAL = re.compile(r"([a-z]{5,})([A-Z][a-z]{2,})")
_USUAL = 2  # times that a word stands in a document, for it to be known
_WORD = re.compile(rf"{_LETTERS}+(?:[-’']{_LETTERS}+)*")


@dataclass(slots=True)
class Repairs:
    """What was taken out of a text or put right in it: lines of running heads, hyphens, single characters, run-together words."""

    heads: int = 0
    hyphens: int = 0
    characters: int = 0
    spaces: int = 0


def characters(text: str, repairs: Repairs) -> str:
    r"""Return *text* with accents composed (NFC), ligatures as letters, and characters that nobody sees taken out.

    >>> characters("e\u0301tat of\ufb01cial de\u00adtained", Repairs())
    'état official detained'
    """
    if text.isascii() and not _CONTROLS.search(text):
        return text
    seen = _CONTROLS.sub("", _INVISIBLE.sub("", text))
    repairs.characters += len(text) - len(seen)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", seen).translate(_LIGATURES))


def spaces(text: str, repairs: Repairs, known: Mapping[str, int], rules: LineEnds | None = None) -> str:
    """Return *text* with the spaces that its file lost, where there is no doubt; *known* counts the document's words.

    >>> spaces("abroad,so much ofthe day", Repairs(), {})
    'abroad, so much of the day'
    """
    rules = rules or line_ends()
    text, commas = _COMMA.subn(", ", text)
    words = [_parted(_CAPITAL.sub(r"\1 \2", word) if _two(word, known) else word, rules) for word in text.split(" ")]
    repairs.spaces += commas + sum(" " in word for word in words)
    return " ".join(words)


def _two(word: str, known: Mapping[str, int]) -> bool:
    """Say whether a capital within *word* begins another one: "newspaperTolyshi", where italics begin."""
    found = _CAPITAL.fullmatch(word)
    return found is not None and known.get(found[1], 0) >= _USUAL


def _parted(word: str, rules: LineEnds) -> str:
    if not word.isalpha() or not word.islower():
        return word
    cuts = (at for at in range(2, len(word) - 1) if word[:at] in rules.glued.first and word[at:] in rules.glued.second)
    at = next(cuts, None)
    return word if at is None else f"{word[:at]} {word[at:]}"


def ends_cut(line: str) -> bool:
    """Say whether *line* ends within a word.

    >>> ends_cut("the govern-"), ends_cut("the governor -"), ends_cut("the governor")
    (True, False, False)
    """
    return bool(_CUT.search(line))


def mended(left: str, right: str, known: Mapping[str, int], rules: LineEnds | None = None) -> str:
    """Return what is left of the line *left* for *right* to follow: without its hyphen, or with it where it belongs to the word.

    *known* counts the words of the document in lower case, as they stand within lines.

    >>> mended("the govern-", "ment", {"government": 3}), mended("self-", "styled", {})
    ('the govern', 'self-')
    """
    rules = rules or line_ends()
    cut, rest = _CUT.search(left), _REST.match(right)
    if not cut or not rest:
        return left
    return left if _hyphenated(cut[1], rest[0], known, rules) else left[:-1]


def _hyphenated(first: str, second: str, known: Mapping[str, int], rules: LineEnds) -> bool:
    """Say whether the hyphen between two parts of a word is its own."""
    if not second[:1].islower() or first[-1:].isdigit() or first.isupper():
        return True
    first, second = first.casefold(), second.casefold()
    whole, parted = known.get(first + second, 0), known.get(f"{first}-{second}", 0)
    if whole or parted:
        return parted > whole
    if first in rules.keep or second in rules.last:
        return True
    return min(known.get(first, 0), known.get(second, 0)) > 0 and min(len(first), len(second)) > 3


def words(texts: Iterable[str]) -> dict[str, int]:
    """Return how often each word of *texts* stands there, in lower case.

    >>> words(["Ill-treated people", "people"])
    {'ill-treated': 1, 'people': 2}
    """
    count: dict[str, int] = {}
    for text in texts:
        for word in _WORD.findall(text):
            lower = word.casefold()
            count[lower] = count.get(lower, 0) + 1
    return count
