"""The benchmark of claims, and the accuracy of claims, which may not fall under the floors of benchmarks/floors-claims.json."""

import datetime
import json
from functools import cache
from pathlib import Path

import pytest

from benchmarks.claims import FIELDS, event, figures, main_incident, measure_links
from pipeline import extract
from pipeline.schema import Report
from pipeline.ties.agreement import agree
from tests.shared import SHARED, needs_shared

FLOORS: dict[str, float] = json.loads(
    (Path(__file__).parents[1] / "benchmarks" / "floors-claims.json").read_text(encoding="utf-8")
)
TEXT = "On 3 May 2017 police in Ganja, Azerbaijan, arrested 12 students. On 9 June 2018 police in Sheki arrested two teachers."


@cache
def reached() -> dict[str, float]:
    gold = SHARED / "eval" / "gold"
    return measure_links(gold / "reports.jsonl", gold / "links.jsonl")


@needs_shared
@pytest.mark.parametrize("field", [*FIELDS, "macro"])
def test_accuracy_of_claims(field: str) -> None:
    assert reached()[field] >= FLOORS[field]


@pytest.mark.parametrize(
    ("field", "gold", "told", "same"),
    [
        pytest.param("when", "2017-05-03", "2017-05", False, id="day-is-no-month"),
        pytest.param("where", "Ganja", "Ganja prison", True, id="name-within"),
        pytest.param("who", "the students", "law students", True, id="shared-word"),
        pytest.param("source", "the police", "the army", False, id="article-is-no-word"),
        pytest.param("articles", ["510", "535.1"], ["535.1", "510"], True, id="sets"),
    ],
)
def test_agreement(field: str, gold: object, told: object, same: bool) -> None:
    assert agree(field, gold, told) is same


def test_figures_count_what_is_missing_and_what_is_too_much() -> None:
    (one,) = extract([Report(id="a", text=TEXT)])
    wanted = {"start": 51, "end": 53, "when": "2017-05-03", "where": "Ganja", "country": "AZ", "who": "students"}
    assert figures({"a": [wanted]}, [one]) == {**dict.fromkeys(FIELDS[:4], 1.0), "source": 0.0, "articles": 0.0, "macro": 4 / 6}
    missed = figures({"a": [wanted, wanted | {"start": 0, "end": 2}]}, [one])
    assert missed["when"] == pytest.approx(2 / 3)


def test_the_main_event_of_a_document() -> None:
    (one,) = extract([Report(id="a", text=TEXT)])
    found = main_incident(one)
    assert found is not None
    assert event(found) == {"year": 2017, "month": 5, "day": 3, "country": "AZ", "city": "Ganja"}
    longer = found.model_copy(update={"last": datetime.date(2017, 6, 1)})
    assert event(longer) == {"year": 2017, "month": None, "day": None, "country": "AZ", "city": "Ganja"}
    assert set(event(None).values()) == {None}
