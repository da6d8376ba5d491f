"""What is found, what is right, and what is told of the rest."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from pipeline.gold import Gold, read_gold
from pipeline.scoring import FIELDS, Compared, as_json, compared, figures, first, mistakes, pairs
from tests.shared import SHARED, needs_shared, scorer

SAMPLES = Path(__file__).parent / "gold" / "samples.jsonl"


TEXT = "x" * 40
Counts = tuple[int, int, int, int]


def gold_of(facts: list[dict[str, Any]], **more: Any) -> Gold:
    return Gold.model_validate({"id": "a", "text": TEXT, "facts": facts, **more})


def counts(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], kind: str = "date") -> Counts:
    row = figures(compared([gold_of(gold)], {"a": predicted}))[kind]
    return row["gold"], row["predicted"], row["found"], row["right"]


def date(start: int, end: int, value: str = "2019", **more: object) -> dict[str, Any]:
    return {"type": "date", "start": start, "end": end, "value": value, **more}


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([date(0, 4)], [date(0, 4)], (1, 1, 1, 1), id="right"),
        pytest.param([date(0, 4)], [date(3, 9)], (1, 1, 1, 1), id="overlap-is-enough"),
        pytest.param([date(0, 4)], [date(4, 9)], (1, 1, 0, 0), id="neighbours-do-not-overlap"),
        pytest.param([date(0, 4)], [date(0, 4, "2018")], (1, 1, 1, 0), id="found-but-wrong"),
        pytest.param([date(0, 4)], [], (1, 0, 0, 0), id="missed"),
        pytest.param([], [date(0, 4)], (0, 1, 0, 0), id="spurious"),
        pytest.param([date(0, 9)], [date(0, 3), date(4, 9)], (1, 2, 1, 1), id="one-to-one"),
        pytest.param([date(0, 4, optional=True)], [], (0, 0, 0, 0), id="optional-missed"),
        pytest.param([date(0, 4, optional=True)], [date(0, 4)], (0, 0, 0, 0), id="optional-found"),
        pytest.param([date(0, 4, optional=True)], [date(5, 9)], (0, 1, 0, 0), id="optional-excuses-nothing-else"),
    ],
)
def test_counts(gold: list[dict[str, Any]], predicted: list[dict[str, Any]], expected: Counts) -> None:
    assert counts(gold, predicted) == expected


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
    assert counts([one], [other], "article")[3] == right


def test_a_text_is_scored_for_its_types_alone() -> None:
    place = {"type": "location", "start": 0, "end": 4, "country": "GE"}
    found = figures(compared([gold_of([place], types=["location"])], {"a": [place, date(5, 9)]}))
    assert (found["date"]["predicted"], found["location"]["right_f1"], found["macro"]["right_f1"]) == (0, 1.0, 1.0)


def test_a_type_alone_is_compared_if_it_is_asked_for() -> None:
    found = compared([gold_of([date(0, 4)])], {}, kinds=("date",))
    assert [one.type for one in found] == ["date"]
    assert set(figures(found, kinds=("date",))) == {"date", "macro"}


def test_the_share_of_each_field_that_is_right() -> None:
    one = {"type": "count", "start": 0, "end": 4, "low": 4, "high": 4, "status": "detained"}
    found = compared([gold_of([one])], {"a": [one | {"status": "charged"}]})
    assert figures(found)["count"]["fields"] == {"low": 1.0, "high": 1.0, "status": 0.0}


def wrong() -> list[Compared]:
    gold = [gold_of([date(0, 4), date(10, 14)])]
    return compared(gold, {"a": [date(0, 4, "2018", text="xxxx"), date(20, 24, text="xxxx")]})


def test_mistakes_are_of_three_kinds() -> None:
    told = [(one.what, one.fields, bool(one.gold), bool(one.predicted)) for one in mistakes(wrong())]
    assert told == [("wrong", ("value",), True, True), ("missed", (), True, False), ("spurious", (), False, True)]
    assert all(one.context and set(one.context) == {"x"} for one in mistakes(wrong()))


def test_so_many_mistakes_of_each_kind() -> None:
    assert [len(first(mistakes(wrong()) * 3, most)) for most in (0, 1, 2)] == [0, 3, 6]


def test_figures_and_mistakes_as_json() -> None:
    told = json.loads(as_json(figures(wrong()), mistakes(wrong())))
    assert told["date"]["gold"] == 2
    assert [one["what"] for one in told["errors"]] == ["wrong", "missed", "spurious"]


def _worn(fact: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a fact with its span moved or one field lost, at times."""
    moved = fact | {"start": fact["start"] + rng.choice([-3, 0, 0, 0, 2]), "end": fact["end"] + rng.choice([-2, 0, 0, 4])}
    return moved | {rng.choice(FIELDS[fact["type"]]): None} if rng.random() < 0.2 else moved


@needs_shared
@pytest.mark.parametrize("name", ["samples", "reports", "train", "dates-timebank", "places-geovirus"])
def test_it_agrees_with_the_shared_scorer(name: str) -> None:
    rng, other = random.Random(7), scorer()
    path = SAMPLES if name == "samples" else SHARED / "eval" / "gold" / f"{name}.jsonl"
    gold, plain = read_gold([path]), other.load(path)
    predicted = {key: [_worn(f, rng) for f in d["facts"] * 2 if rng.random() < 0.6] for key, d in plain.items()}
    found = compared(gold, predicted)
    counted, errors = other.score(plain, {k: {"facts": v} for k, v in predicted.items()}, list(FIELDS))
    for kind, fields in FIELDS.items():
        row = figures(found)[kind]
        assert [row[what] for what in ("gold", "predicted", "found", "right")] == [
            counted[kind, what] for what in ("gold", "predicted", "found", "right")
        ]
        hits = [round(row["fields"][field] * row["found"]) for field in fields]
        assert hits == [counted[kind, "field", field] for field in fields]
        for i, what in enumerate(("found_p", "found_r", "found_f1")):
            assert row[what] == pytest.approx(other.f1(row["found"], row["gold"], row["predicted"])[i])
    assert sorted((one.type, one.what, one.report_id) for one in mistakes(found)) == sorted(error[:3] for error in errors)


def test_the_gold_of_the_samples_is_sound() -> None:
    for document in read_gold([SAMPLES]):
        for fact in document.facts:
            assert document.text[fact.start : fact.end] == fact.text
            assert set(FIELDS[fact.type]) <= fact.model_fields_set
