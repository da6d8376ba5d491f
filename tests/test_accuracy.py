"""The scorer of benchmarks/accuracy.py: what is found, what is right."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import FIELDS, Tally, documents, pairs, score, tally
from tests.shared import needs_shared, scorer

SAMPLES = Path(__file__).parent / "gold" / "samples.jsonl"


def date(start: int, end: int, value: str = "2019", **more: object) -> dict[str, Any]:
    return {"type": "date", "start": start, "end": end, "value": value, **more}


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([date(0, 4)], [date(0, 4)], Tally(1, 1, 1, 1), id="right"),
        pytest.param([date(0, 4)], [date(3, 9)], Tally(1, 1, 1, 1), id="overlap-is-enough"),
        pytest.param([date(0, 4)], [date(4, 9)], Tally(1, 1, 0, 0), id="neighbours-do-not-overlap"),
        pytest.param([date(0, 4)], [date(0, 4, "2018")], Tally(1, 1, 1, 0), id="found-but-wrong"),
        pytest.param([date(0, 4)], [], Tally(1, 0, 0, 0), id="missed"),
        pytest.param([], [date(0, 4)], Tally(0, 1, 0, 0), id="spurious"),
        pytest.param([date(0, 9)], [date(0, 3), date(4, 9)], Tally(1, 2, 1, 1), id="one-to-one"),
        pytest.param([date(0, 4, optional=True)], [], Tally(0, 0, 0, 0), id="optional-missed"),
        pytest.param([date(0, 4, optional=True)], [date(0, 4)], Tally(0, 0, 0, 0), id="optional-found"),
        pytest.param([date(0, 4, optional=True)], [date(5, 9)], Tally(0, 1, 0, 0), id="optional-excuses-nothing-else"),
    ],
)
def test_tally(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], expected: Tally) -> None:
    assert tally("date", gold, predicted) == expected


@pytest.mark.parametrize(
    ("predicted", "chosen"),
    [
        pytest.param([date(0, 2), date(0, 4)], 1, id="the-larger-overlap"),
        pytest.param([date(0, 4, "2018"), date(0, 4)], 1, id="of-equal-ones-the-right"),
        pytest.param([date(0, 4), date(0, 4)], 0, id="of-equals-the-first"),
    ],
)
def test_which_prediction_answers(predicted: list[dict[str, Any]], chosen: int) -> None:
    assert pairs("date", [date(0, 4)], predicted) == [(0, chosen)]


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        pytest.param("Criminal Code", "the criminal code", 1, id="the-and-capitals"),
        pytest.param("Code of Administrative Offences", "Code of Administrative Offenses", 1, id="offences"),
        pytest.param("Anti-Terrorism Act", "Anti Terrorism Act", 1, id="hyphens"),
        pytest.param("Criminal Code", "Penal Code", 0, id="another-name"),
        pytest.param(None, "Criminal Code", 0, id="null-is-a-value"),
    ],
)
def test_spelling_without_meaning(gold: str | None, predicted: str, right: int) -> None:
    one, other = (
        {
            "type": "article",
            "start": 0,
            "end": 3,
            "article": "206 (2)".replace(" ", gap),
            "instrument": name,
            "jurisdiction": "KZ",
        }
        for name, gap in ((gold, ""), (predicted, " "))
    )
    assert tally("article", [one], [other]).right == right


def test_a_document_is_scored_for_its_types_alone() -> None:
    place = {"type": "location", "start": 0, "end": 4, "country": "GE"}
    gold = [{"id": "a", "types": ["location"], "facts": [place]}]
    figures = score(gold, {"a": [place, date(5, 9)]})
    assert (figures["date"]["predicted"], figures["location"]["right_f1"], figures["macro"]["right_f1"]) == (0, 1.0, 1.0)


def _worn(fact: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a fact with its span moved or one field lost, at times."""
    moved = fact | {"start": fact["start"] + rng.choice([-3, 0, 0, 0, 2]), "end": fact["end"] + rng.choice([-2, 0, 0, 4])}
    return moved | {rng.choice(FIELDS[fact["type"]]): None} if rng.random() < 0.2 else moved


@needs_shared
def test_it_agrees_with_the_shared_scorer() -> None:
    rng, other = random.Random(7), scorer()
    gold = list(documents(SAMPLES))
    predicted = {d["id"]: [_worn(f, rng) for f in d["facts"] * 2 if rng.random() < 0.6] for d in gold}
    figures = score(gold, predicted)
    counted, _ = other.score({d["id"]: d for d in gold}, {k: {"facts": v} for k, v in predicted.items()}, list(FIELDS))
    for kind in FIELDS:
        for name in ("gold", "predicted", "found", "right"):
            assert figures[kind][name] == counted[kind, name], (kind, name)


def test_the_gold_of_the_samples_is_sound() -> None:
    for document in documents(SAMPLES):
        for fact in document["facts"]:
            assert document["text"][fact["start"] : fact["end"]] == fact["text"], json.dumps(fact)
            assert set(FIELDS[fact["type"]]) <= set(fact)
