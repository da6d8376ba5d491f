"""Where dates stand in a text and what each says: marked spans mended, closed forms added."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.components.mentions import Detected
from pipeline.normalise.days import YEAR
from pipeline.normalise.expressions import (
    Calendar,
    Expression,
    Point,
    Span,
    Step,
    Whole,
    needs_month,
    parse,
    shared,
)
from pipeline.normalise.surface import alternatives
from pipeline.rules.dates import date_words

Place = tuple[int, int]

_EDGES = " \t\n\r,.;:()[]\"'“”‘’–—-"
_DASHES = ("-", "–")
_UNTIL = ("to", "until", "through", "till")
_FROM = re.compile(r"\bfrom\s+\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:the (?:years|months) )?\Z", re.IGNORECASE)
_DROPPED = 3  # one more than the words that may be dropped from a span
_WORD = re.compile(r"[^\s.,;:()]+\.?(?=[\s.,;:()]|$)|[^\s.,;:()]+")
_LISTS = (re.compile(r"\s*(?:;|/|\band\b|\bor\b|&)\s*"), re.compile(r"\s*,\s*"))
_AND = re.compile(r"\s*,?\s*(?:and|or|to|until|&|/|-|–)\s*(?:the\s+)?")
_COMMA = re.compile(r"\s*,\s*")


_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Read:
    """A span and what its words say; `lent` is the place of the date of its list that lent it a month or year."""

    start: int
    end: int
    says: Expression
    lent: Place | None = None


def find(text: str, marked: Iterable[Detected], *, alone: bool = False) -> list[Read]:
    """Return the date expressions of *text*: the spans marked and the closed forms beside them.

    *alone* says that no network ran: then years and months that a preposition makes sure count too.
    """
    spans = [grown(text, span) for one in marked if (span := trimmed(text, one.start, one.end))]
    spans = united([*spans, *closed_forms(text, alone=alone)])
    read = [one for span in joined(text, spans) for one in _read(text, span)]
    return lend([_unstopped(text, one) for one in read if not _names_law(text, one)], text)


def _unstopped(text: str, read: Read) -> Read:
    """Leave out the full stop of the sentence ("on 25 March."), not that of an abbreviation ("on 3 Sept.")."""
    word = re.search(r"([^\W\d_]+)\.$", text[read.start : read.end])
    full = word and word[1].casefold() in _full_names()
    return replace(read, end=read.end - 1) if full else read


@lru_cache
def _full_names() -> frozenset[str]:
    """Return the longest name of each month: a shorter one is an abbreviation and may have a full stop of its own."""
    longest: dict[int, str] = {}
    for name, month in date_words().months.words.items():
        longest[month] = max(longest.get(month, ""), name, key=len)
    return frozenset(longest.values())


def trimmed(text: str, start: int, end: int) -> Place | None:
    """Return a span without the signs and prepositions at its edges, or None if nothing is left; it ends with its paragraph."""
    if paragraph := _PARAGRAPH.search(text, start, end):
        end = paragraph.start()
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    while start < end and (lead := _lead().match(text, start, end)):
        start = lead.end()
    return (start, end) if start < end else None


def grown(text: str, place: Place) -> Place:
    """Return a place grown to its qualifier, and to whole words where it makes no sense as it is.

    Not otherwise: in a badly scanned "InJune,11men" the network knows better where the month ends.
    """
    start, end = place
    if before := _qualifier().search(text, max(0, start - 40), start):
        start = before.start()
    if parse(text[start:end]) is None:
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
    return start, end


@lru_cache
def _lead() -> re.Pattern[str]:
    prepositions = alternatives(date_words().prepositions.phrases)
    return re.compile(rf"[\s,.;:()\[\]\"'“”‘’–—-]+|{prepositions}\s+", re.IGNORECASE)


@lru_cache
def _qualifier() -> re.Pattern[str]:
    """Return a pattern for what may be cut off before a period."""
    parts = "|".join(date_words().parts.words)
    nth = rf"the (?:first|second|third|fourth|last) (?:{parts}) of"
    whole = r"the (?:end|beginning|start|middle) of"
    return re.compile(rf"\b(?:{nth}|{whole}|early|late)\s+\Z|\bmid-\Z", re.IGNORECASE)


@lru_cache
def _closed() -> re.Pattern[str]:
    """Return a pattern for certain dates; months with a capital, since "may" is a verb."""
    month, gap = _months(), r"[ \u00a0\n]+"
    day, year = r"\d{1,2}(?:st|nd|rd|th)?", rf",?{gap}{YEAR}"
    forms = (
        rf"{day}\.?{gap}(?:of{gap})?{month}(?:{year})?",
        rf"{month}{gap}{day}{year}",
        rf"{month}{year}",
        rf"(?<=\b[Oo]n ){month}{gap}{day}",
        rf"{YEAR}-\d\d-\d\d",
        rf"\d\d?([./])\d\d?\1{YEAR}",
        r"(?:1[6-9]|20)\d0s",
    )
    return re.compile(rf"(?<![\w./-])(?:{'|'.join(forms)})(?![\w/]|[.,-]\d)")


@lru_cache
def _closed_alone() -> re.Pattern[str]:
    """Return a pattern for years and months that a preposition makes certain."""
    lead = r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Dd]uring|[Ee]arly|[Ll]ate)"
    people = r"\s+(?:people|persons|men|women|\d)"
    return re.compile(rf"{lead}\s+(?P<date>{YEAR}|{_months()})(?![\w/%]|[.,-]\d|{people})")


@lru_cache
def _months() -> str:
    names = date_words().months.words
    return alternatives(form for name in names for form in (name.title(), name.upper())) + r"\.?"


def closed_forms(text: str, *, alone: bool) -> list[Place]:
    """Return the places of the closed forms in *text*."""
    places = [found.span() for found in _closed().finditer(text)]
    if alone:
        places += [found.span("date") for found in _closed_alone().finditer(text)]
    return places


def united(places: Sequence[Place]) -> list[Place]:
    """Return *places* in order, those that overlap made one.

    >>> united([(5, 9), (0, 6), (20, 24)])
    [(0, 9), (20, 24)]
    """
    one: list[Place] = []
    for start, end in sorted(places):
        if one and start < one[-1][1]:
            one[-1] = (one[-1][0], max(end, one[-1][1]))
        else:
            one.append((start, end))
    return one


def joined(text: str, places: Sequence[Place]) -> list[Place]:
    """Return *places* with the ends of a range made one: "between [March] and [May]"."""
    one: list[Place] = []
    for start, end in places:
        if one and _is_range(text, one[-1], (start, end)):
            one[-1] = (one[-1][0], end)
        else:
            one.append((start, end))
    return one


def _is_range(text: str, first: Place, last: Place) -> bool:
    gap = " ".join(text[first[1] : last[0]].split()).strip(", ")
    ranged = _between(text, first[0])
    opened = ranged or _FROM.search(text, max(0, first[0] - 8), first[0])
    joins = gap in _DASHES or (gap in _UNTIL and opened) or (gap == "and" and ranged)
    return joins and isinstance(parse(text[first[0] : last[1]], ranged=ranged), Span)


def _between(text: str, start: int) -> bool:
    return _BETWEEN.search(text, max(0, start - 24), start) is not None


def _read(text: str, span: Place, lists: tuple[re.Pattern[str], ...] = _LISTS) -> Iterator[Read]:
    """Yield what a span says, or, if it is a list, what its members say."""
    says = parse(text[span[0] : span[1]], ranged=_between(text, span[0]))
    if says is not None:
        yield Read(*span, says)
    elif lists:
        for member in _members(text, span, lists[0]):
            yield from _read(text, member, lists[1:])
    elif found := _within(text, span):
        yield found


def _members(text: str, span: Place, separator: re.Pattern[str]) -> Iterator[Place]:
    edges = [edge for found in separator.finditer(text, *span) for edge in found.span()]
    for start, end in list(pairwise([span[0], *edges, span[1]]))[::2]:
        if member := trimmed(text, start, end):
            yield member


def _within(text: str, span: Place) -> Read | None:
    """Return the date in a span that holds a word too many, if it is certain without that word.

    Steps and weekdays are not: "the past year" is a duration, "every Friday" no day.
    """
    words = [found.span() for found in _WORD.finditer(text, *span)]
    for dropped in range(min(_DROPPED, len(words))):
        for left in range(dropped, -1, -1):
            start, end = words[left][0], words[len(words) - 1 - (dropped - left)][1]
            says = parse(text[start:end])
            if says is not None and (not dropped or isinstance(says, Calendar | Whole)):
                return Read(start, end, says)
    return None


@lru_cache
def _law() -> re.Pattern[str]:
    names = "|".join(name.title() for name in date_words().law_names.phrases)
    return re.compile(rf"\b(?:{names})(?:\s+No\.?\s*\S+)?,?\s+(?:of\s+|\()?\Z")


def _names_law(text: str, read: Read) -> bool:
    """Say whether a bare year only names a law: "the Public Order Act, 1986"."""
    bare = isinstance(read.says, Calendar) and isinstance(read.says.year, int) and read.says.month is None
    return bare and _law().search(text, max(0, read.start - 40), read.start) is not None


def lend(reads: Sequence[Read], text: str) -> list[Read]:
    """Return *reads* with what one date leaves to the next: "20 and 21 July"."""
    lent = _from_right(_from_left(_from_right(reads, text), text), text)
    return [read for read in lent if not needs_month(read.says)]


def _from_right(reads: Sequence[Read], text: str) -> list[Read]:
    lent = list(reads)
    for i in range(len(lent) - 2, -1, -1):
        lent[i] = _from_next(lent[i], lent[i + 1], text, chained=lent[i + 1] is not reads[i + 1])
    return lent


def _from_left(reads: Sequence[Read], text: str) -> list[Read]:
    lent = list(reads)
    for i in range(1, len(lent)):
        if needs_month(lent[i].says) and _linked(lent[i - 1], lent[i], text, comma=True):
            lent[i] = _taught(lent[i], shared(_point(lent[i]), lent[i - 1].says), lent[i - 1])
    return lent


def _taught(read: Read, says: Expression, other: Read) -> Read:
    return replace(read, says=says, lent=(other.start, other.end) if says != read.says else read.lent)


def _point(read: Read) -> Point:
    return read.says.last if isinstance(read.says, Span) else read.says


def _linked(first: Read, last: Read, text: str, *, comma: bool) -> bool:
    gap = text[first.end : last.start]
    return bool(_AND.fullmatch(gap) or (comma and _COMMA.fullmatch(gap)))


def _from_next(one: Read, following: Read, text: str, *, chained: bool) -> Read:
    """Return *one* with the month or the year that the next date of its list states."""
    says, other = (
        one.says,
        following.says.first if isinstance(following.says, Span) else following.says,
    )
    if needs_month(says) and _linked(one, following, text, comma=True):
        return _taught(one, shared(_point(one), other), following)
    if not isinstance(says, Calendar) or says.year is not None or says.by or not _linked(one, following, text, comma=chained):
        return one
    year = _year_before(says, other)
    return _taught(one, replace(says, year=year), following) if year else one


def _year_before(says: Calendar, other: Point) -> int | Step | None:
    """Return the year of *other* for a date of its kind before it, or the year before that."""
    if isinstance(other, Whole) and len(other.value) == len("2017-09-23") and says.day:
        year, month, day = map(int, other.value.split("-"))
        return year - ((says.month, says.day) > (month, day)) if isinstance(says.month, int) else None
    if not isinstance(other, Calendar) or not isinstance(other.month, int) or (says.day is None) != (other.day is None):
        return None
    if not isinstance(says.month, int) or (says.month > 12) != (other.month > 12):
        return None
    if isinstance(other.year, int) and says.month > other.month:
        return other.year - 1
    return other.year
