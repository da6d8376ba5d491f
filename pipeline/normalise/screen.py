"""Which sentences may hold a fact at all: a scan in linear time, before any network sees them."""

import re
from collections.abc import Callable
from functools import cache

from pipeline.gazetteer import Gazetteer, open_gazetteer
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.phrases import one_of
from pipeline.rules.dates import date_words
from pipeline.rules.numbers import number_words
from pipeline.rules.screen import screen_words

_OWN = re.compile(r"[’']s?$")


def screen(names: NameIndex, gazetteer: Gazetteer) -> Callable[[str], bool]:
    """Return what tells of a sentence whether it may hold a fact: by its figures, its words, and its capitals."""
    known = screen_words()

    @cache
    def is_name(word: str) -> bool:
        return bool(gazetteer.named(word))

    def may_be_place(found: re.Match[str]) -> bool:
        word = _OWN.sub("", found["word"])
        acronym = word.isupper() and len(word) > 1  # those that are countries are known names
        return not acronym and word not in known.capitals and (found["behind"] is not None or is_name(word))

    def may_hold(sent: str) -> bool:
        if _words().search(sent) or any(map(may_be_place, _capitals().finditer(sent))):
            return True
        return any(named.name.role != "people" for named in names.found_in(sent))

    return may_hold


@cache
def known_screen() -> Callable[[str], bool]:
    """Return the screen with all the names and places that are known."""
    return screen(known_names(), open_gazetteer())


@cache
def _words() -> re.Pattern[str]:
    """Return a pattern of a figure, and of the words of numbers, times and penalties; months and days have a capital."""
    numbers, dates, known = number_words(), date_words(), screen_words()
    named = [*dates.months.words, *dates.weekdays.words]
    small = {
        *numbers.words,
        *numbers.scales,
        *numbers.groups,
        *numbers.vague,
        *dates.units.words,
        *dates.seasons.words,
        *dates.decades.words,
        *dates.feasts.words,
        *known.times,
        *known.penalties,
        *known.provisions,
        *known.quantities,
    }
    shouted = [name.upper() for name in named if len(name) > len("sept")]
    capital = one_of([*map(str.capitalize, named), *shouted])
    return re.compile(rf"\d|(?<![^\W\d_])(?:(?i:{one_of(small)})|{capital})(?![^\W\d_])")


@cache
def _capitals() -> re.Pattern[str]:
    """Return a pattern of a word with a capital that does not open the sentence; `behind` is the preposition before it."""
    lead = rf"(?P<behind>\b(?:{one_of(screen_words().prepositions)})\s+(?:the\s+)?(?:\w+(?:ern|al)\s+)?)"
    return re.compile(rf"(?:{lead}|(?<=[\w,;:)”\"’]\s))[\"“‘(]*(?:[a-z]{1, 3}[-’'])?(?P<word>[A-ZÀ-Þ][\w’'-]*)")
