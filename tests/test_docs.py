"""The documentation against the program: every column is described, none that is gone, and no link leads nowhere."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from spacy.language import Language

from pipeline import Report, cli, extract, read
from pipeline.batch import run
from pipeline.console import print_explained
from pipeline.normalise.durations import length
from pipeline.normalise.numbers import quantity
from pipeline.tables import FACT_MODELS, schemas

ROOT = Path(__file__).parents[1]
TABLES = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
ACCURACY = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
RAW = ROOT / "data" / "raw"
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md", ROOT / "data" / "processed" / "README.md"]
)
ROW = re.compile(r"^\| `(\w+)` \| ([\w/]+) \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
TYPES = {pa.string(): "text", pa.int64(): "integer", pa.float64(): "number", pa.bool_(): "yes/no", pa.date32(): "day"}


def documented(heading: str) -> list[tuple[str, str]]:
    """Return the columns under a heading of tables.md, each with its type."""
    level = heading.split(maxsplit=1)[0]
    body = TABLES.split(f"\n{heading}\n")[1]
    return ROW.findall(re.split(rf"\n#{{1,{len(level)}}} ", body)[0])


def columns(schema: pa.Schema) -> list[tuple[str, str]]:
    return [(field.name, TYPES[field.type]) for field in schema]


@pytest.mark.parametrize("table", list(schemas()))
def test_tables_md_has_each_column_with_its_type(table: str) -> None:
    assert sorted(documented(f"## {table}")) == sorted(columns(schemas()[table]))


@pytest.mark.parametrize("model", FACT_MODELS, ids=lambda model: model.__name__)
def test_tables_md_has_each_column_under_the_types_that_fill_it(model: type) -> None:
    kind = model.model_fields["type"].default
    described = documented("### Every fact") + documented(f"### {kind}")
    assert sorted(name for name, _ in described) == sorted(model.model_fields)


EXAMPLES_OF = re.compile(r"^\| `(\w+)` \| ([\w/]+) \| .* \|(.*)\|$", re.MULTILINE)
EXAMPLES = EXAMPLES_OF.findall(TABLES)
OF_A_TYPE = {
    "integer": r"\d+",
    "number": r"-?\d+(\.\d+)?",
    "day": r"\d{4}-\d{2}-\d{2}",
    "yes/no": r"true|false",
    "text": r".+",
    "object": r"\{.+\}",
}


@pytest.mark.parametrize(("column", "kind", "example"), EXAMPLES, ids=lambda text: str(text).strip())
def test_tables_md_has_an_example_of_each_column_of_its_type(column: str, kind: str, example: str) -> None:
    values = re.findall(r"`([^`]+)`", example)
    assert values
    assert [value for value in values if not re.fullmatch(OF_A_TYPE[kind], value)] == []


@pytest.mark.parametrize("table", ["reports", "facts", "claims", "incidents"])
def test_tables_md_shows_values_of_the_samples(table: str, sample_tables: Path) -> None:
    """One example at least of each column that the samples fill is from them; probabilities belong to the detector."""
    rows = parquet.read_table(sample_tables / f"{table}.parquet").to_pydict()
    body = re.split(r"\n## ", TABLES.split(f"\n## {table}\n")[1])[0]
    shown = {name: re.findall(r"`([^`]+)`", cell) for name, _, cell in EXAMPLES_OF.findall(body)}
    filled = {name: {plain(value) for value in rows[name] if value is not None} for name in shown}
    of_the_samples = {
        name: values for name, values in filled.items() if values and name not in {"confidence", "when_score", "where_score"}
    }
    assert {
        name: shown[name] for name, values in of_the_samples.items() if not any(among(one, values) for one in shown[name])
    } == {}


def plain(value: object) -> str:
    """Return a value as tables.md writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def among(example: str, values: set[str]) -> bool:
    """Tell whether *example* is one of *values*, or the beginning of one if it ends in "…"."""
    return example in values or (example.endswith("…") and any(one.startswith(example[:-1]) for one in values))


def test_tables_md_has_each_key_of_the_manifest(tmp_path: Path) -> None:
    now = datetime(2026, 1, 31, tzinfo=UTC)
    run([ROOT / "data" / "raw" / "baku-raids.txt"], tmp_path, extract=lambda _: iter(()), clock=lambda: now, about=cli._about)
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert [name for name, _ in documented("## run.json")] == list(manifest)


def cells(heading: str) -> list[list[str]]:
    """Return the rows of the first table under a heading of uncertainty.md."""
    lines = (
        (ROOT / "docs" / "uncertainty.md").read_text(encoding="utf-8").split(f"## {heading}")[1].split("\n## ")[0].splitlines()
    )
    table = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return table[2:]


@pytest.mark.parametrize("row", cells("Numbers"), ids=lambda row: row[0])
def test_uncertainty_md_bounds_numbers_as_the_program_does(row: list[str]) -> None:
    for words in row[0].split(", "):
        found = quantity(words)
        assert found is not None
        assert [found.low, found.high, found.approx] == [
            int(row[1]) if row[1] else None,
            int(row[2]) if row[2] else None,
            row[3] == "true",
        ]


@pytest.mark.parametrize("row", cells("Lengths"), ids=lambda row: row[0])
def test_uncertainty_md_bounds_lengths_as_the_program_does(row: list[str]) -> None:
    found = length(row[0])
    assert found is not None
    assert [found.min or "", found.max or ""] == row[1:]


@pytest.mark.parametrize("folder", ["lang/en", "places"])
def test_rules_md_names_each_file(folder: str) -> None:
    files = {f"`{path.name}`" for path in (ROOT / "models" / folder).iterdir()}
    assert [name for name in sorted(files) if f"| {name} |" not in RULES] == []


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_the_readme_s_python_runs(block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out


def marked(page: str, mark: str) -> str:
    """Return what stands between <!-- mark --> and <!-- /mark -->."""
    return page.split(f"<!-- {mark} -->")[1].split(f"<!-- /{mark} -->", maxsplit=1)[0].strip("\n")


ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in marked(README, "rows").splitlines()[2:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_the_readme_s_rows_are_facts_of_the_samples(row: list[str], nlp: Language) -> None:
    name, kind, text, value, source = row
    reports = [one for one in read([RAW / name]) if isinstance(one, Report)]
    facts = [fact.model_dump() for done in extract(reports, nlp=nlp) for fact in done.facts]
    shown = dict(part.split(" ", 1) for part in value.split(", "))
    same = [fact for fact in facts if (fact["type"], fact["text"], fact["source"] or "") == (kind, text, source)]
    assert shown in [{name: "–" if fact[name] is None else str(fact[name]) for name in shown} for fact in same]


def test_accuracy_md_shows_what_explain_prints(
    nlp: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    reports = [one for one in read([RAW / "baku-raids.txt"]) if isinstance(one, Report)]
    for done in extract(reports, nlp=nlp):
        print_explained(done)
    printed = certain(capsys.readouterr().out)
    example = re.sub("^ {4}", "", marked(ACCURACY, "explain"), flags=re.MULTILINE).split("\n\n")
    assert [fact for fact in example if certain(fact) not in printed] == []


def certain(printed: str) -> str:
    """Return what was printed without spaces at the ends of lines, and without the probabilities, which each detector has of its own."""
    return re.sub(r"(?<= )[01]\.\d\d\b", "…", re.sub(" +$", "", printed, flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
