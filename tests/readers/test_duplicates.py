"""The same text twice is read once; what says something new is read."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.readers import read
from pipeline.schema import Rejected, Report

BODY = "\n\n".join(
    f"On {day} May 2019 police in the town of Ganja number {day} held {day + 10} people who had come to the square with banners."
    for day in range(1, 21)
)


@pytest.mark.parametrize(
    ("second", "same"),
    [
        pytest.param(BODY, True, id="word for word"),
        pytest.param(BODY.replace("\n\n", "\n"), True, id="other line ends"),
        pytest.param(BODY + "\n\nPrinted from https://example.org, page 1 of 2", True, id="another footer"),
        pytest.param("Rights Watchers archive\n\n" + BODY, True, id="another head"),
        pytest.param(BODY.replace("held 30 people", "held 31 people"), False, id="an update"),
        pytest.param(BODY + "\n\nA court jailed two of them.", False, id="a new sentence"),
        pytest.param(BODY[: len(BODY) // 3], False, id="an excerpt is another text"),
        pytest.param("Library\n\n" + BODY, True, id="a head, and none"),
        pytest.param(BODY + "\n\nRights Watchers, May 2019", True, id="a foot"),
    ],
)
def test_the_same_text_twice(tmp_path: Path, second: str, same: bool) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "b.txt").write_text(second, encoding="utf-8")
    first, other = read(tmp_path)
    assert isinstance(first, Report)
    assert isinstance(other, Rejected) == same
    if isinstance(other, Rejected):
        assert (other.reason, other.duplicate_of) == ("duplicate", "a.txt")
        assert str(first.source) in other.message
        assert other.source.endswith("b.txt")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param(f"Name: Ali Aliyev\nAge: 34\n{BODY}", f"Name: Rauf Hasanov\nAge: 51\n{BODY}", False, id="two cases"),
        pytest.param(f"ALI ALIYEV\n\n{BODY}", f"RAUF HASANOV\n\n{BODY}", False, id="two headings"),
        pytest.param(f"{BODY}\n\nRights Watchers 2019", f"{BODY}\n\nThe library of the committee", True, id="two feet"),
    ],
)
def test_one_line_for_another(tmp_path: Path, first: str, second: str, same: bool) -> None:
    (tmp_path / "a.txt").write_text(first, encoding="utf-8")
    (tmp_path / "b.txt").write_text(second, encoding="utf-8")
    assert isinstance(list(read(tmp_path))[-1], Rejected) == same


def test_what_is_similar_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY, encoding="utf-8")
    (tmp_path / "b.txt").write_text(BODY.replace("held 30 people", "held 31 people"), encoding="utf-8")
    assert [item.similar_to for item in read(tmp_path) if isinstance(item, Report)] == [None, "a.txt"]


def test_rows_with_an_id_are_all_read(tmp_path: Path) -> None:
    rows = [{"id": name, "text": BODY} for name in "ab"] + [{"text": BODY}] * 2
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert [item.id if isinstance(item, Report) else item.reason for item in read(tmp_path)] == [
        "a",
        "b",
        "t.jsonl:3",
        "duplicate",
    ]


def test_rows_of_a_spreadsheet_with_an_id_are_all_read(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("id", "text"), (0, BODY), (1, BODY), (" ", BODY), (None, BODY)):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert [item.id if isinstance(item, Report) else item.reason for item in read(tmp_path)] == [
        "0",
        "1",
        "t.xlsx:3",
        "duplicate",
    ]


def test_duplicates_that_are_wanted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BODY, encoding="utf-8")
    assert [item.id for item in read(tmp_path, duplicates=True) if isinstance(item, Report)] == ["a.txt", "b.txt"]
