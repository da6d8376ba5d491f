"""Every format that is read, told by its content, and what a reader makes of it."""

import io
import tarfile
from datetime import date
from pathlib import Path

import pytest
from fpdf import FPDF
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.nlp import extract
from pipeline.readers import read
from pipeline.schema import Rejected, Report
from tests.readers import made
from tests.readers.made import FACT, MORE


def items(path: Path, **options: object) -> list[Report | Rejected]:
    return list(read(path, **options))  # type: ignore[arg-type]


def only(path: Path) -> Report:
    (item,) = items(path)
    assert isinstance(item, Report), item
    return item


def test_pdf_keeps_pages_and_drops_running_heads(tmp_path: Path) -> None:
    pages = [[f"Page {n} begins. {FACT}", f"The year had {200 + n} cases. {MORE}"] for n in range(1, 6)]
    report = only(made.pdf(tmp_path / "x.pdf", pages, head="RIGHTS WATCHERS REPORT", title="The year in Baku"))
    assert (report.title, report.first_page, len(report.pages), report.heads_removed) == ("The year in Baku", 1, 4, 10)
    assert report.created == date(2019, 6, 1)
    assert report.published is None
    assert "REPORT" not in report.text
    starts = [0, *report.pages]
    assert [report.text[at : at + 6] for at in starts] == [f"Page {n}" for n in range(1, 6)]
    assert report.text.count(MORE) == 5


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [f"the left column says in its line {n} that" for n in range(1, 30)]
    right = [f"the right column says in its line {n} that" for n in range(1, 20)]
    text = only(made.two_columns(tmp_path / "x.pdf", left, right, heading="BOTH COLUMNS UNDER ONE HEADING")).text
    assert text.split("\n\n")[0] == "BOTH COLUMNS UNDER ONE HEADING"
    assert text.split("\n\n", 1)[1].replace("\n\n", " ") == " ".join([*left, *right])


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_is_turned_is_read_as_if_it_was_not(tmp_path: Path, angle: int) -> None:
    book = FPDF(orientation="landscape")
    book.add_page()
    book.set_font("Helvetica", size=11)
    with book.rotation(angle, 140, 100):
        book.text(110, 100, "Three people were held")
        book.text(110, 106, "in Ganja and freed.")
    book.text(20, 20, "Seen")
    book.output(str(tmp_path / "x.pdf"))
    assert set(only(tmp_path / "x.pdf").text.split("\n\n")) == {"Three people were held in Ganja and freed.", "Seen"}


def test_a_heading_on_every_page_is_no_running_head(tmp_path: Path) -> None:
    names = ["Ali Aliyev", "Leyla Mammadova", "Rauf Hasanov", "Gulnar Quliyeva", "Togrul Babayev"]
    book = FPDF()
    for name in names:
        book.add_page()
        book.set_font("Helvetica", style="B", size=14)
        book.text(20, 20, name)
        book.set_font("Helvetica", size=11)
        book.text(20, 40, FACT)
        book.text(20, 46, "Nothing else is known of the case.")
    book.output(str(tmp_path / "x.pdf"))
    assert [name in only(tmp_path / "x.pdf").text for name in names] == [True] * 5


def test_words_that_only_the_distance_of_their_letters_parts(tmp_path: Path) -> None:
    book = FPDF()
    book.add_page()
    book.set_font("Helvetica", size=11)
    for words, y in ((("People saw other", "signs of hope."), 20), (("Police were", "at the square."), 40)):
        book.text(20, y, words[0])
        book.text(20 + book.get_string_width(words[0]) + 0.45, y, words[1])
    book.set_char_spacing(3)
    book.text(20, 60, "SET WIDE")
    book.output(str(tmp_path / "x.pdf"))
    report = only(tmp_path / "x.pdf")
    assert " ".join(report.text.split()) == "People saw other signs of hope. Police were at the square. SET WIDE"
    assert report.spaces_mended == 2


def test_a_file_within_a_pdf(tmp_path: Path) -> None:
    book = FPDF()
    book.add_page()
    book.set_font("Helvetica", size=11)
    book.multi_cell(0, 6, FACT)
    book.embed_file(bytes=MORE.encode(), basename="more.txt")
    book.output(str(tmp_path / "x.pdf"))
    assert [(item.id, item.text) for item in items(tmp_path / "x.pdf") if isinstance(item, Report)] == [
        ("x.pdf", FACT),
        ("x.pdf/more.txt", MORE),
    ]


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    left = ["Name", *[f"Mr {chr(65 + n)}" for n in range(12)]]
    right = ["Sentence", *[f"{n} years" for n in range(1, 13)]]
    text = only(made.two_columns(tmp_path / "x.pdf", left, right, heading="PRISONERS")).text
    assert "Mr A\t1 years" in text
    assert "Mr L\t12 years" in text


def test_words_cut_by_the_end_of_a_line_are_whole(tmp_path: Path) -> None:
    lines = [
        "Their lawyers said that the govern-",
        "ment had held the self-",
        "styled leaders of the",
        "government party for two-",
        "year terms.",
    ]
    report = only(made.two_columns(tmp_path / "x.pdf", lines, [], heading="NEWS"))
    assert "the government had held the self-styled leaders of the government party for two-year terms." in report.text
    assert report.hyphens_joined == 1


@pytest.mark.parametrize("name", ["x.docx", "x.doc", "x", "x.pdf"])
def test_word_whatever_its_name(tmp_path: Path, name: str) -> None:
    report = only(made.word(tmp_path / name, title="Raids in Baku"))
    assert report.title == "Raids in Baku"
    assert report.text.split("\n\n") == ["Raids", FACT, "• First item\n• Second item", "A. B.\ttwo years", MORE]


def test_open_document(tmp_path: Path) -> None:
    report = only(made.odt(tmp_path / "x.odt"))
    assert report.title == "Raids in Baku"
    assert report.text.split("\n\n") == ["Raids", FACT, "• First item\n• Second item", "As of 4 May."]


def test_rich_text(tmp_path: Path) -> None:
    (tmp_path / "x.doc").write_bytes(rb"{\rtf1\ansi\ansicpg1252 " + FACT.encode() + rb"\par Jos\'e9 was freed.\par}")
    assert only(tmp_path / "x.doc").text == f"{FACT}\n\nJosé was freed."


def test_markdown(tmp_path: Path) -> None:
    text = f"---\nlayout: post\n---\n# Raids\n\n{FACT} See [the *law*](http://example.org).\n\n- First\n- Second\n\n| A | B |\n|---|---|\n| x | y |\n"
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    report = only(tmp_path / "x.md")
    assert report.title == "Raids"
    assert report.text.split("\n\n") == ["Raids", f"{FACT} See the law.", "• First\n• Second", "A\tB\nx\ty"]


def test_html_keeps_lists_and_tables_and_drops_menus(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>Prisoner number {n}</td><td>{n} years</td></tr>" for n in range(1, 30))
    body = f"<h1>Raids</h1><p>{FACT}<br>{MORE}</p><ul><li>First</li><li>Second</li></ul><table>{rows}</table>"
    head = (
        "<meta property='og:site_name' content='Rights Watchers'><title>Raids - Rights Watchers</title>"
        "<meta property='article:published_time' content='2019-05-04T10:00:00Z'><link rel=canonical href='https://example.org/raids'>"
    )
    (tmp_path / "x").write_bytes(made.html(body, head=head))
    report = only(tmp_path / "x")
    assert (report.title, report.publisher, report.url) == ("Raids", "Rights Watchers", "https://example.org/raids")
    assert (report.published, report.published_basis) == (date(2019, 5, 4), "metadata")
    assert f"{FACT}\n{MORE}" in report.text
    assert "• First\n• Second" in report.text
    assert "29\tPrisoner number 29\t29 years" in report.text
    assert "Department" not in report.text
    assert "reserved" not in report.text


def test_a_page_whose_menu_is_left_open(tmp_path: Path) -> None:
    page = made.html(f"<h1>Raids</h1><p>{FACT}</p><p>{MORE}</p>").replace(b"</ul></nav></header>", b"<div><div></nav></header>")
    (tmp_path / "x.html").write_bytes(page)
    assert only(tmp_path / "x.html").text == f"Raids\n\n{FACT}\n\n{MORE}"


def test_a_mail_and_what_is_attached(tmp_path: Path) -> None:
    attached = ("list.docx", made.word(tmp_path / "list.docx").read_bytes())
    (tmp_path / "x.eml").write_bytes(made.message(attached=attached).as_bytes())
    mail, word = items(tmp_path / "x.eml")
    assert isinstance(mail, Report)
    assert isinstance(word, Report)
    assert (mail.text, mail.title, mail.publisher, mail.published) == (FACT, "Raids", "Rights Watchers", date(2019, 5, 4))
    assert (word.id, MORE in word.text) == ("x.eml/list.docx", True)


def test_a_mailbox_is_its_messages(tmp_path: Path) -> None:
    found = items(made.mbox(tmp_path / "list", 3))
    assert [item.part for item in found if isinstance(item, Report)] == ["message 1", "message 2", "message 3"]
    assert [item.text[:8] for item in found if isinstance(item, Report)] == ["1 people", "2 people", "3 people"]


def test_a_workbook(tmp_path: Path) -> None:
    first, second = items(made.workbook(tmp_path / "x.xlsx", "body"), text_column="body")
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.id, first.text, first.published, second.text) == ("a", FACT, date(2019, 5, 4), MORE)
    (lacking,) = items(tmp_path / "x.xlsx")
    assert (lacking.reason if isinstance(lacking, Rejected) else "") == "no_column"


def test_archives_nested_once(tmp_path: Path) -> None:
    inner = made.zip_bytes({"deep.txt": MORE.encode(), "deeper.zip": made.zip_bytes({"x.txt": b"No."})})
    made.zipped(tmp_path / "a.zip", {"2019/x.txt": FACT.encode(), "inner.zip": inner, "__MACOSX/._x": b"\0\5"})
    found = {item.source.removeprefix(f"{tmp_path.as_posix()}/"): item for item in items(tmp_path / "a.zip") if item.source}
    assert {name: getattr(item, "reason", None) for name, item in found.items()} == {
        "a.zip/2019/x.txt": None,
        "a.zip/inner.zip/deep.txt": None,
        "a.zip/inner.zip/deeper.zip": "unsupported",
    }


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar(tmp_path: Path, mode: str) -> None:
    with tarfile.open(tmp_path / "a.tar", mode) as archive:  # type: ignore[call-overload]
        entry = tarfile.TarInfo("2019-05-04 raids.txt")
        entry.size = len(FACT)
        archive.addfile(entry, io.BytesIO(FACT.encode()))
    report = only(tmp_path / "a.tar")
    assert (report.id, report.text) == ("a.tar/2019-05-04 raids.txt", FACT)
    assert (report.published, report.published_basis) == (date(2019, 5, 4), "file_name")


def test_warc(tmp_path: Path) -> None:
    with (tmp_path / "x.warc").open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        page = io.BytesIO(made.html(f"<h1>Raids</h1><p>{FACT}</p><p>{MORE}</p>"))
        url = "https://example.org/2019/05/04/raids"
        writer.write_record(writer.create_warc_record(url, "response", payload=page, http_headers=headers))
    report = only(tmp_path / "x.warc")
    assert (report.url, report.published, report.published_basis) == (url, date(2019, 5, 4), "url")
    assert FACT in report.text


def test_characters_that_nobody_sees_go(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(made.html("<p>The of\ufb01cial de\u00adtained Jose\u0301\u200b.</p>" + f"<p>{MORE}</p>"))
    report = only(tmp_path / "x.html")
    assert report.text.startswith("The official detained José.")
    assert report.characters_removed == 2


def test_another_language_is_told_and_holds_no_facts(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(made.SPANISH, encoding="utf-8")
    report, rejected = items(tmp_path / "x.txt")
    assert isinstance(report, Report)
    assert isinstance(rejected, Rejected)
    assert (report.language, rejected.reason) == ("es", "language")
    (done,) = extract([report])
    assert (done.report, done.facts) == (report, ())


def test_the_hashes_are_of_the_file_and_the_parts_know_it(tmp_path: Path) -> None:
    text = "\n\n".join(f"Case {n}: Person {n}\n\nPerson {n} was held on {n} May 2019 in Baku." for n in range(1, 5))
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    found = [item for item in items(tmp_path / "x.md") if isinstance(item, Report)]
    assert [report.part for report in found] == [f"Case {n}: Person {n}" for n in range(1, 5)]
    assert {report.raw_sha256 for report in found} == {found[0].raw_sha256}
    assert found[1].id == "x.md#case-2-person-2"
