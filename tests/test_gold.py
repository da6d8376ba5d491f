"""Accuracy may not fall under the floors of benchmarks/floors.json."""

import json
from functools import cache
from pathlib import Path

import pytest

from benchmarks.accuracy import FIELDS, documents, predict, score
from tests.shared import SHARED, needs_shared

ROOT = Path(__file__).parents[1]
FLOORS: dict[str, dict[str, dict[str, float]]] = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))
GOLD = {"samples": ROOT / "tests" / "gold" / "samples.jsonl", "reports": SHARED / "eval" / "gold" / "reports.jsonl"}


@cache
def figures(name: str) -> dict[str, dict[str, float]]:
    gold = list(documents(GOLD[name]))
    return score(gold, predict(gold))


def test_there_is_a_floor_for_every_type() -> None:
    assert set(FLOORS) == set(GOLD)
    assert all(set(floors) == {*FIELDS, "macro"} for floors in FLOORS.values())


@pytest.mark.parametrize("kind", [*FIELDS, "macro"])
@pytest.mark.parametrize("name", ["samples", pytest.param("reports", marks=needs_shared)])
def test_accuracy(name: str, kind: str) -> None:
    reached, floors = figures(name)[kind], FLOORS[name][kind]
    assert {measure: round(reached[measure], 4) for measure in floors if reached[measure] < floors[measure]} == {}
