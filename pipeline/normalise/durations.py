"""A term's words to ISO 8601 durations in the units of the text, and to days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.normalise.numbers import cardinal, fold
from pipeline.normalise.phrases import run_together
from pipeline.rules.durations import DurationWords, Unit, duration_words
from pipeline.rules.numbers import number_words

# Mean lengths in the Gregorian calendar: a term of years is no whole number of days.
_DAYS: dict[str, float] = {"Y": 365.2425, "M": 30.436875, "W": 7, "D": 1, "H": 1 / 24}
_BEYOND: dict[str, float] = {"life": 1e8, "death": 1e9}  # days: longer than any term of years
_ISO = re.compile(r"P(?:T?(?:[\d.]+[YMWDH]))+")


@dataclass(frozen=True, slots=True)
class Length:
    """Bounds of a term as ISO 8601 durations, or `life` or `death`; None where open."""

    min: str | None
    max: str | None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, unit, life, death, joiner, and
    number: float = 0
    unit: Unit = "D"


def days(duration: str | None) -> float | None:
    """Return the days of an ISO 8601 duration, one decimal; None for life, death and open ends.

    >>> days("P10D"), days("P2Y6M"), days("PT48H"), days("life")
    (10.0, 913.1, 2.0, None)
    """
    if duration is None or not _ISO.fullmatch(duration):
        return None
    return round(sum(float(n) * _DAYS[u] for n, u in re.findall(r"([\d.]+)([YMWDH])", duration)), 1)


def rank(term: str) -> float:
    """Return a number by which terms are put in order, the lightest first; life is longer than any, death comes last.

    >>> sorted(["death", "P20Y", "life", "P30M"], key=rank)
    ['P30M', 'P20Y', 'life', 'death']
    """
    known = days(term)
    return known if known is not None else _BEYOND[term]


def ordered(bounded: Length) -> Length:
    """Return bounds the lower first: "two years or one year" is one to two years.

    >>> ordered(Length("P2Y", "P1Y"))
    Length(min='P1Y', max='P2Y')
    """
    if bounded.min is None or bounded.max is None or rank(bounded.min) <= rank(bounded.max):
        return bounded
    return Length(bounded.max, bounded.min)


@lru_cache(maxsize=4096)
def length(text: str, *, unit: Unit | None = None, language: str = "en") -> Length | None:
    """Return the bounds of a term; *unit* is what a bare number is taken to count.

    >>> length("10 to 20 days"), length("up to 15 years")
    (Length(min='P10D', max='P20D'), Length(min=None, max='P15Y'))
    """
    folded = fold(text).replace("’", "'")
    bound, body = _bound(folded)
    tokens = _tokens(body, duration_words(language))
    terms = _terms(tokens, unit)
    if not terms:
        return None
    if len(terms) > 1:
        falls = rank(terms[0]) > rank(terms[-1])
        return Length(None, terms[0]) if falls and bound in ("at_most", "fewer_than") else Length(terms[0], terms[-1])
    return _with_bound(bound, terms[0])


@cache
def _bounds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    qualifiers = number_words().qualifiers
    return tuple(
        (name, re.compile(rf"(?<!\w)(?:{run_together(getattr(qualifiers, name))})(?![^\W\d_])"))
        for name in ("at_most", "at_least", "fewer_than", "more_than")
    )


def _bound(text: str) -> tuple[str, str]:
    for name, pattern in _bounds():
        if found := pattern.search(text):
            return name, f"{text[: found.start()]} {text[found.end() :]}"
    return "", text


def _with_bound(bound: str, term: str) -> Length:
    if term in ("life", "death"):
        return Length(term, term)
    if bound in ("at_most", "fewer_than"):
        return Length(None, term)
    return Length(term, None if bound else term)


@cache
def _lexer(language: str) -> re.Pattern[str]:
    known, numbers = duration_words(language), number_words(language)
    units = run_together(tuple(known.unit_of()))
    words = run_together((*numbers.words, *numbers.scales))
    number = rf"\d+(?:[.,]\d+)*|(?:{words})(?:(?:-|(?<=hundred)\s+and\s+|\s+)(?:{words})(?!\w)(?!\s*-?\s*half))*"
    half = run_together(known.halves)
    return re.compile(
        rf"(?P<half>(?<!\w)(?:{half})(?!\w))|(?P<unit>(?<![^\W\d_])(?:{units})(?!\w))"
        rf"|(?P<life>(?<!\w)(?:{run_together(known.life)})(?!\w))|(?P<death>(?<!\w)(?:{run_together(known.death)})(?!\w))"
        rf"|(?P<number>(?<!\w)(?:{number})(?![^\W\d_]))|(?P<article>(?<!\w)an?(?=\s+(?:{units})))"
        r"|(?P<joiner>(?<!\w)(?:to|or)(?!\w)|[-–—](?=\s*\d))|(?P<and>(?<!\w)(?:and|plus)(?!\w)|,)"
    )


def _tokens(text: str, known: DurationWords) -> list[_Token]:
    unit_of = known.unit_of()
    spaced = re.sub(r"(?<=\w)-\s*(?=[^\W\d_])|(?<=[^\W\d_])-(?=\s)", " ", text)
    spaced = re.sub(r"'s?(?!\w)|\sminus\s.*", "", spaced)
    spaced = re.sub(rf"(?<!\w)(?:{run_together(known.pointing)})\s+(?:{run_together(tuple(unit_of))})(?!\w)", "", spaced)
    tokens: list[_Token] = []
    for found in _lexer("en").finditer(spaced):
        kind, word = str(found.lastgroup), found[0]
        if kind == "half":
            _add_half(tokens)
        elif kind == "unit":
            tokens.append(_Token("unit", unit=unit_of[word]))
        elif kind == "number":
            tokens.append(_Token("number", cardinal(word) or 0))
        elif kind == "article":
            tokens.append(_Token("number", 1))
        else:
            tokens.append(_Token(kind))
    return tokens


def _add_half(tokens: list[_Token]) -> None:
    """Add a half to the number before it, also in "a year and a half"; on its own it is 0.5."""
    while tokens and tokens[-1].kind == "and":
        tokens.pop()
    for i in range(len(tokens) - 1, max(-1, len(tokens) - 3), -1):
        if tokens[i].kind == "number":
            tokens[i] = _Token("number", tokens[i].number + 0.5)
            return
    tokens.append(_Token("number", 0.5))


def _terms(tokens: Sequence[_Token], unit: Unit | None) -> list[str]:
    """Return the durations of a row of tokens: one, or the two ends of a range."""
    groups: list[list[_Token]] = [[]]
    for i, token in enumerate(tokens):
        later = next((t.kind for t in tokens[i + 1 :] if t.kind in ("number", "life", "death")), None)
        parts_of_one = token.kind == "and" and _compound(tokens, i)
        if token.kind in ("joiner", "and") and later and groups[-1] and not parts_of_one:
            groups.append([])
        else:
            groups[-1].append(token)
    last = next((t.unit for t in reversed(tokens) if t.kind == "unit"), unit)
    found = [_duration(group, last) for group in groups]
    return [f for f in found if f is not None] if all(found) else [f for f in found[:1] if f]


def _compound(tokens: Sequence[_Token], i: int) -> bool:
    """Tell "two years and six months" (a smaller unit follows) from "two years and three years"."""
    order = "YMWDH"
    before = [t for t in tokens[:i] if t.kind == "unit"]
    after = [t for t in tokens[i + 1 :] if t.kind == "unit"]
    return bool(before and after and tokens[i - 1].kind == "unit") and order.index(before[-1].unit) < order.index(after[0].unit)


def _duration(tokens: Sequence[_Token], default: Unit | None) -> str | None:
    for token in tokens:
        if token.kind in ("life", "death"):
            return token.kind
    parts: dict[str, float] = {}
    pending: float | None = None
    for token in tokens:
        if token.kind == "number":
            pending = token.number
        elif token.kind == "unit" and pending is not None:
            parts[token.unit], pending = pending, None
    if pending is not None and not parts and default:
        parts[default] = pending
    return _iso(parts) if parts else None


def _iso(parts: dict[str, float]) -> str:
    if parts.get("Y", 0) % 1:
        parts = {
            "Y": parts["Y"] // 1,
            "M": round(parts["Y"] % 1 * 12) + parts.get("M", 0),
            **{k: v for k, v in parts.items() if k not in "YM"},
        }
    parts = {k: v for k, v in parts.items() if v or len(parts) == 1}
    time = "".join(f"{parts[u]:g}{u}" for u in "H" if u in parts)
    return "P" + "".join(f"{parts[u]:g}{u}" for u in "YMWD" if u in parts) + (f"T{time}" if time else "")
