"""FollowTheMoney: a report is an Article, an incident an Event with the reports as its proof, a place an Address."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from followthemoney import model
from followthemoney.proxy import EntityProxy

from pipeline.exports.captions import caption
from pipeline.exports.losses import Loss, some, unheld
from pipeline.exports.runs import Run, parts
from pipeline.tables import Row

_PREFIX = "casefacts"
_REFUSED = "followthemoney refuses the value"
_HELD = {
    "reports": ("id", "title", "published", "source", "publisher", "url", "language"),
    "incidents": (
        *("id", "report_id", "first", "last", "where", "country", "latitude", "longitude"),
        *("who", "status", "low", "high", "figures", "penalties", "articles"),
    ),
    "links": ("incident_id", "other_id", "score", "reasons"),
}


def write(run: Run, path: Path) -> list[Loss]:
    """Write entities as JSON Lines, each checked and cleaned by the followthemoney package; what it refuses is a loss."""
    refused: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entity in _entities(run, refused):
            if entity.id not in seen:
                seen.add(str(entity.id))
                file.write(json.dumps(_sorted(entity), ensure_ascii=False) + "\n")
    losses = unheld(run, _HELD, why="no property of FollowTheMoney holds it")
    whys = {
        "claims": "no entity of their own: their sentences describe the incident, their figures are in its summary",
        "facts": "no entity of their own: the sentences of claims describe the incident",
        "events": "incidents stand for them, tied by links",
    }
    return [
        *(loss.model_copy(update={"why": whys.get(loss.table, loss.why)}) for loss in losses),
        *some(Loss(table=t, column=c, values=n, why=_REFUSED) for (t, c), n in sorted(refused.items())),
    ]


def _sorted(entity: EntityProxy) -> dict[str, Any]:
    told = entity.to_dict()
    properties = {name: sorted(values) for name, values in sorted(told["properties"].items())}
    return {"id": told["id"], "schema": told["schema"], "properties": properties}


def _entities(run: Run, refused: Counter[tuple[str, str]]) -> Iterator[EntityProxy]:
    for row in run.rows("reports"):
        yield _article(row, refused)
    sentences = _sentences(run)
    for row in run.rows("incidents"):
        yield from _event(row, sentences[row["id"]], refused)
    for row in run.rows("links"):
        yield _similar(row, refused)


def _article(row: Row, refused: Counter[tuple[str, str]]) -> EntityProxy:
    entity = _made("Article", row["id"])
    given = {
        "title": ("title", row["title"] or row["id"]),
        "notes": ("id", row["id"]),
        "fileName": ("source", row["source"]),
        "publisher": ("publisher", row["publisher"]),
        "sourceUrl": ("url", row["url"]),
        "publishedAt": ("published", row["published"]),
        "language": ("language", row["language"]),
    }
    _fill(entity, "reports", given, refused)
    return entity


def _event(row: Row, sentences: Iterable[str], refused: Counter[tuple[str, str]]) -> Iterator[EntityProxy]:
    """Yield an incident, and its place where that has coordinates."""
    entity = _made("Event", row["id"])
    given = {
        "name": ("status", caption(row) or row["id"]),
        "startDate": ("first", row["first"]),
        "endDate": ("last", row["last"]),
        "location": ("where", row["where"]),
        "country": ("country", row["country"]),
        "recordId": ("id", row["id"]),
        "proof": ("report_id", _made("Article", row["report_id"]).id),
    }
    place = _address(row, refused) if row["latitude"] is not None else None
    given |= {"addressEntity": ("latitude", place.id)} if place else {}
    _fill(entity, "incidents", given, refused)
    entity.add("notes", row["who"])
    entity.add("summary", parts(row["figures"]))
    entity.add("keywords", [*parts(row["penalties"]), *parts(row["articles"])])
    entity.add("description", sentences)
    yield from (place, entity) if place else (entity,)


def _address(row: Row, refused: Counter[tuple[str, str]]) -> EntityProxy:
    place = _made("Address", row["latitude"], row["longitude"], row["where"], row["country"])
    given = {name: (name, row[name]) for name in ("latitude", "longitude", "country")}
    _fill(place, "incidents", given | {"full": ("where", row["where"] or row["country"])}, refused)
    return place


def _similar(row: Row, refused: Counter[tuple[str, str]]) -> EntityProxy:
    entity = _made("Similar", row["incident_id"], row["other_id"])
    given = {
        "candidate": ("incident_id", _made("Event", row["incident_id"]).id),
        "match": ("other_id", _made("Event", row["other_id"]).id),
        "confidenceScore": ("score", row["score"]),
        "criteria": ("reasons", row["reasons"]),
    }
    _fill(entity, "links", given, refused)
    return entity


def _made(schema: str, *key: object) -> EntityProxy:
    entity = model.make_entity(schema, key_prefix=_PREFIX)
    entity.make_id(schema, *key)
    return entity


def _fill(entity: EntityProxy, table: str, given: dict[str, tuple[str, Any]], refused: Counter[tuple[str, str]]) -> None:
    """Set properties through the package's own cleaning, and count what it refuses."""
    for name, (column, value) in given.items():
        if value is not None:
            entity.add(name, str(value))  # as text: it would round a number
            refused[table, column] += not entity.has(name)


def _sentences(run: Run) -> dict[str, list[str]]:
    """Return the sentences that the claims of each incident stand in, in their order."""
    context = {row["id"]: row["context"] for row in run.rows("facts")}
    told: dict[str, list[str]] = defaultdict(list)
    for row in run.rows("claims"):
        if row["incident_id"] and context.get(row["fact_id"]):
            told[row["incident_id"]].append(context[row["fact_id"]])
    return told
