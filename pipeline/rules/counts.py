"""What a number beside people is, and is not: `models/lang/<language>/counts.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class Counted(BaseModel):
    """An example: a sentence, and the counts in it."""

    text: str
    counts: tuple[str, ...]


class CountWords(BaseModel):
    """Words around a number that tell a count of detainees from other numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    not_people: tuple[str, ...]
    not_people_by_kind: tuple[str, ...]
    time_of: tuple[str, ...]
    bodies: tuple[str, ...]
    prepositions: tuple[str, ...]
    naming: tuple[str, ...]
    one_is_no_count: tuple[str, ...]
    parts: tuple[str, ...]
    fillers: tuple[str, ...]
    match: tuple[Counted, ...]
    no_match: tuple[str, ...]


@cache
def count_words(language: str = "en") -> CountWords:
    """Return the count words of *language*."""
    return validated(CountWords, models_dir() / "lang" / language / "counts.yml")
