"""Where dates stand in a text and what each says: marked spans mended, closed forms added."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.components.date_forms import Place, capitals_fit, closed_forms, full_names
from pipeline.components.mentions import Detected
from pipeline.normalise.days import day_first, numeric_day
from pipeline.normalise.expressions import (
    Calendar,
    Expression,
    Point,
    Span,
    Step,
    Weekday,
    Whole,
    needs_month,
    parse,
    shared,
)
from pipeline.normalise.surface import alternatives
from pipeline.rules.dates import date_words

_LONGEST_TAIL = len(" until")
_TAIL = re.compile(r"(?:[\s,.;:()\[\]\"'“”‘’–—-]|\s(?:to|and|until|or))\Z")
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
    closed = closed_forms(text, alone=alone)
    read = [one for span in joined(text, united([*spans, *closed])) for one in _read(text, span, closed)]
    kept = [_unstopped(text, one) for one in read if not _is_name(text, one)]
    order = day_first(text)
    return lend([_ordered(one, order, text) for one in kept], text)


def _ordered(read: Read, first: bool | None, text: str) -> Read:
    """Return 3/4/2017 as the day that it must be in a text whose other dates tell the order."""
    if first is None or not isinstance(read.says, Whole) or not read.says.value.startswith("["):
        return read
    day = numeric_day(text[read.start : read.end], day_first=first)
    return replace(read, says=Whole(day)) if day else read


def _unstopped(text: str, read: Read) -> Read:
    """Leave out the full stop of the sentence ("on 25 March."), not that of an abbreviation ("on 3 Sept.")."""
    word = re.search(r"([^\W\d_]+)\.$", text[read.start : read.end])
    full = word and word[1].casefold() in full_names()
    return replace(read, end=read.end - 1) if full else read


def trimmed(text: str, start: int, end: int) -> Place | None:
    """Return a span without the signs and prepositions at its edges, or None if nothing is left; it ends with its paragraph."""
    if paragraph := _PARAGRAPH.search(text, start, end):
        end = paragraph.start()
    while start < end and (tail := _TAIL.search(text, max(start, end - _LONGEST_TAIL), end)):
        end = tail.start()
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
    """Return *places* with the ends of a range made one, "between [March] and [May]", and a weekday with its day."""
    one: list[Place] = []
    for start, end in places:
        if one and _is_one(text, one[-1], (start, end)):
            one[-1] = (one[-1][0], end)
        else:
            one.append((start, end))
    return one


def _is_one(text: str, first: Place, last: Place) -> bool:
    gap = " ".join(text[first[1] : last[0]].split()).strip(", ")
    if not gap and isinstance(parse(text[slice(*first)]), Weekday):  # "Saturday, [3 April 2021]"
        return isinstance(parse(text[first[0] : last[1]]), Calendar | Whole)
    ranged = _between(text, first[0])
    opened = ranged or _FROM.search(text, max(0, first[0] - 8), first[0])
    joins = gap in _DASHES or (gap in _UNTIL and opened) or (gap == "and" and ranged)
    return joins and isinstance(parse(text[first[0] : last[1]], ranged=ranged), Span)


def _between(text: str, start: int) -> bool:
    return _BETWEEN.search(text, max(0, start - 24), start) is not None


def _read(text: str, span: Place, closed: Sequence[Place], lists: tuple[re.Pattern[str], ...] = _LISTS) -> Iterator[Read]:
    """Yield what a span says, or, if it is a list, what its members say; of other words the dates in them."""
    says = parse(text[span[0] : span[1]], ranged=_between(text, span[0]))
    if says is not None:
        yield Read(*span, says)
    elif lists:
        for member in _members(text, span, lists[0]):
            yield from _read(text, member, closed, lists[1:])
    else:
        yield from _certain(text, span, closed)


def _certain(text: str, span: Place, closed: Sequence[Place]) -> Iterator[Read]:
    """Yield the dates of a span that holds words too many: "the year ended [March 31]"."""
    found = _within(text, span)
    inside = sorted(place for place in closed if span[0] <= place[0] and place[1] <= span[1])
    if found and all(found.start <= start and end <= found.end for start, end in inside):
        yield found
        return
    for start, end in inside:
        if says := parse(text[start:end]):
            yield Read(start, end, says)


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


def _is_name(text: str, read: Read) -> bool:
    """Say whether a date only names something: a law, a programme ("This Week"), a woman ("May said")."""
    if isinstance(read.says, Step):
        return not capitals_fit(text, read.start, read.end)
    return _names_law(text, read) or (isinstance(read.says, Calendar) and _speaks(text, read))


def _speaks(text: str, read: Read) -> bool:
    """Say whether a bare month is a woman who says something: "May said", "according to June"."""
    if text[read.start : read.end].casefold() not in date_words().months.words:
        return False
    said = _said().match(text, read.end) and not _lead_before().search(text, max(0, read.start - 24), read.start)
    return bool(said) or text[max(0, read.start - 13) : read.start].casefold() == "according to "


@lru_cache
def _said() -> re.Pattern[str]:
    return re.compile(r"\s+(?:said|says|told|added|explained|recalled)\b")


@lru_cache
def _lead_before() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(date_words().prepositions.phrases)}\s+\Z", re.IGNORECASE)


@lru_cache
def _law() -> re.Pattern[str]:
    names = "|".join(name.title() for name in date_words().law_names.phrases)
    number, subject = r"\s+No\.?\s*\S+", r"\s+(?:on|for|concerning|against)(?:\s+\w+){1,6}?"
    return re.compile(rf"\b(?:{names})(?:{number}|{subject})?(?:,?\s+(?P<day>of\s+)|,?\s+\(?)\Z")


def _names_law(text: str, read: Read) -> bool:
    """Say whether a date only names a law: "the Public Order Act, 1986", "the Law on Assemblies of 17 March 1995"."""
    says = read.says
    bare = isinstance(says, Calendar) and isinstance(says.year, int) and says.month is None
    if not bare and not isinstance(says, Whole):
        return False
    found = _law().search(text, max(0, read.start - 80), read.start)
    return found is not None and (bare or found["day"] is not None)


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
