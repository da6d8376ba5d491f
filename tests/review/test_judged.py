"""What verdicts mean for the facts that the tables have now."""

from typing import Any

import pytest

from pipeline.review.judged import Judged, judge
from pipeline.review.verdicts import Verdict, place
from pipeline.tables import Row
from tests.review.made import act, facts, hashed
from tests.stand_in import TEXT

DATE, PLACE, COUNT, SENTENCE, ARTICLE = facts()
MEN = {"status": "released", "assertion": "stated", "low": 1, "high": 1, "approx": False}


def judged(*lines: Verdict, rows: list[Row] | None = None, text: str = TEXT) -> Judged:
    return judge(facts() if rows is None else rows, lines, report_id="r", text=text, sha256=hashed(text))


def outcomes(found: Judged) -> list[Any]:
    return [item.outcome for item in found.items]


def other(row: Row, **fields: Any) -> Row:
    return row | fields


def added(words: str, *, reader: str = "anna", text: str = TEXT, **fields: Any) -> Verdict:
    start = text.index(words)
    return act("add", None, reader, text=text, type="count", place=place(text, start, start + len(words)), value=MEN | fields)


def test_each_verdict_lands_on_its_fact() -> None:
    found = judged(act("accept", DATE), act("reject", PLACE), act("correct", COUNT, value=other(COUNT, low=11)))
    assert outcomes(found) == ["accepted", "rejected", "corrected", None, None]
    assert found.items[2].values is not None
    assert found.items[2].values["low"] == 11


@pytest.mark.parametrize(
    ("hers", "together"),
    [
        pytest.param(act("accept", COUNT, "ben"), "accepted", id="agree"),
        pytest.param(act("reject", COUNT, "ben"), "disputed", id="differ"),
        pytest.param(act("correct", COUNT, "ben", value=other(COUNT, high=None)), "disputed", id="another-value"),
        pytest.param(act("correct", COUNT, "ben", value=COUNT), "accepted", id="corrected-to-the-same"),
    ],
)
def test_a_second_reader_s_verdict_stands_beside_the_first_s(hers: Verdict, together: str) -> None:
    item = judged(act("accept", COUNT), hers).items[2]
    assert (item.outcome, list(item.by), item.outcome_of("anna")) == (together, ["anna", "ben"], "accepted")
    assert (item.values is None) == (together == "disputed")


@pytest.mark.parametrize(
    ("line", "now", "expected"),
    [
        pytest.param(act("accept", COUNT), {"low": 84}, "corrected", id="accepted-and-now-another-value"),
        pytest.param(act("accept", COUNT), {"rule": "new", "confidence": 0.1}, "accepted", id="accepted-by-another-rule"),
        pytest.param(
            act("correct", COUNT, value=COUNT | {"low": 84}), {"low": 84}, "accepted", id="what-was-corrected-is-right-now"
        ),
        pytest.param(act("reject", COUNT), {"low": 84}, "rejected", id="rejected-stays"),
        pytest.param(act("accept", COUNT), {"end": 47, "text": "12 people away"}, "accepted", id="other-ends"),
    ],
)
def test_verdicts_survive_a_new_run(line: Verdict, now: dict[str, Any], expected: str) -> None:
    assert judged(line, rows=[COUNT | now, SENTENCE]).items[0].outcome == expected


def test_what_was_accepted_and_is_no_longer_found_is_missing() -> None:
    found = judged(act("accept", COUNT), act("reject", PLACE), rows=[DATE])
    assert [(item.row["text"], item.added, item.outcome) for item in found.items] == [
        ("2019", False, None),
        ("12 people", True, "added"),
    ]


def test_an_added_fact_is_judged_by_the_others_too() -> None:
    line = added("One")
    (item,) = judged(line, rows=[]).items
    assert (item.row["text"], item.row["low"], item.row["rule"], item.outcome) == ("One", 1, "reader", "added")
    assert judged(line, added("One got", reader="ben"), rows=[]).items[0].outcome == "added"
    assert judged(line, act("reject", item.row, "ben"), rows=[]).items[0].outcome == "disputed"
    found_now = item.row | {"rule": "new", "id": "x"}
    assert outcomes(judged(line, rows=[found_now])) == ["accepted"]


def test_a_rejected_fact_with_wrong_ends_and_the_right_one_beside_it() -> None:
    found = judged(act("reject", COUNT), added("took 12 people"), rows=[COUNT])
    assert sorted((item.row["text"], item.outcome) for item in found.items) == [
        ("12 people", "rejected"),
        ("took 12 people", "added"),
    ]


NEWER = "UPDATED. " + TEXT.replace("officers in ", "officers\nin ").replace("12 people", "12  people")


def test_verdicts_are_found_again_in_a_text_that_was_read_anew() -> None:
    rows = facts(NEWER.replace("  ", " "))
    found = judge(rows, [act("accept", PLACE), act("reject", SENTENCE)], report_id="r", text=NEWER, sha256=hashed(NEWER))
    assert [(i.row["text"], i.outcome) for i in found.items if i.outcome] == [("Baku", "accepted"), ("two years", "rejected")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Nothing of it is left.", id="gone"),
        pytest.param("Quite another story about Baku and its sea.", id="same-word-elsewhere"),
        pytest.param(f"{TEXT}\n\n{TEXT}", id="twice"),
    ],
)
def test_words_that_cannot_be_found_again_are_told_and_not_guessed(text: str) -> None:
    line = act("accept", PLACE)
    found = judge([], [line], report_id="r", text=text, sha256=hashed(text))
    assert (found.items, found.lost) == ((), (line,))


def test_types_read_to_the_end() -> None:
    found = judged(act("read", types=("date", "count")), act("read", reader="ben", types=("count", "article")))
    assert (found.whole, found.types) == (
        {"anna": ("date", "count"), "ben": ("count", "article")},
        ("date", "count", "article"),
    )
