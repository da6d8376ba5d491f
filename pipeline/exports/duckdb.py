"""DuckDB: every table with its types, lists as lists, and the views."""

from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.exports.losses import Loss
from pipeline.exports.runs import LISTS, Run
from pipeline.exports.views import VIEWS


def write(run: Run, path: Path) -> list[Loss]:
    """Write the tables of a run as one DuckDB database; nothing is lost."""
    with duckdb.connect(str(path)) as connection:
        for name, table in run.tables.items():
            _copy(connection, name, table)
        for name, words in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {words}")
    return []


def _copy(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    lists = LISTS.get(name, ())
    columns = ", ".join(
        f'string_split("{column}", \'; \') AS "{column}"' if column in lists else f'"{column}"' for column in table.column_names
    )
    connection.register("given", table)
    connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} FROM given')  # noqa: S608 - names of our own
    connection.unregister("given")
