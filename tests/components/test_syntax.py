"""Grammar and names of the sentences that something reads, and of no others."""

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Draft
from pipeline.components.sents import sent_at
from pipeline.components.syntax import named, parsed

PLAIN = "The law forbids such acts. "
HELD = "Police held 12 students in Ganja. "
TERM = "A court sentenced Ivan Petrov to two years in prison. "


def tagged(doc: Doc) -> list[str]:
    return [sent.text_with_ws for sent in doc.sents if any(token.tag_ for token in sent)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(PLAIN * 3, [], id="nothing"),
        pytest.param(PLAIN + HELD + PLAIN, [HELD], id="a-count"),
        pytest.param(PLAIN * 6 + TERM + PLAIN * 6, [PLAIN, PLAIN, TERM], id="a-penalty-and-who-may-be-punished"),
        pytest.param("It was in Baku. " + PLAIN + HELD, [HELD], id="a-place-near-a-count"),
    ],
)
def test_only_what_is_read_has_grammar(nlp: Language, text: str, read: list[str]) -> None:
    doc = nlp(text)
    assert tagged(doc) == read
    assert [sent.text_with_ws for sent in doc.sents] == text.replace(". ", ". |").split("|")[:-1]


def test_the_grammar_of_a_part_is_that_of_its_sentence(nlp: Language) -> None:
    alone, among = nlp(HELD), nlp(PLAIN * 5 + HELD + PLAIN * 2)
    start = len(among[: 6 * 5])
    part = among[start : start + len(alone)]
    assert [(t.tag_, t.dep_, t.head.i - t.i) for t in part] == [(t.tag_, t.dep_, t.head.i - t.i) for t in alone]


def test_a_name_is_read_in_full_where_it_stands_in_full(nlp: Language) -> None:
    doc = nlp(
        "The writer Anton Sergeyevich Petrov lives there. " + PLAIN * 9 + "A court sentenced Petrov to two years in prison."
    )
    assert [e.text for e in doc.ents if e.label_ == "PERSON"] == ["Anton Sergeyevich Petrov", "Petrov"]


def test_without_trained_components_it_does_nothing() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("casefacts_syntax")
    assert not nlp(HELD).has_annotation("TAG")


def test_what_stands_at_the_end_of_a_piece_may_belong_to_the_next() -> None:
    doc = spacy.blank("en").make_doc("It was in Baku. " + PLAIN)
    doc._.casefacts_drafts = (Draft("location", 10, 14, "", {}),)
    assert parsed(doc) == set()
    assert named(doc) == {0}


@pytest.mark.parametrize("words", ["12", "Ganja", "12 students in"])
def test_the_sentence_around_words(words: str) -> None:
    text = PLAIN + HELD + PLAIN
    start = text.index(words)
    assert text[slice(*sent_at(text, start, start + len(words)))] == HELD.strip()
