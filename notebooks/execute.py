"""Executes the notebooks on the sample reports and keeps what they show, so that they open with output."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
NAMES = ("explore", "quality", "join")  # the first makes the tables, the others use them


def execute(path: Path, tables: Path) -> nbformat.NotebookNode:
    """Return the notebook run from its first cell to its last, on the sample reports and a folder for their tables."""
    os.environ |= {
        "CASEFACTS_TABLES": str(tables),
        "CASEFACTS_REPORTS": str(HERE.parent / "data" / "raw"),
        "PYTHONPATH": str(HERE.parent),
    }
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.get("outputs", []).clear()
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # the times of this run
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            path = HERE / f"{name}.ipynb"
            nbformat.write(execute(path, Path(folder) / "tables"), path)
            print("executed", path.name)
