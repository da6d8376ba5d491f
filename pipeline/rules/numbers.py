"""Number words and the words that bound a number: `models/lang/<language>/numbers.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class Quantified(BaseModel):
    """An example: the words, and the bounds they state."""

    text: str
    low: int | None
    high: int | None
    approx: bool


class Qualifiers(BaseModel):
    """Phrases that bound the number beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at_least: tuple[str, ...]
    more_than: tuple[str, ...]
    at_most: tuple[str, ...]
    fewer_than: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return the phrases of every kind."""
        return (*self.at_least, *self.more_than, *self.at_most, *self.fewer_than, *self.about)


class NumberWords(BaseModel):
    """All that a language says about numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    words: dict[str, int]
    scales: dict[str, int]
    groups: dict[str, int]
    vague: dict[str, int]
    qualifiers: Qualifiers
    empty: tuple[str, ...]
    between: tuple[str, ...]
    joiners: tuple[str, ...]
    of: tuple[str, ...]
    match: tuple[Quantified, ...]
    no_match: tuple[str, ...]


@cache
def number_words(language: str = "en") -> NumberWords:
    """Return the number words of *language*."""
    return validated(NumberWords, models_dir() / "lang" / language / "numbers.yml")
