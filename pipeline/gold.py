"""Annotated texts: JSON Lines of `{"id", "title", "published", "text", "facts", "types"}`, checked line by line."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.errors import ReadError
from pipeline.schema import FactType, Modality, Penalty, PlaceKind, Report, Status


class _Marked(BaseModel):
    """What every annotated fact has. Other fields are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    start: int = Field(ge=0)
    end: int
    text: str | None = None
    optional: bool = False


class _Date(_Marked):
    type: Literal["date"]
    value: str | None = None


class _Location(_Marked):
    type: Literal["location"]
    country: str | None = None
    kind: PlaceKind | None = None


class _Count(_Marked):
    type: Literal["count"]
    low: int | None = None
    high: int | None = None
    status: Status | None = None


class _Sentence(_Marked):
    type: Literal["sentence"]
    min: str | None = None
    max: str | None = None
    penalty: Penalty | None = None
    modality: Modality | None = None


class _Article(_Marked):
    type: Literal["article"]
    article: str | None = None
    instrument: str | None = None
    jurisdiction: str | None = None


def _day(value: object) -> object:
    """Return the day of a timestamp ("1990-08-15T13:37")."""
    return datetime.date.fromisoformat(value.partition("T")[0]) if isinstance(value, str) else value


class Gold(BaseModel):
    """An annotated text. With `types` it is annotated for those types alone; an `optional` fact is a matter of taste.

    With `places`, each a type with its start and end, it is annotated there alone: nothing is asked of the rest.
    """

    model_config = ConfigDict(frozen=True, strict=True)
    id: str
    text: str
    title: str | None = None
    published: Annotated[datetime.date | None, BeforeValidator(_day)] = None
    types: list[FactType] | None = None
    places: list[tuple[FactType, int, int]] | None = None
    facts: list[Annotated[_Date | _Location | _Count | _Sentence | _Article, Field(discriminator="type")]]

    def report(self) -> Report:
        """Return the text alone, as the pipeline is given it."""
        return Report(id=self.id, text=self.text, title=self.title, published=self.published)

    def asks_at(self, kind: FactType, start: int, end: int) -> bool:
        """Tell whether the text is annotated for a type at a place."""
        return self.places is None or any(k == kind and s < end and e > start for k, s, e in self.places)

    def of(self, kind: FactType) -> list[dict[str, Any]]:
        """Return the facts of one type, as plain fields."""
        return [fact.model_dump() for fact in self.facts if fact.type == kind]


def read_gold(paths: Iterable[Path]) -> list[Gold]:
    """Return the annotated texts of files; a ReadError names the file, the line and the field that is wrong."""
    found: dict[str, Gold] = {}
    for where, line in (one for path in paths for one in _lines(path)):
        gold = gold_of(line, where=where)
        if gold.id in found:
            raise ReadError(where, "bad_row", f"a second text with the id {gold.id!r}; each needs its own")
        found[gold.id] = gold
    return list(found.values())


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that are not empty, each with its file and number."""
    lines = [(f"{path}:{number}", line) for number, line in enumerate(path.read_bytes().splitlines(), 1) if line.strip()]
    if not lines:
        raise ReadError(str(path), "empty", "holds no annotated text")
    yield from lines


def gold_of(line: bytes, *, where: str) -> Gold:
    """Return the annotated text of a line of JSON; a ReadError names *where* and the field that is wrong."""
    try:
        gold = Gold.model_validate_json(line.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        raise ReadError(where, "bad_row", _plain(error)) from error
    for i, fact in enumerate(gold.facts):
        words = gold.text[fact.start : fact.end]
        if not fact.start < fact.end <= len(gold.text):
            raise ReadError(where, "bad_row", f"facts[{i}]: {fact.start} to {fact.end} is no place of its text")
        if fact.text not in (None, words):
            raise ReadError(where, "bad_row", f"facts[{i}]: its text is {fact.text!r}, but {words!r} stands at {fact.start}")
    return gold


def _plain(error: ValidationError) -> str:
    """Return the first thing that is wrong, in one line: "facts[3].status: Input should be …, not 'arrested'"."""
    first = error.errors()[0]
    tags = {"date", "location", "count", "sentence", "article"}  # the union's branch, which no file has a field for
    steps = [step for i, step in enumerate(first["loc"]) if not (i == 2 and step in tags)]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    given = first["input"]
    said = f", not {given!r}" if isinstance(given, str | int | float | bool) and first["type"] != "json_invalid" else ""
    return f"{place}: {first['msg']}{said}" if place else str(first["msg"])
