"""Rows and their columns."""

import hashlib

import pyarrow as pa
import pytest
from pydantic import BaseModel

from pipeline.schema import Rejected, Report
from pipeline.tables import FACT_MODELS, FACT_TYPES, arrow_type, report_row, rows, schemas, table
from tests.stand_in import TEXT, extract

REPORT = Report(id="r1", text=TEXT, title="Raid", source="a/r1.txt", pages=(40,))
(FOUND,) = extract([REPORT])


@pytest.mark.parametrize("model", FACT_MODELS, ids=lambda model: model.__name__)
def test_every_field_of_a_fact_is_a_column(model: type[BaseModel]) -> None:
    missing = set(model.model_fields) - set(schemas()["facts"].names)
    assert not missing


def test_every_field_of_a_report_is_a_column_but_its_text() -> None:
    assert set(Report.model_fields) - set(schemas()["reports"].names) == {"text"}


def test_every_type_of_fact_has_a_model_and_a_count() -> None:
    assert {model.model_fields["type"].default for model in FACT_MODELS} == set(FACT_TYPES)
    assert {f"n_{kind}s" for kind in FACT_TYPES} <= set(schemas()["reports"].names)


def test_facts_round_trip_through_their_table() -> None:
    again = table("facts", rows(FOUND)["facts"]).to_pylist()
    assert len(again) == len(FOUND.facts) == len(FACT_TYPES)
    for row, fact in zip(again, FOUND.facts, strict=True):
        assert {name: row[name] for name in type(fact).model_fields} == fact.model_dump()
        assert all(row[name] is None for name in set(row) - set(type(fact).model_fields))


def test_the_row_of_a_report() -> None:
    row = report_row(FOUND)
    assert list(row) == schemas()["reports"].names
    assert (row["characters"], row["words"], row["pages"]) == (len(TEXT), len(TEXT.split()), 2)
    assert row["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert row["n_dates"] == row["n_articles"] == 1


def test_the_row_of_a_rejected_source() -> None:
    rejected = Rejected(source="a.txt", reason="empty", message="holds no text")
    assert rows(rejected) == {"rejected": [rejected.model_dump()]}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("value", pa.string()),
        ("first", pa.date32()),
        ("low", pa.int64()),
        ("approx", pa.bool_()),
        ("latitude", pa.float64()),
        ("penalty", pa.string()),
    ],
)
def test_columns_are_typed(name: str, kind: pa.DataType) -> None:
    assert schemas()["facts"].field(name).type == kind


def test_a_field_that_no_column_can_hold_is_an_error() -> None:
    with pytest.raises(TypeError, match="no column"):
        arrow_type(dict[str, int])


def test_an_empty_table_keeps_its_columns() -> None:
    assert table("facts", []).schema == schemas()["facts"]
