"""Label Studio: a report is a task, its facts are predictions to correct; and annotated tasks back into gold."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

from pipeline.errors import ReadError
from pipeline.exports.losses import Loss, some, unheld
from pipeline.exports.runs import Run
from pipeline.gold import Gold, gold_of
from pipeline.schema import FactType, Modality, Penalty, PlaceKind, Status
from pipeline.scoring import FIELDS
from pipeline.tables import Row

CONFIG = ".labels.xml"
_COLOURS = {"date": "#1f77b4", "location": "#2ca02c", "count": "#d62728", "sentence": "#9467bd", "article": "#ff7f0e"}
_CHOICES: dict[str, tuple[str, ...]] = {
    "status": get_args(Status),
    "kind": get_args(PlaceKind),
    "penalty": get_args(Penalty),
    "modality": get_args(Modality),
}
_NUMBERS = ("low", "high")
_ALSO = {"location": ("kind",)}  # annotated, though no score hangs on it
_DATA = ("id", "title", "published")


def write(run: Run, path: Path) -> list[Loss]:
    """Write the tasks of a run, and beside them, under `.labels.xml`, the project's labelling interface.

    A report whose text is not there is left out and told, and so is what Label Studio has no question for.
    """
    tasks = [_task(report, facts, run) for report, facts in _with_facts(run) if report["id"] in run.texts]
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    path.with_suffix(CONFIG).write_text(config(), encoding="utf-8", newline="\n")
    asked = {field for kind in FIELDS for field in _fields(kind)}
    held = {
        "reports": _DATA,
        "facts": ("id", "report_id", "type", "text", "start", "end", "confidence", *asked),
    }
    return [
        *unheld(run, held, why="no part of a task"),
        *some([Loss(table="reports", values=run.texts_missing(), why="the text that the run read is no longer there: no task")]),
    ]


def config() -> str:
    """Return the labelling interface: the five types, and for each what its gold facts have."""
    view = ET.Element("View")
    labels = ET.SubElement(view, "Labels", name="type", toName="text")
    for kind in FIELDS:
        ET.SubElement(labels, "Label", value=kind, background=_COLOURS[kind])
    ET.SubElement(view, "Text", name="text", value="$text", granularity="character")
    for kind in FIELDS:
        for field in _fields(kind):
            _question(view, kind, field)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _fields(kind: FactType) -> tuple[str, ...]:
    return (*FIELDS[kind], *_ALSO.get(kind, ()))


def _question(view: ET.Element, kind: str, field: str) -> None:
    """Add the question for a field of a type, asked of each region with that label."""
    asked = ET.SubElement(view, "View", visibleWhen="region-selected", whenTagName="type", whenLabelValue=kind)
    ET.SubElement(asked, "Header", value=field, size="6")
    about = {"name": f"{kind}_{field}", "toName": "text", "perRegion": "true"}
    if field in _CHOICES:
        choices = ET.SubElement(asked, "Choices", about | {"choice": "single-radio"})
        for value in _CHOICES[field]:
            ET.SubElement(choices, "Choice", value=value)
    elif field in _NUMBERS:
        ET.SubElement(asked, "Number", about | {"min": "0"})
    else:
        ET.SubElement(asked, "TextArea", about | {"maxSubmissions": "1", "editable": "true"})


def _with_facts(run: Run) -> Iterator[tuple[Row, list[Row]]]:
    """Yield the reports with their facts; a run writes both in the same order."""
    facts: dict[str, list[Row]] = {}
    for fact in run.rows("facts"):
        facts.setdefault(fact["report_id"], []).append(fact)
    for report in run.rows("reports"):
        yield report, facts.get(report["id"], [])


def _task(report: Row, facts: list[Row], run: Run) -> dict[str, Any]:
    known = [fact["confidence"] for fact in facts if fact["confidence"] is not None]
    score = {"score": round(sum(known) / len(known), 4)} if known else {}
    data = {name: str(report[name]) for name in _DATA if report[name] is not None} | {"text": run.texts[report["id"]]}
    results = [result for fact in facts for result in _results(fact)]
    return {"data": data, "predictions": [{"model_version": f"casefacts {run.about['casefacts']}", **score, "result": results}]}


def _results(fact: Row) -> Iterator[dict[str, Any]]:
    """Yield the region of a fact, and the answers to the questions about it: of one id."""
    place = {"start": fact["start"], "end": fact["end"]}
    score = {} if fact["confidence"] is None else {"score": fact["confidence"]}
    label = {"from_name": "type", "type": "labels", "value": {**place, "text": fact["text"], "labels": [fact["type"]]}}
    yield {"id": fact["id"], "to_name": "text", **label, **score}
    for field in _fields(fact["type"]):
        if fact[field] is not None:
            kind, value = _answer(field, fact[field])
            answer = {"from_name": f"{fact['type']}_{field}", "type": kind, "value": {**place, **value}}
            yield {"id": fact["id"], "to_name": "text", **answer}


def _answer(field: str, value: Any) -> tuple[str, dict[str, Any]]:
    if field in _CHOICES:
        return "choices", {"choices": [value]}
    if field in _NUMBERS:
        return "number", {"number": value}
    return "textarea", {"text": [value]}


def gold(path: Path) -> tuple[list[Gold], int]:
    """Return the annotated texts of a JSON export of Label Studio, and the number of tasks that nobody has annotated.

    Of several annotations of a task, the one called ground truth counts, else the latest. A ReadError names the task and
    the region that is wrong: a label that is no type, a place where other words stand.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ReadError(str(path), "bad_row", f"is no JSON ({error}); export the project as JSON") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "text" in task.get("data", {}) for task in tasks):
        raise ReadError(str(path), "bad_row", "holds no list of tasks with a text; export the project as JSON, not JSON-MIN")
    done = [(task, found) for task in tasks if (found := _annotation(task))]
    return [_gold_of(task, found, f"{path}: task {_name(task)}") for task, found in done], len(tasks) - len(done)


def _name(task: Mapping[str, Any]) -> str:
    return str(task["data"].get("id") or task.get("id"))


def _annotation(task: Mapping[str, Any]) -> Mapping[str, Any] | None:
    made = [one for one in task.get("annotations", []) if not one.get("was_cancelled")]
    return max(made, key=lambda one: (bool(one.get("ground_truth")), str(one.get("updated_at") or "")), default=None)


def _gold_of(task: Mapping[str, Any], annotation: Mapping[str, Any], where: str) -> Gold:
    text = task["data"]["text"]
    regions: dict[str, dict[str, Any]] = {}
    answers: dict[str, dict[str, Any]] = {}
    for result in annotation.get("result", []):
        value = result.get("value", {})
        if result.get("type") == "labels":
            regions[result["id"]] = _region(value, text, where)
        elif "_" in result.get("from_name", ""):
            answers.setdefault(result.get("id", ""), {})[result["from_name"]] = _given(value)
    facts = [_fact(region, answers.get(key, {})) for key, region in regions.items()]
    data = {name: task["data"].get(name) for name in ("title", "published")}
    told = {"id": _name(task), **data, "text": text, "facts": sorted(facts, key=lambda fact: (fact["start"], fact["end"]))}
    return gold_of(json.dumps(told).encode(), where=where)


def _given(value: Mapping[str, Any]) -> Any:
    """Return the answer to a question: a choice, a number, or text; of several texts the last."""
    if "number" in value:
        return int(value["number"])
    told = value.get("choices") or value.get("text") or [None]
    return told[-1] if isinstance(told, list) else told


def _fact(region: dict[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return a gold fact: what was not answered is null, as the text does not settle it."""
    kind: FactType = region["type"]
    return region | {field: answers.get(f"{kind}_{field}") for field in _fields(kind)}


def _region(value: Mapping[str, Any], text: str, where: str) -> dict[str, Any]:
    labels = value.get("labels") or [None]
    if labels[0] not in FIELDS:
        raise ReadError(where, "bad_row", f"the label {labels[0]!r} is no type of fact; the types are {', '.join(FIELDS)}")
    start, end = _place(text, int(value["start"]), int(value["end"]), value.get("text"), where)
    return {"type": labels[0], "start": start, "end": end, "text": text[start:end]}


def _place(text: str, start: int, end: int, words: str | None, where: str) -> tuple[int, int]:
    """Return a region's place in characters: some versions of Label Studio count letters beyond the BMP as two."""
    for first, last in ((start, end), (_characters(text, start), _characters(text, end))):
        if words is None or _bare(text[first:last]) == _bare(words):
            return first, last
    raise ReadError(where, "bad_row", f"{text[start:end]!r} stands at {start} to {end}, not {words!r}")


def _characters(text: str, units: int) -> int:
    """Return how many characters the first *units* units of UTF-16 are."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))


def _bare(words: str) -> str:
    r"""Return words without white space: browsers join it, and Label Studio writes a line's end as two signs, `\n`."""
    return re.sub(r"\\n|\s+", "", words)
