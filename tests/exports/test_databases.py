"""SQLite and DuckDB, read back by sqlite-utils, Datasette and DuckDB themselves."""

import asyncio
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from datasette.app import Datasette
from sqlite_utils import Database

from pipeline.exports import duckdb as to_duckdb
from pipeline.exports import sqlite
from pipeline.exports.runs import LISTS, Run, parts
from pipeline.exports.views import VIEWS


@pytest.fixture(scope="module")
def sqlite_file(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "cases.db"
    assert sqlite.write(opened, path) == []
    return path


@pytest.fixture(scope="module")
def duckdb_file(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("duckdb") / "cases.duckdb"
    assert to_duckdb.write(opened, path) == []
    return path


def as_sqlite(name: str, row: dict[str, Any]) -> dict[str, Any]:
    told = {c: v.isoformat() if hasattr(v, "isoformat") else v for c, v in row.items()}
    return told | {column: json.dumps(parts(row[column])) for column in LISTS.get(name, ())}


def test_sqlite_holds_every_row_of_every_table(opened: Run, sqlite_file: Path) -> None:
    database = Database(sqlite_file)
    for name in opened.tables:
        assert list(database[name].rows) == [as_sqlite(name, row) for row in opened.rows(name)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(database["claims"].foreign_keys) == 5


def test_sqlite_is_the_same_bytes_each_time(opened: Run, sqlite_file: Path, tmp_path: Path) -> None:
    sqlite.write(opened, tmp_path / "again.db")
    assert (tmp_path / "again.db").read_bytes() == sqlite_file.read_bytes()


def test_sqlite_finds_words_also_without_their_accents(sqlite_file: Path) -> None:
    found = [row["text"] for row in Database(sqlite_file)["facts"].search("nunez")]
    assert "103" in found


def asked(file: Path, address: str) -> Any:
    """Return what a real Datasette answers."""

    async def ask() -> Any:
        datasette = Datasette([str(file)])
        return (await datasette.client.get(address)).json()

    return asyncio.run(ask())


def test_datasette_opens_it_with_search_and_views(opened: Run, sqlite_file: Path) -> None:
    about = asked(sqlite_file, "/cases.json")
    tables = {table["name"]: table for table in about["tables"] if not table["hidden"]}
    assert set(tables) == set(opened.tables)
    assert tables["facts"]["fts_table"] == "facts_fts"
    assert {view["name"] for view in about["views"]} == set(VIEWS)
    found = asked(sqlite_file, "/cases/facts.json?_search=osmanova&_shape=array")
    assert {row["text"] for row in found} == {"up to 10 years"}


def test_datasette_filters_by_the_parts_of_lists(sqlite_file: Path) -> None:
    found = asked(sqlite_file, "/cases/claims.json?articles__arraycontains=535.1&_shape=array")
    assert [row["text"] for row in found] == ["20 days"]


def as_duckdb(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {column: parts(row[column]) or None for column in LISTS.get(name, ())}


def test_duckdb_holds_every_row_of_every_table_with_its_types(opened: Run, duckdb_file: Path) -> None:
    with duckdb.connect(str(duckdb_file), read_only=True) as connection:
        for name in opened.tables:
            rows = connection.sql(f'SELECT * FROM "{name}"').to_arrow_table().to_pylist()
            assert rows == [as_duckdb(name, row) for row in opened.rows(name)]


@pytest.mark.parametrize("view", list(VIEWS))
def test_the_views_tell_the_same_in_both(view: str, sqlite_file: Path, duckdb_file: Path) -> None:
    lite = [tuple(row.values()) for row in Database(sqlite_file).query(f"SELECT * FROM {view}")]
    with duckdb.connect(str(duckdb_file), read_only=True) as connection:
        duck = connection.sql(f"SELECT * FROM {view}").fetchall()
    assert len(lite) == len(duck) > 0
    if view != "claims_with_their_sentence":  # its days and lists have types of their own
        assert sorted(map(str, lite)) == sorted(map(str, duck))


def test_a_claim_stands_beside_its_sentence(sqlite_file: Path) -> None:
    (row,) = Database(sqlite_file).query("SELECT * FROM claims_with_their_sentence WHERE text = '20 days'")
    assert "was sentenced to 20 days" in row["sentence"]
    assert row["published"] == "2017-10-03"
