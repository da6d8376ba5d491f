"""What ties a count or a penalty to its circumstances: `models/lang/<language>/claims.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class CourtNamed(BaseModel):
    """An example: a sentence and the places that its courts are named after."""

    text: str
    places: tuple[str, ...]


class ClaimWords(BaseModel):
    """Words beside grammar that tie, or keep apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    purpose: tuple[str, ...]
    bullets: tuple[str, ...]
    courts: tuple[str, ...]
    court_words: tuple[str, ...]
    general: tuple[str, ...]
    lasting: tuple[str, ...]
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
