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


class Cues(BaseModel):
    """A group of cues with what it must match and what it must not."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    words: tuple[str, ...]
    match: tuple[Attributed, ...]
    no_match: tuple[str, ...]


class AttributionWords(BaseModel):
    """Cues that a sentence reports what somebody says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    according: Cues
    verbs: Cues
    verbs_with_that: Cues
    speakers: Cues
    unnamed: Cues
    alleged: Cues
    denied: Cues
    goes_on: Cues
    decisions: Cues

    @property
    def groups(self) -> tuple[Cues, ...]:
        """Return all the groups."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


@cache
def attribution_words(language: str = "en") -> AttributionWords:
    """Return the attribution words of *language*."""
    return validated(AttributionWords, models_dir() / "lang" / language / "attribution.yml")
