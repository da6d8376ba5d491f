"""Reports in JSON Lines, CSV and Parquet."""

import datetime
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from pipeline.readers import read
from pipeline.readers.rows import clean
from pipeline.schema import Rejected, Report

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "title": "One",
        "published": "2019-05-02",
        "text": "First, with a comma.\nAnd “more”.",
    },
    {"id": "b", "title": None, "published": None, "text": 'Second; "quoted", and\ttabbed.'},
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows in the format that the path's suffix names."""
    packed, plain = path.suffix == ".gz", path.with_name(path.name.removesuffix(".gz"))
    if plain.suffix in (".jsonl", ".ndjson"):
        plain.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif plain.suffix == ".csv":
        csv.write_csv(pa.Table.from_pylist(rows), plain)
    else:
        parquet.write_table(pa.Table.from_pylist(rows), plain)
    if packed:
        path.write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    return path


def reading(path: Path, **options: Any) -> list[Report | Rejected]:
    return list(read(path, **{"dateline": lambda _: None, **options}))


def told(items: list[Report | Rejected]) -> list[tuple[str, str]]:
    """Return the id of each report, or the row and reason of each rejection."""
    return [(i.source.rpartition("/")[2], i.reason) if isinstance(i, Rejected) else ("", i.id) for i in items]


@pytest.mark.parametrize(
    "name",
    [f"r.{kind}{gz}" for kind in ("jsonl", "ndjson", "csv", "parquet") for gz in ("", ".gz")],
)
def test_reads_every_column(tmp_path: Path, name: str) -> None:
    first, second = reading(write(tmp_path / name, ROWS))
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.id, first.title, first.text) == ("a", "One", ROWS[0]["text"])
    assert (first.published, first.published_basis) == (datetime.date(2019, 5, 2), "column")
    assert (second.id, second.title, second.text) == ("b", None, ROWS[1]["text"])
    assert (second.published, second.published_basis) == (None, None)
    assert first.source == f"{tmp_path.as_posix()}/{name}:1"


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.parquet"])
def test_rows_without_an_id_are_numbered(tmp_path: Path, name: str) -> None:
    rows = [{"text": row["text"], "country": "AZ"} for row in ROWS]
    assert told(reading(write(tmp_path / name, rows))) == [("", f"{name}:1"), ("", f"{name}:2")]


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.parquet"])
def test_columns_are_known_whatever_their_capitals(tmp_path: Path, name: str) -> None:
    (item,) = reading(write(tmp_path / name, [{"ID": "a", "Title": "One", "PUBLISHED": "2019-05-02", "Text": "First."}]))
    assert isinstance(item, Report)
    assert (item.id, item.title, item.published, item.text) == ("a", "One", datetime.date(2019, 5, 2), "First.")


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.parquet"])
def test_a_column_as_it_is_named_comes_before_one_in_capitals(tmp_path: Path, name: str) -> None:
    (item,) = reading(write(tmp_path / name, [{"Text": "Second.", "text": "First.", "ID": "a", "Id": "b"}]))
    assert isinstance(item, Report)
    assert (item.text, item.id) == ("First.", f"{name}:1")


@pytest.mark.parametrize("name", ["r.jsonl", "r.csv", "r.parquet"])
def test_a_table_without_the_column_says_what_it_has(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, [{"id": "1", "body": "x"}, {"id": "2", "body": "y"}])
    (item,) = reading(path)
    assert isinstance(item, Rejected)
    assert (item.reason, item.source) == ("no_column", path.as_posix())
    assert "'text'" in item.message
    assert "id, body" in item.message
    assert "--text-column" in item.message
    assert told(reading(path, text_column="body")) == [("", "1"), ("", "2")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2017-10-03", datetime.date(2017, 10, 3), id="day"),
        pytest.param("2017-10-03T23:10:00Z", datetime.date(2017, 10, 3), id="time"),
        pytest.param("2017-10-03 23:10", datetime.date(2017, 10, 3), id="time with a space"),
        pytest.param(datetime.date(2017, 10, 3), datetime.date(2017, 10, 3), id="date type"),
        pytest.param(
            datetime.datetime(2017, 10, 3, 5),  # noqa: DTZ001 - a table's timestamp often has no zone
            datetime.date(2017, 10, 3),
            id="timestamp",
        ),
        pytest.param("2017", "bad_date", id="year alone"),
        pytest.param("3 October", "bad_date", id="words"),
        pytest.param(20171399, "bad_date", id="number"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_publication_dates(tmp_path: Path, value: Any, expected: Any) -> None:
    (item,) = reading(write(tmp_path / "r.parquet", [{"text": "x", "published": value}]))
    if isinstance(item, Report):
        assert item.published == expected
    else:
        assert item.reason == expected
        assert str(value) in item.message
        assert item.source.endswith("r.parquet:1")


@pytest.mark.parametrize(
    ("column", "option", "dateline", "expected"),
    [
        pytest.param("2011-01-01", 2012, 2013, (2011, "column"), id="column first"),
        pytest.param(None, 2012, 2013, (2012, "option"), id="then the option"),
        pytest.param(None, None, 2013, (2013, "dateline"), id="then the dateline"),
        pytest.param(None, None, None, (None, None), id="else none"),
    ],
)
def test_what_dates_a_report(
    tmp_path: Path,
    column: str | None,
    option: int | None,
    dateline: int | None,
    expected: tuple[int | None, str | None],
) -> None:
    path = write(tmp_path / "r.jsonl", [{"text": "x", "published": column}])
    day = {year: year and datetime.date(year, 1, 1) for year in (option, dateline)}
    (item,) = reading(path, published=day[option], dateline=lambda _: day[dateline])
    assert isinstance(item, Report)
    assert (item.published and item.published.year, item.published_basis) == expected


def test_a_dateline_that_fails_rejects_its_report_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "r.jsonl", [{"text": "bad"}, {"text": "good"}])
    dates = {"good": datetime.date(2017, 1, 1)}
    items = reading(path, dateline=lambda text: dates[text])
    assert told(items) == [("r.jsonl:1", "failed"), ("", "r.jsonl:2")]


def test_the_default_dateline_is_the_text_s_own(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("Vilnius, 4 March 2016\n\nThe police came.\n", encoding="utf-8")
    (item,) = read(tmp_path / "r.txt")
    assert isinstance(item, Report)
    assert item.published == datetime.date(2016, 3, 4)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('{"text": ', ("r.jsonl:2", "bad_row"), id="cut off"),
        pytest.param("[1, 2]", ("r.jsonl:2", "bad_row"), id="an array"),
        pytest.param("[" * 100_000, ("r.jsonl:2", "bad_row"), id="nested too deep"),
        pytest.param('{"id": 9}', ("r.jsonl:2", "bad_row"), id="no text"),
        pytest.param('{"text": 7}', ("r.jsonl:2", "bad_row"), id="text is a number"),
        pytest.param('{"text": null}', ("r.jsonl:2", "empty"), id="text is null"),
        pytest.param('{"text": "\\n "}', ("r.jsonl:2", "empty"), id="text is blank"),
        pytest.param('{"text": "x", "id": 9}', ("", "9"), id="id is a number"),
        pytest.param('{"text": "x\\ud800", "id": "9"}', ("", "9"), id="lone surrogate"),
    ],
)
def test_a_bad_line_leaves_the_others(tmp_path: Path, line: str, expected: tuple[str, str]) -> None:
    (tmp_path / "r.jsonl").write_text(f'{{"text": "a"}}\n{line}\n\n{{"text": "b"}}\n', encoding="utf-8")
    assert told(reading(tmp_path / "r.jsonl")) == [("", "r.jsonl:1"), expected, ("", "r.jsonl:4")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param("id;text\n1;a\n2;b\n", [("", "1"), ("", "2")], id="semicolons"),
        pytest.param("id\ttext\r\n1\ta\r\n2\tb\r\n", [("", "1"), ("", "2")], id="tabs, CRLF"),
        pytest.param("\ufeffid,text\n1,a\n", [("", "1")], id="mark before the header"),
        pytest.param("id,text\n1,a\n\n2,b\n", [("", "1"), ("", "2")], id="blank row"),
        pytest.param("id,text\n1,a,x\n2,b\n", [("r.csv:1", "bad_row"), ("", "2")], id="too many cells"),
        pytest.param("id,text\n1\n2,b\n", [("r.csv:1", "bad_row"), ("", "2")], id="too few cells"),
        pytest.param('id,text\n1,"a"b\n2,b\n', [("r.csv:1", "bad_row"), ("", "2")], id="odd quotes"),
        pytest.param('id,text\n1,a\n2,"b\n3,c\n', [("", "1"), ("r.csv:2", "bad_row")], id="open quote"),
        pytest.param("id,text\n1,\n2,b\n", [("r.csv:1", "empty"), ("", "2")], id="empty text"),
        pytest.param("id,text\n", [("r.csv", "empty")], id="header alone"),
        pytest.param("", [("r.csv", "empty")], id="nothing"),
    ],
)
def test_csv(tmp_path: Path, table: str, expected: list[tuple[str, str]]) -> None:
    (tmp_path / "r.csv").write_text(table, encoding="utf-8", newline="")
    assert told(reading(tmp_path / "r.csv")) == expected


def test_a_bad_csv_row_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text('id,text\n1,"two\nlines"\n2\n', encoding="utf-8")
    _, item = reading(tmp_path / "r.csv")
    assert isinstance(item, Rejected)
    assert "line 4" in item.message


def test_a_csv_cell_may_be_long(tmp_path: Path) -> None:
    text = "word " * 100_000
    (item,) = reading(write(tmp_path / "r.csv", [{"text": text}]))
    assert isinstance(item, Report)
    assert item.text == text


@pytest.mark.parametrize("codec", ["utf-16", "cp1252", "utf-8-sig"])
@pytest.mark.parametrize("name", ["r.jsonl", "r.csv"])
def test_tables_in_other_encodings(tmp_path: Path, name: str, codec: str) -> None:
    table = {"r.jsonl": '{"text": "Café Müller"}\n', "r.csv": "id,text\nr.csv:1,Café Müller\n"}
    (tmp_path / name).write_bytes(table[name].encode(codec))
    (item,) = reading(tmp_path / name)
    assert isinstance(item, Report)
    assert item.text == "Café Müller"


def test_one_json_document_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(json.dumps(ROWS, indent=2), encoding="utf-8")
    (item,) = reading(tmp_path / "r.jsonl")
    assert isinstance(item, Rejected)
    assert "one object a line" in item.message


@pytest.mark.parametrize("name", ["r.parquet", "r.parquet.gz"])
def test_no_whole_parquet(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, ROWS)
    path.write_bytes(path.read_bytes()[:-30])
    assert told(reading(path)) == [(name, "unreadable")]


def test_lines_before_a_break_are_read(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Report {n * n * 7919 % 100_003}"}) for n in range(20_000)]
    whole = gzip.compress("\n".join(lines).encode())
    (tmp_path / "r.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    items = reading(tmp_path / "r.jsonl.gz")
    assert sum(isinstance(item, Report) for item in items) > 5_000
    assert told(items)[-1] == ("r.jsonl.gz", "truncated")


def test_reads_lazily(tmp_path: Path) -> None:
    items = read(write(tmp_path / "r.jsonl", ROWS * 1000), dateline=lambda _: None)
    assert isinstance(next(items), Report)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(st.characters(), min_size=1), title=st.text(st.characters()))
@pytest.mark.parametrize("name", ["r.jsonl", "r.parquet", "r.csv"])
def test_any_text_survives(tmp_path: Path, name: str, text: str, title: str) -> None:
    row = {"text": clean(text), "title": clean(title)} if name != "r.jsonl" else {"text": text}
    (item,) = reading(write(tmp_path / name, [row]))
    if isinstance(item, Report):
        assert item.text == clean(row["text"])
    else:
        assert (item.reason, clean(text).strip()) == ("empty", "")
