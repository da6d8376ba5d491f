"""Words of a term of punishment: `models/lang/<language>/durations.yml`."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated

Unit = Literal["Y", "M", "W", "D", "H"]


class Term(BaseModel):
    """An example: the words of a length, and its bounds."""

    text: str
    min: str | None
    max: str | None


class DurationWords(BaseModel):
    """All that a language says about lengths of time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    units: dict[Unit, tuple[str, ...]]
    pointing: tuple[str, ...]
    halves: tuple[str, ...]
    life: tuple[str, ...]
    death: tuple[str, ...]
    match: tuple[Term, ...]
    no_match: tuple[str, ...]

    def unit_of(self) -> dict[str, Unit]:
        """Return the unit that each word names."""
        return {word: unit for unit, words in self.units.items() for word in words}


@cache
def duration_words(language: str = "en") -> DurationWords:
    """Return the duration words of *language*."""
    return validated(DurationWords, models_dir() / "lang" / language / "durations.yml")
