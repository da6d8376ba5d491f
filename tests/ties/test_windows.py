"""Windows around counts and penalties: what they show, where it stands in them, and how two of its parts stand to each other."""

import numpy as np
import pytest

from pipeline.components.encoding import encode
from pipeline.ties.network import known_tokenizer
from pipeline.ties.windows import MARKS, STEPS, Window, reader, together

OPENING = "The Harbour Watch looks back on a hard year in Port Selda."
FILLER = "Nobody was told why the gates stayed shut that week. " * 40
STORY = "On 3 May 2019 police in Ganja arrested 12 students and sentenced two to five days. Their lawyers were not let in."
TEXT = f"{OPENING} {FILLER}{STORY} {FILLER}"


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def window(*anchors: str) -> Window:
    cut = reader(TEXT, "Port Selda", len(OPENING), *known_tokenizer())
    return cut.window([at(words) for words in anchors], [(*at("3 May 2019"), "day"), (*at("12"), "detained")])


def text_of(one: Window, place: tuple[int, int]) -> str:
    tokenizer, _ = known_tokenizer()
    return tokenizer.decode(one.ids[slice(*place)].tolist())


def test_a_window_shows_the_anchor_its_surroundings_the_opening_and_the_title() -> None:
    one = window("12")
    tokenizer, _ = known_tokenizer()
    shown = tokenizer.decode(one.ids.tolist())
    assert shown.startswith("port selda the harbour watch")
    assert "police in ganja arrested 12 students" in shown
    assert len(one.ids) == len(one.shapes) == len(one.marks) <= 240


@pytest.mark.parametrize("words", ["3 May 2019", "Ganja", "12", "five days", "Harbour Watch"])
def test_words_of_the_text_are_found_in_the_window_and_back(words: str) -> None:
    one = window("12")
    place = one.place(*at(words))
    assert place is not None
    assert text_of(one, place) == words.casefold()
    first, last = one.characters(place[0]), one.characters(place[1] - 1)
    assert first is not None
    assert last is not None
    assert TEXT[first[0] : last[1]] == words


def test_what_stands_too_far_off_is_not_shown() -> None:
    assert window("12").place(len(TEXT) - 60, len(TEXT) - 50) is None


def test_anchors_and_candidates_are_marked() -> None:
    one = window("12", "five days")
    assert {MARKS[mark] for mark in one.marks.tolist()} == {"", "day", "detained"}
    assert [text_of(one, place) for place in one.anchors] == ["12", "five days"]


def test_how_a_candidate_stands_to_an_anchor() -> None:
    one = window("12", "five days")
    day = one.place(*at("3 May 2019"))
    assert day is not None
    near, far = one.between(0, day, 0, 0), one.between(1, day, 0, 1)
    assert near[0] <= far[0] < 10
    assert (near[3], far[3]) == (0, 1)
    steps = [one.between(0, day, sentences, rank) for sentences in (-9, 0, 99) for rank in (-99, 0, 99)]
    assert np.array(steps).max(axis=0).tolist() <= [count - 1 for count in STEPS]
    assert np.array(steps).min() >= 0


def test_anchors_near_each_other_share_a_window() -> None:
    assert [list(group) for group in together([(0, 2), (380, 400), (401, 403), (2_000, 2_002)])] == [[0, 1], [2], [3]]


def test_a_text_without_a_word_before_its_anchor() -> None:
    cut = reader("12 were held.", "", 13, *known_tokenizer())
    one = cut.window([(0, 2)], [])
    assert one.anchors == ((1, 2),)
    assert len(encode("12 were held.", known_tokenizer()[0]).ids) + 2 == len(one.ids)


def test_an_anchor_that_words_of_many_sub_words_push_out_is_not_in_the_window() -> None:
    rare = "a;" * 90
    text = f"They held 12 men {rare} and {rare} 9 women."
    cut = reader(text, "", len(text), *known_tokenizer())
    one = cut.window([(10, 12), (text.index("9 w"), text.index("9 w") + 1)], [])
    assert one.place(10, 12) is not None
    assert one.place(text.index("9 w"), text.index("9 w") + 1) is None
