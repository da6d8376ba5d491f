"""benchmarks/compare.py: what it measures is what the scorer says, its tables have the form that the pages want, its adapters are fair."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare import FIGURES, GOLD, MARKS, SAMPLES, TOOLS, between, chosen, compare, details, overview, read
from benchmarks.rivals import afternoon, values
from benchmarks.rivals.dates import timex_value
from benchmarks.rivals.tool import Tool, fact
from pipeline.gold import read_gold
from pipeline.schema import Report
from pipeline.scoring import FIELDS, compared, figures

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 11, 22)
BASE = datetime.date(2017, 10, 3)
HERE = ("casefacts", "spaCy alone", "dateparser.search")


def absent() -> Any:
    raise ImportError("no such tool")


@pytest.fixture(scope="module")
def done() -> dict[str, Any]:
    gold = {"samples": read_gold([SAMPLES])[:4]}
    return compare([*chosen(HERE), Tool("unheard-of", ("none",), ("date",), "none", absent)], gold, day=DAY)


def test_the_tools_that_come_with_casefacts_are_measured(done: dict[str, Any]) -> None:
    assert tuple(done["tools"]) == HERE
    assert all(row["words_per_second"] > 0 for row in done["tools"].values())


@pytest.mark.parametrize("name", HERE)
def test_figures_are_the_scorer_s(name: str, done: dict[str, Any]) -> None:
    (tool,) = chosen([name])
    gold = read_gold([SAMPLES])[:4]
    given = done["tools"][name]["figures"]["samples"]
    assert given == figures(compared(gold, read(tool.load(), gold), kinds=tool.types), kinds=tool.types)
    assert given["macro"]["found_f1"] > 0.2


def test_the_readme_s_table(done: dict[str, Any]) -> None:
    header, line, *rows = overview(done).split("\n\n")[0].splitlines()
    assert header == "| right, F1 | dates | locations | counts | sentences | articles | words/s |"
    assert line.count("---") == 7
    assert [row.split(" | ")[0] for row in rows] == [f"| {name}" for name in HERE]
    cells = [re.sub(r"\*", "", row).strip("| ").split(" | ")[1:] for row in rows]
    assert cells[2][1:5] == ["–"] * 4
    assert all(re.fullmatch(r"[01]\.\d\d|–", cell) for row in cells for cell in row[:5])
    best = max(round(row["figures"]["samples"]["date"]["right_f1"], 2) for row in done["tools"].values())
    assert f"**{best:.2f}**" in overview(done)


def test_the_detailed_table_has_found_and_right(done: dict[str, Any]) -> None:
    row = done["tools"]["dateparser.search"]["figures"]["samples"]["date"]
    found = re.search(r"\| dateparser\.search \| (\d\.\d\d) / \**(\d\.\d\d)", details(done))
    assert found is not None
    assert found.groups() == (f"{row['found_f1']:.2f}", f"{row['right_f1']:.2f}")


def test_what_is_not_installed_is_said(done: dict[str, Any]) -> None:
    assert "unheard-of was not installed (`pip install '.[compare]'`)" in overview(done)


@pytest.mark.parametrize(("page", "render"), [("README.md", overview), ("docs/accuracy.md", details)])
def test_the_pages_hold_the_tables_of_the_figures(page: str, render: Any) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert between(text, render(json.loads(FIGURES.read_text(encoding="utf-8")))) == text
    assert all(text.count(mark) == 1 for mark in MARKS)


def test_comparison_md_names_each_tool() -> None:
    page = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    assert [tool.name for tool in TOOLS if tool.name not in page] == []
    assert len(GOLD) == 4


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_an_adapter_gives_sound_facts(tool: Tool) -> None:
    try:
        run = tool.load()
    except ImportError as error:
        pytest.skip(f"{error}: {tool.install}")
    (facts,) = run([Report(id="a", text=TEXT, published=BASE)])
    assert facts
    for found in facts:
        assert found["type"] in tool.types
        assert TEXT[found["start"] : found["end"]] == found["text"]
        assert set(FIELDS[found["type"]]) <= set(found)


TEXT = (
    "On 23 September 2017 police in Baku, Azerbaijan, arrested 48 people. Two were sentenced to five years in prison "
    "under Article 213 of the Criminal Code, a third in New York under 18 U.S.C. § 1001."
)


@pytest.mark.parametrize(
    ("words", "base", "value"),
    [
        ("3 October 2017", BASE, "2017-10-03"),
        ("In March 2016", BASE, "2016-03"),
        ("early 2014", BASE, "2014"),
        ("the end of May 2012", BASE, "2012-05"),
        ("21 December", BASE, "2016-12-21"),
        ("21 December", None, "XXXX-12-21"),
        ("Thursday", BASE, "2017-09-28"),
        ("Thursday", None, None),
        ("last month", BASE, "2017-09"),
        ("last week", BASE, "2017-09-25/2017-10-01"),
        ("the 1990s", BASE, "199X"),
        ("the summer of 2019", BASE, "2019-22"),
        ("2014-16", BASE, "2014/2016"),
        ("14 to 16 May 2012", BASE, "2012-05-14/2012-05-16"),
        ("May 14-16, 2012", BASE, "2012-05-14/2012-05-16"),
        ("between March and May 2012", BASE, "2012-03/2012-05"),
        ("three months", BASE, None),
        ("25 years old", BASE, None),
        ("a Tuesday in his life", BASE, None),
    ],
)
def test_dates_become_edtf(words: str, base: datetime.date | None, value: str | None) -> None:
    assert values.edtf(words, base) == value


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the United Kingdom", "GB"),
        ("US", "US"),
        ("Iran's", "IR"),
        ("Ganja", "AZ"),
        ("Zacatecas", "MX"),
        ("Police", "PL"),
        ("Nowhereville-on-Sea", None),
    ],
)
def test_places_become_countries(name: str, code: str | None) -> None:
    assert values.country(name) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from May 2012 to June 2012 he", ["2012-05/2012-06"]),
        ("May 2012 - June 2012", ["2012-05/2012-06"]),
        ("May 2012 and June 2012", ["2012-05", "2012-06"]),
    ],
)
def test_two_dates_may_be_one_range(text: str, expected: list[str]) -> None:
    ends = [(text.index("May"), "2012-05"), (text.index("June"), "2012-06")]
    facts = [fact("date", text, start, text.index("2012", start) + 4, value=value) for start, value in ends]
    assert [found["value"] for found in values.joined(facts, text)] == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Police arrested more than 100 people.", "100", (101, None, "detained")),
        ("The court acquitted 12 men.", "12", (12, 12, "released")),
        ("They walked past 12 houses.", "12", None),
        ("Of 12 held, none was charged.", "12", (12, 12, "detained")),
    ],
)
def test_the_afternoon_s_counts(text: str, words: str, expected: tuple[int, int | None, str] | None) -> None:
    start = text.index(words)
    found = afternoon.count(text, start, start + len(words))
    assert (found and (found["low"], found["high"], found["status"])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was sentenced to five years in prison.", ("P5Y", "P5Y", "imprisonment", "imposed")),
        ("She could face up to five years in jail.", ("P5Y", "P5Y", "imprisonment", "possible")),
        ("The prosecutor requested house arrest of five years.", ("P5Y", "P5Y", "house_arrest", "requested")),
        ("It rained for five years.", None),
    ],
)
def test_the_afternoon_s_penalties(text: str, expected: tuple[str, ...] | None) -> None:
    start = text.index("five years")
    found = afternoon.penalty(text, start, start + 10)
    assert (found and tuple(found[name] for name in FIELDS["sentence"])) == expected


def test_the_afternoon_s_articles() -> None:
    text = "Held under Articles 228.3 and 234 of the Criminal Code, against Article 9 of the Covenant."
    found = [(one["article"], one["instrument"], one["jurisdiction"]) for one in afternoon.articles(text, "AZ")]
    assert found == [("228.3", "Criminal Code", "AZ"), ("234", "Criminal Code", "AZ"), ("9", "Covenant", "INT")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2017-W38", "2017-09-18/2017-09-24"),
        ("2017-W38-WE", "2017-09-23/2017-09-24"),
        ("XXXX-09-23", "XXXX-09-23"),
        ("P3D", None),
        ("XXXX", None),
    ],
)
def test_timex_values(value: str, expected: str | None) -> None:
    assert timex_value(value) == expected
