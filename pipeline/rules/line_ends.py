"""How words that the end of a line cut are put together: `models/lang/<language>/line_ends.yml`."""

from functools import cache

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Record


class Mended(Record):
    """An example: two lines, or words that run together, and the word or words that they hold."""

    left: str = ""
    right: str = ""
    glued: str = ""
    word: str


class Glued(Record):
    """Words that are two if they stand as one."""

    first: frozenset[str]
    second: frozenset[str]


class LineEnds(Record):
    """First and second parts of compounds that keep their hyphen, and words that run together."""

    keep: frozenset[str]
    last: frozenset[str]
    glued: Glued
    match: tuple[Mended, ...]
    no_match: tuple[str, ...]


@cache
def line_ends(language: str = "en") -> LineEnds:
    """Return what is known of the ends of lines in *language*."""
    return validated(LineEnds, models_dir() / "lang" / language / "line_ends.yml")
