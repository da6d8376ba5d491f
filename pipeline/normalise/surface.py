"""What the eye reads past: signs, spaces, capitals, numbers in words."""

import re
from collections.abc import Iterable

from pipeline.rules.dates import date_words

_BROKEN = re.compile(r"\b([a-z]+)-\s*\n\s*([a-z]+)\b")
_SPELT = re.compile(r"\b(1[6-9]|20) (?:(\d0)(?:[- ]([1-9]))?|(1\d))\b")
_COMPOUND = re.compile(r"\b([23]0)[- ]([1-9])(?:st|nd|rd|th)\b")
_NOTE = re.compile(r"([a-z],? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:1[89]|20)\d\d),? ?\d{1,3}$")
_THOUSAND = re.compile(r"\b2 thousand(?: and)?(?: (\d\d?))?\b")


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of *words*, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


def plain(text: str) -> str:
    """Return *text* as the grammar reads it: lower case, plain signs, numbers as figures.

    >>> plain("Late\\nSept. 2017[12],"), plain("the first half of 1996"), plain("23January")
    ('late sept 2017', 'the 1st half of 1996', '23 january')
    """  # noqa: D301 - the example has a line break in it
    text = re.sub(r"[‘’ʼ`´]", "'", text.casefold())
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = _BROKEN.sub(_unbroken, text)
    text = re.sub(r"\[\d{1,3}\]|[¹²³⁰⁴-⁹]+|[\u00ad\u200b\"“”()\[\]]", "", text)
    text = re.sub(r"(\d)([a-z]{3,})", r"\1 \2", text)
    text = re.sub(r"([a-z])(\d)", r"\1 \2", text)
    text = re.sub(r"([a-z])\.", r"\1", text)
    text = re.sub(r"\s*([,-])\s*", lambda m: ", " if m[1] == "," else "-", " ".join(text.split()))
    text = re.sub(r"(\d)\. (?=[a-z])", r"\1 ", text.strip(" ,.;:'-"))
    text = _NOTE.sub(r"\1", text)  # "May 2017" with the number of its footnote, 12: "May 201712"
    return _figures(text if "year" in text or text.endswith("0's") else text.removesuffix("'s"))


def _unbroken(found: re.Match[str]) -> str:
    """Return a month that a hyphen breaks over two lines in one piece: "Septem-" "ber"."""
    whole = found[1] + found[2]
    return whole if whole in date_words().months.words else found[0]


def _figures(text: str) -> str:
    """Return *text* with number words as figures, and ordinals as `1st`-like `-th` words."""
    words = date_words()
    ordinals = words.ordinals.words
    if any(word in text for word in ordinals):
        text = _whole(ordinals).sub(lambda m: _ordinal(ordinals[m[0]]), text)
    numbers = {word: number for word, number in words.numbers.words.items() if len(word) > 2}
    text = _whole(numbers).sub(lambda m: str(numbers[m[0]]), text)
    text = _THOUSAND.sub(lambda m: str(2000 + int(m[1] or 0)), text)
    text = _COMPOUND.sub(lambda m: f"{int(m[1]) + int(m[2])}th", text)
    return _SPELT.sub(lambda m: m[1] + (m[4] or str(int(m[2]) + int(m[3] or 0))), text)


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of *words* that stands by itself."""
    return re.compile(rf"(?<![a-z']){alternatives(words)}(?![a-z'])")


def _ordinal(number: int) -> str:
    return {-1: "last", 1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
