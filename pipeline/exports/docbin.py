"""spaCy's DocBin: a Doc a report, its facts as spans and entities, and all their fields in `doc.user_data`."""

import json
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans

from pipeline.exports.losses import Loss, some, unheld
from pipeline.exports.runs import Run
from pipeline.tables import Row, schemas

SPANS = "casefacts"


def write(run: Run, path: Path) -> list[Loss]:
    """Write the reports whose texts are there as Docs of `spacy.blank("en")`.

    `doc.spans["casefacts"]` and `doc.ents` hold the facts, labelled by type, their ids in `span.id_`. `doc.user_data` has
    the row of the report under `report`, those of its facts, claims and incidents under these names, as JSON.
    """
    make = spacy.blank("en")
    make.max_length = max([make.max_length, *(len(text) + 1 for text in run.texts.values())])
    docs = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)
    about = {name: _by_report(run, name) for name in ("facts", "claims", "incidents")}
    moved = 0
    for report in run.rows("reports"):
        if report["id"] in run.texts:
            doc = make.make_doc(run.texts[report["id"]])
            told = {name: rows.get(report["id"], []) for name, rows in about.items()}
            moved += _mark(doc, told["facts"])
            doc.user_data = {name: json.dumps(rows, default=str, ensure_ascii=False) for name, rows in told.items()}
            doc.user_data["report"] = json.dumps(report, default=str, ensure_ascii=False)
            docs.add(doc)
    docs.to_disk(path)
    held = {name: schemas()[name].names for name in ("reports", *about)}
    return [
        *unheld(run, held, why="belongs to no Doc"),
        *some(
            [
                Loss(table="reports", values=run.texts_missing(), why="the text that the run read is no longer there: no Doc"),
                Loss(table="facts", values=moved, why="begins or ends within a token: its span is wider than its start and end"),
            ]
        ),
    ]


def _by_report(run: Run, name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in run.rows(name):
        found.setdefault(row["report_id"], []).append(row)
    return found


def _mark(doc: Doc, facts: list[Row]) -> int:
    """Set the spans and the entities of a Doc, and return how many spans are wider than their facts."""
    spans = [span for fact in facts if (span := _span(doc, fact))]
    doc.spans[SPANS] = spans
    doc.set_ents(filter_spans(spans))
    places = {fact["id"]: (fact["start"], fact["end"]) for fact in facts}
    return sum((span.start_char, span.end_char) != places[span.id_] for span in spans)


def _span(doc: Doc, fact: dict[str, Any]) -> Span | None:
    return doc.char_span(fact["start"], fact["end"], label=fact["type"], span_id=fact["id"], alignment_mode="expand")
