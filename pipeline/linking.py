"""Incidents that several reports tell: linked by country, days, place, people, figures and wording, with score and reasons.

Deterministic; the time grows with the number of incidents, not with its square: only those that share a country, a month
and a place, a figure or a word for their people are compared, and in a crowded block only neighbours in time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipeline.schema import Event, Incident, Link, stable_id
from pipeline.ties.compare import people_agree, place_agrees, telling

NEEDED = 5.0
SPAN = 3  # days that two tellings may lie apart
_VAGUE = 31  # days: an incident dated to no month is linked to none
_CROWD = 40  # neighbours in time that are compared in one block


@dataclass(frozen=True, slots=True)
class Told:
    """An incident, and the words of the sentences that tell it."""

    incident: Incident
    words: frozenset[str] = frozenset()


def link(told: Sequence[Told], *, span: int = SPAN) -> tuple[list[Link], list[Event]]:
    """Return the links between incidents of different reports, and the events that they make up, those told once included.

    No event holds two countries, or days more than *span* apart.
    """
    datable = sorted((one for one in told if is_datable(one.incident)), key=lambda one: (one.incident.first, one.incident.id))
    found = {(a.incident.id, b.incident.id): _link(a, b, span) for a, b in _pairs(datable, span)}
    links = sorted((one for one in found.values() if one), key=lambda one: (-one.score, one.incident_id, one.other_id))
    incidents = {one.incident.id: one.incident for one in told}
    kept, groups = _grouped(links, incidents, span)
    return kept, [_event([incidents[i] for i in ids]) for ids in groups]


def is_datable(incident: Incident) -> bool:
    """Tell whether an incident has a country and its days are known to a month."""
    return bool(incident.country and incident.first and incident.last and (incident.last - incident.first).days <= _VAGUE)


def _keys(one: Told, span: int) -> Iterator[tuple[str, str, str]]:
    """Yield the blocks in which an incident is compared: country, month, and a place, a figure or a word for its people."""
    incident = one.incident
    if incident.first and incident.last and incident.country:
        near = timedelta(days=span)
        months = sorted(
            {day.strftime("%Y-%m") for day in (incident.first - near, incident.first, incident.last, incident.last + near)}
        )
        marks = [f"place {incident.where.casefold()}"] if incident.where else []
        marks += [f"figure {n}" for n in sorted({n for n in (incident.low, incident.high) if n and n > 4})]
        marks += [f"people {word}" for word in sorted(telling(incident.who))]
        yield from ((incident.country, month, mark) for month in months for mark in marks)


def _pairs(told: Sequence[Told], span: int) -> Iterator[tuple[Told, Told]]:
    """Yield each pair of incidents of two reports that share a block, the earlier first; a pair may come twice."""
    blocks: dict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for one in told:
        for key in _keys(one, span):
            blocks[key].append(one)
    for key in sorted(blocks):
        block = blocks[key]
        for i, one in enumerate(block):
            for other in block[i + 1 : i + 1 + _CROWD]:
                if one.incident.report_id != other.incident.report_id:
                    yield one, other


def gap(one: Incident, other: Incident) -> int:
    """Return the days between two incidents, 0 where they overlap."""
    if not (one.first and one.last and other.first and other.last):
        raise ValueError("an incident without days has no distance in time")
    return max(0, (max(one.first, other.first) - min(one.last, other.last)).days)


def _link(a: Told, b: Told, span: int) -> Link | None:
    one, other = a.incident, b.incident
    place = place_agrees(one, other)
    if one.country != other.country or place is False or gap(one, other) > span:
        return None
    reasons = dict(_reasons(a, b, place))
    score = round(sum(reasons.values()), 2)
    if score < NEEDED:
        return None
    why = "; ".join(f"{reason} +{points:g}" for reason, points in reasons.items())
    return Link(
        incident_id=one.id, other_id=other.id, report_id=one.report_id, other_report_id=other.report_id, score=score, reasons=why
    )


def _reasons(a: Told, b: Told, place: bool | None) -> Iterator[tuple[str, float]]:
    """Yield what speaks for one event, each reason with its points."""
    one, other = a.incident, b.incident
    if (one.first, one.last) == (other.first, other.last):
        yield "same days", 3.0 if one.first == one.last else 1.5
    elif not gap(one, other):
        yield "overlapping days", 1.5
    else:
        yield f"{gap(one, other)} days apart", 0.5
    if place:
        yield "same place", 2.0 if one.where_kind not in ("country", "region") else 0.5
    if one.status and one.status == other.status:
        yield "same status", 0.5
    if people_agree(one.who, other.who):
        yield "same people", 1.5
    if figures := _figures(one, other):
        yield figures
    if set(one.articles) & set(other.articles):
        yield "shared article", 1.0
    if (alike := _alike(a.words, b.words)) >= 0.15:
        yield "like wording", round(min(2.0, 5 * alike), 2)


def _figures(one: Incident, other: Incident) -> tuple[str, float] | None:
    """Compare the ranges of figures; small numbers are the same by chance."""
    if one.low is None or other.low is None or one.status != other.status:
        return None
    if {one.low, one.high} & {other.low, other.high}:
        return "same figure", 1.5 if max(one.low, other.low) > 4 else 0.5
    high = [each.high if each.high and not each.open_ended else 10 * (each.low or 1) for each in (one, other)]
    return ("figures overlap", 0.5) if one.low <= high[1] and other.low <= high[0] else None


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _grouped(links: Iterable[Link], incidents: Mapping[str, Incident], span: int) -> tuple[list[Link], list[list[str]]]:
    """Join the strongest links first; one that would stretch an event beyond *span*, or over two countries, is left out."""
    group = {i: [i] for i in sorted(incidents)}
    kept = []
    for one in links:
        first, second = group[one.incident_id], group[one.other_id]
        if first is second:
            kept.append(one)
        elif all(_may_join(incidents[a], incidents[b], span) for a in first for b in second):
            first += second
            group |= dict.fromkeys(second, first)
            kept.append(one)
    unique = {id(ids): sorted(ids) for ids in group.values()}
    return kept, sorted(unique.values())


def _may_join(one: Incident, other: Incident, span: int) -> bool:
    return one.country == other.country and place_agrees(one, other) is not False and gap(one, other) <= span


def _event(told: Sequence[Incident]) -> Event:
    days = [(one.first, one.last) for one in told if one.first and one.last]
    places = [one for one in told if one.where_kind in ("city", "site")] or [one for one in told if one.where]
    stage = told[0].status
    figures = [one for one in told if one.status == stage]
    low = min((one for one in figures if one.low is not None), key=lambda o: (o.low, o.id), default=None)
    high = max((one for one in figures if one.high is not None), key=lambda o: (o.high, o.id), default=None)
    reports = sorted({one.report_id for one in told})
    return Event(
        id=stable_id(*(one.id for one in told)),
        first=min((first for first, _ in days), default=None),
        last=max((last for _, last in days), default=None),
        where=places[0].where if places else None,
        country=told[0].country,
        latitude=places[0].latitude if places else None,
        longitude=places[0].longitude if places else None,
        who=next((one.who for one in told if one.who), None),
        status=stage,
        low=low.low if low else None,
        low_source=_by(low, low.low_source) if low else None,
        high=high.high if high else None,
        high_source=_by(high, high.high_source) if high else None,
        penalties=tuple(dict.fromkeys(term for one in told for term in one.penalties)),
        articles=tuple(dict.fromkeys(article for one in told for article in one.articles)),
        sources=tuple(sorted({source for one in told for source in (*one.sources, f"report {one.report_id}")})),
        n_reports=len(reports),
        n_incidents=len(told),
        reports=tuple(reports),
        incidents=tuple(one.id for one in told),
    )


def _by(incident: Incident, source: str | None) -> str:
    """Name who gives a figure: the source, or the report itself."""
    return source or f"report {incident.report_id}"
