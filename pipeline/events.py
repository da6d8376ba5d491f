"""Which claims of one report are about the same event: compatible days, place and people, told near each other."""

from collections.abc import Sequence

from pipeline.outline import Outline
from pipeline.schema import Claim
from pipeline.ties.compare import follows, next_day, people_agree, place_agrees

_NEEDED = 2.5  # points that a claim needs to join an event
_LAST = 12  # claims of an event that a new one is compared with: the time stays linear


def grouped(claims: Sequence[Claim], outline: Outline) -> list[list[Claim]]:
    """Return the claims by event, in the order of the text.

    A penalty that the law allows, with nobody and no day to it, belongs to no event.
    """
    groups: list[list[Claim]] = []
    of: dict[str | None, int] = {}  # of each claim its event
    awaited: dict[str, int] = {}  # of a whole that a part before it names the first event with such a part
    for claim in claims:
        if not is_event(claim):
            continue
        at = next((of[other] for other in (claim.joined_id, claim.part_of) if other in of), awaited.get(claim.id))
        at = _best(claim, groups, outline) if at is None else at
        if at is None:
            at = len(groups)
            groups.append([])
        groups[at].append(claim)
        of[claim.id] = at
        if claim.part_of:
            awaited[claim.part_of] = min(at, awaited.get(claim.part_of, at))
    return groups


def is_event(claim: Claim) -> bool:
    """Tell what happened from what the law allows in general."""
    return claim.type == "count" or claim.modality != "possible" or bool(claim.who and claim.when)


def _best(claim: Claim, groups: Sequence[Sequence[Claim]], outline: Outline) -> int | None:
    """Return the event that most speaks for, of equal ones the last; None where too little does."""
    scored = [
        (max(points(one, claim, outline) for one in group[-_LAST:]), i) for i, group in enumerate(groups) if _fits(claim, group)
    ]
    most, at = max(scored, default=(0.0, -1))
    return at if most >= _NEEDED else None


def _fits(claim: Claim, group: Sequence[Claim]) -> bool:
    """Tell whether nothing that is told of an incident speaks against a claim: another country, place or time."""
    return all(place_agrees(one, claim) is not False and follows(one, claim) is not False for one in group[-_LAST:])


def points(one: Claim, other: Claim, outline: Outline) -> float:
    """Return how much speaks for one event: day, place, people, figure, and how near they stand.

    A figure without a day of its own, of the same stage at the same place, goes back to one of the same paragraph.
    """
    time, place, people = follows(one, other), place_agrees(one, other), people_agree(one.who, other.who)
    apart = abs(outline.sent(other.start) - outline.sent(one.start))
    near = outline.paragraph(one.start) == outline.paragraph(other.start)
    same_figure = one.status == other.status and one.low is not None and (one.low, one.high) == (other.low, other.high)
    fine = "country" not in (one.where_kind, other.where_kind)
    same_stage = one.status is not None and one.status == other.status
    told_again = near and fine and place and same_stage and None in (one.when, other.when)
    return (
        (2.0 if time else 1.0 if next_day(one, other) else 0.0)
        + (1.5 if place and fine else 0.5 if place else 0.0)
        + (1.0 if people else -1.0 if people is False else 0.0)
        + (1.0 if same_figure or told_again else 0.0)
        + ({0: 1.5, 1: 1.0}.get(apart, 0.5 if apart <= 3 and near else 0.0))
    )
