"""The notebook runs from the first cell to the last on tables that do not exist yet, and is committed as it should be read."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"
PLOTS = {
    "How many people, and when",
    "Mentions of a number of people, by year and status",
    "Incidents in the order of their days, and the range of figures by source",
    "Terms imposed, by article",
    "Places that the reports name",
    "Cited provisions by law and state",
    "Lengths of sentences",
    "In whose voice",
}
UNWANTED = re.compile(r"/(?:home|root|Users|work|tmp|usr)/|[A-Z]:\\\\Users|\x1b\[|\\u001b")


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def plots(notebook: nbformat.NotebookNode) -> set[str]:
    """Return the titles, of those in PLOTS, whose cell made a picture."""
    drawn = [cell.source for cell in notebook.cells if any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))]
    return {title for title in PLOTS for source in drawn if title in source}


@pytest.fixture
def executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    copy = tmp_path / NOTEBOOK.name
    copy.write_bytes(NOTEBOOK.read_bytes())
    monkeypatch.setenv("CASEFACTS_TABLES", str(tmp_path / "tables"))
    monkeypatch.setenv("CASEFACTS_REPORTS", str(ROOT / "data" / "raw"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(copy, as_version=4)
    for cell in notebook.cells:
        cell.get("outputs", []).clear()
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    return notebook


def test_runs_on_a_fresh_folder_of_tables(executed: nbformat.NotebookNode, tmp_path: Path) -> None:
    assert [output for output in outputs(executed) if output.output_type == "error"] == []
    assert plots(executed) == PLOTS
    assert {path.name for path in (tmp_path / "tables").iterdir()} >= {"facts.parquet", "incidents.parquet", "run.json"}


def test_is_committed_with_its_plots() -> None:
    assert plots(nbformat.read(NOTEBOOK, as_version=4)) == PLOTS
    assert NOTEBOOK.stat().st_size < 1_000_000


def test_tells_nothing_of_the_machine_that_ran_it() -> None:
    committed = outputs(nbformat.read(NOTEBOOK, as_version=4))
    assert [output for output in committed if output.get("name") == "stderr"] == []
    shown = [str(output) for output in committed]
    pictures = re.compile(r"'image/png': '[^']*'")
    assert [found for text in shown if (found := UNWANTED.search(pictures.sub("", text)))] == []
