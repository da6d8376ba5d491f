"""Sentence lengths of a Doc: spans mended, the penalty, how far it has come, and lengths that are no penalty."""

import pytest
import spacy

from pipeline.components.mentions import drafts
from pipeline.components.sentences import Sentences
from tests.components.marked import doc_of

SURE = {"penalty": ("imprisonment", 0.99), "modality": ("imposed", 0.99)}
UNSURE = {"penalty": ("imprisonment", 0.4), "modality": ("imposed", 0.4)}


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("He got up to nine years there.", ["nine years"], [("up to nine years", None, "P9Y")], id="qualifier-added"),
        pytest.param("He got at least 90 days.", ["90 days"], [("at least 90 days", "P90D", None)], id="at-least-added"),
        pytest.param("He got nine years there.", ["nine"], [("nine years", "P9Y", "P9Y")], id="unit-added"),
        pytest.param(
            "They got six and nine years.",
            ["six", "nine years"],
            [("six", "P6Y", "P6Y"), ("nine years", "P9Y", "P9Y")],
            id="unit-shared",
        ),
        pytest.param(
            "He got two years and eight months.",
            ["two years and eight months"],
            [("two years and eight months", "P2Y8M", "P2Y8M")],
            id="compound",
        ),
        pytest.param(
            "He got two years and eight months.",
            ["two years", "eight months"],
            [("two years and eight months", "P2Y8M", "P2Y8M")],
            id="compound-marked-in-two",
        ),
        pytest.param("They got 10 to 20 days.", ["10 to 20 days"], [("10 to 20 days", "P10D", "P20D")], id="range"),
        pytest.param(
            "It meant two years or one year there.",
            ["two years or one year"],
            [("two years or one year", "P1Y", "P2Y")],
            id="longer-term-first",
        ),
        pytest.param(
            "It carries life or 20 years.", ["life or 20 years"], [("life or 20 years", "P20Y", "life")], id="life-first"
        ),
        pytest.param("a three-year term", ["three-year"], [("three-year", "P3Y", "P3Y")], id="adjective"),
        pytest.param("They upheld his death sentence.", ["death"], [("death", "death", "death")], id="his-death-sentence"),
        pytest.param(
            "At the end of his term in office he was sentenced to nine years.",
            ["nine years"],
            [("nine years", "P9Y", "P9Y")],
            id="after-an-office",
        ),
        pytest.param("He got life.", ["life"], [("life", "life", "life")], id="life"),
        pytest.param(
            "The maximum penalty is nine years.", ["nine years"], [("nine years", None, "P9Y")], id="maximum-in-the-clause"
        ),
        pytest.param(
            "The mandatory minimum is nine years.", ["nine years"], [("nine years", "P9Y", None)], id="minimum-in-the-clause"
        ),
        pytest.param("He got some time.", ["some time"], [], id="no-length"),
    ],
)
def test_marked_spans_are_mended(text: str, marked: list[str], expected: list[tuple[str, str | None, str | None]]) -> None:
    found = Sentences().match(doc_of(text, "sentence", marked, SURE))
    assert [(text[draft.start : draft.end], draft.values["min"], draft.values["max"]) for draft in found] == expected


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        pytest.param("They extended the presidential term from five to seven years.", "five to seven years", id="office"),
        pytest.param("Life expectancy there is 54 years.", "54 years", id="life-expectancy"),
        pytest.param("Life expectancy is low.", "Life", id="expectancy"),
        pytest.param("Relatives shared a video of his death.", "death", id="own-death"),
        pytest.param("It passed few and carried out 27 that year.", "27 that year", id="that-year"),
        pytest.param("She is 19 years old.", "19 years", id="old"),
        pytest.param("She was 19 years of age.", "19 years", id="of-age"),
        pytest.param("He left two years ago.", "two years", id="ago"),
        pytest.param("The trial began two years later.", "two years", id="later"),
        pytest.param("boys aged 15 years and more", "15 years", id="aged"),
        pytest.param("He ended a 40-day hunger strike.", "40-day", id="hunger-strike"),
    ],
)
def test_marked_lengths_of_other_things_are_dropped(text: str, marked: str) -> None:
    assert Sentences().match(doc_of(text, "sentence", [marked], SURE)) == []


@pytest.mark.parametrize(
    ("text", "marked", "penalty"),
    [
        pytest.param("He was put under house arrest for two months.", "two months", "house_arrest", id="house-arrest"),
        pytest.param("He got 10 days of administrative detention.", "10 days", "administrative_detention", id="administrative"),
        pytest.param("She got two years' probation.", "two years", "probation", id="probation"),
        pytest.param("She got 200 hours of community service.", "200 hours", "labour", id="labour"),
        pytest.param("On appeal it became 18 months of correctional labor.", "18 months", "labour", id="correctional-labour"),
        pytest.param("He was placed in pre-trial detention for two months.", "two months", "pretrial_detention", id="pretrial"),
        pytest.param("She got a suspended sentence of two years.", "two years", "suspended", id="suspended"),
        pytest.param("He got two years in prison.", "two years", "imprisonment", id="prison"),
        pytest.param("He was sentenced to death.", "death", "death", id="death"),
        pytest.param("He was sentenced to life imprisonment.", "life", "life", id="life"),
        pytest.param("He left house arrest. He got two years in prison.", "two years", "imprisonment", id="another-sentence"),
    ],
)
def test_where_the_network_is_unsure_the_words_beside_it_settle_the_penalty(text: str, marked: str, penalty: str) -> None:
    (draft,) = Sentences().match(doc_of(text, "sentence", [marked], UNSURE))
    assert draft.values["penalty"] == penalty


@pytest.mark.parametrize(
    ("text", "marked", "modality"),
    [
        pytest.param("The court gave him two years in prison.", "two years", "imposed", id="gave"),
        pytest.param("He could face two years in prison.", "two years", "possible", id="could-face"),
        pytest.param("It is punishable by two years in prison.", "two years", "possible", id="punishable"),
        pytest.param("The crime carries two years in prison.", "two years", "possible", id="carries"),
        pytest.param("The prosecutor asked for two years in prison.", "two years", "requested", id="asked-for"),
        pytest.param("Prosecutors recommended a two-year sentence.", "two-year", "requested", id="recommended"),
        pytest.param("The bill sought to impose two years in prison.", "two years", "possible", id="bill"),
        pytest.param("Prosecutors demanded two years in prison.", "two years", "requested", id="demanded"),
    ],
)
def test_where_the_network_is_unsure_the_clause_settles_the_modality(text: str, marked: str, modality: str) -> None:
    (draft,) = Sentences().match(doc_of(text, "sentence", [marked], UNSURE))
    assert draft.values["modality"] == modality


@pytest.mark.parametrize(
    ("text", "penalty"),
    [
        pytest.param("It carries up to 30 days of detention.", "imprisonment", id="carries"),
        pytest.param("He risks 30 days for resisting police.", "imprisonment", id="for-an-act"),
        pytest.param(
            "He is in administrative detention, and risks up to 30 days for resisting police.",
            "administrative_detention",
            id="administrative",
        ),
        pytest.param("He is held for 30 days pending trial for resisting police.", "pretrial_detention", id="remand"),
    ],
)
def test_what_an_act_is_punished_with_is_no_remand(text: str, penalty: str) -> None:
    remand = {"penalty": ("pretrial_detention", 0.99), "modality": ("possible", 0.99)}
    (draft,) = Sentences().match(doc_of(text, "sentence", ["30 days"], remand))
    assert draft.values["penalty"] == penalty


@pytest.mark.parametrize(
    ("text", "marked", "penalty"),
    [
        pytest.param("They want seven years.", "seven years", "imprisonment", id="nobody-held"),
        pytest.param("They want two months.", "two months", "pretrial_detention", id="months"),
        pytest.param("They may hold suspects for five years.", "five years", "pretrial_detention", id="held"),
    ],
)
def test_years_are_no_remand_where_nobody_is_held(text: str, marked: str, penalty: str) -> None:
    remand = {"penalty": ("pretrial_detention", 0.99), "modality": ("possible", 0.99)}
    (draft,) = Sentences().match(doc_of(text, "sentence", [marked], remand))
    assert draft.values["penalty"] == penalty


def test_a_sure_network_settles_penalty_and_modality() -> None:
    sure = {"penalty": ("ban", 0.99), "modality": ("requested", 0.99)}
    (draft,) = Sentences().match(doc_of("He got two years there.", "sentence", ["two years"], sure))
    assert (draft.values["penalty"], draft.values["modality"]) == ("ban", "requested")


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("He got 10 to 20 days.", "10 to 20 days", (10.0, 20.0), id="days"),
        pytest.param("He got up to a year.", "a year", (None, 365.2), id="open"),
        pytest.param("He got life.", "life", (None, None), id="life"),
    ],
)
def test_days(text: str, marked: str, expected: tuple[float | None, float | None]) -> None:
    (draft,) = Sentences().match(doc_of(text, "sentence", [marked], SURE))
    assert (draft.values["min_days"], draft.values["max_days"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The judge sentenced her to seven years.", ["seven years"], id="sentenced-to"),
        pytest.param("She was jailed for 18 months.", ["18 months"], id="jailed-for"),
        pytest.param("The strike went on for 18 months.", [], id="strike"),
        pytest.param("He has lived there for seven years.", [], id="lived"),
        pytest.param("She had been held for nine months when she died.", [], id="time-spent"),
    ],
)
def test_closed_forms_are_sentences_without_a_mark(text: str, expected: list[str]) -> None:
    found = Sentences().match(doc_of(text, "sentence", [], UNSURE))
    assert [text[draft.start : draft.end] for draft in found] == expected


def test_alone_in_a_blank_pipeline_it_runs() -> None:
    alone = spacy.blank("en")
    alone.add_pipe("casefacts_sentences")
    assert all(draft.type == "sentence" for draft in drafts(alone("He was sentenced to two years in prison.")))
    assert drafts(alone("")) == []


def test_behind_the_detector_it_gives_facts() -> None:
    both = spacy.blank("en")
    both.add_pipe("casefacts_detector")
    both.add_pipe("casefacts_sentences")
    doc = both("A court in Izmir sentenced him to four years in prison.")
    (draft,) = drafts(doc, "sentence")
    assert (draft.values["min"], draft.values["penalty"], draft.values["modality"]) == ("P4Y", "imprisonment", "imposed")
    assert [(span.text, span.label_) for span in doc.spans["casefacts"]] == [("four years", "sentence")]
