"""Claims of one report about the same event: an incident; figures that disagree stay side by side in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from pipeline.events import grouped
from pipeline.outline import Outline
from pipeline.schema import Claim, Incident, Status, stable_id

_STAGES: tuple[Status, ...] = get_args(Status)


def incidents(claims: Sequence[Claim], outline: Outline) -> tuple[list[Claim], list[Incident]]:
    """Return the claims, each with the id of its incident, and the incidents, in the order of the text."""
    groups = grouped(claims, outline)
    told = [_incident(group) for group in groups]
    ids = {claim.id: incident.id for group, incident in zip(groups, told, strict=True) for claim in group}
    return [claim.model_copy(update={"incident_id": ids.get(claim.id)}) for claim in claims], told


def _incident(claims: Sequence[Claim]) -> Incident:
    counts = [claim for claim in claims if claim.type == "count" and claim.part_of is None]
    status = min((claim.status for claim in counts if claim.status), key=_STAGES.index, default=None)
    figures = [claim for claim in counts if claim.status == status]
    place = _place(claims)
    sources = sorted({claim.source for claim in claims if claim.source})
    own = any(claim.source is None for claim in claims)
    low = min((claim for claim in figures if _least(claim) is not None), key=lambda c: (_least(c), c.start), default=None)
    high = max((claim for claim in figures if _most(claim) is not None), key=lambda c: (_most(c), -c.start), default=None)
    return Incident(
        id=stable_id("incident", claims[0].id),
        report_id=claims[0].report_id,
        **_days(claims),
        where=place.where if place else None,
        where_kind=place.where_kind if place else None,
        country=next((code for code, _ in Counter(c.country for c in claims if c.country).most_common(1)), None),
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        who=next((claim.who for claim in (*figures, *claims) if claim.who), None),
        status=status,
        low=_least(low) if low else None,
        low_source=low.source if low else None,
        high=_most(high) if high else None,
        high_source=high.source if high else None,
        open_ended=any(claim.high is None for claim in figures),
        figures=tuple(f"{claim.text} {claim.status} ({claim.source or 'the report'})" for claim in counts),
        penalties=tuple(dict.fromkeys(_term(claim) for claim in claims if claim.penalty)),
        articles=tuple(dict.fromkeys(article for claim in claims for article in claim.articles)),
        sources=tuple(sources),
        n_sources=len(sources) + own,
        n_claims=len(claims),
        claims=tuple(claim.id for claim in claims),
    )


def _least(claim: Claim) -> int | None:
    return claim.low if claim.low is not None else claim.high


def _most(claim: Claim) -> int | None:
    return claim.high if claim.high is not None else claim.low


def _term(claim: Claim) -> str:
    """Return a penalty in few words: "administrative_detention P10D to P20D"; one only possible or requested says so."""
    bounds = " to ".join(dict.fromkeys(bound for bound in (claim.min, claim.max) if bound))
    told = f"{claim.penalty} {bounds}" if bounds != claim.penalty else bounds
    return told if claim.modality == "imposed" else f"{told} ({claim.modality})"


def _days(claims: Iterable[Claim]) -> dict[str, Any]:
    """Return first and last day, of the dates told those of the most precise."""
    dated = [(claim.first, claim.last) for claim in claims if claim.first and claim.last]
    if not dated:
        return {}
    shortest = min((last - first).days for first, last in dated)
    precise = [(first, last) for first, last in dated if (last - first).days <= max(shortest, 31)]
    return {"first": min(first for first, _ in precise), "last": max(last for _, last in precise)}


def _place(claims: Sequence[Claim]) -> Claim | None:
    """Return the claim with the place that most of them name; of those the one with coordinates."""
    placed = Counter(claim.where for claim in claims if claim.where)
    return max(
        (c for c in claims if c.where), key=lambda c: (placed[str(c.where)], c.latitude is not None, -c.start), default=None
    )
