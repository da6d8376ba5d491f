"""Which passages of unmarked texts are drawn."""

import json
from pathlib import Path

import pytest

from pipeline.errors import CasefactsError
from pipeline.schema import Rejected
from pipeline.training.passages import Chosen, drawn, passages, read_texts, rich, runs

HELD = (
    "In round {i} police arrested {i} men near mill {i}; a judge released two and {i} were charged and later sentenced again.\n"
)
RAIN = "In month {i} it rained on {i} days over the fields of farm {i}, and the river by mill {i} rose by a hand and a half.\n"


def write(path: Path, line: str, lines: int) -> str:
    path.write_text("".join(line.format(i=i) for i in range(lines)), encoding="utf-8")
    return str(path)


def draw(*texts: str, words: int, without: tuple[str, ...] = (), seed: int = 1) -> list[str]:
    def told(rejected: Rejected) -> None:
        raise AssertionError(rejected)

    return drawn(texts, without=without, words=words, seed=seed, told=told, step=lambda *_: None)


def size(found: list[str], word: str) -> int:
    return sum(len(text.split()) for text in found if word in text)


def test_passages_cover_the_text_and_end_with_lines() -> None:
    text = "".join(HELD.format(i=i) for i in range(100))
    found = list(passages(text))
    assert text.startswith("".join(found))
    assert len("".join(found)) > len(text) - 300  # too short to tell anything
    assert all(1200 <= len(passage) < 1400 for passage in found[:-1])


def test_a_text_without_lines_is_cut() -> None:
    assert max(map(len, passages("word " * 9000))) <= 2 * 2900


def test_rich_passages_speak_of_what_happened_to_people() -> None:
    assert rich(HELD.format(i=3))
    assert not rich(RAIN.format(i=3) * 9)


def test_three_quarters_are_rich(tmp_path: Path) -> None:
    held, rain = HELD, RAIN
    path = tmp_path / "mixed.txt"
    path.write_text("".join((held if i // 40 % 2 else rain).format(i=i) for i in range(1600)), encoding="utf-8")
    found = draw(str(path), words=6000)
    many = sum(len(text.split()) for text in found if rich(text))
    assert 5500 < sum(len(text.split()) for text in found) < 7500
    assert 0.6 < many / sum(len(text.split()) for text in found) < 0.9


def test_every_path_gives_its_share(tmp_path: Path) -> None:
    found = draw(write(tmp_path / "a.txt", HELD, 900), write(tmp_path / "b.txt", HELD.replace("mill", "quay"), 300), words=4000)
    assert 2.0 < size(found, "mill") / size(found, "quay") < 4.5


def test_texts_that_are_measured_are_kept_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", HELD, 300)
    seen = HELD.format(i=7).upper()
    assert any(HELD.format(i=7) in text for text in draw(path, words=9000))
    without = draw(path, words=9000, without=(seen,))
    assert without
    assert not any(HELD.format(i=7) in text for text in without)


def test_the_choice_is_the_seed_s_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", HELD, 400)
    assert draw(path, words=1000) == draw(path, words=1000)
    assert draw(path, words=1000) != draw(path, words=1000, seed=2)


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Short.", encoding="utf-8")
    with pytest.raises(CasefactsError, match="no passage to learn from"):
        draw(str(tmp_path / "a.txt"), words=1000)


def test_a_choice_keeps_no_more_than_its_limit() -> None:
    chosen = Chosen(10)
    for key in (5, 3, 9, 1, 7):
        chosen.add(key, 4, str(key))
    assert list(chosen.take(10)) == ["1", "3", "5"]
    assert list(chosen.take(4)) == ["1"]
    assert chosen.words == 12


def test_runs_of_twelve_words_see_no_case_and_no_signs() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve"
    assert list(runs(words)) == list(runs(words.upper().replace(" ", ", ")))
    assert list(runs(words.rpartition(" ")[0])) == []


def test_texts_to_keep_out_are_read_or_the_work_ends(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "a", "text": "Two men were held."}) + "\n", encoding="utf-8")
    assert list(read_texts([gold])) == ["Two men were held."]
    with pytest.raises(CasefactsError, match="--without"):
        list(read_texts([gold, tmp_path / "gone.jsonl"]))
