"""Label Studio and spaCy's DocBin: facts at their places of the text, and labels back into gold."""

import datetime
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import spacy
from spacy.tokens import DocBin

from pipeline.errors import CasefactsError, ReadError
from pipeline.exports import docbin, labelstudio
from pipeline.exports.losses import Loss
from pipeline.exports.runs import Run, open_run, with_texts
from pipeline.gold import read_gold
from pipeline.scoring import FIELDS


@pytest.fixture(scope="module")
def tasks(opened: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelstudio") / "tasks.json"
    labelstudio.write(opened, path)
    return path


@pytest.fixture(scope="module")
def interface(tasks: Path) -> ET.Element:
    return ET.fromstring(tasks.with_suffix(".labels.xml").read_text(encoding="utf-8"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_fact_is_a_region_at_its_place(opened: Run, tasks: Path) -> None:
    done = read(tasks)
    assert [task["data"]["id"] for task in done] == [row["id"] for row in opened.rows("reports")]
    regions = [
        (result["id"], task["data"]["text"][result["value"]["start"] : result["value"]["end"]])
        for task in done
        for result in task["predictions"][0]["result"]
        if result["type"] == "labels"
    ]
    assert regions == [(row["id"], row["text"]) for row in opened.rows("facts")]


def test_each_answer_fits_the_labelling_interface(tasks: Path, interface: ET.Element) -> None:
    controls = {one.get("name"): one for one in interface.iter() if one.get("toName")}
    kinds = {"Labels": "labels", "Choices": "choices", "Number": "number", "TextArea": "textarea"}
    results = [result for task in read(tasks) for result in task["predictions"][0]["result"]]
    for result in results:
        control = controls[result["from_name"]]
        assert (kinds[control.tag], control.get("toName")) == (result["type"], result["to_name"])
        allowed = {one.get("value") for one in control.iter() if one.tag in ("Label", "Choice")}
        assert not allowed or set(result["value"][result["type"]]) <= allowed
    assert {result["type"] for result in results} == set(kinds.values())
    assert all(control.get("perRegion") for name, control in controls.items() if name != "type")


def annotated(path: Path, tasks: Path, change: Any = None) -> Path:
    """Write what Label Studio exports if an annotator accepts all predictions."""
    done = read(tasks)
    for task in done:
        (prediction,) = task.pop("predictions")
        task["annotations"] = [{"result": prediction["result"], "was_cancelled": False, "updated_at": "2026-02-01"}]
    if change:
        change(done)
    path.write_text(json.dumps(done), encoding="utf-8")
    return path


def test_accepted_predictions_come_back_as_the_same_facts(opened: Run, tasks: Path, tmp_path: Path) -> None:
    gold, undone = labelstudio.gold(annotated(tmp_path / "a.json", tasks))
    assert undone == 0
    told = [
        (fact.type, fact.start, fact.end, {n: getattr(fact, n) for n in FIELDS[fact.type]}) for one in gold for fact in one.facts
    ]
    facts = [(row["type"], row["start"], row["end"], {n: row[n] for n in FIELDS[row["type"]]}) for row in opened.rows("facts")]
    assert told == facts
    lines = tmp_path / "gold.jsonl"
    lines.write_text("".join(one.model_dump_json() + "\n" for one in gold), encoding="utf-8")
    assert read_gold([lines]) == gold
    assert gold[0].published == datetime.date(2017, 10, 3)


def as_utf16(done: list[dict[str, Any]]) -> None:
    for task in done:
        text = task["data"]["text"]
        for result in task["annotations"][0]["result"]:
            for end in ("start", "end"):
                result["value"][end] = len(text[: result["value"][end]].encode("utf-16-le")) // 2


def test_places_of_old_versions_that_count_units_of_utf_16_are_mended(tasks: Path, tmp_path: Path) -> None:
    plain, _ = labelstudio.gold(annotated(tmp_path / "a.json", tasks))
    assert labelstudio.gold(annotated(tmp_path / "b.json", tasks, as_utf16))[0] == plain
    assert any(ord(letter) > 0xFFFF for letter in plain[2].text[: plain[2].facts[0].start])


def not_done(done: list[dict[str, Any]]) -> None:
    done[0]["annotations"] = []
    done[1]["annotations"][0]["was_cancelled"] = True


def second_opinion(done: list[dict[str, Any]]) -> None:
    done[0]["annotations"].append({"result": [], "ground_truth": True})
    done[1]["annotations"].append({"result": [], "updated_at": "2026-03-01"})


def test_a_task_without_an_annotation_is_left_out(tasks: Path, tmp_path: Path) -> None:
    gold, undone = labelstudio.gold(annotated(tmp_path / "a.json", tasks, not_done))
    assert ([one.id for one in gold], undone) == (["osmanova, farida | letter", "quiet"], 2)


def test_of_several_annotations_ground_truth_or_the_latest_counts(tasks: Path, tmp_path: Path) -> None:
    gold, _ = labelstudio.gold(annotated(tmp_path / "a.json", tasks, second_opinion))
    assert [len(one.facts) for one in gold][:2] == [0, 0]


def wrong_label(done: list[dict[str, Any]]) -> None:
    done[0]["annotations"][0]["result"][0]["value"]["labels"] = ["Person"]


def wrong_place(done: list[dict[str, Any]]) -> None:
    done[0]["annotations"][0]["result"][0]["value"] |= {"start": 0, "end": 6, "text": "Ganja"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(wrong_label, "task mammadzade-case: the label 'Person' is no type of fact", id="label"),
        pytest.param(wrong_place, "'Police' stands at 0 to 6, not 'Ganja'", id="place"),
        pytest.param(lambda done: done.append("x"), "no list of tasks", id="no task"),
    ],
)
def test_what_is_wrong_with_labels_is_told(change: Any, says: str, tasks: Path, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=says):
        labelstudio.gold(annotated(tmp_path / "a.json", tasks, change))


def test_docbin_has_the_facts_on_its_docs(opened: Run, tmp_path: Path) -> None:
    losses = docbin.write(opened, tmp_path / "a.spacy")
    docs = list(DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab))
    assert {json.loads(doc.user_data["report"])["id"]: doc.text for doc in docs} == opened.texts
    spans = {span.id_: (span.label_, span.text) for doc in docs for span in doc.spans["casefacts"]}
    assert spans == {row["id"]: (row["type"], row["text"]) for row in opened.rows("facts")}
    assert [entity.text for entity in docs[1].ents] == ["23 September 2017", "48", "Ganja", "Azerbaijan"]
    facts = [fact for doc in docs for fact in json.loads(doc.user_data["facts"])]
    assert [fact["low"] for fact in facts] == [row["low"] for row in opened.rows("facts")]
    assert {loss.table for loss in losses} == {"rejected", "links", "events"}


def test_the_same_tables_make_the_same_bytes(opened: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        docbin.write(opened, tmp_path / f"{name}.spacy")
        labelstudio.write(opened, tmp_path / f"{name}.json")
    for kind in ("spacy", "json", "labels.xml"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_a_text_that_has_changed_is_no_text_of_the_run(folder: Path, tmp_path: Path) -> None:
    lines = (folder.parent / "reports.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "moved.jsonl").write_text(lines[0] + lines[1].replace("protest", "rally"), encoding="utf-8")
    run = with_texts(open_run(folder), [tmp_path / "moved.jsonl"])
    assert list(run.texts) == ["mammadzade-case"]
    losses = labelstudio.write(run, tmp_path / "tasks.json")
    assert Loss(table="reports", values=3, why="the text that the run read is no longer there: no task") in losses


def test_texts_that_are_nowhere_are_asked_for(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CasefactsError, match=r"holds none of the texts that this run read; name .* by --texts"):
        with_texts(open_run(folder), [tmp_path])


def test_a_run_that_keeps_its_texts_needs_no_files(folder: Path, opened: Run, tmp_path: Path) -> None:
    moved = tmp_path / "tables"
    shutil.copytree(folder, moved)
    manifest = json.loads((moved / "run.json").read_text(encoding="utf-8"))
    manifest["arguments"]["sources"] = [str(tmp_path / "gone.jsonl")]
    (moved / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert with_texts(open_run(moved, texts=True)).texts == opened.texts
    with pytest.raises(CasefactsError, match="holds none of the texts"):
        with_texts(open_run(moved))
