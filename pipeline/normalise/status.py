"""The words around a number of people -> what happened to them, where the syntax leaves no doubt."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from pipeline.normalise.phrases import after_last, one_of
from pipeline.rules.durations import duration_words
from pipeline.rules.numbers import number_words
from pipeline.rules.status import status_words
from pipeline.schema import Status

_ORDER: tuple[Status, ...] = get_args(Status)
# Words of the noun phrase after a number: "12 other student activists from the group".
_PHRASE = r"(?:\s+(?!(?:were|was|have|had|has|are|is|be|being|been)\b)[\w’'-]+){0,7}?"
# What may come between the people and the verb: "48 people – whose names are known – were sentenced".
_ASIDE = r"(?:\s+[–—-]\s[^–—.;]{1,100}\s[–—-]|\s*,\s[^,.;]{1,90},|\s\([^()]{1,90}\))?"
_AUXILIARY = (
    r"\s*,?\s+(?:(?:were|was|(?:have|had|has)\s+(?:already\s+|also\s+|since\s+|now\s+|reportedly\s+|previously\s+)?been|are|is|remained|remain|being|be|stayed|to\s+be)\s+)"
    r"(?:[a-z]+ly\s+|also\s+|still\s+|then\s+|later\s+|all\s+|each\s+|both\s+)*"
)
_BESIDE_OTHERS = re.compile(r"(?<!\w)(?:and|along\s+with|together\s+with)\s+$", re.IGNORECASE)
_OTHERS = re.compile(r"\s+(?:others?\b|of\s+(?:his|her|their)\s)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;!?]\s|\n\s*\n")
_RELATIVE = re.compile(r"\b(?:who|that|whom)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A status, and whether the number is the subject, the object, or counts a noun that is a status itself; its words' place."""

    status: Status
    by: str
    words: tuple[int, int] = field(default=(0, 0), repr=False, compare=False)


@cache
def _done() -> re.Pattern[str]:
    forms = one_of(form for forms in status_words().forms.values() for form in forms)
    return re.compile(rf"{_AUXILIARY}(?P<form>{forms})(?![\w-])", re.IGNORECASE)


@cache
def _passive() -> re.Pattern[str]:
    return re.compile(rf"{_PHRASE}{_ASIDE}{_done().pattern}", re.IGNORECASE)


@cache
def _intransitive() -> re.Pattern[str]:
    forms = one_of(form for forms in status_words().intransitive.values() for form in forms)
    return re.compile(rf"{_PHRASE}{_ASIDE}\s+(?:[a-z]+ly\s+|still\s+)?(?P<form>{forms})(?![\w-])", re.IGNORECASE)


@cache
def _given() -> re.Pattern[str]:
    """Return the words before a length in "17 got three to nine days" (the group `form`), and the length."""
    number, units = rf"(?:\d+|{one_of(number_words().words)})", one_of(duration_words().unit_of())
    between = rf"(?:{number}(?:\s+(?:to|and)\s+|-))?"
    lead = r"(?:(?:between|from|up\s+to|at\s+least|a|an|prison\s+terms\s+of|sentences\s+of|terms\s+of)\s+)*"
    return re.compile(
        rf"{_PHRASE}\s+(?P<form>{one_of(status_words().given)})\s+{lead}{between}{number}[\s-](?:{units})(?!\w)", re.IGNORECASE
    )


@cache
def _active() -> re.Pattern[str]:
    words = status_words()
    past = [form for forms in words.forms.values() for form in forms if form not in words.passive_only]
    forms = one_of([*past, *(form for forms in words.active.values() for form in forms)])
    return re.compile(
        rf"(?<![\w-])(?P<form>{forms})(?:\s+(?:about|another|a\s+further|all|the|an\s+additional|a\s+total\s+of))*\s+$",
        re.IGNORECASE,
    )


@cache
def _noun() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\s+[a-z-]+){{0,2}}?\s+(?P<form>{one_of(n for nouns in status_words().nouns.values() for n in nouns)})(?!\w)",
        re.IGNORECASE,
    )


@cache
def status_of_form() -> dict[str, Status]:
    """Return what each form that says so makes of people: "arrested" is detained."""
    words = status_words()
    return {
        folded(form): status
        for group in (words.forms, words.active, words.nouns, words.intransitive)
        for status, forms in group.items()
        for form in forms
    }


@cache
def _forms() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?:{one_of(form for forms in status_words().forms.values() for form in forms)})(?![\w-])", re.IGNORECASE
    )


def stated(text: str, start: int, end: int) -> Said | None:
    """Return what the clause says of the people numbered at *start*:*end*; of two stages in it the later.

    >>> stated("Some 40 people were arrested on Monday.", 0, 7)
    Said(status='detained', by='passive')
    """
    after = text[end : end + 220]
    before = text[max(0, start - 60) : start]
    active = _active().search(before)
    if (found := _passive().match(after)) and not (active and _in_aside(found)):
        status, further = _latest(found["form"], after[found.end() :])
        return Said(status, "passive", (end + found.start("form"), end + found.end() + further))
    if (found := _intransitive().match(after)) and not (active and _in_aside(found)):
        return Said(status_of_form()[folded(found["form"])], "passive", _place(found, end))
    if found := _given().match(after):
        return Said("sentenced", "passive", _place(found, end))
    if found := active:
        status, further = _latest(found["form"], "", before[: found.start()])
        first = start - len(before) + found.start("form")
        return Said(status, "active", (first - further, first + len(found["form"])))
    if found := _noun().match(after):
        return Said(status_of_form()[folded(found["form"])], "noun", _place(found, end))
    return None


def _in_aside(found: re.Match[str]) -> bool:
    """Tell a verb that only says who they are: of "acquitted three others who were serving terms" the first is the news."""
    return bool(_RELATIVE.search(found.string, 0, found.start("form")))


def _place(found: re.Match[str], offset: int) -> tuple[int, int]:
    """Return where the form of a match stands in the text that holds its own at *offset*."""
    return offset + found.start("form"), offset + found.end("form")


def together(text: str, start: int, end: int) -> bool:
    """Tell those named as others beside somebody of whom the sentence says what happened.

    >>> together("Anna Melia and three others were arrested.", 15, 20)
    True
    """
    if not _BESIDE_OTHERS.search(text, max(0, start - 20), start) or not _OTHERS.match(text, end):
        return False
    first = after_last(_SENTENCE_END, text, max(0, start - 300), start)
    return bool(_forms().search(text, first, _sentence_end(text, end, 300)))


def _sentence_end(text: str, start: int, reach: int) -> int:
    """Return where the sentence ends, at most *reach* characters behind *start*."""
    end = _SENTENCE_END.search(text, start, start + reach)
    return end.start() if end else start + reach


def folded(form: str) -> str:
    """Return a form as `status_of_form` has it: in lower case, single spaces between its words."""
    return " ".join(form.casefold().split())


def _latest(form: str, after: str, before: str = "") -> tuple[Status, int]:
    """Return the latest stage of a form and of those joined to it by "and": "arrested and later charged".

    With it, how many characters the joined form reaches beyond the first, if it is the later.
    """
    stages = [(status_of_form()[folded(form)], 0)]
    joined = re.match(r"[^.;:()\n]{0,70}?\s(?:and|but)\s+(?:[a-z]+ly\s+|later\s+|then\s+|were\s+|was\s+|all\s+)*", after)
    if joined and (more := _forms().match(after, joined.end())):
        stages.append((status_of_form()[folded(more[0])], more.end()))
    if earlier := re.search(r"(\w+)\s+and\s+(?:later\s+|then\s+|subsequently\s+)?$", before):
        stages.append((status_of_form().get(folded(earlier[1]), stages[0][0]), len(before) - earlier.start()))
    return max(stages, key=lambda stage: _ORDER.index(stage[0]))


@cache
def _others() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = status_words()
    before = re.compile(rf"(?<!\w)(?:{one_of(words.others_before)})(?:\s+(?:the|at\s+least|some|about))*\s+$", re.IGNORECASE)
    after = re.compile(rf"{_PHRASE}{_ASIDE},?\s+(?:{one_of(words.others_after)})(?!\w)", re.IGNORECASE)
    return before, after


@cache
def _room() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{one_of(status_words().room_before)})(?:\s+(?:only|just|at\s+most|some|about|up\s+to))*\s+$", re.IGNORECASE
    )


def others(text: str, start: int, end: int) -> bool:
    """Tell that the number counts the dead, the hurt, a crowd or room for prisoners, not people held.

    >>> others("At least 15 people were killed in the clashes.", 0, 11)
    True
    >>> others("Three teachers who took part in a sit-in were charged.", 0, 5)
    False
    """
    before, after = _others()
    if _room().search(text, max(0, start - 40), start):
        return True
    if _noun().match(text, end):
        return False
    if before.search(text[max(0, start - 40) : start]):
        return True
    found = after.match(text[end : end + 120])
    # What is only said aside leaves the news to come: "three men who took part in the march were charged".
    return found is not None and not (_RELATIVE.search(found[0]) and _comes_to(text, end + found.end()))


def _comes_to(text: str, start: int) -> bool:
    """Tell that the sentence goes on to say what happened to people."""
    return bool(_done().search(text, start, _sentence_end(text, start, 200)))
