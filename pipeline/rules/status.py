"""What happened to people, by the words that say so: `models/lang/<language>/status.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Status


class Said(BaseModel):
    """An example: a sentence with one number of people, and what happened to them."""

    text: str
    status: Status


class StatusWords(BaseModel):
    """Forms of verbs and nouns by status, and what says that other people are counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    forms: dict[Status, tuple[str, ...]]
    active: dict[Status, tuple[str, ...]]
    passive_only: tuple[str, ...]
    intransitive: dict[Status, tuple[str, ...]]
    given: tuple[str, ...]
    nouns: dict[Status, tuple[str, ...]]
    others_before: tuple[str, ...]
    room_before: tuple[str, ...]
    others_after: tuple[str, ...]
    match: tuple[Said, ...]
    no_match: tuple[str, ...]


@cache
def status_words(language: str = "en") -> StatusWords:
    """Return the status words of *language*."""
    return validated(StatusWords, models_dir() / "lang" / language / "status.yml")
