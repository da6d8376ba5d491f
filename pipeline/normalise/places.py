"""Name of a place and its surroundings -> country (ISO 3166-1), kind, and the gazetteer's entry.

A name that is nobody's own (there is a Victoria in fifty countries) lies where the report plays:
beside "Victoria, Australia", in the country of the title, of the nearest mention, of most mentions.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from pipeline.gazetteer import Gazetteer, Place, open_gazetteer
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.place_kinds import kind_by_noun, parts, region_name
from pipeline.normalise.scene import Mentions, Scene
from pipeline.rules.places import Codes, Name, PlaceRules, place_rules
from pipeline.schema import PlaceKind

Guess = tuple[str, float]
Weights = Mapping[str, float]

_WELL_KNOWN = 100_000
GREAT = 500_000
_WEIGHT = 1.5
_SUPPORT = 1.0
_CLEAR = 5.0
_SURE = 0.6
_DIVISION_SIZE = 5.5
_TOWN = 10_000
_CLEARLY = 10


@dataclass(frozen=True, slots=True)
class Atlas:
    """All that is known of places: the names of `models/places/`, and the gazetteer."""

    rules: PlaceRules
    names: NameIndex
    gazetteer: Gazetteer


@cache
def known_places() -> Atlas:
    """Return all that is known of places; the gazetteer is compiled if this machine has none."""
    return Atlas(place_rules(), known_names(), open_gazetteer())


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name is; `rule` says what settled its country."""

    country: str | None
    kind: PlaceKind
    rule: str
    name: str | None = None
    admin1: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


_HEADING = re.compile(r"^[^\w\n]*(?P<name>[A-Z][A-Z ,.'’&()-]{2,50}[A-Z)])[^\S\n]*$", re.MULTILINE)


def country_mentions(text: str, *, names: NameIndex, title: Sequence[str] = ()) -> Mentions:
    """Return where *text* names or points to a country, and to which.

    States, peoples, regions, known cities and sites count. A name of several countries counts as
    the one that the title, or else the text, mentions most; one that may be a person's as none.
    """
    named = (n for n in names.found_in(text) if text[n.end : n.end + 1] != "$")  # "US$30" is money
    found = [n for n in named if any(n.name.codes) and not n.name.doubtful]
    clear = Counter(n.name.codes[0] for n in found if len(n.name.codes) == 1)
    weights = {code: float(n) for code, n in clear.items() if code}
    weights.update(dict.fromkeys(title, math.inf))
    likely = ((n.start, likeliest(n.name.codes, weights)) for n in found)
    return tuple((start, code) for start, code in likely if code is not None)


def heading_countries(text: str, *, names: NameIndex) -> Mentions:
    """Return where a line of capitals is the name of a country and nothing else: there its entry begins.

    An annual report has "ALBANIA" above what it says of Albania.
    """
    lines = ((m.start("name"), names.exactly(m["name"])) for m in _HEADING.finditer(text))
    return tuple((at, name.codes[0]) for at, name in lines if name and name.role == "country" and name.codes[0])


def title_countries(title: str | None, *, names: NameIndex) -> tuple[str, ...]:
    """Return the countries of a title, in order, each once."""
    if not title:
        return ()
    return tuple(dict.fromkeys(code for _, code in country_mentions(title, names=names)))


def likeliest(codes: Codes, weights: Weights) -> str | None:
    """Return the code of most weight, the first if none has any."""
    weighed = [code for code in codes if code and weights.get(code, 0) > 0]
    return max(weighed, key=lambda code: weights[code], default=codes[0])


def landmarks(named: Iterable[tuple[str, int]], *, atlas: Atlas, told: frozenset[str] = frozenset()) -> Mentions:
    """Return the offset and country of each name that can be taken for one place only.

    Where a title tells what a report is about, *told* are the countries that it speaks of: a small place of another country
    is then more likely a namesake here that the gazetteer lacks.
    """
    found = ((start, place) for text, start in named if (place := _only(text, atlas)))
    return tuple(
        (start, place.country) for start, place in found if not told or place.country in told or place.population >= GREAT
    )


def _only(text: str, atlas: Atlas) -> Place | None:
    if atlas.names.exactly(text):
        return None
    places = atlas.gazetteer.named(text)
    if not places:
        return None
    first = places[0]
    rival = max((p.population for p in places if p.country != first.country), default=0)
    well_known = first.population > max(_TOWN, _CLEARLY * rival)
    return first if well_known or (first.feature == "region" and len(places) == 1) else None


def resolve(text: str, start: int, *, scene: Scene, atlas: Atlas, guess: Guess | None = None) -> Resolved:
    """Say where the place named *text* at *start* of a report lies and of what kind it is.

    *guess* is the detector's opinion of the kind with its probability: it counts where the name
    does not tell.
    """
    weights = scene.weights(start, start + len(text))
    for name in dict.fromkeys((text, region_name(text, atlas.rules))):
        listed = atlas.names.exactly(name)
        if listed and listed.role != "people":
            return _listed(listed, weights, atlas, guess)
    noun = kind_by_noun(text, atlas.rules)
    if noun == "site" and not _known_city(text, weights, atlas):
        return _site(text, weights, atlas)
    kind = noun if noun == "region" else _guessed(guess)
    return _gazetteered(region_name(text, atlas.rules), text, kind, weights, atlas)


def _guessed(guess: Guess | None) -> PlaceKind | None:
    sure = guess is not None and guess[1] >= _SURE
    return next((kind for kind in get_args(PlaceKind) if sure and guess and kind == guess[0]), None)


def _known_city(text: str, weights: Weights, atlas: Atlas) -> bool:
    """Port Harcourt is no port, St. Louis no street."""
    return any(
        place.population >= _WELL_KNOWN or weights.get(place.country, 0.0) > _SUPPORT
        for place in atlas.gazetteer.named(text)
        if place.feature == "city"
    )


def _listed(name: Name, weights: Weights, atlas: Atlas, guess: Guess | None) -> Resolved:
    """Resolve a name that `models/places/` lists."""
    country = likeliest(name.codes, weights)
    if name.role == "country":
        return _state(name, country, atlas)
    if name.role == "site":
        return Resolved(country, "site", "places.site", name.text)
    kind: PlaceKind = "city" if name.role == "city" else "region"
    guessed = _guessed(guess)
    if guessed in ("city", "region"):
        kind = guessed
    entry = _entry(name.text, country, kind, atlas)
    rule = f"places.{name.role}"
    return _described(entry, kind, rule) if entry else Resolved(country, kind, rule, name.text)


def _state(name: Name, country: str | None, atlas: Atlas) -> Resolved:
    """Resolve a country, or the region that shares its name ("Georgia" in the United States)."""
    region = _entry(name.text, country, "region", atlas) if len(name.codes) > 1 else None
    if region:
        return _described(region, "region", "places.region")
    entry = atlas.gazetteer.country(country) if country else None
    return _described(entry, "country", "places.country") if entry else Resolved(country, "country", "places.country", name.text)


def _described(place: Place, kind: PlaceKind, rule: str) -> Resolved:
    return Resolved(
        place.country,
        kind,
        rule,
        place.name,
        place.admin1,
        place.geonames_id,
        place.latitude,
        place.longitude,
    )


def _entry(text: str, country: str | None, kind: PlaceKind, atlas: Atlas) -> Place | None:
    """Return the gazetteer's place of that name and kind in *country*."""
    inside = (place for place in atlas.gazetteer.named(text) if place.country == country)
    return next((place for place in inside if place.feature == kind), None)


def _gazetteered(name: str, text: str, kind: PlaceKind | None, weights: Weights, atlas: Atlas) -> Resolved:
    """Resolve a city's or region's name by the gazetteer, failing that by the report."""
    spelt = (*atlas.gazetteer.named(text), *atlas.gazetteer.named(name))
    if place := _best(spelt, weights, kind):
        return _settled(place, kind, "gazetteer.name")
    heaviest = _heaviest(weights)
    heard = [place for place in atlas.gazetteer.sounding(name) if place.country == heaviest]
    if kind != "site" and (place := _best(heard, weights, kind)):
        return _settled(place, kind, "gazetteer.sound")
    return Resolved(heaviest, kind or "city", "places.report")


def _settled(place: Place, kind: PlaceKind | None, rule: str) -> Resolved:
    if kind == "site":
        return Resolved(place.country, "site", rule)
    if kind == "region" and place.feature == "city":
        return Resolved(place.country, "region", rule)
    return _described(place, place.feature, rule)


def _supported(places: Iterable[Place], weights: Weights) -> list[Place]:
    """Keep the places in countries that the report speaks of."""
    return [place for place in places if weights.get(place.country, 0.0) > _SUPPORT]


def _best(places: Sequence[Place], weights: Weights, kind: PlaceKind | None) -> Place | None:
    """Return the likeliest of the places of one name; None if the report makes all unlikely."""
    country = max(places, key=lambda place: _likelihood(place, weights), default=None)
    if country is None:
        return None
    inside = [place for place in places if place.country == country.country]
    place = max(inside, key=lambda place: (place.feature == (kind or "city"), _size(place)))
    if not weights or weights.get(place.country, 0.0) > 0:
        return place
    return place if _great(place, max(weights.values())) else None


def _great(place: Place, heaviest: float) -> bool:
    """Tell whether a place may be meant in a report that never mentions its country."""
    least = GREAT if heaviest > _CLEAR else _WELL_KNOWN
    return place.feature == "city" and place.population >= least


def _likelihood(place: Place, weights: Weights) -> float:
    return _size(place) + _WEIGHT * weights.get(place.country, 0.0)


def _size(place: Place) -> float:
    """Return a place's order of magnitude; divisions share one, as ISO 3166-2 tells none."""
    return _DIVISION_SIZE if place.feature == "region" else math.log10(place.population + 1000)


def _heaviest(weights: Weights) -> str | None:
    return max(weights, key=lambda code: weights[code]) if weights else None


def _site(text: str, weights: Weights, atlas: Atlas) -> Resolved:
    """Resolve a facility by a name of a place within its own, failing that by the report."""
    for part in parts(text, atlas.rules):
        listed = atlas.names.exactly(part)
        if listed and listed.role != "people" and any(listed.codes):
            return Resolved(likeliest(listed.codes, weights), "site", "places.site")
        if place := _best(_likely(atlas.gazetteer.named(part), weights), weights, None):
            return Resolved(place.country, "site", "gazetteer.site", admin1=place.admin1)
    return Resolved(_heaviest(weights), "site", "places.report")


def _likely(places: Sequence[Place], weights: Weights) -> Sequence[Place]:
    """Keep the places in the report's countries, failing that the great ones."""
    if not weights:
        return places
    return _supported(places, weights) or [p for p in places if p.population >= GREAT]
