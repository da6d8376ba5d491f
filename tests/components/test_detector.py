"""The trained network of models/trained/, on texts that it has never seen."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from tokenizers import Tokenizer

from pipeline.components.detector import ATTRIBUTES
from pipeline.components.encoding import HEADS, encode, windows
from pipeline.components.mentions import Detected
from pipeline.errors import RuleError
from pipeline.rules.files import models_dir

SHORT = "Police in Gomel detained 14 people on 3 March 2019."
LONGER = (
    "On 12 August 2016 a court in Izmir sentenced six teachers to four years and two months in prison under Article 314 of the "
    "Penal Code. Nine others were released. At least 30 students had been held in Ankara since Thursday, their lawyers said."
)
TEXTS = [
    SHORT,
    "",
    LONGER,
    "   \n ",
    "The judge gave him 15 days of administrative detention under Article 19.3.",
    LONGER + "\n\n" + SHORT,
    "No arrests were made.",
]


@pytest.fixture(scope="module")
def detector() -> Language:
    """Return a pipeline of the detector alone."""
    found = spacy.blank("en")
    found.add_pipe("casefacts_detector")
    return found


def match(detector: Language, texts: list[str]) -> list[tuple[Detected, ...]]:
    return [tuple(doc._.casefacts_detected) for doc in detector.pipe(texts)]


def words(text: str, found: tuple[Detected, ...]) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in found]


def test_all_five_types_are_marked(detector: Language) -> None:
    (found,) = match(detector, [LONGER])
    assert {span.type for span in found} == {"date", "location", "count", "sentence", "article"}
    assert ("date", "12 August 2016") in words(LONGER, found)
    assert ("location", "Izmir") in words(LONGER, found)
    assert ("article", "314") in words(LONGER, found)


def test_attributes_are_labels_of_their_heads_with_a_probability(detector: Language) -> None:
    (found,) = match(detector, [LONGER])
    for span in found:
        assert tuple(span.attributes) == ATTRIBUTES.get(span.type, ())
        for head, (label, chance) in span.attributes.items():
            assert label in HEADS[head]
            assert 1 / len(HEADS[head]) <= chance <= 1


def test_it_guesses_at_spans_that_it_has_not_marked(detector: Language) -> None:
    guess = detector(LONGER)._.casefacts_guess
    label, chance = guess("status", LONGER.index("Nine"), LONGER.index("Nine") + len("Nine"))
    assert (label, 0.5 < chance <= 1) == ("released", True)
    assert guess("status", 2, 3) is None  # the space between two words


@pytest.mark.parametrize("text", ["", " ", "\n\n\t  ", "\u00a0\u2003"], ids=["empty", "space", "lines", "wide-spaces"])
def test_nothing_is_marked_where_nothing_stands(detector: Language, text: str) -> None:
    assert match(detector, [text]) == [()]


def test_no_text_gives_no_spans(detector: Language) -> None:
    assert match(detector, []) == []


@pytest.mark.parametrize("size", [2, 3, len(TEXTS)])
def test_batches_of_any_size_give_the_same_spans(detector: Language, size: int) -> None:
    alone = [tuple(detector(text)._.casefacts_detected) for text in TEXTS]
    assert [tuple(doc._.casefacts_detected) for doc in detector.pipe(TEXTS, batch_size=size)] == alone


def test_a_text_of_many_windows_is_marked_to_its_end(detector: Language) -> None:
    text = "\n\n".join([LONGER] * 12)
    tokenizer = Tokenizer.from_file(str(models_dir() / "trained" / "tokenizer.json"))
    assert len(list(windows(len(encode(text, tokenizer).ids)))) > 3
    (found,) = match(detector, [text])
    for kind, words in [("article", "314"), ("location", "Izmir"), ("date", "12 August 2016")]:
        places = [text.index(words, at) for at in range(0, len(text), len(LONGER) + 2)]
        assert [span.start for span in found if (span.type, text[span.start : span.end]) == (kind, words)] == places


def _is_sound(text: str, found: tuple[Detected, ...]) -> None:
    end = 0
    for span in found:
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert 0 < span.score <= 1
        end = span.end


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("😀🚓 Police in Gomel detained 14 people. 👮🏽\u200d♀️", "Gomel", id="emoji"),
        pytest.param("قالت الشرطة: Police in Gomel detained 14 people.", "Gomel", id="arabic"),
        pytest.param("Cafe\u0301 owners: police in Gomel detained 14 people.", "Gomel", id="combining-accent-before"),
        pytest.param("\ufeffPolice in Gomel detained 14 people.", "Gomel", id="byte-order-mark"),
        pytest.param("\x01\x02 Police in Gomel \x1f detained 14 people.", "Gomel", id="control-characters"),
        pytest.param("Po\u00adlice in Gomel de\u00adtained 14 peo\u00adple.", "Gomel", id="soft-hyphens"),
        pytest.param("𝐏olice in Gomel detained 14 people.", "Gomel", id="beyond-the-bmp"),
        pytest.param("警察 in Gomel detained 14 people.", "Gomel", id="chinese"),
    ],
)
def test_offsets_hold_beside_odd_characters(detector: Language, text: str, place: str) -> None:
    (found,) = match(detector, [text])
    _is_sound(text, found)
    assert ("location", place) in words(text, found)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120), st.text(max_size=20))
def test_offsets_are_sound_in_any_text(detector: Language, before: str, after: str) -> None:
    text = f"{before} Police in Gomel detained 14 people{after}"
    (found,) = match(detector, [text])
    _is_sound(text, found)


def test_a_folder_without_a_network_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=str(tmp_path)):
        spacy.blank("en").add_pipe("casefacts_detector", config={"folder": str(tmp_path)})


def test_the_component_marks_the_docs_of_a_stream_in_order() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("casefacts_detector", config={"threads": 2})
    docs = list(nlp.pipe(TEXTS, batch_size=3))
    assert [doc.text for doc in docs] == TEXTS
    assert [bool(doc._.casefacts_detected) for doc in docs] == [True, False, True, False, True, True, False]
