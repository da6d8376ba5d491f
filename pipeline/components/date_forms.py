"""Dates that are certain by themselves: closed forms, found beside the network. Their words are in `models/lang/en/dates.yml`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.normalise.days import YEAR
from pipeline.normalise.surface import alternatives
from pipeline.rules.dates import Form, date_words

Place = tuple[int, int]

_GAP = r"(?:[ \u00a0]{1,4}(?:\n[ \u00a0]{0,8})?|\n[ \u00a0]{0,8})"  # no end of a paragraph; bounded, so that the time is linear
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_END = r"(?![\w/]|[.,-]\d)"
_NOTE = r"(?=\.?\d{1,3}(?![\w/]|[.,]\d))"  # the number of a footnote behind a year: "May 201712", "May 2017.12"
_SIDE = 24  # characters beside a form in which a word may forbid it
_SENTENCE = 160  # characters before a form in which a sum may stand
_HEAD = re.compile(r"(?:\A|[.!?:;|\n•–—\"“”‘’'(\[-])\s*\Z")
_NAME = re.compile(r"\b[A-Z][\w.’'-]*[ \u00a0]\Z")
_STOP = re.compile(r"[.!?]\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A form as patterns: `found` has the date as its group."""

    form: Form
    found: re.Pattern[str]
    not_after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None


def closed_forms(text: str, *, alone: bool) -> list[Place]:
    """Return the places of the dates in *text* that are certain by themselves.

    *alone* says that no network ran: then years and months that a preposition makes sure count too.
    """
    places = [found.span("date") for found in _full().finditer(text)]
    places += [found.span(found.lastgroup or 0) for found in _glued().finditer(text)]
    if alone:
        places += [found.span("date") for found in _after_preposition().finditer(text)]
    return places + [place for form in date_words().forms for place in places_of(form, text)]


@lru_cache
def _full() -> re.Pattern[str]:
    """Return a pattern for dates that no form needs to list; months with a capital, since "may" is a verb."""
    month, year = _months(), rf",?{_GAP}{YEAR}"
    dated = (
        rf"{_DAY}\.?{_GAP}(?:of{_GAP})?{month}{year}",
        rf"{month}{_GAP}{_DAY}{year}",
        rf"{month}{year}",
    )
    others = (
        rf"{_DAY}\.?{_GAP}(?:of{_GAP})?{month}",
        rf"(?<=\b[Oo]n ){month}{_GAP}{_DAY}",
        rf"{YEAR}-\d\d-\d\d",
        rf"\d\d?(?P<sign>[./])\d\d?(?P=sign){YEAR}",
        r"(?:(?:early|mid|late)[ -])?(?:1[6-9]|20)\d0s",
    )
    return re.compile(rf"(?<![\w./-])(?P<date>(?:{'|'.join(dated)})(?:{_END}|{_NOTE})|(?:{'|'.join(others)}){_END})")


@lru_cache
def _glued() -> re.Pattern[str]:
    """Return a pattern for dates run together with the words beside them, as PDFs have them: "InJune,11men", "in 20091."."""
    month = alternatives(name.title() for name in full_names() if name != "may")
    return re.compile(
        rf"(?<=[Ii]n)(?P<date>{month}|May(?![a-z]))|(?<=on)(?P<day>{_DAY} ?{month}(?: ?{YEAR})?)(?!\d)"
        rf"|\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring){_GAP}(?P<year>(?:19|20)\d\d)(?=\.?\d{{1,2}}(?:[.,;:]\s|\s+(?:[A-Z]|(?:the|an?|s?he|they)\b)))"
    )


@lru_cache
def _after_preposition() -> re.Pattern[str]:
    """Return a pattern for years and months that a preposition makes certain."""
    lead = r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Dd]uring|[Ee]arly|[Ll]ate)"
    people = r"\s+(?:people|persons|men|women|\d)"
    return re.compile(rf"{lead}\s+(?P<date>{YEAR}|{_months()})(?![\w/%]|[.,-]\d|{people})")


@lru_cache
def _months() -> str:
    names = date_words().months.words
    whole = alternatives(form for name in names for form in (name.title(), name.upper())) + r"\.?"
    return rf"(?:{whole}|{_broken()})"


@lru_cache
def full_names() -> frozenset[str]:
    """Return the longest name of each month: a shorter one is an abbreviation and may have a full stop of its own."""
    longest: dict[int, str] = {}
    for name, month in date_words().months.words.items():
        longest[month] = max(longest.get(month, ""), name, key=len)
    return frozenset(longest.values())


def _broken() -> str:
    """Return a pattern for months that a hyphen breaks over two lines."""
    long = [name.title() for name in full_names() if len(name) > len("june")]
    return "|".join(rf"{name[:i]}-\n{name[i:]}" for name in long for i in range(2, len(name) - 1))


def places_of(form: Form, text: str) -> Iterator[Place]:
    """Yield the places in *text* that have one form of the words."""
    compiled = _compiled()[form.id]
    for found in compiled.found.finditer(text):
        start, end = found.span("date")
        if capitals_fit(text, start, end) and _allowed(compiled, text, start, end):
            yield start, end


def _allowed(compiled: _Compiled, text: str, start: int, end: int) -> bool:
    """Say whether the words beside a form let it be a date."""
    if compiled.not_after and compiled.not_after.search(text, max(0, start - _SIDE), start):
        return False
    if compiled.not_before and compiled.not_before.match(text, end):
        return False
    return not compiled.form.after_sum or _has_sum(_STOP.split(text[max(0, start - _SENTENCE) : start])[-1])


def _has_sum(before: str) -> bool:
    return _sums().search(before) is not None


@lru_cache
def _sums() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){alternatives(date_words().sums.phrases)}(?![a-z])", re.IGNORECASE)


def capitals_fit(text: str, start: int, end: int) -> bool:
    """Say whether names of months and days have their capital, and other words none but at the head of a sentence.

    "may", "march" are verbs; "This Week", "Russia Today" are programmes; "Mr Sunday Obasi" is a man.
    """
    for word in re.finditer(r"[^\W\d_]+", text[start:end]):
        at = start + word.start()
        if word[0].casefold() in _names():
            if not word[0][0].isupper() or (at == start and _is_name(text, start, end)):
                return False
        elif not word[0].islower() and not (at == start and _HEAD.search(text, max(0, start - 8), start)):
            return False
    return True


def _is_name(text: str, start: int, end: int) -> bool:
    """Say whether a weekday belongs to a name: between capitals, or with one before it that opens no sentence."""
    if text[start:end].casefold() not in date_words().weekdays.words:
        return False
    if _leads().search(text, max(0, start - _SIDE), start):
        return False
    return bool(_NAME.search(text, max(0, start - _SIDE), start) or re.match(r" [A-Z][a-z]", text[end : end + 3]))


@lru_cache
def _leads() -> re.Pattern[str]:
    """Return a pattern for the words before a weekday that make it one: "on Sunday", "last Sunday"."""
    words = date_words()
    return re.compile(rf"(?<!\w){alternatives([*words.prepositions.phrases, *words.steps.words])}\s*\Z", re.IGNORECASE)


@lru_cache
def _names() -> frozenset[str]:
    words = date_words()
    return frozenset(words.months.words) | frozenset(words.weekdays.words)


@lru_cache
def _compiled() -> dict[str, _Compiled]:
    return {form.id: _compile(form) for form in date_words().forms}


def _compile(form: Form) -> _Compiled:
    spaced = form.form.replace("[ -]", r"[\s-]").replace(" ?", r"\s?").replace(" ", _GAP)
    pattern = re.sub(r"\{([a-z_]+)\}", lambda m: _groups()[m[1]].replace(r"\ ", _GAP), spaced)
    lead = rf"{_phrases(form.after)}{_GAP}" if form.after else ""
    return _Compiled(
        form,
        re.compile(rf"(?<![\w./-]){lead}(?P<date>{pattern})(?![\w/]|[.,-]\d)", re.IGNORECASE),
        re.compile(rf"(?<!\w){_phrases(form.not_after)}\s*\Z", re.IGNORECASE) if form.not_after else None,
        re.compile(rf"\s*{_phrases(form.not_before)}(?!\w)", re.IGNORECASE) if form.not_before else None,
    )


def _phrases(phrases: tuple[str, ...]) -> str:
    """Return a pattern for any of *phrases*, with what names in braces stand for."""
    return re.sub(r"\\\{([a-z_]+)\\\}", lambda m: _groups()[m[1]], alternatives(phrases))


@lru_cache
def _groups() -> dict[str, str]:
    """Return what the names in braces stand for."""
    words = date_words()
    numbers = words.numbers.words
    return {
        "month": alternatives(words.months.words),
        "abbreviated": alternatives(words.months.words.keys() - full_names()),
        "season": alternatives(words.seasons.words),
        "weekday": alternatives(name for name in words.weekdays.words if name.endswith("day")),
        "number": alternatives(numbers),
        "tens": alternatives(word for word, number in numbers.items() if number >= 20),
        "ones": alternatives(word for word, number in numbers.items() if number < 10 and len(word) > 2),
        "year": YEAR,
        "day": _DAY,
    }
