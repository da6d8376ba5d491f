"""Plain text in every encoding that archives hold."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import read
from pipeline.readers.encoding import decode, encoding_of
from pipeline.readers.rows import clean
from pipeline.schema import Rejected, Report

ENGLISH = "The court – in “Malmö” – jailed José Peña; his lawyer’s appeal is pending.\nTwo more wait."
RUSSIAN = "Суд в Минске приговорил журналиста к двум годам колонии.\nЕщё трое ждут суда."
CHINESE = "警方在广州拘留了十二人，法院判处其中一人有期徒刑三年。"
ARABIC = "اعتقلت الشرطة ثلاثة وعشرين شخصا في القاهرة يوم الجمعة الماضي"


def read_one(path: Path) -> Report | Rejected:
    (item,) = read(path, dateline=lambda _: None)
    return item


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param(ENGLISH, "utf-8", id="utf-8"),
        pytest.param(ENGLISH, "utf-8-sig", id="utf-8 with mark"),
        pytest.param(ENGLISH, "utf-16", id="utf-16 with mark"),
        pytest.param(ENGLISH, "utf-32", id="utf-32 with mark"),
        pytest.param(ENGLISH, "utf-16-le", id="utf-16 little, no mark"),
        pytest.param(ENGLISH, "utf-16-be", id="utf-16 big, no mark"),
        pytest.param(ENGLISH, "utf-32-le", id="utf-32, no mark"),
        pytest.param(RUSSIAN, "utf-16-le", id="russian utf-16, no mark"),
        pytest.param(ENGLISH, "cp1252", id="western windows"),
        pytest.param("One é", "latin-1", id="one accent"),
        pytest.param("Polic\u00eda: 12 detenidos en S\u00e3o Paulo", "cp1252", id="portuguese"),
        pytest.param(RUSSIAN, "cp1251", id="cyrillic windows"),
        pytest.param(RUSSIAN, "koi8-r", id="koi8"),
        pytest.param(CHINESE, "gb18030", id="chinese"),
        pytest.param(ARABIC, "cp1256", id="arabic"),
    ],
)
def test_reads_the_encoding(tmp_path: Path, text: str, codec: str) -> None:
    (tmp_path / "report.txt").write_bytes(text.encode(codec))
    item = read_one(tmp_path / "report.txt")
    assert isinstance(item, Report)
    assert item.text == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"One\r\nTwo\rThree\n", "One\nTwo\nThree\n", id="line ends"),
        pytest.param(b"Some words\0 and more words here", "Some words  and more words here", id="NUL"),
        pytest.param("Café, naïve, Łódź ".encode() + b"\xff", "Café, naïve, Łódź \ufffd", id="a bad byte"),
        pytest.param("A genuine \ufffd mark".encode(), "A genuine \ufffd mark", id="U+FFFD itself"),
        pytest.param(b"\xef\xbb\xbfWords", "Words", id="mark goes"),
    ],
)
def test_cleans_without_losing(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "report.txt").write_bytes(data)
    item = read_one(tmp_path / "report.txt")
    assert isinstance(item, Report)
    assert item.text == text


@pytest.mark.parametrize(
    ("data", "reason", "says"),
    [
        pytest.param(b"", "empty", "no text", id="nothing"),
        pytest.param(b" \r\n\t\xc2\xa0", "empty", "no text", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "empty", "no text", id="only a mark"),
        pytest.param(b"%PDF-1.7 and so on", "truncated", "before its end", id="pdf"),
        pytest.param(b"PK\x03\x04 and so on", "truncated", "Office", id="zip"),
        pytest.param(b"\x7fELF\x02\x01\x01\0\0", "not_text", "a program", id="elf"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "not_text", "an image", id="png"),
        pytest.param(bytes(range(256)) * 20, "not_text", "binary", id="any bytes"),
        pytest.param(b"\0" * 500, "not_text", "binary", id="zeros"),
    ],
)
def test_rejects_what_is_no_text(tmp_path: Path, data: bytes, reason: str, says: str) -> None:
    (tmp_path / "report.txt").write_bytes(data)
    item = read_one(tmp_path / "report.txt")
    assert isinstance(item, Rejected)
    assert (item.reason, says in item.message) == (reason, True)
    assert item.source.endswith("report.txt")


def test_reads_gzip_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"Packed"))
    (tmp_path / "b.txt").write_bytes(gzip.compress(b"Too"))
    found = [item for item in read(tmp_path) if isinstance(item, Report)]
    assert [report.text for report in found] == ["Packed", "Too"]


def test_keeps_what_stands_before_a_break(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b"Line %d of a report.\n" % n for n in range(50_000)))
    (tmp_path / "cut.txt.gz").write_bytes(whole[: len(whole) // 2])
    report, rejected = read(tmp_path / "cut.txt.gz", dateline=lambda _: None)
    assert isinstance(report, Report)
    assert report.text.startswith("Line 0 of a report.\nLine 1 ")
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "truncated"


@given(st.text())
def test_any_utf8_text_decodes_without_exception(text: str) -> None:
    decode(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=3000))
def test_any_bytes_are_text_or_not(data: bytes) -> None:
    codec = encoding_of([data])
    assert codec is None or isinstance(data.decode(codec, "replace"), str)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_printable_text_survives(text: str) -> None:
    decoded = decode(text.encode())
    assert decoded is not None
    assert clean(decoded) == clean(text)
