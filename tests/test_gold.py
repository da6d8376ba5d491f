"""Gold files, and the accuracy on them, which may not fall under the floors of benchmarks/floors.json."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline import extract
from pipeline.errors import ReadError
from pipeline.gold import read_gold
from pipeline.scoring import FIELDS, comparisons, figures
from tests.shared import SHARED, needs_shared

ROOT = Path(__file__).parents[1]
FLOORS: dict[str, dict[str, dict[str, float]]] = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))
GOLD = {"samples": ROOT / "tests" / "gold" / "samples.jsonl", "reports": SHARED / "eval" / "gold" / "reports.jsonl"}


@cache
def reached(name: str) -> dict[str, dict[str, float]]:
    gold = read_gold([GOLD[name]])
    return figures(comparisons(gold, extract(one.report() for one in gold)))


def test_there_is_a_floor_for_every_type() -> None:
    assert set(FLOORS) == set(GOLD)
    assert all(set(floors) == {*FIELDS, "macro"} for floors in FLOORS.values())


@pytest.mark.parametrize("kind", [*FIELDS, "macro"])
@pytest.mark.parametrize("name", ["samples", pytest.param("reports", marks=needs_shared)])
def test_accuracy(name: str, kind: str) -> None:
    row, floors = reached(name)[kind], FLOORS[name][kind]
    assert {measure: round(row[measure], 4) for measure in floors if row[measure] < floors[measure]} == {}


TEXT = {"id": "a", "text": "Held in Ganja."}
PLACE = {"type": "location", "text": "Ganja", "start": 8, "end": 13, "country": "AZ"}


def written(path: Path, *documents: Any) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in documents), encoding="utf-8")
    return path


def test_what_a_gold_file_may_leave_out(tmp_path: Path) -> None:
    timed = {**TEXT, "id": "b", "published": "1990-08-15T13:37", "facts": [PLACE | {"optional": True, "more": 1}]}
    one, other = read_gold([written(tmp_path / "g.jsonl", {**TEXT, "facts": []}, "", timed)])
    assert (one.report().text, one.types, one.of("location")) == ("Held in Ganja.", None, [])
    assert (str(other.published), other.of("location")[0]["optional"], other.of("location")[0]["more"]) == ("1990-08-15", True, 1)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param("{", "g.jsonl:2: Invalid JSON", id="no-json"),
        pytest.param("[]", "g.jsonl:2: Input should be an object", id="no-object"),
        pytest.param({"id": "a", "facts": []}, "g.jsonl:2: text: Field required", id="no-text"),
        pytest.param({**TEXT, "facts": []}, "g.jsonl:2: a second text with the id 'a'", id="twice"),
        pytest.param({**TEXT, "id": 7, "facts": []}, "g.jsonl:2: id: Input should be a valid string, not 7", id="id-no-text"),
        pytest.param({**TEXT, "facts": [{}]}, "g.jsonl:2: facts[0]: Unable to extract tag", id="no-type"),
        pytest.param({**TEXT, "facts": [PLACE | {"type": "town"}]}, "g.jsonl:2: facts[0]: Input tag 'town'", id="no-such-type"),
        pytest.param({**TEXT, "facts": [PLACE | {"end": 99}]}, "g.jsonl:2: facts[0]: 8 to 99 is no place", id="no-place"),
        pytest.param(
            {**TEXT, "facts": [PLACE | {"start": 7}]}, "its text is 'Ganja', but ' Ganja' stands at 7", id="other-words"
        ),
        pytest.param({**TEXT, "facts": [PLACE | {"start": "8"}]}, "facts[0].start: Input should be a valid integer", id="number"),
        pytest.param(
            {**TEXT, "facts": [PLACE | {"type": "count", "status": "arrested"}]},
            "facts[0].status: Input should be 'detained', 'charged', 'sentenced' or 'released', not 'arrested'",
            id="no-such-status",
        ),
        pytest.param({**TEXT, "published": "2017", "facts": []}, "g.jsonl:2: published: Value error", id="no-day"),
        pytest.param({**TEXT, "types": ["town"], "facts": []}, "g.jsonl:2: types[0]: Input should be 'date'", id="no-such-types"),
    ],
)
def test_a_bad_gold_file_says_where(document: Any, says: str, tmp_path: Path) -> None:
    path = written(tmp_path / "g.jsonl", {**TEXT, "facts": []}, document)
    with pytest.raises(ReadError) as error:
        read_gold([path])
    assert says in str(error.value)


def test_an_empty_gold_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds no annotated text"):
        read_gold([written(tmp_path / "g.jsonl", "")])
