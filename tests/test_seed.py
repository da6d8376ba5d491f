"""Every fact of the report on the Baku raids, from the gold file and from the plain text."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from spacy.language import Language

from pipeline import read
from pipeline.nlp import extract
from pipeline.schema import Report
from tests.shared import SHARED, needs_shared, scorer

pytestmark = needs_shared
PUBLISHED = date(2017, 10, 3)


@cache
def gold() -> dict[str, Any]:
    lines = (SHARED / "eval" / "gold" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, Any] = next(d for d in map(json.loads, lines) if d["id"] == "seed-baku")
    return found


def _from_gold() -> Report:
    return Report(id="seed-baku", text=gold()["text"], title=gold()["title"], published=PUBLISHED)


def _from_text() -> Report:
    (report,) = read(SHARED / "seed" / "baku-raids.txt", published=PUBLISHED)
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize("report_of", [_from_gold, _from_text], ids=["gold", "plain-text"])
def test_every_fact_is_right(nlp: Language, report_of: Any) -> None:
    other = scorer()
    (done,) = extract([report_of()], nlp=nlp)
    assert done.report.text == gold()["text"]
    predicted = {"facts": [fact.model_dump(mode="json") for fact in done.facts]}
    _, errors = other.score({"seed": gold()}, {"seed": predicted}, list(other.FIELDS))
    assert [(kind, wrong, asked and asked["text"], given and given["text"]) for kind, wrong, _, asked, given in errors] == []


def test_the_figures_of_ministry_and_report_are_one_incident(nlp: Language) -> None:
    (done,) = extract([_from_text()], nlp=nlp)
    (incident,) = done.incidents
    assert (incident.low, incident.low_source, incident.high, incident.high_source) == (
        83,
        "Ministry of Internal Affairs",
        101,
        None,
    )
    assert (incident.where, incident.country, incident.articles) == ("Baku", "AZ", ("510", "535.1"))
    assert (incident.first, incident.last) == (date(2017, 9, 22), date(2017, 9, 22))
    told = {claim.text: (claim.source, claim.where, claim.articles, claim.min, claim.max) for claim in done.claims}
    everywhere = ("Baku", ("510", "535.1"))
    assert told == {
        "More than 100": (None, *everywhere, None, None),
        "at least 48": (None, *everywhere, "P10D", "P20D"),
        "10 to 20 days": (None, *everywhere, "P10D", "P20D"),
        "83": ("Ministry of Internal Affairs", *everywhere, None, None),
    }
