"""The file of verdicts, and what its lines amount to."""

import json
from pathlib import Path

import pytest

from pipeline.review.verdicts import VerdictFile, current, last_of
from tests.review.made import act, facts

DATE, PLACE, COUNT, *_ = facts()


def test_what_is_written_is_read_by_another(tmp_path: Path) -> None:
    mine, hers = VerdictFile(tmp_path / "v.jsonl"), VerdictFile(tmp_path / "v.jsonl")
    lines = [act("accept", COUNT), act("reject", PLACE, "ben"), act("read", types=("date",))]
    for line in lines:
        mine.append(line)
    assert hers.refresh() == hers.lines == lines
    assert (hers.refresh(), VerdictFile(tmp_path / "v.jsonl").lines) == ([], lines)


def test_a_line_tells_who_when_and_about_which_words(tmp_path: Path) -> None:
    VerdictFile(tmp_path / "v.jsonl").append(act("accept", COUNT))
    line = json.loads((tmp_path / "v.jsonl").read_text(encoding="utf-8"))
    assert (line["reader"], line["at"][:10], line["place"]["text"]) == ("anna", "2026-03-01", "12 people")
    assert (line["place"]["before"], line["place"]["after"]) == (
        "In 2019 officers in Baku took ",
        " away. One got two years under A",
    )
    assert line["found"] == line["value"]


def test_the_file_is_only_appended_to_and_private(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    verdicts = VerdictFile(path)
    verdicts.append(act("accept", COUNT))
    before = path.read_bytes()
    verdicts.append(act("undo", undoes="x"))
    assert path.read_bytes().startswith(before)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("torn", [b'{"id": "half', b"\xff\xfe", b"[]"], ids=["cut-off", "bytes", "no-object"])
def test_a_torn_line_costs_no_other_and_is_told(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "v.jsonl"
    one, other = act("accept", COUNT), act("reject", COUNT)
    VerdictFile(path).append(one)
    with path.open("ab") as file:
        file.write(torn)
    assert VerdictFile(path).lines == [one]
    VerdictFile(path).append(other)
    again = VerdictFile(path)
    assert (again.lines, again.unread) == ([one, other], [2])


def test_undo_takes_the_last_act_back_and_then_the_one_before() -> None:
    first, second = act("accept", COUNT), act("correct", COUNT)
    second = second.model_copy(update={"instead_of": first.id})
    hers = act("accept", COUNT, "ben")
    lines = [first, second, hers]
    assert (current(lines), last_of("anna", lines)) == ([second, hers], second)
    lines.append(act("undo", undoes=second.id))
    assert (current(lines), last_of("anna", lines)) == ([first, hers], first)
    lines.append(act("undo", undoes=first.id))
    assert (current(lines), last_of("anna", lines)) == ([hers], None)
