"""What the network is to learn of annotated texts, and which gold is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from pipeline.components.encoding import COLUMNS, HEADS, TAGS, WIDTH, encode
from pipeline.errors import ReadError
from pipeline.gold import Gold
from pipeline.rules.files import models_dir
from pipeline.training.examples import Window, checked, gold_windows, soft_windows

TEXT = "Police in Gomel detained 14 people on 3 March 2019."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(models_dir() / "trained" / "tokenizer.json"))


def fact(type_: str, words: str, **fields: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"type": type_, "start": start, "end": start + len(words), "text": words, **fields}


def window(tokenizer: Tokenizer, *facts: dict[str, Any]) -> Window:
    (found,) = gold_windows([Gold.model_validate({"id": "a", "text": TEXT, "facts": list(facts)})], tokenizer)
    return found


def wanted(found: Window, head: str) -> dict[str, str]:
    """Return the label that each word is to get, where it is asked and not O."""
    asked = found.asked[:, list(HEADS).index(head)]
    labels = [HEADS[head][k] for k in found.wanted[:, COLUMNS[head]].argmax(axis=1)]
    units = [TEXT[slice(*found.encoded.units[u])] for u in found.encoded.units_of]
    return {unit: label for unit, label, ask in zip(units, labels, asked, strict=True) if ask and label != "O"}


def test_mentions_and_attributes_are_wanted_of_their_words_alone(tokenizer: Tokenizer) -> None:
    found = window(tokenizer, fact("count", "14", status="detained"), fact("date", "3 March 2019"))
    assert wanted(found, "tag") == {"14": "B-count", "3": "B-date", "March": "I-date", "2019": "I-date"}
    assert wanted(found, "status") == {"14": "detained"}
    assert wanted(found, "kind") == {}


def test_every_label_asked_for_is_one(tokenizer: Tokenizer) -> None:
    found = window(tokenizer, fact("location", "Gomel", kind="city"), fact("count", "14", status=None))
    for k, columns in enumerate(COLUMNS.values()):
        assert set(found.wanted[found.asked[:, k], columns].sum(axis=1)) <= {1.0}
    assert wanted(found, "status") == {}


def test_an_optional_fact_is_not_asked(tokenizer: Tokenizer) -> None:
    found = window(tokenizer, fact("location", "Gomel", kind="city", optional=True))
    asked = found.asked[:, 0]
    assert wanted(found, "tag") == wanted(found, "kind") == {}
    assert [
        bool(a) for a, u in zip(asked, found.encoded.units_of, strict=True) if TEXT[slice(*found.encoded.units[u])] == "Gomel"
    ] == [False] * int((~asked).sum())


def test_a_teacher_is_asked_for_attributes_only_where_it_is_sure_of_the_mention(tokenizer: Tokenizer) -> None:
    encoded = encode(TEXT, tokenizer)
    chances = np.full((len(encoded.ids), WIDTH), 1e-4)
    chances[:, TAGS.index("O")] = 0.9
    chances[5, TAGS.index("O")], chances[5, TAGS.index("B-count")] = 0.1, 0.8
    (found,) = soft_windows(TEXT, encoded, np.log(chances).astype(np.float16), tokenizer, holds_a_figure)
    asked = found.asked[:, list(HEADS).index("status")]
    assert np.nonzero(asked)[0].tolist() == [5]
    assert found.asked[:, 0].all()
    assert found.wanted[5, TAGS.index("B-count")] == pytest.approx(0.8, abs=0.01)


def holds_a_figure(sent: str) -> bool:
    return any(sign.isdigit() for sign in sent)


def test_what_the_detector_does_not_see_is_not_learned(tokenizer: Tokenizer) -> None:
    text = f"Nobody else was there. {TEXT}"
    encoded = encode(text, tokenizer)
    chances = np.full((len(encoded.ids), WIDTH), 1e-4)
    chances[:, TAGS.index("O")] = 0.9
    of_14 = encoded.starts.tolist().index(text.index("14"))
    chances[of_14, TAGS.index("O")], chances[of_14, TAGS.index("B-count")] = 0.1, 0.8
    (soft,) = soft_windows(text, encoded, np.log(chances).astype(np.float16), tokenizer, holds_a_figure)
    (certain,) = gold_windows([Gold(id="a", text=text, facts=[])], tokenizer, holds_a_figure)
    for window in (soft, certain):
        assert window.encoded.starts[0] == text.index("Police")
    marked = soft.wanted[:, TAGS.index("B-count")].argmax()
    assert soft.encoded.starts[marked] == text.index("14")


def test_windows_are_whole_sentences_as_the_detector_reads_them(tokenizer: Tokenizer) -> None:
    found = gold_windows([Gold(id="a", text=" ".join([TEXT] * 40), facts=[])], tokenizer, holds_a_figure)
    assert len(found) > 2
    assert found[0].start == 0
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    units = found[0].encoded
    assert all(TEXT.startswith(" ".join([TEXT] * 40)[units.starts[one.start] :][:6]) for one in found)


def test_a_long_text_is_cut(tokenizer: Tokenizer) -> None:
    found = gold_windows([Gold(id="a", text=" ".join([TEXT] * 40), facts=[])], tokenizer)
    assert len(found) > 2
    assert found[0].start == 0
    assert found[-1].end == len(found[-1].encoded.ids)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param({"facts": []}, "has no facts", id="no facts"),
        pytest.param({"facts": [fact("count", "14")], "types": ["count"]}, "some types or places only", id="some types"),
        pytest.param(
            {"facts": [fact("count", "14")], "places": [["count", 0, 9]]}, "some types or places only", id="some places"
        ),
        pytest.param({"facts": [{**fact("count", "14"), "text": "15"}]}, "gold.jsonl:1: facts[0]", id="wrong offsets"),
        pytest.param({"facts": [{**fact("count", "14"), "end": 900}]}, "gold.jsonl:1: facts[0]", id="outside the text"),
        pytest.param({}, "gold.jsonl:1: facts", id="not annotated"),
    ],
)
def test_gold_that_teaches_nothing_is_refused(document: dict[str, Any], says: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "a", "text": TEXT, **document}) + "\n", encoding="utf-8")
    with pytest.raises(ReadError) as error:
        checked([path])
    assert says in str(error.value)
