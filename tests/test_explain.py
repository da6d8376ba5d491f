"""For each value, the rule and the words that settled it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from pipeline.explain import because, explained, line, rows
from pipeline.gold import read_gold
from pipeline.nlp import extract
from pipeline.rules.explanations import Explanation, explanations
from pipeline.schema import Evidence, Extraction, Report

SAMPLES = Path(__file__).parent / "gold" / "samples.jsonl"
CASE = (
    "Police in Lahore, Pakistan, arrested 17 students on 4 May 2019. Six of them were later sentenced to two years in prison "
    "under Section 295-A of the Penal Code. The ministry said that nine were freed. "
    "Prosecutors asked for 12 years under Section 124. She was allegedly held in April."
)
ENTRIES = explanations().rules


def done(nlp: Language, text: str, **fields: Any) -> Extraction:
    return next(extract([Report(id="r", text=text, **fields)], nlp=nlp))


@pytest.fixture(scope="module")
def case(nlp: Language) -> Extraction:
    return done(nlp, CASE, published=date(2019, 12, 31))


@pytest.fixture(scope="module")
def samples(nlp: Language) -> list[Extraction]:
    return list(extract((one.report() for one in read_gold([SAMPLES])), nlp=nlp))


@pytest.mark.parametrize(
    ("words", "field", "told"),
    [
        pytest.param("17", "status", "arrested", id="verb-before"),
        pytest.param("Six", "status", "sentenced", id="verb-behind"),
        pytest.param("two years", "modality", "sentenced to", id="modality"),
        pytest.param("12 years", "modality", "Prosecutors asked for", id="requested"),
        pytest.param("April", "value", None, id="published"),
        pytest.param("April", "assertion", "allegedly", id="doubt"),
        pytest.param("nine", "source", "The ministry said", id="speaker"),
        pytest.param("295-A", "instrument", "Penal Code", id="law"),
        pytest.param("295-A", "jurisdiction", "Pakistan", id="state"),
        pytest.param("124", "instrument", "Penal Code", id="law-carried-on"),
    ],
)
def test_the_words_that_settled_a_field(case: Extraction, words: str, field: str, told: str | None) -> None:
    ids = {fact.id for fact in case.facts if fact.text == words}
    assert [one.text for one in case.evidence if one.fact_id in ids and one.field == field] == [told]


@pytest.mark.parametrize(
    ("text", "words", "field", "told"),
    [
        pytest.param("Police arrested and later charged 12 men.", "12", "status", "charged", id="active"),
        pytest.param("Some 12 men were held and later released.", "Some 12", "status", "held and later released", id="passive"),
        pytest.param("He was given two years of house arrest.", "two years", "penalty", "house arrest", id="cue-behind"),
        pytest.param("They were held on 20 and 21 July 2019.", "20", "value", "21 July 2019", id="month-lent-by-the-list"),
        pytest.param("She was held on 4 May 2019 and freed the same day.", "the same day", "value", "4 May 2019", id="anchor"),
        pytest.param("In Atlanta, Georgia, he was held.", "Georgia", "country", "Atlanta", id="city-before-it"),
        pytest.param(
            "Article 318 of the Criminal Code of Russia was used.",
            "318",
            "jurisdiction",
            "Criminal Code of Russia",
            id="own-state",
        ),
        pytest.param("In Azerbaijan, he was held in the town of Masally.", "Masally", "country", "Azerbaijan", id="country"),
    ],
)
def test_the_words_of_a_rule_at_their_edges(nlp: Language, text: str, words: str, field: str, told: str) -> None:
    found = done(nlp, text)
    ids = {fact.id for fact in found.facts if fact.text == words}
    assert [one.text for one in found.evidence if one.fact_id in ids and one.field == field] == [told]


def test_all_evidence_is_of_a_fact_and_at_its_place(samples: list[Extraction]) -> None:
    for one in samples:
        ids = {fact.id for fact in one.facts}
        for piece in one.evidence:
            assert piece.fact_id in ids
            assert (piece.by == "words") == (piece.text is not None)
            assert (piece.by == "network") == (piece.certainty is not None)
            if piece.text is not None:
                assert piece.text == one.report.text[piece.start : piece.end] != ""


def test_in_a_long_report_the_words_may_stand_in_an_earlier_piece(nlp: Language) -> None:
    text = "He was held on 4 May 2016 in Kenya.\n\n" + "Nothing was said of it. " * 400 + "\n\nOn 9 June he was freed."
    found = done(nlp, text)
    told = {
        fact.text: [one.text for one in found.evidence if one.fact_id == fact.id and one.by == "words"] for fact in found.facts
    }
    assert told["9 June"] == ["4 May 2016"]


def test_every_rule_of_the_samples_is_told_in_plain_words(samples: list[Extraction]) -> None:
    assert {one.fact.rule for done_ in samples for one in explained(done_) if one.rule is None} == set()


def test_every_fact_of_the_samples_has_a_confidence(samples: list[Extraction]) -> None:
    told = [fact.confidence for one in samples for fact in one.facts]
    assert all(one is not None and 0 < one < 1 for one in told)
    assert len(set(told)) > 50


def test_every_explanation_is_a_sentence() -> None:
    assert [name for name, entry in ENTRIES.items() if not (isinstance(entry, Explanation) and entry.says.endswith("."))] == []


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        pytest.param({"by": "network", "certainty": 0.5}, "the network, 0.50 certain", id="network"),
        pytest.param({"by": "published"}, "the day of publication, 2020-01-31", id="published"),
        pytest.param({"by": "title"}, "the title, “Kenya”", id="title"),
        pytest.param({"by": "words", "text": "were\n held", "start": 3, "end": 13}, "“were held” (3 to 13)", id="words"),
    ],
)
def test_what_settled_it_in_words(evidence: dict[str, Any], words: str) -> None:
    report = Report(id="r", text="", title="Kenya", published=date(2020, 1, 31))
    assert because(Evidence(fact_id="f", field="value", **evidence), report) == words


def test_what_is_told_of_a_fact(case: Extraction) -> None:
    one = next(one for one in explained(case) if one.fact.text == "17")
    told = dict(rows(one, case.report))
    assert list(told) == ["value", "rule", "mention from", "status from", "confidence"]
    assert told["value"] == "17 · detained"
    assert told["rule"].startswith("count.detector.active: The trained network marked")
    assert told["status from"].startswith("“arrested” (")


def test_the_same_as_json(case: Extraction) -> None:
    told = json.loads(line(case))
    (one,) = [fact for fact in told["facts"] if fact["text"] == "17"]
    assert [piece["field"] for piece in one["evidence"]] == ["text", "status"]
    assert {"explanation", "confidence", "rule", "low"} <= set(one)
