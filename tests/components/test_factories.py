"""The components in somebody else's pipeline."""

import pytest
import spacy
from spacy.language import Language

import pipeline.nlp
from pipeline.components.mentions import drafts

TEXT = "On 4 May 2019 police in Lahore, Pakistan, arrested 17 students under Section 295-A of Pakistan's Penal Code."


def alone(*stages: str) -> Language:
    nlp = spacy.blank("en")
    for stage in stages:
        nlp.add_pipe(stage)
    return nlp


@pytest.mark.parametrize("stage", pipeline.nlp.STAGES)
@pytest.mark.parametrize("text", [TEXT, "", " \n "], ids=["text", "empty", "spaces"])
def test_each_runs_alone(stage: str, text: str) -> None:
    assert alone(stage)(text).text == text


@pytest.mark.parametrize(
    ("stage", "kind", "words"),
    [
        ("casefacts_dates", "date", ["4 May 2019"]),
        ("casefacts_locations", "location", ["Lahore", "Pakistan", "Pakistan"]),
        ("casefacts_articles", "article", ["295-A"]),
    ],
)
def test_what_needs_no_network_gives_facts_alone(stage: str, kind: str, words: list[str]) -> None:
    found = drafts(alone(stage)(TEXT))
    assert {draft.type for draft in found} == {kind}
    assert set(words) >= {TEXT[draft.start : draft.end] for draft in found} >= set(words[-1:])


@pytest.mark.parametrize(
    "stage", ["casefacts_dates", "casefacts_locations", "casefacts_articles", "casefacts_counts", "casefacts_sentences"]
)
def test_behind_the_detector_they_mark_spans_for_displacy(stage: str) -> None:
    doc = alone("casefacts_detector", stage)(TEXT + " They got two years in prison.")
    assert doc.spans["casefacts"]
    assert {span.label_ for span in doc.spans["casefacts"]} == {draft.type for draft in drafts(doc)}


def test_a_doc_can_be_stored_and_sent_to_another_process() -> None:
    nlp = alone("casefacts_detector", "casefacts_dates", "casefacts_attribution")
    doc = nlp(TEXT)
    stored = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [(span.text, span.label_) for span in stored.spans["casefacts"]] == [("4 May 2019", "date")]
    assert drafts(stored) == drafts(doc)
    assert stored._.casefacts_attributions == doc._.casefacts_attributions


def test_worker_processes_give_the_same_facts() -> None:
    nlp = alone("casefacts_detector", "casefacts_counts", "casefacts_attribution")
    texts = [TEXT, "Four men were held.", ""]
    assert [drafts(doc) for doc in nlp.pipe(texts, n_process=2)] == [drafts(nlp(text)) for text in texts]
