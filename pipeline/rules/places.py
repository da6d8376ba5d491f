"""Countries, regions and sites as `models/places/` lists them, put into one table of names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import RuleError
from pipeline.gazetteer import fold
from pipeline.rules.files import models_dir, validated

Role = Literal["country", "people", "region", "city", "site"]
Codes = tuple[str | None, ...]
_FILES: dict[Role, str] = {
    "country": "countries.yml",
    "people": "countries.yml",
    "region": "regions.yml",
    "city": "sites.yml",
    "site": "sites.yml",
}


class Entry(BaseModel):
    """Anything in these files: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Country(Entry):
    """What a country, its people and its chief cities are called."""

    names: tuple[str, ...] = Field(min_length=1)
    adjectives: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()


class CountryGroup(Entry):
    """Countries of one part of the world, with sentences that show what is found in them."""

    id: str
    match: dict[str, tuple[str, ...]] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)
    countries: dict[str, Country] = Field(min_length=1)


class Countries(Entry):
    """The file countries.yml."""

    groups: tuple[CountryGroup, ...] = Field(min_length=1)
    ambiguous: dict[str, tuple[str, ...]]


class RegionNouns(Entry):
    """Generic nouns that make a name a region's."""

    after: frozenset[str] = Field(min_length=1)
    before: frozenset[str] = Field(min_length=1)
    match: tuple[str, ...] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)


class RegionGroup(Entry):
    """Regions of one sort with their country, or the countries between which a report decides."""

    id: str
    match: dict[str, str | None] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)
    places: dict[str, str | tuple[str | None, ...] | None] = Field(min_length=1)


class Regions(Entry):
    """The file regions.yml."""

    nouns: RegionNouns
    doubtful: frozenset[str]
    groups: tuple[RegionGroup, ...] = Field(min_length=1)


class SiteGroup(Entry):
    """Nouns of facilities, known facilities by country, or cities that the gazetteer lacks."""

    id: str
    match: dict[str, str | None] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)
    nouns: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    sites: dict[str, tuple[str, ...]] = {}
    cities: dict[str, tuple[str, ...]] = {}


class Sites(Entry):
    """The file sites.yml."""

    opens: frozenset[str] = Field(min_length=1)
    groups: tuple[SiteGroup, ...] = Field(min_length=1)


class Organisations(Entry):
    """The file organisations.yml: words that make a place's name a part of another name."""

    after: frozenset[str] = Field(min_length=1)
    before: frozenset[str] = Field(min_length=1)
    at_once: frozenset[str] = Field(min_length=1)
    match: tuple[str, ...] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place. `codes` are the countries it may lie in, the likeliest first.

    An `exact` name counts in these very letters only; a `doubtful` one is a person's or a firm's
    name too.
    """

    text: str
    role: Role
    codes: Codes
    exact: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """All that `models/places/` knows."""

    names: tuple[Name, ...]
    region_after: frozenset[str]
    region_before: frozenset[str]
    site_nouns: frozenset[str]
    site_heads: frozenset[str]
    countries: Countries
    regions: Regions
    sites: Sites
    organisations: Organisations


@cache
def place_rules(folder: Path | None = None) -> PlaceRules:
    """Load `models/places/`; a file that is missing, empty or wrong is a RuleError."""
    base = folder or models_dir() / "places"
    countries = validated(Countries, base / "countries.yml")
    regions = validated(Regions, base / "regions.yml")
    sites = validated(Sites, base / "sites.yml")
    return PlaceRules(
        names=tuple(_names(countries, regions, sites)),
        region_after=regions.nouns.after,
        region_before=regions.nouns.before,
        site_nouns=frozenset(fold(noun) for group in sites.groups for noun in group.nouns),
        site_heads=frozenset(fold(head) for group in sites.groups for head in group.heads),
        countries=countries,
        regions=regions,
        sites=sites,
        organisations=validated(Organisations, base / "organisations.yml"),
    )


def _names(countries: Countries, regions: Regions, sites: Sites) -> Iterator[Name]:
    """Yield every name; where two files have the same, the first yielded counts."""
    known = {code for group in countries.groups for code in group.countries}
    for name in (
        *_region_names(regions),
        *_country_names(countries),
        *_site_names(sites),
        *_chief_cities(countries),
    ):
        if unknown := {code for code in name.codes if code} - known:
            codes = ", ".join(sorted(unknown))
            raise RuleError(f"places/{_FILES[name.role]}: {name.text!r} lies in {codes}, no ISO 3166-1 code, such as AZ")
        yield replace(name, doubtful=name.role != "country" and name.text in regions.doubtful)


def _country_names(countries: Countries) -> Iterator[Name]:
    listed = [pair for group in countries.groups for pair in group.countries.items()]
    for code, country in listed:
        for name in country.names:
            codes = countries.ambiguous.get(name, (code,))
            yield Name(name.removeprefix("="), "country", codes, name.startswith("="))
    for code, country in listed:
        for adjective in country.adjectives:
            codes = countries.ambiguous.get(adjective, (code,))
            yield Name(adjective, "people", codes)
            yield Name(adjective + "s", "people", codes)


def _chief_cities(countries: Countries) -> Iterator[Name]:
    for group in countries.groups:
        for code, country in group.countries.items():
            for city in country.cities:
                yield Name(city, "city", (code,))


def _region_names(regions: Regions) -> Iterator[Name]:
    for group in regions.groups:
        for name, code in group.places.items():
            codes = code if isinstance(code, tuple) else (code,)
            yield Name(name.removeprefix("="), "region", codes, name.startswith("="))


def _site_names(sites: Sites) -> Iterator[Name]:
    for group in sites.groups:
        for code, names in group.cities.items():
            for name in names:
                yield Name(name, "city", (code,))
        for code, names in group.sites.items():
            for name in names:
                yield Name(name, "site", (code,))
