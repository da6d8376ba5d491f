"""Which claims of one report are about the same event: compatible days, place and people, told near each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.outline import Outline
from pipeline.schema import Claim
from pipeline.ties.compare import follows, next_day, people_agree, place_agrees

_NEEDED = 2.5  # points that a claim needs to join an event
_LAST = 12  # claims of an event that a new one is compared with: the time stays linear


@dataclass
class _Group:
    """The claims of an event so far."""

    claims: list[Claim] = field(default_factory=list)


def grouped(claims: Sequence[Claim], outline: Outline) -> list[list[Claim]]:
    """Return the claims by event, in the order of the text.

    A penalty that the law allows, with nobody and no day to it, belongs to no event.
    """
    groups: list[_Group] = []
    of: dict[str, _Group] = {}
    for claim in claims:
        if is_event(claim):
            group = _joined(claim, of) or _best(claim, groups, outline)
            if group is None:
                groups.append(group := _Group())
            group.claims.append(claim)
            of[claim.id] = group
    return [group.claims for group in groups]


def is_event(claim: Claim) -> bool:
    """Tell what happened from what the law allows in general."""
    return claim.type == "count" or claim.modality != "possible" or bool(claim.who and claim.when)


def _joined(claim: Claim, of: dict[str, _Group]) -> _Group | None:
    """Return the incident of the claim that this one belongs to: a group and its penalty, a part and its whole."""
    return next((of[other] for other in (claim.joined_id, claim.part_of) if other in of), None) or next(
        (group for group in of.values() if any(one.part_of == claim.id for one in group.claims)), None
    )


def _best(claim: Claim, groups: Sequence[_Group], outline: Outline) -> _Group | None:
    scored = [
        (max(points(one, claim, outline) for one in group.claims[-_LAST:]), i)
        for i, group in enumerate(groups)
        if _fits(claim, group)
    ]
    best = max(scored, default=(0.0, -1))
    return groups[best[1]] if best[0] >= _NEEDED else None


def _fits(claim: Claim, group: _Group) -> bool:
    """Tell whether nothing that is told of an incident speaks against a claim: another country, place or time."""
    others = group.claims[-_LAST:]
    return all(place_agrees(one, claim) is not False and follows(one, claim) is not False for one in others)


def points(one: Claim, other: Claim, outline: Outline) -> float:
    """Return how much speaks for one event: day, place, people, figure, and how near they stand."""
    time, place, people = follows(one, other), place_agrees(one, other), people_agree(one.who, other.who)
    apart = abs(outline.sent(other.start) - outline.sent(one.start))
    near = outline.paragraph(one.start) == outline.paragraph(other.start)
    same_figure = one.status == other.status and one.low is not None and (one.low, one.high) == (other.low, other.high)
    fine = "country" not in (one.where_kind, other.where_kind)
    return (
        (2.0 if time else 1.0 if next_day(one, other) else 0.0)
        + (1.5 if place and fine else 0.5 if place else 0.0)
        + (1.0 if people else -1.0 if people is False else 0.0)
        + (1.0 if same_figure else 0.0)
        + ({0: 1.5, 1: 1.0}.get(apart, 0.5 if apart <= 3 and near else 0.0))
    )
