"""The command line: what people see, and the exit codes."""

import datetime
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from pipeline import cli
from pipeline.batch import Summary
from pipeline.console import next_lines, summary_lines
from pipeline.rules.confidence import Confidences
from pipeline.schema import Extraction, Report
from pipeline.tables import RUN_TABLES, rows, table
from tests.stand_in import TEXT, extract

ROOT = Path(__file__).parents[1]
runner = CliRunner()


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "_extractor", lambda _: extract)
    monkeypatch.setattr(cli, "_about", lambda _: {"casefacts": "test"})
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    Path("empty.txt").touch()


def casefacts(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code, the standard output and the standard error of a command."""
    result = runner.invoke(cli.app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["a.txt"], 0, "1 report read", id="all read"),
        pytest.param(["a.txt", "empty.txt"], 1, "empty.txt: holds no text", id="some rejected"),
        pytest.param(["empty.txt"], 2, "empty (1)", id="nothing done"),
        pytest.param(["nope.txt"], 2, "nope.txt: no such file", id="missing"),
        pytest.param(["a.txt", "--published", "3 Oct"], 2, "--published", id="bad day"),
        pytest.param(["a.txt", "--published", "2017"], 2, "2017-10-03", id="a year is no day"),
        pytest.param(["a.txt", "--format", "xml"], 2, "--format", id="bad format"),
        pytest.param(["a.txt", "-o", "-", "--format", "csv"], 2, "JSON Lines", id="csv to stdout"),
        pytest.param(["a.txt", "-o", "a.txt"], 2, "is a file, not a folder", id="output is a file"),
        pytest.param([], 2, "PATH", id="no path"),
        pytest.param(["-h"], 0, "", id="help in short"),
    ],
)
def test_exit_codes_and_messages(arguments: list[str], code: int, says: str) -> None:
    found, _, told = casefacts("extract", *arguments)
    assert (found, says in told) == (code, True), told
    assert "Traceback" not in told


def test_the_tables_go_where_the_summary_says() -> None:
    _, out, told = casefacts("extract", "a.txt", "-o", "there")
    assert out == ""
    assert (
        "Tables in there: reports.parquet, texts.parquet, facts.parquet, claims.parquet, incidents.parquet, rejected.parquet"
        in told
    )
    assert "Azerbaijan (1)" in told
    assert parquet.read_table("there/facts.parquet").num_rows == 5
    assert json.loads(Path("there/run.json").read_text(encoding="utf-8"))["casefacts"] == "test"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_formats(kind: str) -> None:
    code, _, told = casefacts("extract", "a.txt", "--format", kind)
    assert code == 0
    assert Path(f"casefacts-tables/facts.{kind}").stat().st_size > 0
    assert f"facts.{kind}" in told


def test_standard_output_holds_nothing_but_json() -> None:
    code, out, told = casefacts("extract", "a.txt", "-o", "-", "--published", "2017-10-03")
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a.txt"]
    assert "1 report read" in told
    assert not Path("-").exists()


def test_quiet_tells_only_what_was_rejected() -> None:
    _, out, told = casefacts("extract", "a.txt", "empty.txt", "--quiet")
    assert (out, told.count("\n")) == ("", 1)
    assert told.startswith("Rejected (empty): empty.txt")


def test_a_wrong_column_says_which_there_are() -> None:
    Path("r.csv").write_text("id,body\n1,Words\n", encoding="utf-8")
    code, _, told = casefacts("extract", "r.csv")
    assert (code, "id, body" in told, "--text-column" in told) == (2, True, True)
    assert casefacts("extract", "r.csv", "--text-column", "body")[0] == 0


def test_show_prints_the_report_with_its_values() -> None:
    code, out, _ = casefacts("show", "a.txt", "--published", "2017-10-03")
    assert code == 0
    assert "a.txt (2017-10-03, option)" in out
    assert "12 · detained" in " ".join(out.split())
    assert "sentence 1" in out


def test_show_writes_a_page() -> None:
    code, out, told = casefacts("show", "a.txt", "--html", "page.html")
    assert (code, out, "page.html" in told) == (0, "", True)
    assert "</html>" in Path("page.html").read_text(encoding="utf-8")


def test_show_of_nothing() -> None:
    assert casefacts("show", "nope.txt")[0] == 2


def test_explain_tells_value_rule_and_words() -> None:
    code, out, _ = casefacts("explain", "a.txt", "--published", "2017-10-03")
    told = " ".join(out.split())
    assert code == 0
    assert "count “12 people” (30 to 39) value 12 · detained rule stand-in mention from the network, 0.90 certain" in told


def test_explain_as_json() -> None:
    _, out, _ = casefacts("explain", "a.txt", "--json")
    (report,) = map(json.loads, out.splitlines())
    assert (report["id"], len(report["facts"])) == ("a.txt", 5)
    assert report["facts"][0]["evidence"] == [{"field": "text", "by": "network", "certainty": 0.9}]


def test_explain_of_nothing() -> None:
    assert casefacts("explain", "nope.txt")[0] == 2


def gold(*facts: dict[str, object]) -> str:
    Path("gold.jsonl").write_text(json.dumps({"id": "a", "text": TEXT, "facts": facts}), encoding="utf-8")
    return "gold.jsonl"


BAKU = {"type": "location", "start": 20, "end": 24, "country": "GE"}
YEAR = {"type": "date", "start": 3, "end": 7, "value": "2019"}


def test_score_prints_a_table_and_the_errors_by_kind() -> None:
    code, out, _ = casefacts("score", gold(BAKU, YEAR), "--errors", "3")
    told = " ".join(out.split())
    assert code == 0
    assert "date 1 1 1.000 1.000 1.000 1.000 1.000 1.000 value 1.00" in told
    assert "location, wrong: 1 a: “Baku” country: gold GE, predicted AZ … In 2019 officers in Baku took 12" in told
    assert "count, spurious: 1 a: “12 people” low 12, high 12, status detained" in told
    assert "missed" not in told


def test_score_of_a_type_as_json() -> None:
    _, out, _ = casefacts("score", gold(BAKU, YEAR), "--type", "location", "--errors", "1", "--json")
    told = json.loads(out)
    assert set(told) == {"location", "macro", "errors"}
    assert [(one["what"], one["fields"]) for one in told["errors"]] == [("wrong", ["country"])]


def test_score_writes_what_confidence_is_read_from() -> None:
    code, _, told = casefacts("score", gold(BAKU, YEAR), "--write-confidence", "c.json")
    kept = Confidences.model_validate_json(Path("c.json").read_text(encoding="utf-8"))
    assert (code, "Wrote c.json" in told, "Brier" in told) == (0, True, True)
    assert (kept.types["date"].right, kept.types["location"].right, kept.rules["stand-in"].facts) == (1, 0, 5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nope.jsonl"], "nope.jsonl", id="no such file"),
        pytest.param(["a.txt"], "a.txt:1: Invalid JSON", id="no gold"),
        pytest.param(["gold.jsonl", "gold.jsonl"], "gold.jsonl:1: a second text with the id 'a'", id="twice"),
        pytest.param(["gold.jsonl", "--write-confidence", "no/c.json"], "no file can be written there", id="no folder"),
        pytest.param(["gold.jsonl", "--type", "date", "--write-confidence", "c.json"], "--type", id="all types"),
    ],
)
def test_score_says_what_is_wrong(arguments: list[str], says: str) -> None:
    gold(BAKU)
    code, _, told = casefacts("score", *arguments)
    assert (code, says in told, Path("c.json").exists()) == (2, True, False), told


def test_version() -> None:
    assert casefacts("version")[1].startswith("casefacts ")
    assert casefacts("--version") == casefacts("version")


@pytest.mark.parametrize("command", [[], ["extract"], ["show"], ["explain"], ["score"], ["version"]], ids=" ".join)
def test_every_help_has_an_example(command: list[str]) -> None:
    code, out, _ = casefacts(*command, "--help")
    assert (code, "Example" in out) == (0, True)
    assert "\\b" not in out
    assert command in (["score"], ["version"]) or "Exit code: 0" in out


def test_the_summary() -> None:
    summary = Summary(
        reports=1,
        words=1234,
        rejected=Counter(empty=2, bad_row=1),
        facts=Counter(date=3, count=1),
        countries=Counter(AZ=4, XK=1),
        years=Counter({"2017": 3}),
    )
    assert summary_lines(summary, 12.4) == [
        "1 report read, 1,234 words, in 12 s",
        "3 rejected: empty (2), bad_row (1)",
        "4 facts: 3 dates, 0 locations, 1 detainee count, 0 sentences, 0 articles",
        "Countries most seen: Azerbaijan (4), XK (1)",
        "Years most seen: 2017 (3)",
    ]


def test_the_summary_tells_what_no_day_places() -> None:
    day = datetime.date(2017, 10, 3)
    reports = [Report(id="a", text=TEXT), Report(id="b", text=TEXT, published=day), Report(id="c", text=TEXT, story_year=2018)]
    found = [_without_a_year(item) for item in extract(reports)]
    one_by_one, as_tables = Summary(), Summary()
    for item in found:
        one_by_one.add(item)
        as_tables.add_tables({name: table(name, rows(item).get(name, [])) for name in RUN_TABLES})
    assert as_tables == one_by_one
    assert summary_lines(one_by_one, 1)[-1].startswith("1 report without a day of publication: 1 date there without a year,")


def _without_a_year(item: Extraction) -> Extraction:
    facts = [fact.model_copy(update={"first": None, "last": None}) if fact.type == "date" else fact for fact in item.facts]
    return item.model_copy(update={"facts": tuple(facts)})


def test_what_to_do_next() -> None:
    assert next_lines(Path("t"), "csv")[1] == "Next: pandas.read_csv('t/facts.csv'), or casefacts review t"
    assert next_lines(Path("Minsk 2020"), "csv")[1].endswith("casefacts review 'Minsk 2020'")


def python(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        encoding="utf-8",
    )


def test_help_imports_nothing_heavy() -> None:
    found = python("-X", "importtime", "-m", "pipeline.cli", "extract", "--help")
    imported = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert found.returncode == 0
    heavy = {"spacy", "pandas", "pyarrow", "numpy", "rich", "dateparser", "onnxruntime"}
    assert not imported & heavy


def test_the_command_as_a_process() -> None:
    found = python("-m", "pipeline.cli", "extract", "nope.txt", "-o", "out")
    assert (found.returncode, found.stdout) == (2, "")
    assert "Rejected (missing): nope.txt" in found.stderr
    assert Path("out/rejected.parquet").exists()


@pytest.mark.parametrize("target", ["a.txt", "nowhere/page.html", "."], ids=["the report itself", "no such folder", "a folder"])
def test_show_never_writes_a_page_over_something_else(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Two men were held.", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["show", "a.txt", "--html", target])
    assert result.exit_code == 2
    assert target in result.output
    assert Path("a.txt").read_text(encoding="utf-8") == "Two men were held."
