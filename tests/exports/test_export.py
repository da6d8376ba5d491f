"""The commands export, import-labels and schema, and the tables that they open."""

import json
import re
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from pipeline import cli
from pipeline.errors import CasefactsError
from pipeline.exports.formats import FOLDERS, FORMATS, To
from pipeline.exports.json_schema import json_schema
from pipeline.exports.runs import open_run
from pipeline.exports.write import export
from pipeline.schema import Report
from tests.stand_in import TEXT, extract

ROOT = Path(__file__).parents[2]


def casefacts(*arguments: str | Path) -> tuple[int, str, str]:
    """Return the exit code, the standard output and the standard error of a command."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_every_format_of_tables_opens_the_same(folders: dict[str, Path]) -> None:
    opened = {kind: open_run(folder).tables for kind, folder in folders.items()}
    first = opened["parquet"]
    for name in first:
        rows = {kind: tables[name].drop(_paths(name)).to_pylist() for kind, tables in opened.items()}
        assert rows["parquet"] == rows["csv"] == rows["jsonl"]


def _paths(name: str) -> list[str]:
    """Return the columns that hold the folder of the test."""
    return ["source"] if name in ("reports", "rejected") else []


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_by_its_command(to: To, folder: Path, tmp_path: Path) -> None:
    if to == "ftm":
        pytest.importorskip("followthemoney")
    out = tmp_path / "new" / "out"
    code, printed, told = casefacts("export", folder, "--to", to, "-o", out)
    assert (code, printed) == (0, "")
    report = out / "losses.json" if to in FOLDERS else tmp_path / "new" / "out.losses.json"
    written = json.loads(report.read_text(encoding="utf-8"))
    assert (written["format"], written["redacted"]) == (to, False)
    assert all(f"Not held, or not as it was: {loss['table']}: " in told for loss in written["losses"])
    assert str(report) in told
    assert not list((tmp_path / "new").glob(".casefacts-*"))


@pytest.mark.parametrize("to", [to for to in FORMATS if to != "duckdb"])  # whose files promise nothing of the kind
def test_the_same_tables_make_the_same_bytes(to: To, folder: Path, tmp_path: Path) -> None:
    if to == "ftm":
        pytest.importorskip("followthemoney")
    once, twice = (export(folder, to, tmp_path / name / "out", redact=True, salt="s") for name in ("a", "b"))
    assert [path.read_bytes() for path in once.files] == [path.read_bytes() for path in twice.files]


def test_exports_md_tells_of_every_format() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert [to for to in FORMATS if f"\n## {to}\n" not in page or f"| `{to}` |" not in page] == []


def test_exports_md_s_python_runs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "exports.md").read_text(encoding="utf-8"), re.DOTALL)
    export(folder, "docbin", tmp_path / "reports.spacy")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "exports.md", "exec"), {"__name__": "exports"})
    assert "count at least 48" in capsys.readouterr().out


def test_a_second_export_takes_the_place_of_the_first(folder: Path, tmp_path: Path) -> None:
    export(folder, "excel", tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    export(folder, "uwazi", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "claims.csv",
        "events.csv",
        "incidents.csv",
        "losses.json",
        "mine.txt",
        "properties.csv",
        "reports.csv",
    }


@pytest.mark.parametrize("to", ["sqlite", "excel"])
def test_what_no_export_made_is_never_written_over(to: To, folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "out" / "notes.txt" if to == "excel" else tmp_path / "out"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(CasefactsError, match="is there, and no export made it"):
        export(folder, to, tmp_path / "out")
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_library_that_is_missing_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.exports.duckdb", raising=False)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    code, _, told = casefacts("export", folder, "--to", "duckdb", "-o", tmp_path / "out")
    assert (code, "pip install 'casefacts[export]'" in told) == (2, True), told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nowhere", "--to", "sqlite", "-o", "x"], "nowhere", id="no folder"),
        pytest.param([".", "--to", "sqlite", "-o", "x"], "holds no tables of a run", id="no run"),
        pytest.param([".", "--to", "xml", "-o", "x"], "--to", id="no such format"),
        pytest.param([".", "--to", "sqlite", "-o", "x", "--texts", "."], "--texts is for labelstudio and docbin", id="texts"),
        pytest.param([".", "--to", "sqlite", "-o", "x", "--salt", "s"], "is for --redact persons", id="salt alone"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, told = casefacts("export", *arguments)
    assert (code, says in told) == (2, True), told


def test_tables_of_an_older_version_are_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(
        (folder / "run.json").read_text(encoding="utf-8").replace(".parquet", ".jsonl"), encoding="utf-8"
    )
    for name in open_run(folder).tables:
        (tmp_path / f"{name}.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(CasefactsError, match=r"reports\.jsonl: is no table of this version .* run casefacts extract again"):
        open_run(tmp_path)


def test_redaction_is_told_with_its_limit(folder: Path, tmp_path: Path) -> None:
    _, _, told = casefacts("export", folder, "--to", "geojson", "-o", tmp_path / "out", "--redact", "persons")
    assert "have pseudonyms" in told
    assert "Names that were not recognised are still there" in told


def test_labels_become_gold_that_is_scored(folder: Path, tmp_path: Path) -> None:
    export(folder, "labelstudio", tmp_path / "tasks.json")
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    for task in tasks[:3]:
        task["annotations"] = [{"result": task["predictions"][0]["result"]}]
    (tmp_path / "done.json").write_text(json.dumps(tasks), encoding="utf-8")
    code, _, told = casefacts("import-labels", tmp_path / "done.json", "-o", tmp_path / "gold.jsonl")
    assert (code, "3 annotated texts in" in told, "1 tasks without an annotation left out" in told) == (0, True, True)
    code, printed, _ = casefacts("score", tmp_path / "gold.jsonl", "--json")
    figures = json.loads(printed)
    assert code == 0
    assert [row["right_f1"] for row in figures.values() if row.get("gold")] == [1.0] * 5


@pytest.mark.parametrize("command", ["export", "import-labels", "schema"])
def test_every_help_has_an_example(command: str) -> None:
    code, printed, _ = casefacts(command, "--help")
    assert (code, "Example" in printed, "\\b" in printed) == (0, True, False)


def test_the_schema_is_the_one_that_is_published() -> None:
    published = json.loads((ROOT / "docs" / "schema.json").read_text(encoding="utf-8"))
    said = "columns or fields have changed: tell it in CHANGELOG.md, then casefacts schema > docs/schema.json"
    assert json.loads(casefacts("schema")[1]) == published, said


def validator(name: str) -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})


def test_records_and_rows_are_as_the_schema_says(folders: dict[str, Path]) -> None:
    (done,) = extract([Report(id="a", text=TEXT)])
    assert list(validator("Extraction").iter_errors(done.model_dump(mode="json"))) == []
    for path in sorted(folders["jsonl"].glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [error for row in rows for error in validator(f"{path.stem}.row").iter_errors(row)] == []


def test_the_schema_refuses_what_is_no_row() -> None:
    assert list(validator("links.row").iter_errors({"incident_id": "a"}))
