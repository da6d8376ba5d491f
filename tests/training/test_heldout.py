"""What is held out, and what is told of it."""

import io
from typing import Any

import pytest
from rich.console import Console

from pipeline.components.mentions import Detected
from pipeline.console import figures_table
from pipeline.errors import CasefactsError
from pipeline.gold import Gold
from pipeline.training.heldout import Row, digest, gain, mean, measure, recorded, split

COUNT = {"type": "count", "start": 0, "end": 3, "status": "detained"}


def gold(text: str, *facts: dict[str, Any]) -> Gold:
    return Gold.model_validate({"id": text, "text": text, "facts": list(facts)})


def count(start: int, end: int, status: str = "detained") -> Detected:
    return Detected("count", start, end, 0.9, {"status": (status, 0.8)})


def test_the_split_is_always_the_same_and_leaves_nothing_out() -> None:
    documents = [gold(f"Text {i}") for i in range(23)]
    rest, held = split(documents, 5)
    assert len(held) == 4
    assert sorted(d.id for d in rest + held) == sorted(d.id for d in documents)
    assert {d.id for d in split(documents[::-1], 5)[1]} == {d.id for d in held}


def test_equal_texts_are_held_out_together() -> None:
    documents = [gold(f"Text {i % 11}") for i in range(22)]
    rest, held = split(documents, 5)
    assert len(held) == 4
    assert {digest(d.text) for d in held}.isdisjoint(digest(d.text) for d in rest)


def test_too_few_texts() -> None:
    with pytest.raises(CasefactsError, match="9 annotated texts are too few"):
        split([gold(str(i)) for i in range(9)], 5)


@pytest.mark.parametrize(
    ("facts", "given", "row"),
    [
        pytest.param([COUNT], [count(0, 3)], (1, 1, 1, 1), id="right"),
        pytest.param([COUNT], [count(2, 9)], (1, 1, 1, 1), id="an overlap is enough"),
        pytest.param([COUNT], [count(0, 3, "released")], (1, 1, 1, 0), id="found with another status"),
        pytest.param([{**COUNT, "status": None}], [count(0, 3)], (1, 1, 1, 1), id="an open attribute is not asked"),
        pytest.param([COUNT], [count(3, 5)], (1, 1, 0, 0), id="elsewhere"),
        pytest.param([COUNT], [count(0, 1), count(2, 3)], (1, 2, 1, 1), id="one answers once"),
        pytest.param([COUNT], [Detected("date", 0, 3, 0.9)], (1, 0, 0, 0), id="another type"),
        pytest.param([{**COUNT, "optional": True}], [count(0, 3)], (0, 0, 0, 0), id="an optional fact counts for nothing"),
        pytest.param([{**COUNT, "optional": True}], [], (0, 0, 0, 0), id="nor when missed"),
    ],
)
def test_measuring(facts: list[dict[str, Any]], given: list[Detected], row: tuple[int, int, int, int]) -> None:
    found = measure(lambda _: given, [gold("12 people were held.", *facts)])["count"]
    assert (found.gold, found.predicted, found.found, found.right) == row


def test_figures() -> None:
    row = Row(gold=4, predicted=2, found=2, right=1, asked={"status": 2}, agreed={"status": 1})
    assert row.figures() == {
        "gold": 4,
        "predicted": 2,
        "precision": 1.0,
        "recall": 0.5,
        "found_f1": 0.6667,
        "right_f1": 0.3333,
        "status": 0.5,
    }
    assert recorded({"count": row, "date": Row()}) == {"count": row.figures(), "right_f1": 0.3333}
    assert recorded(None) is None


@pytest.mark.parametrize(
    ("before", "better", "says"),
    [
        pytest.param(2, True, "Training helps: 3 facts right instead of 2", id="better"),
        pytest.param(3, False, "Training does not help", id="the same"),
        pytest.param(4, False, "3 facts right instead of 4", id="worse"),
        pytest.param(None, True, "nothing to compare with", id="known texts"),
    ],
)
def test_the_sentence(before: int | None, better: bool, says: str) -> None:
    after = {"count": Row(gold=5, predicted=5, found=4, right=3)}
    found, sentence = gain(None if before is None else {"count": Row(gold=5, predicted=5, found=4, right=before)}, after)
    assert (found, says in sentence) == (better, True), sentence


def test_the_table_fits_a_narrow_terminal() -> None:
    row = Row(gold=9, predicted=9, found=8, right=7, asked={"penalty": 8, "modality": 8}, agreed={"penalty": 7, "modality": 8})
    out = io.StringIO()
    Console(file=out, width=80).print(figures_table({"sentence": row}, {"sentence": row}))
    assert "penalty 0.88, modality 1.00" in out.getvalue()
    assert out.getvalue().count("0.89") == 6
    assert mean({"sentence": row}) == pytest.approx(7 / 9)
