"""Pseudonyms: whatever name was found survives in no column of no format."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin
from sqlite_utils import Database

from pipeline.exports.formats import FORMATS, To
from pipeline.exports.persons import grouped, name_of, numbered, pseudonyms, recogniser, telling, words
from pipeline.exports.redaction import redacted
from pipeline.exports.runs import Run, open_run, parts
from pipeline.exports.write import export
from pipeline.rules.persons import Person, person_words
from pipeline.tables import table

# The names of the texts of conftest.py, and their parts, as somebody would search for them.
NAMES = re.compile(
    r"Rauf|Mammadzade|Olga|Starikova|José|Jose(?![a-z])|N[úu][ñn]ez|Barrios|Farida|Osmanova|RaufMammadzade", re.IGNORECASE
)


@pytest.mark.parametrize("example", person_words().match, ids=lambda example: example.text)
def test_a_name_is_read_without_its_title(example: Person) -> None:
    assert name_of(example.text) == example.name


@pytest.mark.parametrize("text", person_words().no_match)
def test_what_is_no_person_has_no_name(text: str) -> None:
    assert name_of(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(
            "Also held were Alena Zhuk, 38, Vadzim Łapicki-Ściapan, 51, and a clerk.", "Vadzim Łapicki-Ściapan", id="beside"
        ),
        pytest.param("The court fined them. Yesterday Ivan Petrov appealed.", "Ivan Petrov", id="begin of a sentence"),
    ],
)
def test_a_name_is_found_as_a_whole(text: str, name: str) -> None:
    (found,) = recogniser()([text])
    assert name in found


@pytest.mark.parametrize(
    ("names", "full"),
    [
        pytest.param([("petrov",), ("ivan", "petrov")], {("petrov",): ("ivan", "petrov")}, id="a surname"),
        pytest.param(
            [("ivan", "petrov"), ("ivan", "ilyich", "petrov")],
            {("ivan", "petrov"): ("ivan", "ilyich", "petrov")},
            id="patronymic",
        ),
        pytest.param([("petrov",), ("ivan", "petrov"), ("olga", "petrov")], {("petrov",): ("petrov",)}, id="one of two"),
    ],
)
def test_forms_of_one_name_are_one_person(names: list[Any], full: dict[Any, Any]) -> None:
    found = grouped(names)
    assert {name: found[name] for name in full} == full


@pytest.mark.parametrize(
    ("text", "any_case", "told"),
    [
        ("Ivan Petrov’s wife; PETROV", False, "P’s wife; P"),
        ("ivan-petrov_2.pdf, IvanPetrov.pdf", True, "P_2.pdf, P.pdf"),
        ("a petrov is no name, the Petrovs neither", False, "a petrov is no name, the Petrovs neither"),
        ("Iván Pétrov", False, "P"),
    ],
)
def test_where_a_name_stands(text: str, any_case: bool, told: str) -> None:
    index = pseudonyms({("ivan", "petrov"): "P"})
    for start, end, new in reversed(index.places(text, any_case=any_case)):
        text = text[:start] + new + text[end:]
    assert text == told


def test_with_a_salt_a_person_is_the_same_everywhere_and_another_salt_tells_nothing() -> None:
    one = numbered([("ivan", "petrov"), ("petrov",)], salt="a")
    other = numbered([("olga", "orlova"), ("ivan", "petrov")], salt="a")
    assert one["ivan", "petrov"] == one[("petrov",)] == other["ivan", "petrov"]
    assert numbered([("ivan", "petrov")], salt="b")["ivan", "petrov"] != one["ivan", "petrov"]


def content(path: Path, to: To) -> str:
    """Return all that an export holds: its bytes, and its values as its library reads them."""
    files = sorted(path.parent.rglob("*"))
    raw = "".join(
        str(file.relative_to(path.parent)) + file.read_bytes().decode("utf-8", "replace") for file in files if file.is_file()
    )
    if to == "sqlite":
        return raw + "".join(Database(path).conn.iterdump())
    if to == "duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = [row[0] for row in connection.sql("SHOW TABLES").fetchall()]
            return raw + "".join(str(connection.sql(f'SELECT * FROM "{name}"').fetchall()) for name in names)
    if to == "docbin":
        docs = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
        return raw + "".join(doc.text + str(doc.user_data) for doc in docs)
    return raw


@pytest.mark.parametrize("salt", [None, "a secret"], ids=["numbered", "salted"])
@pytest.mark.parametrize("to", FORMATS)
def test_no_format_holds_a_name(to: To, salt: str | None, folder: Path, tmp_path: Path) -> None:
    if to == "ftm":
        pytest.importorskip("followthemoney")
    plain, out = tmp_path / "plain" / "out", tmp_path / "redacted" / "out"
    export(folder, to, plain)
    done = export(folder, to, out, redact=True, salt=salt)
    assert NAMES.search(content(plain, to))
    assert NAMES.findall(content(out, to)) == []
    assert done.redacted is not None
    assert done.redacted.persons >= 4


@pytest.fixture(scope="module")
def done(folder: Path) -> tuple[Run, Run]:
    run = open_run(folder)
    return run, redacted(run)[0]


def test_what_is_no_name_is_as_it_was(done: tuple[Run, Run]) -> None:
    old, new = done
    for name in old.tables:
        assert new.tables[name].schema == old.tables[name].schema
        for row, before in zip(new.rows(name), old.rows(name), strict=True):
            changed = {c for c in row if row[c] != before[c]}
            assert all(NAMES.search(str(before[c])) for c in changed), (name, changed)


def test_rows_still_belong_together(done: tuple[Run, Run]) -> None:
    _, new = done
    ids = {row["id"] for row in new.rows("reports")}
    assert len(ids) == 4
    for name in ("facts", "claims", "incidents"):
        assert {row["report_id"] for row in new.rows(name)} <= ids
    assert {report for row in new.rows("events") for report in parts(row["reports"])} <= ids
    assert all(row["other_report_id"] in ids for row in new.rows("links"))


def test_facts_stand_at_their_places_of_the_redacted_text(opened: Run) -> None:
    new, _ = redacted(opened)
    assert len(new.texts) == 4
    for name in ("facts", "claims"):
        for row in new.rows(name):
            assert new.texts[row["report_id"]][row["start"] : row["end"]] == row["text"]


def test_an_event_of_several_reports_numbers_nobody(done: tuple[Run, Run]) -> None:
    (event,) = [row for row in done[1].rows("events") if row["n_reports"] == 2]
    assert "Person;" in event["sources"]
    assert event["where"] == "Ganja"


PLACE = "Georgia"


def told(texts: list[str]) -> Run:
    """Return a run whose facts have *texts* for their sentences, a place of the gazetteer among them."""
    facts = [
        {"id": f"f{i}", "report_id": f"r{i % 2}", "type": "location", "text": PLACE, "name": PLACE, "kind": "country"}
        | {"context": text}
        for i, text in enumerate(texts)
    ]
    ids = sorted({fact["report_id"] for fact in facts})
    empty = {name: table(name, []) for name in ("claims", "incidents", "rejected")}
    reports = [{"id": id_, "title": texts[0]} for id_ in ids]
    return Run({"reports": table("reports", reports), "facts": table("facts", facts), **empty}, {}, {})


_LETTERS = st.text(st.sampled_from("abdeghiklmnorstuvzéøłğşč"), min_size=3, max_size=8).map(str.capitalize)
_SENTENCES = st.sampled_from(
    [
        "Police arrested {0} {1} in Georgia on Friday.",
        "{1} was held for ten days, his lawyer {2} {1} said.",
        "The court sentenced {0} {1}-{2} to five years; {1} appealed.",
        "Journalist {0} {1} and her brother {2} were released, {0} {1} said.",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sentences=st.lists(_SENTENCES, min_size=1, max_size=5), names=st.tuples(_LETTERS, _LETTERS, _LETTERS))
def test_whatever_the_recogniser_finds_survives_in_no_cell(sentences: list[str], names: tuple[str, str, str]) -> None:
    texts = [sentence.format(*names) for sentence in sentences]
    run = told(texts)
    new, _ = redacted(run)
    cells = [row["context"] for row in new.rows("facts")] + [row["title"] for row in new.rows("reports")]
    for i, entities in enumerate(recogniser()(texts)):
        own = [row["context"] for row in new.rows("facts") if row["report_id"] == f"r{i % 2}"]
        for name in (name for entity in entities if (name := name_of(entity)) and name != ("georgia",)):
            if len(name) > 1:
                assert not any(stands(name, cell) for cell in cells)
            for key in name:
                if telling(key) and key != "georgia":
                    assert not any(stands((key,), cell) for cell in own)


def stands(name: tuple[str, ...], cell: str) -> bool:
    keys = [word.key for word in words(cell) if len(name) > 1 or cell[word.start].isupper()]
    return any(tuple(keys[i : i + len(name)]) == name for i in range(len(keys)))


def test_a_place_of_the_report_is_no_person() -> None:
    run = told(["Georgia Smith was held in Georgia.", "Dunja Smith left Georgia."])
    new, about = redacted(run)
    assert [row["context"] for row in new.rows("facts")] == ["Person 1 was held in Georgia.", "Person 2 left Georgia."]
    assert {row["text"] for row in new.rows("facts")} == {PLACE}
    assert about.shared == 2


def test_a_column_that_nobody_has_thought_of_is_redacted() -> None:
    run = told(["Rauf Mammadzade was held in Georgia."])
    facts = run.tables["facts"].append_column("remark", pa.array(["Mammadzade"]))
    new, _ = redacted(Run({**run.tables, "facts": facts}, {}, {}))
    assert next(new.rows("facts"))["remark"] == "Person 1"


def test_the_report_of_losses_names_nobody(folder: Path, tmp_path: Path) -> None:
    export(folder, "geojson", tmp_path / "out", redact=True)
    report = json.loads((tmp_path / "out" / "losses.json").read_text(encoding="utf-8"))
    assert report["redacted"] is True
    assert not NAMES.search(json.dumps(report))
