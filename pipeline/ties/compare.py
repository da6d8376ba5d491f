"""Whether two tellings agree: in time, place and people. True: they do; False: they cannot be one event; None: not told."""

import math
import re
from datetime import date, timedelta
from typing import Protocol

from pipeline.rules.claims import claim_words

_NEAR = 40.0  # km: a district or a suburb, and its city
_AFTERMATH = timedelta(days=60)  # from arrest to sentence or release
_COUNTRY_WIDE = 31  # days: a vaguer date neither agrees nor disagrees


class Placed(Protocol):
    """What has a place and days."""

    @property
    def where(self) -> str | None:
        """Return the name of the place."""

    @property
    def where_kind(self) -> str | None:
        """Return its kind."""

    @property
    def country(self) -> str | None:
        """Return its country."""

    @property
    def latitude(self) -> float | None:
        """Return degrees north."""

    @property
    def longitude(self) -> float | None:
        """Return degrees east."""

    @property
    def first(self) -> date | None:
        """Return the first day."""

    @property
    def last(self) -> date | None:
        """Return the last day."""


class Staged(Placed, Protocol):
    """What has a stage, too: arrest, charge, sentence, release."""

    @property
    def status(self) -> str | None:
        """Return the stage."""


def place_agrees(one: Placed, other: Placed) -> bool | None:
    """Compare country, name and coordinates; a place and its country neither agree nor disagree."""
    if one.country and other.country and one.country != other.country:
        return False
    if not one.where or not other.where:
        return None
    a, b = one.where.casefold(), other.where.casefold()
    if a in b or b in a:
        return True
    apart = distance(one, other)
    if apart is None or not {one.where_kind, other.where_kind} <= {"city", "site"}:
        return None
    return apart <= _NEAR


def distance(one: Placed, other: Placed) -> float | None:
    """Return the distance in km, or None where one has no coordinates."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(chord)))


def follows(one: Staged, other: Staged) -> bool | None:
    """Compare days: the same or overlapping, or a later stage within two months of the former."""
    if not (one.first and one.last and other.first and other.last):
        return None
    overlap = one.first <= other.last and other.first <= one.last
    vague = max((one.last - one.first).days, (other.last - other.first).days) > _COUNTRY_WIDE
    if overlap:
        return None if vague else True
    early, late = sorted((one, other), key=lambda each: each.first or date.min)
    later_stage = early.status != late.status and late.status in ("charged", "sentenced", "released", None)
    if next_day(one, other):
        return None
    if later_stage and late.first and early.last and late.first - early.last <= _AFTERMATH:
        return None
    return False


def next_day(one: Placed, other: Placed) -> bool:
    """Tell two days in a row: a night's raid is dated to either."""
    if not (one.first and one.last and other.first and other.last) or one.first != one.last or other.first != other.last:
        return False
    return abs((one.first - other.first).days) == 1


def people_agree(one: str | None, other: str | None) -> bool | None:
    """Compare the words for people; "people", "men" and the like say nothing."""
    a, b = telling(one), telling(other)
    if not a or not b:
        return None
    return bool(a & b)


def telling(who: str | None) -> frozenset[str]:
    """Return the words that tell one group from another, in the singular."""
    words = re.findall(r"[^\W\d_]{3,}", (who or "").casefold())
    return frozenset(word.rstrip("s") for word in words if word not in claim_words().nobody)
