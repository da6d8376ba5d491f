"""For each value of a report: by what rule, and from what words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.rules.explanations import explanations
from pipeline.schema import Evidence, Extraction, Fact, Report
from pipeline.show import label, visible


@dataclass(frozen=True, slots=True)
class Explained:
    """A fact, its value in a few words, its rule in plain ones (None for a rule of somebody else), and what settled it."""

    fact: Fact
    value: str
    rule: str | None
    evidence: tuple[Evidence, ...]


def explained(extraction: Extraction) -> Iterator[Explained]:
    """Yield the facts of a report, in the order of the text, each with what settled its value."""
    told: dict[str, list[Evidence]] = {}
    for one in extraction.evidence:
        told.setdefault(one.fact_id, []).append(one)
    for fact in extraction.facts:
        yield Explained(fact, label(fact), explanations().of(fact.rule), tuple(told.get(fact.id, ())))


def rows(one: Explained, report: Report) -> list[tuple[str, str]]:
    """Return what to tell of a fact, for people: what is told, and the telling."""
    told = [("value", one.value), ("rule", f"{one.fact.rule}: {one.rule}" if one.rule else one.fact.rule)]
    told += [(f"{piece.field.replace('text', 'mention')} from", because(piece, report)) for piece in one.evidence]
    if one.fact.confidence is not None:
        told.append(("confidence", f"{one.fact.confidence:.2f}"))
    return [(name, visible(value)) for name, value in told]


def because(piece: Evidence, report: Report) -> str:
    """Return what settled a field, in words: "“were arrested” (41 to 54)"."""
    if piece.by == "network":
        return f"the network, {piece.certainty:.2f} certain" if piece.certainty is not None else "the network"
    if piece.by == "published":
        return f"the day of publication, {report.published}"
    if piece.by == "title":
        return f"the title, “{report.title}”"
    return f"“{' '.join((piece.text or '').split())}” ({piece.start} to {piece.end})"


def line(extraction: Extraction) -> str:
    """Return a report's explanations as a line of JSON: `{"id": …, "facts": [{…, "explanation", "evidence"}]}`."""
    facts = [
        {
            **one.fact.model_dump(mode="json"),
            "explanation": one.rule,
            "evidence": [piece.model_dump(exclude={"fact_id"}, exclude_none=True) for piece in one.evidence],
        }
        for one in explained(extraction)
    ]
    return json.dumps({"id": extraction.report.id, "facts": facts}, ensure_ascii=False)
