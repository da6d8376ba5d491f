"""Office documents with what people put into them: boxes, controls, notes, tables in tables, changes under review."""

import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import odfdo
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.readers import read
from pipeline.schema import Rejected, Report
from tests.readers import made
from tests.readers.made import FACT, MORE

_DRAWN = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def blocks(path: Path) -> list[str]:
    (report,) = read(path)
    assert isinstance(report, Report), report
    return report.text.split("\n\n")


def word(path: Path, *elements: str) -> list[str]:
    """Return the blocks of a Word file with these elements in its body."""
    document = docx.Document()
    for number, element in enumerate(elements):
        names = f"{nsdecls('w')} {_DRAWN}"
        document.element.body.insert(number, parse_xml(re.sub(r"^<(w:\w+)", rf"<\1 {names}", element)))
    document.save(str(path))
    return blocks(path)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        pytest.param(
            [paragraph(FACT), f"<w:sdt><w:sdtContent>{paragraph(MORE)}</w:sdtContent></w:sdt>"],
            [FACT, MORE],
            id="content control",
        ),
        pytest.param(
            [
                (
                    f"<w:p><w:r><w:t>{FACT}</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
                    f"<w:txbxContent>{paragraph(MORE)}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
                    f"<v:textbox><w:txbxContent>{paragraph(MORE)}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
                    "</mc:AlternateContent></w:r></w:p>"
                )
            ],
            [FACT, MORE],
            id="a box, written for older programs too",
        ),
        pytest.param(
            [
                f"<w:p><w:moveFrom w:id='1' w:author='x'><w:r><w:t>{MORE}</w:t></w:r></w:moveFrom><w:r><w:t>{FACT}</w:t></w:r></w:p>",
                f"<w:p><w:moveTo w:id='2' w:author='x'><w:r><w:t>{MORE}</w:t></w:r></w:moveTo></w:p>",
            ],
            [FACT, MORE],
            id="moved under review",
        ),
        pytest.param(
            [
                (
                    f"<w:tbl><w:tr><w:tc>{paragraph('A. B.')}</w:tc><w:tc><w:tbl><w:tr><w:tc>{paragraph('two years')}</w:tc></w:tr>"
                    f"</w:tbl>{paragraph('in Baku')}</w:tc></w:tr></w:tbl>"
                ),
                paragraph(FACT),
            ],
            ["A. B.\ttwo years in Baku", FACT],
            id="a table in a cell",
        ),
    ],
)
def test_word(tmp_path: Path, elements: list[str], expected: list[str]) -> None:
    assert word(tmp_path / "x.docx", *elements) == expected


def test_word_with_macros(tmp_path: Path) -> None:
    plain = zipfile.ZipFile(made.word(tmp_path / "x.docx"))
    kinds = (b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")
    made.zipped(tmp_path / "x.docm", {name: plain.read(name).replace(*kinds) for name in plain.namelist()})
    assert blocks(tmp_path / "x.docm") == blocks(tmp_path / "x.docx")


def test_open_document_without_what_reviewers_say(tmp_path: Path) -> None:
    document = odfdo.Document("text")
    document.body.clear()
    said = odfdo.Paragraph(FACT)
    said.insert_annotation(after="Baku", body="Were it 999 people?", creator="Reviewer")
    document.body.append(said)
    beside = odfdo.Paragraph("Beside a box.")
    beside.append(odfdo.Frame.text_frame(MORE))
    document.body.append(beside)
    document.save(str(tmp_path / "x.odt"))
    assert blocks(tmp_path / "x.odt") == [FACT, "Beside a box.", MORE]


def test_rich_text_with_notes_tables_and_what_it_says_of_itself(tmp_path: Path) -> None:
    (tmp_path / "x.rtf").write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\info{\title Raids in G\'e4nc\'e4}{\creatim\yr2018\mo5\dy4}}{\header The year}"
        + FACT.encode()
        + rb"{\footnote As of {\i 4 May} \{sic\}.}\par\trowd\intbl A. B.\cell two years\cell\row\pard "
        + MORE.encode()
        + rb"\par}"
    )
    (report,) = read(tmp_path / "x.rtf")
    assert isinstance(report, Report)
    assert (report.title, report.created) == ("Raids in Gäncä", date(2018, 5, 4))
    assert report.text.split("\n\n") == [FACT, "A. B.\ttwo years", MORE, "As of 4 May {sic}."]


def rewritten(path: Path, into: Path, pattern: bytes, by: bytes) -> Path:
    """Copy a workbook with something in its sheet put otherwise."""
    book = zipfile.ZipFile(path)
    return made.zipped(into, {name: re.sub(pattern, by, book.read(name)) for name in book.namelist()})


def test_a_sheet_whose_size_is_stated_wrong(tmp_path: Path) -> None:
    book = made.workbook(tmp_path / "book.xlsx")
    rewritten(book, tmp_path / "x.xlsx", rb'<dimension ref="[^"]*"', rb'<dimension ref="A1"')
    assert [item.text for item in read(tmp_path / "x.xlsx") if isinstance(item, Report)] == [FACT, MORE]


def test_a_sheet_with_a_title_above_its_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Cases of 2019"], [], ["id", "text"], ["a", FACT]):
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    assert blocks(tmp_path / "x.xlsx") == [FACT]


def test_a_workbook_with_entities(tmp_path: Path) -> None:
    book = made.workbook(tmp_path / "book.xlsx")
    rewritten(book, tmp_path / "x.xlsx", rb"<worksheet ", rb"<!DOCTYPE x [<!ENTITY l 'lol'>]><worksheet ")
    (item,) = read(tmp_path / "x.xlsx")
    assert isinstance(item, Rejected)
    assert item.reason == "unsafe"


def test_slides_are_one_file_that_is_not_read(tmp_path: Path) -> None:
    made.zipped(tmp_path / "x.pptx", {"ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": b"<p/>"})
    assert [item.reason for item in read(tmp_path / "x.pptx") if isinstance(item, Rejected)] == ["unsupported"]
