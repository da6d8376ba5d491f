"""Where a sentence does not end: `models/lang/<language>/sents.yml`."""

from functools import cache

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Record


class Parted(Record):
    """An example: a text and its sentences."""

    text: str
    sents: tuple[str, ...]


class SentEnds(Record):
    """Words with a full stop that end no sentence, or one only before certain words; all in lower case."""

    titles: frozenset[str]
    before_number: frozenset[str]
    perhaps: frozenset[str]
    starters: frozenset[str]
    match: tuple[Parted, ...]
    no_match: tuple[str, ...]


@cache
def sent_ends(language: str = "en") -> SentEnds:
    """Return what is known of the ends of sentences in *language*."""
    return validated(SentEnds, models_dir() / "lang" / language / "sents.yml")
