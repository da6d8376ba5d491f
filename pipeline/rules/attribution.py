"""Cues of speech, doubt and denial: `models/lang/<language>/attribution.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Assertion


class Attributed(BaseModel):
    """An example: a sentence, who says so in it, and how sure they are."""

    text: str
    source: str | None
    assertion: Assertion


class AttributionWords(BaseModel):
    """Cues that a sentence reports what somebody says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    according: tuple[str, ...]
    verbs: tuple[str, ...]
    verbs_with_that: tuple[str, ...]
    speakers: tuple[str, ...]
    unnamed: tuple[str, ...]
    alleged: tuple[str, ...]
    denied: tuple[str, ...]
    match: tuple[Attributed, ...]
    no_match: tuple[str, ...]


@cache
def attribution_words(language: str = "en") -> AttributionWords:
    """Return the attribution words of *language*."""
    return validated(AttributionWords, models_dir() / "lang" / language / "attribution.yml")
