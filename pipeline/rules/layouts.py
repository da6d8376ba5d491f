"""Where the parts of a publication begin: `models/layouts/*.yml`, one file for each layout."""

import re
from functools import cache

from pydantic import Field, field_validator

from pipeline.rules.files import files_in, validated
from pipeline.schema import Record


class PartExample(Record):
    """The beginning of a part, and what the part is called."""

    text: str
    part: str


class Layout(Record):
    """A pattern of the beginnings of parts, its group `part` their names; a text with fewer than `least` has another layout.

    `covers` finds a year (its group `year`) in the title or the running heads; it tells of that year plus `years_after`.
    """

    publisher: str | None
    part: re.Pattern[str]
    least: int = Field(ge=2)
    covers: re.Pattern[str] | None = None
    years_after: int = 0
    match: tuple[PartExample, ...]
    no_match: tuple[str, ...]

    @field_validator("part", mode="before")
    @classmethod
    def _compiled(cls, given: str) -> re.Pattern[str]:
        try:
            pattern = re.compile(given, re.MULTILINE)
        except re.error as error:
            raise ValueError(f"“{given}” is no pattern ({error})") from error
        if "part" not in pattern.groupindex:
            raise ValueError("the pattern has no group (?P<part>…)")
        return pattern


@cache
def layouts() -> dict[str, Layout]:
    """Return the layouts by the names of their files, those of a publisher before general ones."""
    found = {path.stem: validated(Layout, path) for path in files_in("layouts")}
    return dict(sorted(found.items(), key=lambda item: item[1].publisher is None))
