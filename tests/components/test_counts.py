"""Counts of a Doc: spans mended, bounds, what happened to whom, and the numbers that count no detainees."""

import pytest
import spacy
from spacy.language import Language

from pipeline.components.counts import Counts
from pipeline.components.mentions import drafts
from pipeline.nlp import extract
from pipeline.schema import CountFact, Report
from tests.components.marked import doc_of


def read(text: str, marked: list[str], status: tuple[str, float] = ("detained", 0.99)) -> list[tuple[str, str]]:
    found = Counts().match(doc_of(text, "count", marked, {"status": status}))
    return [(text[draft.start : draft.end], draft.values["status"]) for draft in found]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("They held at least 31 people.", ["31"], ["at least 31"], id="qualifier-added"),
        pytest.param("They held about 31 people.", ["31"], ["about 31"], id="about-added"),
        pytest.param("They held, up\n to 31 people.", ["31"], ["up\n to 31"], id="qualifier-over-a-line"),
        pytest.param("Seven of the 19 are free.", ["Seven of the 19"], ["Seven"], id="part-alone"),
        pytest.param("Seven of the 19 are free.", ["19"], ["Seven"], id="whole-alone"),
        pytest.param("Seven of the 19 are free.", ["Seven", "19"], ["Seven", "19"], id="part-and-whole-are-two"),
        pytest.param("Forty-two men sat there.", ["Forty"], ["Forty-two"], id="hyphen-added"),
        pytest.param("Some 1,204 men sat there.", ["1"], ["Some 1,204"], id="thousands-added"),
        pytest.param("Two or more men sat there.", ["Two"], ["Two or more"], id="qualifier-behind"),
        pytest.param("between 30 and 35 inmates", ["30 and 35"], ["between 30 and 35"], id="between-added"),
        pytest.param("between 30 and 35 inmates", ["35"], ["between 30 and 35"], id="lower-bound-added"),
        pytest.param("up from between 50 and 35 inmates", ["35"], ["35"], id="no-range"),
        pytest.param("between dawn and 12 noon 35 inmates", ["35"], ["35"], id="no-number-before"),
        pytest.param("Six men and nine women sat there.", ["Six", "nine"], ["Six", "nine"], id="two"),
    ],
)
def test_marked_spans_are_mended(text: str, marked: list[str], expected: list[str]) -> None:
    assert [words for words, _ in read(text, marked)] == expected


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("They held more than 90 people.", "90", (91, None, False), id="more-than"),
        pytest.param("They held nearly 90 people.", "90", (90, 90, True), id="nearly"),
        pytest.param("They held dozens.", "dozens", (24, None, False), id="dozens"),
        pytest.param("Seven of the 19 are free.", "Seven", (7, 7, False), id="part"),
        pytest.param("They held fewer than 90 people.", "90", (None, 89, False), id="fewer-than"),
    ],
)
def test_bounds(text: str, marked: str, expected: tuple[int | None, int | None, bool]) -> None:
    (draft,) = Counts().match(doc_of(text, "count", [marked], {"status": ("detained", 0.99)}))
    assert (draft.values["low"], draft.values["high"], draft.values["approx"]) == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        pytest.param("Prison No. 4 is full.", "4", id="number-of-a-thing"),
        pytest.param("He spent 13 of the past 20 years there.", "13", id="part-of-a-time"),
        pytest.param("It took three separate stages.", "three", id="stages"),
        pytest.param("One of his nails was pulled out.", "One", id="part-of-a-body"),
        pytest.param("a selection committee (six judges, two lawyers)", "two", id="members-of-a-body"),
        pytest.param("Some 40 people remain unaccounted for.", "40", id="unaccounted-for"),
        pytest.param("a man aged 40 sat there", "40", id="age"),
        pytest.param("under Article 40 of it", "40", id="article"),
        pytest.param("They walked 40 km.", "40", id="measure"),
        pytest.param("It has 40 prisons.", "40", id="prisons"),
        pytest.param("for 40 days", "40", id="days"),
        pytest.param("He paid $40 to go.", "40", id="money"),
        pytest.param("one Vusi Dlamini sat there", "one", id="one-named"),
        pytest.param("no one was there", "one", id="no-one"),
        pytest.param("many were there", "many", id="no-number"),
        pytest.param("40 per cent", "40", id="per-cent"),
        pytest.param("He held two or more jobs.", "two", id="jobs"),
    ],
)
def test_marked_numbers_of_other_things_are_dropped(text: str, marked: str) -> None:
    assert read(text, [marked]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Soldiers arrested 12 villagers.", [("12", "detained")], id="arrested-active"),
        pytest.param("In May, 12 villagers were arrested.", [("12", "detained")], id="arrested-passive"),
        pytest.param("The court convicted nine teachers.", [("nine", "sentenced")], id="convicted"),
        pytest.param("Nine teachers were charged with sedition.", [("Nine", "charged")], id="charged"),
        pytest.param("The king pardoned 300 prisoners.", [("300", "released")], id="pardoned"),
        pytest.param("Nine were arrested and sentenced.", [("Nine", "sentenced")], id="later-stage"),
        pytest.param("The march drew 5,000 people.", [], id="crowd"),
        pytest.param("Police injured 20 people.", [], id="injured"),
        pytest.param("About 200 officers were deployed.", [], id="officers"),
        pytest.param("Eight people were killed.", [], id="killed"),
    ],
)
def test_closed_forms_are_counts_without_a_mark(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text, [], ("detained", 0.3)) == expected


def test_a_mark_without_a_number_hides_none() -> None:
    assert read("At least 12 villagers were arrested.", ["At"]) == [("At least 12", "detained")]


def test_a_sure_network_settles_the_status() -> None:
    assert read("Nine were there.", ["Nine"], ("released", 0.99)) == [("Nine", "released")]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        pytest.param("Police arrested 12 students in Lahore.", "students", id="noun"),
        pytest.param("Police arrested 12 peaceful protesters in Lahore.", "peaceful protesters", id="adjective"),
        pytest.param("Police arrested 12 opposition party members in Lahore.", "opposition party members", id="compound"),
        pytest.param("Twelve men and women were arrested in Lahore.", "men and women", id="two-nouns"),
        pytest.param("The court convicted four of trafficking children.", None, id="offence"),
        pytest.param("Police arrested dozens of striking workers.", "striking workers", id="dozens-of"),
        pytest.param("Twelve of the 30 students were released in Lahore.", "students", id="whole"),
        pytest.param("Twelve or more students were arrested in Lahore.", "students", id="qualifier-between"),
        pytest.param("Twelve were arrested in Lahore.", None, id="none"),
    ],
)
def test_the_group_counted(nlp: Language, text: str, who: str | None) -> None:
    (found,) = [f for f in next(extract([Report(id="1", text=text)], nlp=nlp)).facts if isinstance(f, CountFact)]
    assert found.who == who


def test_without_a_tagger_the_group_is_unknown() -> None:
    (draft,) = Counts().match(doc_of("They held 31 people.", "count", ["31"], {"status": ("detained", 0.99)}))
    assert draft.values["who"] is None


def test_alone_in_a_blank_pipeline_it_runs() -> None:
    alone = spacy.blank("en")
    alone.add_pipe("casefacts_counts")
    assert all(draft.type == "count" for draft in drafts(alone("Police held 14 people.")))
    assert drafts(alone("")) == []


def test_behind_the_detector_it_gives_facts() -> None:
    both = spacy.blank("en")
    both.add_pipe("casefacts_detector")
    both.add_pipe("casefacts_counts")
    doc = both("Police in Gomel detained 14 people on 3 March 2019.")
    (draft,) = drafts(doc, "count")
    assert (draft.values["low"], draft.values["high"], draft.values["status"]) == (14, 14, "detained")
    assert [(span.text, span.label_) for span in doc.spans["casefacts"]] == [("14", "count")]
