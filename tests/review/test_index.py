"""Lists of any filter over the tables."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.review.index import PAGE, Index
from pipeline.review.selection import selection
from pipeline.review.verdicts import VerdictFile
from tests.review.made import act, archive, facts
from tests.stand_in import TEXT


@pytest.fixture
def index(tmp_path: Path) -> Index:
    archive(tmp_path, [TEXT, f"{TEXT} Later came 2019 again.", "No fact is here: 100% nothing."])
    return Index(tmp_path, VerdictFile(tmp_path / "verdicts.jsonl"), reader="anna")


def judge(index: Index, name: Any, which: int, reader: str = "anna") -> None:
    index.add(act(name, facts(report_id="r0")[which], reader, report_id="r0"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, 11, id="all"),
        pytest.param({"type": "count"}, 2, id="type"),
        pytest.param({"country": "AZ"}, 4, id="country-of-places-and-laws"),
        pytest.param({"since": "2019-05", "until": "2019-06"}, 3, id="period"),
        pytest.param({"since": "2020"}, 0, id="later"),
        pytest.param({"until": "2018-12-31"}, 0, id="earlier"),
        pytest.param({"rule": "stand-in"}, 11, id="rule"),
        pytest.param({"words": "12 PEOPLE"}, 2, id="words"),
        pytest.param({"words": "%"}, 0, id="a-percent-sign-is-one"),
        pytest.param({"words": "1_ people"}, 0, id="an-underscore-is-one"),
        pytest.param({"words": "' OR 1=1 --"}, 0, id="no-sql"),
        pytest.param({"doubt": "1"}, 0, id="doubt"),
        pytest.param({"verdict": "mine"}, 10, id="not-judged-by-me"),
        pytest.param({"verdict": "none"}, 9, id="judged-by-nobody"),
        pytest.param({"verdict": "rejected"}, 1, id="rejected"),
        pytest.param({"type": "town", "verdict": "x", "order": "y", "since": "soon", "until": "2019-02-31"}, 11, id="no-filters"),
    ],
)
def test_filters(index: Index, query: dict[str, str], expected: int) -> None:
    judge(index, "accept", 0)
    judge(index, "reject", 1, "ben")
    page = index.facts(selection(query))
    assert (page.total, len(page.rows)) == (expected, expected)
    every = not any(query.get(name) for name in query) or query.get("type") == "town"
    assert sum(row["found"] or 0 for row in index.reports(selection(query)).rows) == expected
    assert (index.reports(selection(query)).total == 3) == every


def test_a_selection_and_its_address_are_the_same() -> None:
    query = {"type": "count", "since": "2019", "words": "a & b", "doubt": "1", "order": "doubt", "verdict": "mine"}
    chosen = selection(query)
    from urllib.parse import parse_qsl

    assert selection(dict(parse_qsl(chosen.address()))) == chosen
    assert dict(parse_qsl(chosen.address(fact=3)))["fact"] == "3"


def test_the_words_are_marked_where_they_stand_in_their_sentence(tmp_path: Path) -> None:
    archive(tmp_path)
    index = Index(tmp_path, VerdictFile(tmp_path / "v.jsonl"), reader="anna")
    assert [row["at"] for row in index.facts(selection({})).rows] == [0] * 5  # the stand-in's context is the words


def test_pages_follow_each_other(tmp_path: Path) -> None:
    archive(tmp_path, [f"{n} {TEXT}" for n in range(25)])
    index = Index(tmp_path, VerdictFile(tmp_path / "v.jsonl"), reader="anna")
    first, second, third = (index.facts(selection({}), n) for n in (1, 2, 3))
    assert (first.pages, len(first.rows), len(second.rows), len(third.rows)) == (3, PAGE, PAGE, 25)
    assert [row["n"] for page in (first, second, third) for row in page.rows] == list(range(1, 126))
    assert index.facts(selection({}), 99).number == 3


def test_next_goes_through_what_is_not_judged_and_over_reports(index: Index) -> None:
    counts = selection({"type": "count", "verdict": "mine"})
    first = index.next_fact(counts)
    second = index.next_fact(counts, first)
    assert (index.report_of(first or 0), index.report_of(second or 0), index.next_fact(counts, second)) == (1, 2, None)
    judge(index, "accept", 2)
    assert index.next_fact(counts) == second


def test_another_reader_s_verdicts_come_in_and_blind_they_do_not(index: Index, tmp_path: Path) -> None:
    blind = Index(tmp_path, VerdictFile(tmp_path / "verdicts.jsonl"), reader="anna", blind=True)
    VerdictFile(tmp_path / "verdicts.jsonl").append(act("reject", facts(report_id="r0")[2], "ben", report_id="r0"))
    for one in (index, blind):
        one.refresh()
    assert [one.facts(selection({"verdict": "rejected"})).total for one in (index, blind)] == [1, 0]


def test_the_same_text_under_two_ids_is_judged_once(tmp_path: Path) -> None:
    archive(tmp_path, [TEXT, TEXT])
    index = Index(tmp_path, VerdictFile(tmp_path / "v.jsonl"), reader="anna")
    judge(index, "accept", 0)
    assert index.facts(selection({"verdict": "accepted"})).total == 2


def test_a_number_is_never_given_to_another_fact(index: Index) -> None:
    added = act("add", type="count", place=None, report_id="r0")
    from pipeline.review.verdicts import place

    value = {"low": 1, "high": 1, "approx": False, "status": "detained", "assertion": "stated"}
    one, other = (added.model_copy(update={"id": str(n), "place": place(TEXT, n, n + 4), "value": value}) for n in (21, 49))
    index.add(one)
    first = {row["n"] for row in index.facts(selection({"verdict": "added"})).rows}
    index.add(act("undo", undoes=one.id, report_id="r0"))
    index.add(other)
    assert first.isdisjoint(row["n"] for row in index.facts(selection({"verdict": "added"})).rows)
