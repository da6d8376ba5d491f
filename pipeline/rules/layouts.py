"""Where the parts of a publication begin: `models/layouts/*.yml`, one file for each layout."""

import re
from functools import cache

from pydantic import Field, field_validator

from pipeline.rules.files import models_dir, validated
from pipeline.schema import Record


class PartExample(Record):
    """The beginning of a part, and what the part is called."""

    text: str
    part: str


class Layout(Record):
    """A pattern of the beginnings of parts, its group `part` their names; a text with fewer than `least` has another layout."""

    publisher: str | None
    part: re.Pattern[str]
    least: int = Field(ge=2)
    match: tuple[PartExample, ...]
    no_match: tuple[str, ...]

    @field_validator("part", mode="before")
    @classmethod
    def _compiled(cls, given: str) -> re.Pattern[str]:
        pattern = re.compile(given, re.MULTILINE)
        if "part" not in pattern.groupindex:
            raise ValueError("the pattern has no group (?P<part>…)")
        return pattern


@cache
def layouts() -> dict[str, Layout]:
    """Return the layouts by the names of their files, those of a publisher before general ones."""
    found = {path.stem: validated(Layout, path) for path in sorted((models_dir() / "layouts").glob("*.yml"))}
    return dict(sorted(found.items(), key=lambda item: item[1].publisher is None))
