"""Files, folders, patterns and standard input."""

import io
import os
from pathlib import Path

import pytest

from pipeline.readers import read
from pipeline.schema import Rejected, Report


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of reports, and the place that the tests run in."""
    for name in ("b.txt", "a.TXT", "2018/x.txt", "2017/x.txt", ".hidden.txt", ".git/x.txt"):
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "archive"


def ids(*sources: str | Path, exclude: Path | None = None) -> list[str]:
    """Return the id of each report, or the source and reason of each rejection."""
    items = read(sources, dateline=lambda _: None, exclude=exclude)
    return [f"{i.source} {i.reason}" if isinstance(i, Rejected) else i.id for i in items]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param(["archive"], ["a.TXT", "b.txt", "2017/x.txt", "2018/x.txt"], id="folder"),
        pytest.param(["archive/b.txt"], ["b.txt"], id="file"),
        pytest.param(["archive/*/x.txt"], ["2017/x.txt", "2018/x.txt"], id="pattern"),
        pytest.param(["archive/**/*.txt"], ["2017/x.txt", "2018/x.txt", "b.txt"], id="deep pattern"),
        pytest.param(["archive/*"], ["2017/x.txt", "2018/x.txt"], id="pattern of folders"),
        pytest.param(["archive/201?/x.txt", "nope.txt"], ["nope.txt missing"], id="missing"),
        pytest.param(["*.txt"], ["*.txt missing"], id="pattern without a match"),
        pytest.param(["archive/b.txt"] * 3, ["b.txt", "archive/b.txt duplicate", "archive/b.txt duplicate"], id="the same again"),
    ],
)
@pytest.mark.usefixtures("archive")
def test_what_a_path_stands_for(sources: list[str], expected: list[str]) -> None:
    found = ids(*sources)
    assert found[-len(expected) :] == expected if sources[0] != "archive/*" else "x.txt" in found


@pytest.mark.usefixtures("archive")
def test_ids_are_unique_even_beside_a_literal_one() -> None:
    Path("r.csv").write_text("id,text\nx,a\nx#2,b\nx,c\nx,d\n", encoding="utf-8")
    assert ids("r.csv") == ["x", "x#2", "x#3", "x#4"]


def test_the_folder_of_the_output_is_left_out(archive: Path) -> None:
    assert ids("archive", exclude=archive / "2017") == ["a.TXT", "b.txt", "2018/x.txt"]


def _run_in(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("facts.csv", "verdicts.jsonl", "reviewed/facts.csv", "office/facts.csv"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"text": "48"}\n' if path.suffix == ".jsonl" else "text,id\n48,f1\n", encoding="utf-8")
    (folder / "run.json").write_text('{"tables": {"facts": {"file": "facts.csv", "rows": 1}}}', encoding="utf-8")
    (folder / "reviewed" / "reviewed.json").write_text('{"from": "x", "files": ["facts.csv"]}', encoding="utf-8")
    (folder / "office" / "losses.json").write_text('{"format": "excel", "files": ["facts.csv"]}', encoding="utf-8")


@pytest.mark.parametrize("below", ["tables", "."])
def test_tables_of_a_run_among_the_reports_are_no_reports(archive: Path, below: str) -> None:
    _run_in(archive / below)
    assert ids("archive") == ["a.TXT", "b.txt", "2017/x.txt", "2018/x.txt"]
    assert ids(archive / below / "facts.csv") == ["f1"]


def test_a_file_called_as_a_run_calls_its_own_hides_nothing(archive: Path) -> None:
    (archive / "facts.csv").write_text("text,id\n48 people,f1\n", encoding="utf-8")
    (archive / "run.json").write_text('["facts.csv"]', encoding="utf-8")
    assert ids("archive") == ["a.TXT", "b.txt", "f1", "archive/run.json unsupported", "2017/x.txt", "2018/x.txt"]


def test_other_types_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "site.css").write_text("p { color: red }", encoding="utf-8")
    items = list(read(tmp_path))
    assert [i.reason for i in items if isinstance(i, Rejected)] == ["not_text", "unsupported", "no_reports"]


def test_a_named_file_without_suffix_is_text(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("Notes", encoding="utf-8")
    assert ids(tmp_path / "README") == ["README"]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert ids(tmp_path) == [f"{tmp_path.as_posix()} no_reports"]


def test_standard_input() -> None:
    (item,) = read("-", stdin=io.BytesIO(b"From a pipe"), dateline=lambda _: None)
    assert isinstance(item, Report)
    assert (item.id, item.source, item.text) == ("stdin", "-", "From a pipe")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    assert ids(tmp_path / "a.txt") == [f"{(tmp_path / 'a.txt').as_posix()} unreadable"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"], ids=["too long", "NUL"])
def test_a_name_that_no_file_can_have(name: str) -> None:
    (item,) = read(name)
    assert isinstance(item, Rejected)
    assert item.reason in ("missing", "unreadable")


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path of bytes
        file.write("x")
    assert ids(tmp_path) == ["caf\ufffd.txt"]
