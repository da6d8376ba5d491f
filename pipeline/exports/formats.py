"""The formats of exports, known before any of their libraries is imported."""

from typing import Literal, get_args

To = Literal["sqlite", "duckdb", "excel", "geojson", "uwazi", "ftm", "labelstudio", "docbin"]
FORMATS: tuple[To, ...] = get_args(To)
FOLDERS = ("excel", "geojson", "uwazi")  # several files; the others are one
TEXTS = ("labelstudio", "docbin")  # these hold the reports' texts
LIBRARIES = {"sqlite": "sqlite_utils", "duckdb": "duckdb", "ftm": "followthemoney"}
