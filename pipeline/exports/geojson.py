"""GeoJSON (RFC 7946): a layer a table, a feature a row; a row without coordinates is a feature without geometry."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.exports.losses import Loss, some, unheld
from pipeline.exports.runs import Run
from pipeline.tables import Row

_LAYERS = ("incidents", "claims", "events", "facts")
_GEOMETRY = ("latitude", "longitude")


def write(run: Run, folder: Path) -> list[Loss]:
    """Write a file `TABLE.geojson` for every table with coordinates: incidents, claims, events, and the locations of facts."""
    layers = [name for name in _LAYERS if name in run.tables]
    for name in layers:
        with (folder / f"{name}.geojson").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_lines(name, run))
    others = sum(row["type"] != "location" for row in run.rows("facts"))
    held = {name: run.tables[name].column_names for name in layers}
    return [
        *unheld(run, held, why="has no place on a map"),
        *some([Loss(table="facts", values=others, why="only locations have a place; the other types are left out")]),
    ]


def _lines(name: str, run: Run) -> Iterator[str]:
    """Yield the lines of a layer: a feature a line, so that two files can be compared."""
    features = [_feature(row) for row in run.rows(name) if name != "facts" or row["type"] == "location"]
    yield f'{{"type": "FeatureCollection", "name": "{name}", "features": [\n'
    yield ",\n".join(json.dumps(feature, ensure_ascii=False, default=str) for feature in features)
    yield "\n]}\n"


def _feature(row: Row) -> dict[str, Any]:
    latitude, longitude = (row[name] for name in _GEOMETRY)
    point = {"type": "Point", "coordinates": [longitude, latitude]} if None not in (latitude, longitude) else None
    properties = {name: value for name, value in row.items() if name not in _GEOMETRY}
    return {"type": "Feature", "id": row["id"], "geometry": point, "properties": properties}
