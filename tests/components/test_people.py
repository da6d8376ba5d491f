"""What names and grammar settle of drafts made before."""

import pytest
import spacy
from spacy.tokens import Span

from pipeline.components.locations import build_locations
from pipeline.components.mentions import Detected, drafts
from pipeline.components.people import settle, unmarked_places

TEXT = "Joseph Jordan was freed in Jordan."


@pytest.mark.parametrize(
    ("marked", "places"),
    [
        pytest.param((), [27], id="a-name-that-the-network-left-out"),
        pytest.param((Detected("location", 7, 13, 0.99),), [7, 27], id="a-name-that-the-network-marked"),
    ],
)
def test_a_person_is_no_place(marked: tuple[Detected, ...], places: list[int]) -> None:
    component = build_locations()
    doc = spacy.blank("en").make_doc(TEXT)
    doc._.casefacts_detected = marked
    component(doc)
    assert [draft.start for draft in drafts(doc)] == [7, 27]
    assert set(unmarked_places(doc)) == {7, 27} - {span.start for span in marked}
    doc.ents = [Span(doc, 0, 2, label="PERSON")]
    assert [draft.start for draft in drafts(settle(doc))] == places
    assert [span.start_char for span in doc.spans["casefacts"]] == places
