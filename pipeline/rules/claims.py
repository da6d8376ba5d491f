"""What ties a count or a penalty to its circumstances: `models/lang/<language>/claims.yml`."""

from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class CourtNamed(BaseModel):
    """An example: a sentence and the places that its courts are named after."""

    text: str
    places: tuple[str, ...]


class Eve(BaseModel):
    """An example: a text and the day of its event, by the one that it names."""

    text: str
    when: date


class ClaimWords(BaseModel):
    """Words beside grammar that tie, or keep apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    courts: tuple[str, ...]
    court_words: tuple[str, ...]
    eve: tuple[str, ...]
    eves: tuple[Eve, ...]
    nobody: tuple[str, ...]
    charges: tuple[str, ...]
    the_event: tuple[str, ...]
    part_of: tuple[str, ...]
    including: tuple[str, ...]
    citizens: tuple[str, ...]
    match: tuple[CourtNamed, ...]
    no_match: tuple[str, ...]


@cache
def claim_words(language: str = "en") -> ClaimWords:
    """Return the words of *language*."""
    return validated(ClaimWords, models_dir() / "lang" / language / "claims.yml")
