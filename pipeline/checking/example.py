"""An example or near miss of a rule file, and what reads it."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.components.articles import Articles
from pipeline.components.mentions import Draft
from pipeline.context import Context
from pipeline.normalise.datelines import stated_years
from pipeline.normalise.names import known_names
from pipeline.normalise.places import Atlas, country_mentions, known_places
from pipeline.normalise.screen import known_screen
from pipeline.rules.codes import instruments
from pipeline.schema import Fact, Report

if TYPE_CHECKING:
    from spacy.language import Language

_TODAY = datetime.date(2020, 2, 29)  # the day of publication of examples that name none


@dataclass(frozen=True, slots=True)
class Wrong:
    """What came out of an example instead, and what to do."""

    found: str
    do: str


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a rule file with what must come out of it, in words; `wrong` tells what does, None if it is that.

    `entry` is the part of the file, such as "months: match". `whole`: it takes the whole pipeline to read it.
    """

    file: str
    entry: str
    text: str
    expected: str
    wrong: Callable[["Tools"], Wrong | None]
    whole: bool = False


class Tools:
    """What examples are read with, each made when the first one needs it."""

    def __init__(self, nlp: "Language | None" = None) -> None:
        self._nlp, self._read = nlp, dict[str, tuple[Fact, ...]]()

    @cached_property
    def articles(self) -> Articles:
        """Return what reads citations; no model is loaded for it."""
        return Articles(known_names(), instruments())

    @cached_property
    def atlas(self) -> Atlas:
        """Return all that is known of places."""
        return known_places()

    @cached_property
    def screened(self) -> Callable[[str], bool]:
        """Return what tells whether a sentence goes to the network."""
        return known_screen()

    def cited(self, text: str) -> list[Draft]:
        """Return the provisions that a text cites, in a report that holds nothing else."""
        context = Context(countries=country_mentions(text, names=known_names()), years=stated_years(text))
        return self.articles.read(text, context)

    def facts(self, text: str) -> tuple[Fact, ...]:
        """Return what the whole pipeline finds in a text."""
        if text not in self._read:
            self.read_ahead([text])
        return self._read[text]

    def read_ahead(self, texts: Iterable[str]) -> None:
        """Read texts in one go: several at once are faster."""
        from pipeline.nlp import extract, load

        self._nlp = self._nlp or load()
        new = [text for text in dict.fromkeys(texts) if text not in self._read]
        done = extract([Report(id=str(i), text=text, published=_TODAY) for i, text in enumerate(new)], nlp=self._nlp)
        self._read |= {text: one.facts for text, one in zip(new, done, strict=True)}
