"""What opens the gate to the network: `models/lang/<language>/screen.yml`."""

from functools import cache

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Record


class ScreenWords(Record):
    """Words that a sentence with a fact may hold, beside those of numbers and dates."""

    times: frozenset[str]
    penalties: frozenset[str]
    provisions: frozenset[str]
    quantities: frozenset[str]
    prepositions: frozenset[str]
    capitals: frozenset[str]
    match: tuple[str, ...]
    no_match: tuple[str, ...]


@cache
def screen_words(language: str = "en") -> ScreenWords:
    """Return the words of *language* that open the gate."""
    return validated(ScreenWords, models_dir() / "lang" / language / "screen.yml")
