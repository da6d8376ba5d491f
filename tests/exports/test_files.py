"""GeoJSON, CSV for Excel, Uwazi and FollowTheMoney, read back by their libraries or by their published rules."""

import csv
import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import excel, geojson, uwazi
from pipeline.exports.losses import Loss
from pipeline.exports.runs import Run, parts


@pytest.fixture(scope="module")
def places(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Loss]]:
    folder = tmp_path_factory.mktemp("geojson")
    return folder, geojson.write(opened, folder)


@pytest.fixture(scope="module")
def sheets(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Loss]]:
    folder = tmp_path_factory.mktemp("excel")
    return folder, excel.write(opened, folder)


@pytest.fixture(scope="module")
def templates(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Loss]]:
    folder = tmp_path_factory.mktemp("uwazi")
    return folder, uwazi.write(opened, folder)


@pytest.fixture(scope="module")
def entities(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Loss]]:
    pytest.importorskip("followthemoney")
    from pipeline.exports import ftm

    path = tmp_path_factory.mktemp("ftm") / "entities.ftm.json"
    return path, ftm.write(opened, path)


# GeoJSON


@pytest.mark.parametrize("layer", ["incidents", "claims", "events", "facts"])
def test_geojson_is_valid_and_has_a_feature_for_each_row(layer: str, opened: Run, places: tuple[Path, list[Loss]]) -> None:
    collection = FeatureCollection.model_validate_json((places[0] / f"{layer}.geojson").read_text(encoding="utf-8"))
    rows = [row for row in opened.rows(layer) if layer != "facts" or row["type"] == "location"]
    assert [feature.id for feature in collection.features] == [row["id"] for row in rows]
    for feature, row in zip(collection.features, rows, strict=True):
        assert feature.properties is not None
        again = dict(feature.properties)
        if feature.geometry:
            again |= dict(zip(("longitude", "latitude"), feature.geometry.coordinates, strict=True))
        assert {k: v for k, v in again.items() if v is not None} == {k: plain(v) for k, v in row.items() if v is not None}


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


# Excel


def test_excel_reads_the_same_cells(opened: Run, sheets: tuple[Path, list[Loss]]) -> None:
    for name in opened.tables:
        data = (sheets[0] / f"{name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
        for row, old in zip(rows, opened.rows(name), strict=True):
            assert {c: excel.unguarded(v) for c, v in row.items()} == {c: cell(v) for c, v in old.items()}


def cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


def test_no_cell_is_run_as_a_formula_and_each_that_was_changed_is_told(sheets: tuple[Path, list[Loss]]) -> None:
    reports = list(csv.DictReader((sheets[0] / "reports.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["title"] for row in reports][1] == "'=HYPERLINK(1)"
    told = {(loss.table, loss.column): loss.values for loss in sheets[1]}
    assert told["reports", "title"] == 1
    assert told["facts", "article"] == 2


@given(st.text() | st.from_regex(r"[=+\-@\t'][ -~]*", fullmatch=True) | st.dates().map(str) | st.floats().map(str))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    guarded = excel.guard(text)
    assert guarded is not None
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert excel.unguarded(guarded) == text


@pytest.mark.parametrize("text", ["535.10", "2017-09", "1-2", "1E5", "12/2017", "Sep 2017", "3 March", "TRUE", "10%", "007"])
def test_what_excel_would_turn_into_something_else_is_guarded(text: str) -> None:
    assert excel.guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["148(2)", "at least 48", "Marchenko", "P10D", "201X", "may", "Article 5", "12 March men"])
def test_other_text_is_left_alone(text: str) -> None:
    assert excel.guard(text) == text


# Uwazi: its importer is a part of the server (app/api/csv); these are its rules, read anew


def read_uwazi(kind: str, text: str) -> Any:
    """Return a cell as Uwazi's parsers do."""
    if kind == "numeric":
        return float(text)
    if kind == "date":
        return datetime.date.fromisoformat(text.replace("/", "-"))
    if kind == "daterange":
        return tuple(read_uwazi("date", end) if end else None for end in text.split(":"))
    if kind == "geolocation":
        return tuple(map(float, text.split("|")))
    if kind in ("multiselect", "relationship"):
        return [part for part in text.split("|") if part]
    return text


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / f"{name}.csv").open(encoding="utf-8", newline="")))


@pytest.fixture(scope="module")
def properties(templates: tuple[Path, list[Loss]]) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (row["template"], row["property"]): (row["type"], row["related_template"]) for row in rows_of(templates[0], "properties")
    }


@pytest.mark.parametrize("name", ["reports", "incidents", "claims", "events"])
def test_uwazi_reads_every_cell_as_its_property_says(
    name: str, templates: tuple[Path, list[Loss]], properties: dict[tuple[str, str], tuple[str, str]]
) -> None:
    rows = rows_of(templates[0], name)
    titles = {
        other: [row["title"] for row in rows_of(templates[0], other)] for other in ("reports", "incidents", "claims", "events")
    }
    assert len(set(titles[name])) == len(rows) > 0
    assert not {"id", "file", "files", "attachments", "language"} & set(rows[0])  # Uwazi's own columns
    for row in rows:
        for column, text in row.items():
            if column == "title":
                assert text == " ".join(text.split()) != ""
            elif text:
                kind, related = properties[name, column]
                value = read_uwazi(kind, text)
                assert kind != "relationship" or (value and set(value) <= set(titles[related]))


def test_uwazi_gets_place_days_and_articles(opened: Run, templates: tuple[Path, list[Loss]]) -> None:
    claims = {row["casefacts_id"]: row for row in rows_of(templates[0], "claims")}
    for row in opened.rows("claims"):
        told = claims[row["id"]]
        assert read_uwazi("multiselect", told["articles"]) == parts(row["articles"])
        if row["latitude"] is not None:
            assert read_uwazi("geolocation", told["geolocation"]) == (row["latitude"], row["longitude"])
        if row["first"]:
            assert read_uwazi("daterange", told["days"]) == (row["first"], row["last"])
    assert sum(bool(row["geolocation"]) for row in claims.values()) >= 3


# FollowTheMoney


def proxies(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def test_followthemoney_takes_every_entity_as_it_is(entities: tuple[Path, list[Loss]]) -> None:
    from followthemoney import model

    told = list(proxies(entities[0]))
    ids = {entity["id"] for entity in told}
    assert len(ids) == len(told)
    for entity in told:
        proxy = model.get_proxy(entity, cleaned=False)  # cleaned anew: what it refuses would be gone
        again = {name: sorted(values) for name, values in proxy.to_dict()["properties"].items()}
        assert again == entity["properties"]
        proxy.schema.validate(entity)
        related = [value for prop, value in proxy.itervalues() if prop.type.name == "entity"]
        assert set(related) <= ids


def test_an_incident_is_an_event_with_its_report_as_proof(opened: Run, entities: tuple[Path, list[Loss]]) -> None:
    told = {entity["id"]: entity for entity in proxies(entities[0])}
    events = {e["properties"]["recordId"][0]: e["properties"] for e in told.values() if e["schema"] == "Event"}
    assert set(events) == {row["id"] for row in opened.rows("incidents")}
    for row in opened.rows("incidents"):
        event = events[row["id"]]
        assert event.get("startDate") == ([str(row["first"])] if row["first"] else None)
        assert event.get("country") == [row["country"].lower()]
        (proof,) = event["proof"]
        assert told[proof]["schema"] == "Article"
    assert sum(e["schema"] == "Similar" for e in told.values()) == len(list(opened.rows("links"))) == 1


# All of these


_WORDS = {"to", "or", "more", "at", "most"}  # of captions
_SCHEMATA = {"Article", "Event", "Address", "Similar", "Feature", "FeatureCollection", "Point"}


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value not in (None, ""):
        yield value


def words(value: Any) -> list[str]:
    return re.findall(r"[^\W_]+", str(value).casefold())


def source_words(run: Run) -> set[str]:
    """Return every word of the tables, which are of the text or the gazetteer."""
    return {word for name in run.tables for row in run.rows(name) for value in row.values() for word in words(value)}


def exported(name: str, request: pytest.FixtureRequest) -> tuple[list[Any], list[Loss]]:
    """Return all values of an export, and what it lost."""
    place, losses = request.getfixturevalue(name)
    if name == "entities":
        told = list(proxies(place))
        ours = {entity["id"] for entity in told} | _SCHEMATA
        return [value for value in leaves(told) if value not in ours], losses
    if name == "places":
        files = [json.loads(path.read_text(encoding="utf-8"))["features"] for path in sorted(place.glob("*.geojson"))]
        return [value for value in leaves(files) if value not in _SCHEMATA], losses
    files = [rows_of(place, path.stem) for path in sorted(place.glob("*.csv")) if path.stem != "properties"]
    return list(leaves(files)), losses


@pytest.mark.parametrize("name", ["places", "templates", "entities"])
def test_no_value_but_of_the_text_or_the_gazetteer(name: str, opened: Run, request: pytest.FixtureRequest) -> None:
    values, _ = exported(name, request)
    known = source_words(opened) | _WORDS | {"eng"}  # FollowTheMoney's code of English
    assert {word for value in values for word in words(value)} <= known
    assert len(values) > 30


@pytest.mark.parametrize("name", ["places", "templates", "entities"])
def test_every_value_is_held_or_told_to_be_lost(name: str, opened: Run, request: pytest.FixtureRequest) -> None:
    values, losses = exported(name, request)
    held = {word for value in values for word in words(value)} | {"en"}  # "eng" in FollowTheMoney
    lost = {(loss.table, loss.column) for loss in losses}
    for table in opened.tables:
        for row in opened.rows(table):
            for column, value in row.items():
                if value is not None and (table, column) not in lost and (table, None) not in lost:
                    assert set(words(value)) <= held, (table, column, value)
