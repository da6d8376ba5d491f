"""Dates of a Doc: what the network marked and closed forms that it missed, in calendar terms."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.date_spans import Read, find
from pipeline.components.mentions import Clue, Draft, context_of, detected, register, set_drafts, text_of
from pipeline.context import Context
from pipeline.normalise.dates import Resolved, Setting, covers_year, resolve_expression
from pipeline.normalise.expressions import Calendar, Step
from pipeline.normalise.surface import alternatives
from pipeline.rules.dates import date_words

_NEAR = 1_500  # characters within which "the same day" finds its day
_STORY = 100  # dates before that may tell its year
_SENTENCE = 400  # characters of its sentence that are read before a date
_CUE = 90  # characters between a cue of the future and its date
_QUARTER = re.compile(r"(\d{4})-(?:01/\1-03|04/\1-06|07/\1-09|10/\1-12)")
_PARAGRAPH = re.compile(r"\n\s*\n")
_STOP = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St))(?<!\b(?:Mrs|Gen|Sen|Gov|Col|Rep))[.!?][\"”’)]*\s+(?=[A-Z“\"])|\n\s*\n")


@Language.factory("casefacts_dates", assigns=["doc._.casefacts_drafts", "doc.spans"])
def create_dates(nlp: Language, name: str) -> "Dates":
    """Return the component."""
    register()
    return Dates()


class Dates:
    """spaCy component: adds a draft for each date of a Doc."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the dates of *doc* and add their drafts."""
        return set_drafts(doc, self.match(doc))

    def match(self, doc: Doc) -> list[Draft]:
        """Return the drafts of the dates of *doc*, in the order of the text."""
        found = find(text_of(doc), detected(doc, "date"), alone=doc._.casefacts_detected is None)
        return [_draft(read, date, clues) for read, date, clues in place(text_of(doc), found, context_of(doc))]


def _draft(read: Read, date: Resolved, clues: tuple[Clue, ...]) -> Draft:
    values = {"value": date.value, "first": date.first, "last": date.last, "basis": date.basis}
    return Draft("date", read.start, read.end, date.rule, values, clues)


def place(text: str, reads: Iterable[Read], context: Context) -> Iterator[tuple[Read, Resolved, tuple[Clue, ...]]]:
    """Yield each date that can be placed on the calendar, in the order of the text, and what placed it."""
    before: list[tuple[Read, Resolved]] = []
    for read in reads:
        setting = setting_of(text, read, before, context)
        date = resolve_expression(read.says, setting)
        if date is None:
            continue
        lent = (Clue("value", "words", *read.lent),) if read.lent else ()
        told = (_clue(one, before, context) for one in _decisive(read, date, setting))
        yield read, date, (*lent, *(clue for clue in told if clue))
        if date.rule != "date.anchored" and not date.value.startswith("XXXX") and not _compares(read):
            before.append((read, date))


def _decisive(read: Read, date: Resolved, setting: Setting) -> Iterator[object]:
    """Yield what of the setting placed a date: without it the words would mean another day, or none."""
    if date.basis == "stated":
        return
    known = {one.name: value for one in fields(setting) if (value := getattr(setting, one.name)) and value is not True}
    for told in dict.fromkeys(known.values()):
        without: dict[str, Any] = dict.fromkeys(name for name, value in known.items() if value == told)
        if resolve_expression(read.says, replace(setting, **without)) != date:
            yield told


def _clue(told: object, before: Sequence[tuple[Read, Resolved]], context: Context) -> Clue | None:
    """Return where the report tells a day (EDTF) or the year of its story: its own day, or a date stated before."""
    if told == context.published:
        return Clue("value", "published")
    for read, date in reversed(before[-_STORY:]):
        if told in (date.value.split("/")[-1], date.first.year if date.first and date.first == date.last else None):
            return Clue("value", "words", read.start, read.end)
    days = [offset for offset, year in context.days if offset < context.offset and year == told]
    return Clue("value", "words", days[-1] - context.offset) if days else None


def _compares(read: Read) -> bool:
    """Say whether a date is only what another is set against: "a year ago", "the 1988 period"."""
    says = read.says.month if isinstance(read.says, Calendar) else read.says
    return isinstance(says, Step) and (says.compares or says.unit == "quarter")


def setting_of(text: str, read: Read, before: Sequence[tuple[Read, Resolved]], context: Context) -> Setting:
    """Return what the report tells of the place where *read* stands, after the dates *before*."""
    begins = sentence_start(text, read.start)
    near = [(one.start, date.value.split("/")[-1]) for one, date in before[-20:] if one.start >= read.start - _NEAR]
    values = [value for _, value in near][::-1]
    cue = text[max(begins, read.start - _CUE) : read.start]
    future = speaks_of_future(cue, looks_back=covers_year(context.published))
    return Setting(
        published=context.published,
        year=(_story_year(before) or context.story_year()) if context.published is None else None,
        anchor=values[0] if values else None,
        near=next((value for start, value in reversed(near) if start >= begins), None),
        day=next((value for value in values if len(value) == len("2017-09-23")), None),
        month=next((value for value in values if len(value) >= len("2017-09") and value[5] in "01"), None),
        quarter=_quarter(before, context.published),
        told=_told(text, read, before),
        future=future,
        planned=future and not speaks_of_future(cue, looks_back=True),
        compared=_compared(text[begins : read.start]),
    )


def _story_year(before: Sequence[tuple[Read, Resolved]]) -> int | None:
    """Return the year of the last day stated in full before: a story told day by day goes on in it.

    A month or a year alone is background as often as not ("after the protests of May 2009 …").
    """
    days = (
        date.first.year
        for _, date in reversed(before[-_STORY:])
        if date.first and date.first == date.last and date.basis == "stated"
    )
    return next(days, None)


def _quarter(before: Sequence[tuple[Read, Resolved]], published: datetime.date | None) -> str | None:
    """Return the quarter spoken of last; one that is not over is only an outlook."""
    quarters = (
        date.value
        for _, date in reversed(before[-_STORY:])
        if _QUARTER.fullmatch(date.value) and date.last and (published is None or date.last < published)
    )
    return next(quarters, None)


def _told(text: str, read: Read, before: Sequence[tuple[Read, Resolved]]) -> str | None:
    """Return the last date stated with its year, if it is a day of the same paragraph."""
    begins = read.start
    for one, date in reversed(before[-_STORY:]):
        if _PARAGRAPH.search(text, one.end, begins):
            return None
        begins = one.start
        if date.basis == "stated":
            return date.value if date.first == date.last and date.first else None
    return None


def sentence_start(text: str, position: int) -> int:
    """Return where the sentence that holds *position* begins, as far as its signs tell."""
    window = max(0, position - _SENTENCE)
    stops = [found.end() for found in _STOP.finditer(text, window, position)]
    return stops[-1] if stops else window


@lru_cache
def _cues() -> tuple[re.Pattern[str], ...]:
    words = date_words()
    future, plans, at_once, reporting = (
        rf"(?<![a-z]){alternatives(group.phrases)}(?![a-z])"
        for group in (words.future, words.plans, words.at_once, words.reporting)
    )
    return re.compile(future), re.compile(rf"{future}|{plans}|{at_once}(?= ?(?:on |from )?\Z)"), re.compile(reporting)


def _compared(before: str) -> bool:
    """Say whether a sum of the quarter spoken of stands before, and not one of another period ("for nine months")."""
    return bool(_sums().search(before)) and not _periods().search(before)


@lru_cache
def _periods() -> re.Pattern[str]:
    units = [unit for unit in date_words().units.words if unit.endswith("s")]
    return re.compile(rf"\b{alternatives([*units, *date_words().parts.words])}\b(?<!quarter)")


@lru_cache
def _sums() -> re.Pattern[str]:
    """Return a pattern for a figure with the unit of a sum: "$5 million", "27 cents", "3.8 percent"."""
    return re.compile(rf"\d ?{alternatives(date_words().sums.phrases)}(?![a-z])")


def speaks_of_future(before: str, *, looks_back: bool = False) -> bool:
    """Say whether the words before a date speak of what is to come.

    *looks_back* where the report covers a year: what was planned in it lies behind it.

    >>> speaks_of_future("The next hearing is set for ")
    True
    >>> speaks_of_future("He will be tried, his lawyer said on ")
    False
    """
    future, planned, reporting = _cues()
    before = before.casefold()
    cues = list((future if looks_back else planned).finditer(before))
    return bool(cues) and not reporting.search(before, cues[-1].end())
