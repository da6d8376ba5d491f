"""A pipeline that needs no model, for the tests of what stands around the extraction."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.schema import (
    ArticleFact,
    CountFact,
    DateFact,
    Evidence,
    Extraction,
    Fact,
    LocationFact,
    Report,
    SentenceFact,
)

TEXT = "In 2019 officers in Baku took 12 people away. One got two years under Article 233 of the code."
_PATTERNS: list[tuple[type, str, dict[str, Any]]] = [
    (
        DateFact,
        "2019",
        {
            "value": "2019",
            "first": datetime.date(2019, 1, 1),
            "last": datetime.date(2019, 12, 31),
            "basis": "stated",
        },
    ),
    (LocationFact, "Baku", {"country": "AZ", "kind": "city", "name": "Baku", "latitude": 40.4}),
    (CountFact, "12 people", {"low": 12, "high": 12, "approx": False, "status": "detained"}),
    (
        SentenceFact,
        "two years",
        {"min": "P2Y", "max": "P2Y", "penalty": "imprisonment", "modality": "imposed"},
    ),
    (ArticleFact, "Article 233", {"article": "233", "instrument": None, "jurisdiction": "AZ"}),
]


def extract(reports: Iterable[Report]) -> Iterator[Extraction]:
    """Find the facts of TEXT wherever its words stand; a text with EXPLODE in it is an error."""
    for report in reports:
        if "EXPLODE" in report.text:
            raise ValueError("boom")
        facts = [fact for row in _PATTERNS for fact in _facts(report, *row)]
        evidence = tuple(Evidence(fact_id=fact.id, field="text", by="network", certainty=0.9) for fact in facts)
        yield Extraction(report=report, facts=tuple(sorted(facts, key=lambda f: f.start)), evidence=evidence)


def _facts(report: Report, kind: type, words: str, values: dict[str, Any]) -> Iterator[Fact]:
    for found in re.finditer(re.escape(words), report.text):
        yield kind(
            id=f"{report.id}/{found.start()}",
            report_id=report.id,
            text=words,
            start=found.start(),
            end=found.end(),
            context=words,
            rule="stand-in",
            **values,
        )
