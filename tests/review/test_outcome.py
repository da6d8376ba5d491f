"""What reading brings: columns, annotated texts, regression cases, figures."""

import csv
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from pipeline import cli
from pipeline.gold import read_gold
from pipeline.review import outcome
from pipeline.review.index import Index
from pipeline.review.verdicts import Verdict, VerdictFile, place
from pipeline.schema import Report
from pipeline.scoring import comparisons, figures, mistakes
from pipeline.tables import FACT_TYPES, schemas
from pipeline.writers import FORMATS
from tests.review.made import act, archive, facts
from tests.stand_in import TEXT, extract

DATE, PLACE, COUNT, SENTENCE, ARTICLE = facts(report_id="r0")
ONE = {"status": "sentenced", "assertion": "stated", "low": 1, "high": 1, "approx": False}


def here(name: Any, row: Any = None, reader: str = "anna", **fields: Any) -> Verdict:
    return act(name, row, reader, report_id="r0", **fields)


VERDICTS = [
    here("accept", DATE),
    here("reject", PLACE),
    here("correct", COUNT, value=COUNT | {"low": 12, "high": None}),
    here("correct", SENTENCE, value=SENTENCE | {"min": "P2Y", "max": "P3Y"}),
    here("accept", SENTENCE, "ben"),
    here("accept", ARTICLE),
    here("add", type="count", place=place(TEXT, TEXT.index("One"), TEXT.index("One") + 3), value=ONE),
]


def written(folder: Path, lines: list[Verdict]) -> Path:
    archive(folder)
    verdicts = VerdictFile(folder / "verdicts.jsonl")
    for line in lines:
        verdicts.append(line)
    return folder


def opened(folder: Path, lines: list[Verdict]) -> Index:
    return Index(written(folder, lines), VerdictFile(folder / "verdicts.jsonl"), reader="")


def casefacts(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_verdicts_are_columns_of_the_facts(tmp_path: Path) -> None:
    outcome.write_tables(opened(tmp_path / "run", VERDICTS), tmp_path / "run", tmp_path / "out", "parquet")
    rows = {row["text"]: row for row in parquet.read_table(tmp_path / "out" / "facts.parquet").to_pylist()}
    assert {words: row["verdict"] for words, row in rows.items()} == {
        "2019": "accepted",
        "Baku": "rejected",
        "12 people": "corrected",
        "One": "added",
        "two years": "disputed",
        "Article 233": "accepted",
    }
    count, one, term = rows["12 people"], rows["One"], rows["two years"]
    assert (count["low"], count["high"], count["corrected_low"], count["corrected_high"]) == (12, 12, 12, None)
    assert (count["verdict_by"], count["verdict_at"][:10]) == ("anna", "2026-03-01")
    assert (one["rule"], one["low"], one["corrected_low"], one["corrected_status"]) == ("reader", None, 1, "sentenced")
    assert (term["verdicts"], term["corrected_min"], term["corrected_min_days"]) == ("anna: corrected; ben: accepted", None, None)


def test_bounds_follow_from_a_corrected_date(tmp_path: Path) -> None:
    index = opened(tmp_path / "run", [here("correct", DATE, value=DATE | {"value": "2018-02"})])
    outcome.write_tables(index, tmp_path / "run", tmp_path / "out", "parquet")
    (row, *_) = parquet.read_table(tmp_path / "out" / "facts.parquet").to_pylist()
    assert (str(row["first"]), str(row["corrected_first"]), str(row["corrected_last"])) == (
        "2019-01-01",
        "2018-02-01",
        "2018-02-28",
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_tables_with_verdicts_come_in_each_format(tmp_path: Path, kind: Any) -> None:
    run = written(tmp_path / "run", VERDICTS)
    code, out, _ = casefacts("verdicts", run, "-o", tmp_path / "out", "--format", kind)
    assert code == 0
    names = [f"{name}.{kind}" for name in ("claims", "facts", "reports")]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted([*names, "reviewed.json"])
    assert casefacts("verdicts", run, "-o", tmp_path / "out", "--format", kind)[0] == 0
    assert "6 of 6 facts judged" in out
    assert "Of 1 facts that two or more have judged, they agree on 0" in out


def test_verdicts_go_along_into_an_export(tmp_path: Path) -> None:
    folder = written(tmp_path / "run", VERDICTS)
    sheet, base = tmp_path / "sheet", tmp_path / "cases.db"
    assert casefacts("export", folder, "--to", "excel", "-o", sheet, "--reviewed")[0] == 0
    assert casefacts("export", folder, "--to", "sqlite", "-o", base, "--reviewed")[0] == 0
    with (sheet / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["text"]: row for row in csv.DictReader(file)}
    assert {text: row["verdict"] for text, row in rows.items()} == {
        "'2019": "accepted",
        "Baku": "rejected",
        "12 people": "corrected",
        "One": "added",
        "two years": "disputed",
        "Article 233": "accepted",
    }
    assert rows["One"]["corrected_low"] == "1"
    found = (
        sqlite3.connect(base).execute("SELECT verdict, corrected_low FROM facts WHERE type = 'count' ORDER BY start").fetchall()
    )
    assert found == [("corrected", 12), ("added", 1)]


def test_an_export_of_verdicts_that_nobody_gave(tmp_path: Path) -> None:
    archive(tmp_path / "run")
    code, _, told = casefacts("export", tmp_path / "run", "--to", "excel", "-o", tmp_path / "out", "--reviewed")
    assert (code, "there are no verdicts" in told) == (2, True)
    assert not (tmp_path / "out").exists()


def test_the_run_s_own_tables_are_never_written_over(tmp_path: Path) -> None:
    run = written(tmp_path / "run", VERDICTS)
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    code, _, told = casefacts("verdicts", run, "-o", run)
    assert (code, "the run's stay as they are" in told) == (2, True)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_table_of_somebody_else_is_not_written_over(tmp_path: Path) -> None:
    run = written(tmp_path / "run", VERDICTS)
    (tmp_path / "facts.csv").write_text("mine", encoding="utf-8")
    code, _, told = casefacts("verdicts", run, "-o", tmp_path, "--format", "csv")
    assert (code, "holds facts.csv, which casefacts verdicts did not make" in told) == (2, True)
    assert (tmp_path / "facts.csv").read_text(encoding="utf-8") == "mine"


def test_only_what_was_read_to_the_end_is_gold(tmp_path: Path) -> None:
    assert list(outcome.gold(opened(tmp_path / "a", VERDICTS))) == []
    (partly,) = outcome.gold(opened(tmp_path / "b", [*VERDICTS, here("read", types=("count", "date"))]))
    assert (partly.types, [(f.type, f.text) for f in partly.facts]) == (
        ["date", "count"],
        [("date", "2019"), ("count", "12 people"), ("count", "One")],
    )
    (whole,) = outcome.gold(opened(tmp_path / "c", [*VERDICTS, here("read", types=FACT_TYPES)]))
    assert (whole.types, [f.text for f in whole.facts if f.optional]) == (None, ["two years"])
    assert "Baku" not in [f.text for f in whole.facts]


def test_a_type_is_no_gold_if_a_verdict_s_words_are_gone(tmp_path: Path) -> None:
    gone = act(
        "add", type="count", place=place("Nine men were let go.", 0, 4), value=ONE, report_id="r0", text="Nine men were let go."
    )
    (found,) = outcome.gold(opened(tmp_path, [*VERDICTS, gone, here("read", types=FACT_TYPES)]))
    assert found.types == ["date", "location", "sentence", "article"]


def test_gold_of_review_is_read_again_and_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_extractor", lambda _: extract)
    run = written(tmp_path / "run", [*VERDICTS, here("read", types=FACT_TYPES)])
    code, _, told = casefacts("verdicts", run, "--gold", tmp_path / "gold.jsonl")
    assert (code, "Wrote 1 reports" in told) == (0, True)
    by_file = casefacts("score", tmp_path / "gold.jsonl", "--json")
    assert by_file == casefacts("score", "--from-review", run, "--json")
    scores = json.loads(by_file[1])
    assert {kind: [scores[kind][name] for name in ("gold", "predicted", "found", "right")] for kind in FACT_TYPES} == {
        "date": [1, 1, 1, 1],
        "location": [0, 1, 0, 0],
        "count": [2, 1, 1, 0],
        "sentence": [0, 0, 0, 0],
        "article": [1, 1, 1, 1],
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["score"], "--from-review", id="nothing-named"),
        pytest.param(["score", "--from-review", "run"], "no report was read to the end yet", id="nothing-read"),
        pytest.param(["score", "--from-review", "run", "--write-confidence", "c.json"], "--gold FILE", id="confidence"),
        pytest.param(["verdicts", "bare"], "there are no verdicts", id="no-verdicts"),
        pytest.param(["review", "bare", "--reader", "a|b"], "is no name", id="bad-name"),
        pytest.param(["review", "empty"], "no tables of a run", id="no-run"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "run", VERDICTS)
    archive(tmp_path / "bare")
    (tmp_path / "empty").mkdir()
    code, _, told = casefacts(*arguments)
    assert (code, says in " ".join(told.split())) == (2, True), told


def test_cases_ask_for_the_places_judged_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    lines = [here("reject", PLACE), here("accept", COUNT), here("accept", ARTICLE), here("reject", ARTICLE, "ben")]
    assert outcome.write_gold(path, outcome.cases(opened(tmp_path / "run", lines))) == 1
    (case,) = read_gold([path])
    assert case.places == [("location", PLACE["start"], PLACE["end"]), ("count", COUNT["start"], COUNT["end"])]
    compared = comparisons([case], extract([Report(id="r0", text=TEXT)]))
    assert [(one.type, one.what) for one in mistakes(compared)] == [("location", "spurious")]
    assert figures(compared)["count"]["right"] == 1


def test_verdicts_survive_a_new_run_into_the_same_folder(tmp_path: Path) -> None:
    written(tmp_path, VERDICTS)
    archive(tmp_path, [TEXT, "Another report about Baku."], kind="csv")
    index = Index(tmp_path, VerdictFile(tmp_path / "verdicts.jsonl"), reader="anna")
    found = outcome.told(index)
    assert (found.outcomes, found.lost) == ({"accepted": 2, "rejected": 1, "corrected": 1, "disputed": 1, "added": 1}, ())
    assert index.progress()["mine"] == 6


def test_review_md_has_each_column_that_reading_adds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| (facts|claims|reports) \| `(\w+)", page, re.MULTILINE)) - {("facts", "corrected_")}
    fields = re.search(r"The fields are (.*?) are reckoned", page, re.DOTALL)
    assert fields
    documented |= {("facts", f"corrected_{name}") for name in re.findall(r"`(\w+)`", fields[1])}
    added = {
        (name, one)
        for name in ("facts", "claims", "reports")
        for one in outcome.schema(name).names
        if one not in schemas()[name].names
    }
    assert documented == added
