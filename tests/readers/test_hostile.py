"""Broken and hostile files: each is rejected with the right reason, and what stands beside it is read."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from pipeline.readers import Limits, read
from pipeline.readers.limits import DEFAULT
from pipeline.schema import Rejected, Report
from tests.readers import made
from tests.readers.made import FACT, MORE


def reasons(path: Path, limits: Limits = DEFAULT) -> list[str]:
    """Return what came of each item: "read", or the reason of its rejection."""
    return [item.reason if isinstance(item, Rejected) else "read" for item in read(path, limits=limits)]


def test_locked_pdf(tmp_path: Path) -> None:
    assert reasons(made.pdf(tmp_path / "x.pdf", [[FACT]], password="secret")) == ["encrypted"]


def test_scanned_pdf(tmp_path: Path) -> None:
    book = FPDF()
    book.add_page()
    book.rect(10, 10, 100, 100, style="F")
    book.output(str(tmp_path / "x.pdf"))
    assert reasons(tmp_path / "x.pdf") == ["scanned"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_pdf_that_breaks_off(tmp_path: Path, share: float) -> None:
    data = made.pdf(tmp_path / "x.pdf", [[f"{FACT} {n}", MORE] for n in range(20)]).read_bytes()
    (tmp_path / "x.pdf").write_bytes(data[: int(len(data) * share)])
    assert reasons(tmp_path / "x.pdf")[-1] == "truncated"


def test_pdf_of_too_many_pages(tmp_path: Path) -> None:
    made.pdf(tmp_path / "x.pdf", [[FACT]] * 30)
    assert reasons(tmp_path / "x.pdf", Limits(pages=20)) == ["too_large"]


def test_a_file_that_takes_too_long_is_ended_and_the_next_is_read(tmp_path: Path) -> None:
    made.pdf(tmp_path / "a.pdf", [[FACT]])
    (tmp_path / "b.txt").write_text(MORE, encoding="utf-8")
    assert reasons(tmp_path, Limits(seconds=0.001)) == ["too_slow", "read"]


def test_memory_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><body>" + b"words " * (32 << 20))
    (tmp_path / "b.html").write_bytes(made.html(f"<p>{FACT}</p><p>{MORE}</p>"))
    assert reasons(tmp_path, Limits(memory=450 << 20)) == ["too_large", "read"]


def test_entities_that_multiply(tmp_path: Path) -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    xml = f"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY l0 'lol'>{laughs}]><lolz>&l9;</lolz>".encode()
    (tmp_path / "a.xml").write_bytes(xml)
    made.zipped(tmp_path / "b.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": xml})
    assert reasons(tmp_path) == ["unsupported", "unsafe", "no_reports"] or reasons(tmp_path) == ["unsupported", "unsafe"]


def test_a_zip_bomb_beside_a_report(tmp_path: Path) -> None:
    made.zipped(tmp_path / "a.zip", {"bomb.txt": b"0" * (100 << 20), "x.txt": FACT.encode()})
    assert reasons(tmp_path / "a.zip") == ["too_large", "read"]


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    made.zipped(tmp_path / "a.zip", {f"{n}.txt": FACT.encode() * 100 for n in range(5)})
    assert set(reasons(tmp_path / "a.zip", Limits(unpacked=20_000))) >= {"too_large"}


def test_a_gzip_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a " * (64 << 20)))
    assert reasons(tmp_path / "a.txt.gz")[-1] == "too_large"


def test_names_that_lead_out_of_the_archive(tmp_path: Path) -> None:
    made.zipped(tmp_path / "a.zip", {"../../evil.txt": b"x", "/etc/evil.txt": b"y", "ok.txt": FACT.encode()})
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        entry = tarfile.TarInfo("more.txt")
        entry.size = len(MORE)
        archive.addfile(entry, io.BytesIO(MORE.encode()))
    assert reasons(tmp_path) == ["unsafe", "unsafe", "read", "unsafe", "read"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.tar"]


def test_an_archive_that_breaks_off(tmp_path: Path) -> None:
    data = made.zip_bytes({f"{n}.txt": FACT.encode() for n in range(50)})
    (tmp_path / "a.zip").write_bytes(data[: len(data) // 2])
    assert reasons(tmp_path / "a.zip") == ["truncated"]


def test_one_damaged_file_of_an_archive(tmp_path: Path) -> None:
    data = bytearray(made.zip_bytes({"a.txt": FACT.encode(), "b.txt": MORE.encode()}))
    at = data.index(b"a.txt") + 20
    data[at : at + 8] = b"\xff" * 8
    (tmp_path / "a.zip").write_bytes(bytes(data))
    assert reasons(tmp_path / "a.zip") == ["unreadable", "read"]


def test_a_locked_office_document(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    (tmp_path / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert reasons(tmp_path)[:2] == ["encrypted", "unsupported"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("x.pdf", b"", "empty", id="empty"),
        pytest.param("x.pdf", b"%PDF-1.7\nrubbish\n%%EOF\n", "unreadable", id="damaged pdf"),
        pytest.param("x.txt", bytes(range(256)) * 40, "not_text", id="binary"),
        pytest.param("x.jpg", b"\xff\xd8\xff\xe0" + bytes(100), "not_text", id="picture"),
        pytest.param("x.html", b"<html><body><script>draw()</script></body></html>", "empty", id="page without words"),
        pytest.param("x.docx", made.zip_bytes({"word/document.xml": b"<w:document"}), "unreadable", id="damaged word"),
        pytest.param("x.rtf", rb"{\rtf1\ansi Some words", "truncated", id="cut rich text"),
    ],
)
def test_reasons(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert reasons(tmp_path / name)[-1] == reason


def test_a_batch_of_all_of_these_ends(tmp_path: Path) -> None:
    made.pdf(tmp_path / "locked.pdf", [[FACT]], password="secret")
    made.pdf(tmp_path / "good.pdf", [[FACT, MORE]])
    (tmp_path / "cut.docx").write_bytes(made.word(tmp_path / "good.docx").read_bytes()[:500])
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.writestr("a.html", made.html(f"<p>{MORE}</p><p>Two more were held in Ganja on 9 May.</p>"))
        archive.writestr("b.bin", bytes(range(256)) * 10)
    found = list(read(tmp_path))
    assert sorted(Path(item.source or "").name for item in found if isinstance(item, Report)) == [
        "a.html",
        "good.docx",
        "good.pdf",
    ]
    told = {Path(item.source).name: item.reason for item in found if isinstance(item, Rejected)}
    assert told == {"cut.docx": "truncated", "locked.pdf": "encrypted", "b.bin": "not_text"}


def test_one_damaged_page_of_a_pdf(tmp_path: Path) -> None:
    data = made.pdf(tmp_path / "x.pdf", [[f"{FACT} {n}", MORE] for n in range(4)]).read_bytes()
    second = data.index(b"/Type /Page\n", data.index(b"/Type /Page\n") + 1)
    (tmp_path / "x.pdf").write_bytes(data[:second] + b"/Type /Pigs\n" + data[second + 12 :])
    damaged, report = read(tmp_path / "x.pdf")
    assert isinstance(damaged, Rejected)
    assert isinstance(report, Report)
    assert (damaged.reason, damaged.message.partition(";")[0]) == ("unreadable", "its page 2 is damaged")
    assert [f"{FACT} {n}" in report.text for n in range(4)] == [True, False, True, True]


def test_a_pdf_with_zeros_behind_its_end(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "x.pdf", [[FACT, MORE]])
    path.write_bytes(path.read_bytes() + bytes(5_000))
    assert reasons(path) == ["read"]


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_other_ways_of_packing(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "x.txt.packed").write_bytes(pack(FACT.encode()))
    (tmp_path / "y.packed").write_bytes(pack(b"a " * (64 << 20)))
    (tmp_path / "z.packed").write_bytes(pack(MORE.encode() * 50)[:-20])
    assert reasons(tmp_path)[:2] == ["read", "too_large"]
    assert reasons(tmp_path)[-1] in ("truncated", "empty")


@pytest.mark.parametrize("head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"])
def test_archives_that_are_not_unpacked(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "x").write_bytes(head + bytes(range(256)))
    assert reasons(tmp_path / "x") == ["unsupported"]
