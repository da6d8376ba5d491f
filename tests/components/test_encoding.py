"""Units, windows, the best row of tags, and its spans."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tokenizers import Tokenizer

from pipeline.components.encoding import (
    STRIDE,
    TAGS,
    WINDOW,
    Encoded,
    Floats,
    _best_path,
    batch,
    encode,
    sentence_windows,
    shape,
    spans,
    surely_outside,
    viterbi,
    windows,
)
from pipeline.rules.files import models_dir


@cache
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(models_dir() / "trained" / "tokenizer.json"))


def units(text: str) -> list[str]:
    return [text[start:end] for start, end in encode(text, tokenizer()).units]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Nine men fled.", ["Nine", "men", "fled", "."], id="words"),
        pytest.param("Article 535.1.", ["Article", "535.1", "."], id="article-number"),
        pytest.param("10-20 days", ["10-20", "days"], id="range"),
        pytest.param("15,000 men", ["15,000", "men"], id="thousands"),
        pytest.param("on 04/05/2019,", ["on", "04/05/2019", ","], id="date"),
        pytest.param("20.3.3", ["20.3.3"], id="two-points"),
        pytest.param("(b)", ["(", "b", ")"], id="brackets"),
        pytest.param("124A", ["124A"], id="letter"),
        pytest.param("Łódź", ["Łódź"], id="diacritics"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t", [], id="spaces"),
    ],
)
def test_units(text: str, expected: list[str]) -> None:
    assert units(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("held", 1, id="lower"),
        pytest.param("Minsk", 2, id="title"),
        pytest.param("A", 2, id="one-capital"),
        pytest.param("OMON", 3, id="upper"),
        pytest.param("MacLeod", 4, id="mixed"),
        pytest.param("124A", 5, id="number"),
        pytest.param("—", 0, id="sign"),
    ],
)
def test_shape_tells_what_the_uncased_base_cannot_see(word: str, expected: int) -> None:
    assert shape(word) == expected


@given(st.text(max_size=200))
def test_units_stand_in_order_apart_and_cover_all_but_white_space(text: str) -> None:
    found = encode(text, tokenizer()).units
    assert all(start < end for start, end in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    covered = {at for start, end in found for at in range(start, end)}
    assert all(text[at].isspace() for at in set(range(len(text))) - covered)


@given(st.text(max_size=200))
def test_every_sub_word_knows_its_unit_and_each_unit_opens_at_most_once(text: str) -> None:
    encoded = encode(text, tokenizer())
    assert len(encoded.ids) == len(encoded.shapes) == len(encoded.units_of) == len(encoded.first)
    opened = encoded.units_of[encoded.first].tolist()
    assert opened == sorted(set(opened))
    assert all(0 <= unit < len(encoded.units) for unit in opened)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(1, [(0, 1)], id="one"),
        pytest.param(192, [(0, 192)], id="just-one-window"),
        pytest.param(193, [(0, 192), (1, 193)], id="one-more"),
        pytest.param(336, [(0, 192), (144, 336)], id="two"),
        pytest.param(337, [(0, 192), (144, 336), (145, 337)], id="three"),
    ],
)
def test_windows(length: int, expected: list[tuple[int, int]]) -> None:
    assert list(windows(length)) == expected


@given(st.integers(1, 5_000))
def test_windows_are_no_longer_than_the_network_and_overlap_by_the_stride(length: int) -> None:
    found = list(windows(length))
    assert (found[0][0], found[-1][1]) == (0, length)
    assert all(end - start <= WINDOW for start, end in found)
    assert all(first[1] - second[0] >= STRIDE for first, second in pairwise(found))


def test_a_batch_is_padded_to_its_longest_window() -> None:
    short = encode("Six men", tokenizer())
    long = encode("Six men were held in Gomel", tokenizer())
    ids, shapes, mask = batch([(short, 0, 2), (long, 1, len(long.ids))], 101, 102)
    width = len(long.ids) + 1
    assert ids.shape == shapes.shape == mask.shape == (2, width)
    assert ids[0].tolist() == [101, *short.ids.tolist(), 102] + [0] * (width - 4)
    assert ids[1].tolist() == [101, *long.ids.tolist()[1:], 102]
    assert mask.sum(axis=1).tolist() == [4, width]
    assert shapes[0].tolist()[:4] == [0, 2, 1, 0]


_SCORES = arrays(np.float32, st.tuples(st.integers(1, 30), st.just(len(TAGS))), elements=st.floats(-20, 20, width=32))


@given(_SCORES)
def test_no_inner_tag_follows_another_type(scores: Floats) -> None:
    tags = [TAGS[tag] for tag in viterbi(scores)]
    assert len(tags) == len(scores)
    for before, tag in pairwise(["O", *tags]):
        assert not tag.startswith("I-") or before[2:] == tag[2:]


@given(_SCORES)
def test_the_best_tags_are_taken_wherever_they_are_allowed(scores: Floats) -> None:
    greedy = scores.argmax(axis=1)
    names = [TAGS[tag] for tag in greedy]
    if all(not tag.startswith("I-") or before[2:] == tag[2:] for before, tag in pairwise(["O", *names])):
        rows = np.arange(len(scores))
        assert scores[rows, viterbi(scores)].sum() == pytest.approx(scores[rows, greedy].sum(), abs=1e-2)


@given(_SCORES)
def test_what_is_surely_outside_may_be_left_out_of_the_search(scores: Floats) -> None:
    whole = _best_path(scores)
    found = scores[np.arange(len(scores)), viterbi(scores)].sum()
    assert found == pytest.approx(scores[np.arange(len(scores)), whole].sum(), abs=1e-2)
    assert not any(tag for tag, sure in zip(whole, surely_outside(scores), strict=True) if sure)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_windows_of_sentences_read_each_sub_word_once(lengths: list[int]) -> None:
    ends = np.cumsum(lengths).tolist()
    found = list(sentence_windows(ends))
    told = [at for _, _, inner, outer in found for at in range(inner, outer)]
    assert set(told) == set(range(ends[-1]))
    assert len(told) == ends[-1] or max(lengths) > WINDOW
    assert all(start <= inner < outer <= end <= start + WINDOW for start, end, inner, outer in found)


@given(_SCORES)
def test_spans_are_the_runs_of_tags(scores: Floats) -> None:
    tags = viterbi(scores)
    found = list(spans(tags))
    inside = [unit for _, start, end in found for unit in range(start, end)]
    assert inside == [unit for unit, tag in enumerate(tags) if TAGS[tag] != "O"]
    assert all({TAGS[tag][2:] for tag in tags[start:end]} == {kind} for kind, start, end in found)
    assert all(TAGS[tags[start]].startswith("B-") for _, start, _ in found)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param("O O", [], id="none"),
        pytest.param("B-count O", [("count", 0, 1)], id="one-unit"),
        pytest.param("O B-date I-date", [("date", 1, 3)], id="at-the-end"),
        pytest.param("B-date B-date", [("date", 0, 1), ("date", 1, 2)], id="two-at-once"),
        pytest.param("B-count I-count B-location", [("count", 0, 2), ("location", 2, 3)], id="two-types"),
    ],
)
def test_spans(tags: str, expected: list[tuple[str, int, int]]) -> None:
    assert list(spans([TAGS.index(tag) for tag in tags.split()])) == expected


def test_encoding_an_empty_text_gives_nothing() -> None:
    encoded: Encoded = encode("", tokenizer())
    assert (encoded.units, len(encoded.ids), list(windows(len(encoded.ids)))) == ([], 0, [])
