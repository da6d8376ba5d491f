"""The words of the calendar: `models/lang/<language>/dates.yml`."""

from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Record

Unit = Literal["day", "week", "weekend", "month", "quarter", "year", "decade"]


class DateExample(Record):
    """What a text means in a report of that day."""

    text: str
    value: str
    published: str | None = None

    @field_validator("text", "value", "published", mode="before")
    @classmethod
    def _as_written(cls, given: object) -> object:
        return str(given) if given is not None else None  # YAML reads a bare 2017-09-23 as a date


class Examples(Record):
    """Every group of words says what it must match and what it must not."""

    match: tuple[DateExample, ...]
    no_match: tuple[str, ...]


class Phrases(Examples):
    """Words that carry no number."""

    phrases: tuple[str, ...] = Field(min_length=1)


class Numbers(Examples):
    """Words and the number that each stands for."""

    words: dict[str, int] = Field(min_length=1)


class Units(Examples):
    """Words and the unit of the calendar that each stands for."""

    words: dict[str, Unit] = Field(min_length=1)


class FormExample(Record):
    """The words of a text that a form finds."""

    text: str
    dates: tuple[str, ...] = Field(min_length=1)


class Form(Record):
    """A pattern of dates that are certain by themselves. `{month}` and the like stand for any word of that group.

    `after`: one of these must stand before; `not_after`, `not_before`: none of these may stand there.
    `after_sum`: a sum must stand before it in its sentence.
    """

    id: str
    form: str
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    after_sum: bool = False
    match: tuple[FormExample, ...] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)


class DateWords(Record):
    """All that a language contributes to the reading of dates."""

    months: Numbers
    weekdays: Numbers
    seasons: Numbers
    units: Units
    days: Numbers
    day_parts: Phrases
    suffixes: Phrases
    steps: Numbers
    anchored: Numbers
    sides: Numbers
    compared: Phrases
    latest: Phrases
    sums: Phrases
    report_period: Phrases
    year_ends: Phrases
    qualifiers: Phrases
    parts: Numbers
    decades: Numbers
    range_words: Phrases
    feasts: Numbers
    numbers: Numbers
    ordinals: Numbers
    prepositions: Phrases
    future: Phrases
    plans: Phrases
    at_once: Phrases
    reporting: Phrases
    law_names: Phrases
    forms: tuple[Form, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _lower_case(self) -> Self:
        for name, group in self.groups().items():
            words = group.phrases if isinstance(group, Phrases) else group.words
            if wrong := [word for word in words if word != word.casefold()]:
                raise ValueError(f"{name}: not in lower case: {wrong}")
        return self

    def groups(self) -> dict[str, Phrases | Numbers | Units]:
        """Return the groups by their names."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "forms"}


@lru_cache
def date_words(language: str = "en") -> DateWords:
    """Return the words of *language*, read once."""
    return validated(DateWords, models_dir() / "lang" / language / "dates.yml")
