"""What tells the names of persons: `models/lang/en/persons.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class Person(BaseModel):
    """An example: words that name a person, and the words of the name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    name: tuple[str, ...]


class PersonWords(BaseModel):
    """The file persons.yml; all words folded: lower case, without accents."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    titles: frozenset[str]
    particles: frozenset[str]
    no_persons: frozenset[str]
    match: tuple[Person, ...]
    no_match: tuple[str, ...]


@cache
def person_words() -> PersonWords:
    """Return the words that tell names of persons."""
    return validated(PersonWords, models_dir() / "lang" / "en" / "persons.yml")
