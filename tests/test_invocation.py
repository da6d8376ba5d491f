"""What the program tells people to type can be typed."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from pipeline.invocation import command, install


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a program `casefacts` in a folder with a space, called from that folder by its path."""
    found = tmp_path / "my env" / "bin" / "casefacts"
    found.parent.mkdir(parents=True)
    found.write_text("#!/bin/sh\n", encoding="utf-8")
    found.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["my env/bin/casefacts", "extract"])
    monkeypatch.setenv("PATH", os.defpath)
    return found


def test_a_program_that_the_shell_does_not_find_is_called_by_its_path(program: Path) -> None:
    assert shlex.split(command("review", "my tables")) == ["my env/bin/casefacts", "review", "my tables"]
    assert Path(shlex.split(command())[0]).samefile(program)


def test_one_that_it_finds_is_called_by_its_name(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert command("review", "tables") == "casefacts review tables"


def test_another_program_names_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert command("review", "tables") == "casefacts review tables"


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        pytest.param("/home/anna/casefacts", ".venv/bin/python", id="below-the-folder"),
        pytest.param("/home/ben", "/home/anna/casefacts/.venv/bin/python", id="elsewhere"),
    ],
)
def test_what_is_missing_is_installed_where_the_program_is(folder: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/home/anna/casefacts/.venv/bin/python")
    monkeypatch.setattr(Path, "cwd", lambda: Path(folder))
    assert install("review") == f"{says} -m pip install 'casefacts[review]'"
