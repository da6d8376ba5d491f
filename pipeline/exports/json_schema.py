"""The JSON Schema (2020-12) of every record, and of a row of every table."""

from typing import Any

import pyarrow as pa
from pydantic.json_schema import models_json_schema

from pipeline.schema import Event, Extraction, Link, Rejected
from pipeline.tables import schemas

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[pa.DataType, dict[str, str]] = {
    pa.string(): {"type": "string"},
    pa.int64(): {"type": "integer"},
    pa.float64(): {"type": "number"},
    pa.bool_(): {"type": "boolean"},
    pa.date32(): {"type": "string", "format": "date"},
}


def json_schema() -> dict[str, Any]:
    """Return one schema whose `$defs` hold the records by their class and the rows by their table: `facts.row`."""
    records = models_json_schema([(model, "serialization") for model in (Extraction, Rejected, Link, Event)])[1]
    rows = {f"{name}.row": _row(name, columns) for name, columns in schemas().items()}
    return {"$schema": _DIALECT, "title": "casefacts", "$defs": records["$defs"] | rows}


def _row(name: str, columns: pa.Schema) -> dict[str, Any]:
    """Return the schema of a row: every column is there, and any may be null but an id."""
    return {
        "title": f"A row of the table {name}, as JSON Lines has it",
        "type": "object",
        "properties": {
            field.name: _TYPES[field.type] if field.name == "id" else {"anyOf": [_TYPES[field.type], {"type": "null"}]}
            for field in columns
        },
        "required": columns.names,
        "additionalProperties": False,
    }
