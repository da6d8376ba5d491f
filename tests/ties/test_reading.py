"""The network of the ties on reports of our own: what it is asked, what it answers, and what is made of it."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from pipeline.claims import offers_of, spoken_of, story_of
from pipeline.errors import RuleError
from pipeline.nlp import extract, outlined
from pipeline.outline import Outline
from pipeline.rules.files import models_dir
from pipeline.schema import Claim, Report
from pipeline.ties.countries import countries_of
from pipeline.ties.network import Network, known_tokenizer, network
from pipeline.ties.reach import near_of
from pipeline.ties.reading import Answer, Question, answers, questions, reader_of

DAY = date(2019, 6, 30)


def asked(nlp: Language, text: str) -> list[Question]:
    report = Report(id="own", text=text, published=DAY)
    facts, outline, context = outlined(report, nlp)
    story = story_of(report, facts, outline, context)
    offers = offers_of(facts, story)
    near = {anchor.id: near_of(story, anchor, offers) for anchor in story.anchors}
    spoken = spoken_of(story, facts, countries_of(facts, story, context))
    return list(questions(story, near, spoken, reader_of(story, *known_tokenizer())))


def answer(nlp: Language, text: str) -> Answer:
    """Return the answer for the first anchor of a text."""
    (question, *_) = asked(nlp, text)
    return answers([question], network())[question.anchors[0].id]


def claims(nlp: Language, text: str) -> dict[str, Claim]:
    return {claim.text: claim for claim in next(extract([Report(id="own", text=text, published=DAY)], nlp=nlp)).claims}


def test_each_anchor_is_asked_for_all_within_its_reach(nlp: Language) -> None:
    (question,) = asked(
        nlp, "On 3 May 2019 police in Ganja, Azerbaijan, arrested 12 students. A court jailed Emin Aliyev for two years."
    )
    assert [anchor.text for anchor in question.anchors] == ["12", "two years"]
    offered = {(given.anchor, given.field, one.value) for given, one in zip(question.given, question.candidates, strict=True)}
    assert {(0, "when", "2019-05-03"), (0, "where", "Ganja"), (0, "country", "AZ"), (1, "who", "Emin Aliyev")} <= offered
    assert not any(anchor == 0 and field == "who" for anchor, field, _ in offered)


def test_of_what_the_law_only_threatens_nothing_is_asked(nlp: Language) -> None:
    assert asked(nlp, "Slander is punishable by up to two years in prison. The law of Samoa allows no appeal.") == []


def test_the_likelier_day_and_place_are_those_of_the_event(nlp: Language) -> None:
    text = "Baku was quiet on 9 June 2018. On 3 May 2019 police in Ganja arrested 12 students who had met in a cafe."
    chances = answer(nlp, text).chances
    assert chances["when"]["2019-05-03"] > 0.5 > chances["when"]["2018-06-09"]
    assert chances["where"]["Ganja"] > chances["where"]["Baku"]


def test_the_same_window_gives_the_same_answer_whatever_was_read_before(nlp: Language) -> None:
    text = "On 3 May 2019 police in Ganja arrested 12 students."
    first = answer(nlp, text)
    answer(nlp, "Courts in Port Selda jailed 40 sailors for two years each, a union said on 9 June 2018.")
    assert answer(nlp, text) == first


@pytest.mark.parametrize(
    ("text", "source"),
    [
        pytest.param(
            "A dockworkers' union in Port Selda counted 40 arrests. Another 12 sailors were held on 3 May 2019.",
            None,
            id="own-voice",
        ),
        pytest.param("Twelve men were held, relatives said.", "relatives", id="rule"),
    ],
)
def test_who_says_so(nlp: Language, text: str, source: str | None) -> None:
    assert list(claims(nlp, text).values())[-1].source == source


def test_a_count_that_no_window_shows_has_no_answer(nlp: Language) -> None:
    rare = "a;" * 150 + " "
    text = f"On 3 May 2019 police in Ganja arrested 12 students {rare}and arrested 9 teachers."
    (question,) = asked(nlp, text)
    assert [anchor.text for anchor in question.anchors] == ["12", "9"]
    assert set(answers([question], network())) == {question.anchors[0].id}
    assert claims(nlp, text)["9"].when is None


def test_a_speaker_whose_name_is_broken_over_a_line_stands_in_the_sentence(nlp: Language) -> None:
    found = claims(nlp, "On 3 May 2019 the Ministry of Internal\nAffairs said that 83 men had been arrested.")
    assert (found["83"].source, found["83"].source_tie) == ("Ministry of Internal Affairs", "sentence")


@pytest.mark.parametrize(
    ("span", "found"), [((0, 3), []), ((4, 6), ["A"]), ((8, 30), ["B", "C"]), ((9, 10), ["B"]), ((40, 50), [])]
)
def test_entities_at_a_span(span: tuple[int, int], found: list[str]) -> None:
    outline = Outline(entities=((4, 8, "A"), (9, 12, "B"), (20, 40, "C")))
    assert [label for _, _, label in outline.entities_at(*span)] == found


def test_a_country_named_before_is_the_place_where_nothing_finer_is_told(nlp: Language) -> None:
    found = claims(nlp, "Uruguay saw many strikes. Two months on, 12 dockers were charged.")
    assert (found["12"].where, found["12"].where_kind, found["12"].country) == ("Uruguay", "country", "UY")


def test_a_folder_without_the_network_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="make train-ties"):
        Network(tmp_path)


def test_a_copy_of_the_network_reads_as_the_shipped_one(nlp: Language, tmp_path: Path) -> None:
    shutil.copy(models_dir() / "ties" / "ties.onnx", tmp_path)
    (question,) = asked(nlp, "On 3 May 2019 police in Ganja arrested 12 students.")
    assert answers([question], Network(tmp_path)) == answers([question], network())
