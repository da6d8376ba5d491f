"""Tables on the disk: all formats say the same, and nothing is half written."""

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped, unused-ignore]
import pytest
from pyarrow import parquet

from pipeline import writers
from pipeline.archive import run_rows
from pipeline.errors import CasefactsError
from pipeline.schema import Extraction, Rejected, Report
from pipeline.tables import RUN_TABLES, rows, schemas
from pipeline.writers import Format, tables, write_line
from tests.stand_in import TEXT, extract

FORMATS: list[Format] = ["parquet", "csv", "jsonl"]
REJECTED = Rejected(source="x.txt", reason="empty", message='holds "no" text; see')


def found(count: int) -> list[Extraction]:
    return list(extract(Report(id=f"r{n}", text=TEXT) for n in range(count)))


def write(out: Path, kind: Format, count: int = 2) -> None:
    with tables(out, kind) as writer:
        for item in found(count):
            writer.add(rows(item))
        writer.add(rows(REJECTED))
        writer.manifest({"note": "é"})


def load(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table in any format, null as None."""
    if path.suffix == ".parquet":
        return parquet.read_table(path).to_pylist()
    if path.suffix == ".csv":
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    else:
        frame = pd.read_json(path, lines=True, dtype=False)
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_table_is_written_with_its_columns(tmp_path: Path, kind: Format) -> None:
    write(tmp_path, kind)
    for name in ("reports", "facts", "rejected"):
        assert list(load(tmp_path / f"{name}.{kind}")[0]) == schemas()[name].names
    assert len(load(tmp_path / f"facts.{kind}")) == 10


@pytest.mark.parametrize("kind", FORMATS)
def test_dates_are_iso_days_and_unknown_is_null(tmp_path: Path, kind: Format) -> None:
    write(tmp_path, kind)
    date, place = load(tmp_path / f"facts.{kind}")[:2]
    assert (str(date["first"]), date["country"]) == ("2019-01-01", None)
    assert (place["country"], place["first"]) == ("AZ", None)


@pytest.mark.parametrize("kind", FORMATS)
def test_many_groups_of_rows(tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_GROUP", 7)
    write(tmp_path, kind, count=20)
    assert [row["report_id"] for row in load(tmp_path / f"facts.{kind}")][::5] == [f"r{n}" for n in range(20)]
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["facts"] == {"file": f"facts.{kind}", "rows": 100}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_texts_are_kept_as_they_are_also_a_book(tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(writers._GROUPS, "texts", 1)
    texts = ['Held in\r\n“Baku”,\x0b \x85\u2028 and "freed"', "x, \n" * 500_000, TEXT]
    with tables(tmp_path, kind) as writer:
        for item in extract(Report(id=str(n), text=text) for n, text in enumerate(texts)):
            writer.add(rows(item))
        writer.manifest({})
    (read,) = run_rows(tmp_path, "texts")
    assert list(read) == [{"report_id": str(n), "text": text} for n, text in enumerate(texts)]


def test_a_run_of_before_that_kept_no_texts_says_so(tmp_path: Path) -> None:
    write(tmp_path, "parquet")
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    del manifest["tables"]["texts"]
    (tmp_path / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(CasefactsError, match="its run wrote no texts; run casefacts extract again"):
        list(run_rows(tmp_path, "texts"))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_run_without_rows_writes_empty_tables(tmp_path: Path, kind: Format) -> None:
    with tables(tmp_path, kind):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.{kind}" for name in RUN_TABLES}


def test_csv_is_utf8_with_empty_cells_for_null(tmp_path: Path) -> None:
    write(tmp_path, "csv")
    data = (tmp_path / "rejected.csv").read_bytes()
    assert data == b'"source","reason","message","duplicate_of"\n"x.txt","empty","holds ""no"" text; see",\n'
    assert b",,," in (tmp_path / "facts.csv").read_bytes()


def test_an_exception_leaves_the_former_tables(tmp_path: Path) -> None:
    write(tmp_path, "parquet")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(TypeError), tables(tmp_path, "parquet") as writer:
        writer.add(rows(found(1)[0]) | {"reports": None})  # type: ignore[dict-item]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    with tables(tmp_path, "csv") as writer:
        writer.add(rows(found(1)[0]))
        assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with (
        pytest.raises(CasefactsError, match=r"file: is a file, not a folder"),
        tables(tmp_path / "file", "csv"),
    ):
        pass


def test_a_line_a_report() -> None:
    stream = io.StringIO()
    write_line(stream, found(1)[0])
    line = json.loads(stream.getvalue())
    assert set(line) == {"id", "facts", "claims"}
    assert [fact["type"] for fact in line["facts"]] == [
        "date",
        "location",
        "count",
        "sentence",
        "article",
    ]
    assert line["facts"][0]["first"] == "2019-01-01"
    assert all(TEXT[f["start"] : f["end"]] == f["text"] for f in line["facts"])


def test_what_no_run_made_is_never_written_over(tmp_path: Path) -> None:
    archive = tmp_path / "reports.csv"
    archive.write_text("id,text\n1,Two men were held.\n", encoding="utf-8")
    with pytest.raises(CasefactsError, match=r"reports\.csv, which no run of casefacts made"):
        write(tmp_path, "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["reports.csv"]
    assert archive.read_text(encoding="utf-8").startswith("id,text")


def test_tables_of_a_former_run_in_another_format_go(tmp_path: Path) -> None:
    write(tmp_path, "csv")
    (tmp_path / "notes.csv").write_text("mine", encoding="utf-8")
    write(tmp_path, "jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "claims.jsonl",
        "facts.jsonl",
        "incidents.jsonl",
        "notes.csv",
        "rejected.jsonl",
        "reports.jsonl",
        "run.json",
        "texts.jsonl",
    ]


def test_a_run_that_read_nothing_leaves_the_former_tables(tmp_path: Path) -> None:
    write(tmp_path, "csv")
    before = (tmp_path / "facts.csv").read_bytes()
    write(tmp_path, "csv", 0)
    assert (tmp_path / "facts.csv").read_bytes() == before
