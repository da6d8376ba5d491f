"""A quantity's words to its bounds: "more than 100" is 101 and up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from pipeline.normalise.phrases import run_together
from pipeline.rules.numbers import NumberWords, number_words

_FIGURE = re.compile(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:\.\d+)?")
_RANGE = re.compile(r"(?<=\d)\s*[-\u2013\u2014]\s*(?=\d)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Bounds, included; None where open. `approx` says that the text itself rounds."""

    low: int | None
    high: int | None
    approx: bool = False


@cache
def _leading(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{run_together(phrases)})(?![^\W\d_]),?\s*")


@cache
def _trailing(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?<!\w)(?:{run_together(phrases)})$")


def fold(text: str) -> str:
    """Return *text* in lower case, with single spaces, plain hyphens and no brackets at its ends."""
    return " ".join(text.casefold().replace("\u2010", "-").replace("\u2011", "-").split()).strip("()[]“”\"' ,.;:")


def negated(text: str, start: int) -> int:
    """Return where the "no" or "not" before a qualifier begins: cut off, "no more than five" would say the contrary.

    >>> negated("for no more than five years", 7)
    4
    """
    before = re.search(r"(?<!\w)(?:no|not)\s+$", text[max(0, start - 8) : start], re.IGNORECASE)
    qualified = re.match(r"(?:more|less|fewer|longer|later|exceeding)\b", text[start:], re.IGNORECASE)
    return start - len(before[0]) if before and qualified else start


def cardinal(text: str, *, language: str = "en") -> float | None:
    """Return the one number that *text* says in figures or words, or None.

    >>> cardinal("one hundred and twenty"), cardinal("15,000"), cardinal("forty-four"), cardinal("men")
    (120, 15000, 44, None)
    """
    known = number_words(language)
    words = [w for w in re.split(r"[\s-]+", _join_thousands(text)) if w]
    if not words or words[0] == "and":
        return None
    return _sum(words, known)


def _join_thousands(text: str) -> str:
    return _FIGURE.sub(lambda m: re.sub(r"[,\u00a0\u202f ]", "", m[0]), text)


def _sum(words: Sequence[str], known: NumberWords) -> float | None:
    total: float = 0
    current: float | None = None
    for word in words:
        value = _value(word, known)
        if word in known.scales:
            current = (1 if current is None else current) * known.scales[word]
            if known.scales[word] >= 1000:
                total, current = total + current, None
        elif value is not None:
            current = (current or 0) + value
        elif not (word == "and" and (current or total)):
            return None
    result = total + (current or 0)
    return int(result) if result == int(result) else result


def _value(word: str, known: NumberWords) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", word):
        return float(word)
    return known.words.get(word, 1 if word in ("a", "an") else None)


@lru_cache(maxsize=4096)
def quantity(text: str, *, language: str = "en") -> Quantity | None:
    """Return the bounds of a number of people, or None where *text* states none.

    >>> quantity("at least 48"), quantity("10 to 12")
    (Quantity(low=48, high=None, approx=False), Quantity(low=10, high=12, approx=False))
    """
    known = number_words(language)
    return _bounded(_without_whole(fold(text), known), known)


def _without_whole(text: str, known: NumberWords) -> str:
    """Return "48" of "48 of the 83": the part is counted, the whole is another mention."""
    if text in known.vague:
        return text
    part = re.split(rf"\s(?:{run_together(known.of)})\s", text, maxsplit=1)[0]
    return part if _bounded(part, known) else text


def _bounded(text: str, known: NumberWords) -> Quantity | None:
    for name in ("at_least", "more_than", "at_most", "fewer_than", "about"):
        phrases = getattr(known.qualifiers, name)
        for pattern in (_leading(phrases), _trailing(phrases)):
            found = pattern.match(text) if pattern is _leading(phrases) else pattern.search(text)
            if found and text not in known.vague:
                rest = text[: found.start()] + text[found.end() :]
                return _apply(name, _bounded(rest, known))
    return _plain(text, known)


def _apply(name: str, inner: Quantity | None) -> Quantity | None:
    if inner is None:
        return None
    low, high = inner.low, inner.high
    match name:
        case "at_least":
            return Quantity(low, None)
        case "more_than":
            return Quantity(None if high is None and low is None else (low if high is None else high + 1), None)
        case "at_most":
            return replace(inner, low=None)
        case "fewer_than":
            return Quantity(None, None if high is None else high - 1)
    return replace(inner, approx=inner.high is not None)


def _plain(text: str, known: NumberWords) -> Quantity | None:
    text = _strip_empty(text, known)
    if text in known.vague:
        return Quantity(known.vague[text], None)
    if text in known.groups:
        return Quantity(known.groups[text], known.groups[text])
    return _range(text, known) or _exact(text)


def _strip_empty(text: str, known: NumberWords) -> str:
    keep = set(known.vague) | set(known.groups)
    while text not in keep and (found := _leading(known.empty).match(text)):
        if found.end() == len(text) or text[found.end() :] in known.scales:
            break
        text = text[found.end() :]
    return text


def _range(text: str, known: NumberWords) -> Quantity | None:
    started = _leading(known.between).match(text)
    body = text[started.end() :] if started else text
    joined = r"to|and|or" if started else r"to|or"
    parts = re.split(rf"\s+(?:{joined})\s+|{_RANGE.pattern}", body)
    if len(parts) != 2:
        return None
    low, high = (_exact(p.strip()) for p in parts)
    if low is None or high is None or low.low is None or high.high is None or low.low >= high.high:
        return None
    return Quantity(low.low, high.high, low.approx or high.approx)


def _exact(text: str) -> Quantity | None:
    value = cardinal(text)
    if value is None or value != int(value) or not re.search(r"\w", text) or text in ("a", "an"):
        return None
    return Quantity(int(value), int(value), bool(re.search(r"\bdozen$|\bscore$", text)))
