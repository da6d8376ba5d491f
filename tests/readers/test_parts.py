"""Documents fall into parts where their structure says so: layouts, the headings that a file marks, labels that repeat."""

from itertools import chain
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from pipeline.readers import read
from pipeline.readers.documents import Document, Heading
from pipeline.readers.parts import split
from pipeline.schema import Report
from tests.readers.made import MORE

REGIONS = ["North", "South", "East", "West"]
PAGE = " ".join(f"In village {n} the police held {n} people. {MORE}" for n in range(8))


def parts(text: str, *headings: Heading) -> list[str | None]:
    """Return what the parts of a text are called; together they are the whole of it."""
    found = list(split(Document(text, outline=headings)))
    assert " ".join(" ".join(part.text for part in found).split()) == " ".join(text.split())
    return [part.part for part in found]


def chapters(path: Path) -> Path:
    """Write a PDF whose bookmarks name its chapters and what is in them; each begins on a page of its own, or on that of another."""
    book = FPDF()
    book.set_font("Helvetica", size=10)
    book.add_page()
    for region in REGIONS:
        book.start_section(f"Region {region}")
        book.multi_cell(0, 5, f"REGION {region.upper()}\n\n", new_x="LMARGIN", new_y="NEXT")
        book.start_section("Arrests", level=1)
        book.multi_cell(0, 5, f"Arrests\n\n{region}: {PAGE}\n\n", new_x="LMARGIN", new_y="NEXT", align="L")
    book.output(str(path))
    return path


def test_a_pdf_is_the_chapters_of_its_bookmarks(tmp_path: Path) -> None:
    found = [item for item in read(chapters(tmp_path / "x.pdf")) if isinstance(item, Report)]
    assert [report.part for report in found] == [f"Region {region}" for region in REGIONS]
    assert [report.text.split("\n\n")[0] for report in found] == [f"REGION {region.upper()}" for region in REGIONS]
    assert [f"{region}: In village 0" in report.text for region, report in zip(REGIONS, found, strict=True)] == [True] * 4
    pages = [report.first_page or 0 for report in found]
    assert pages == sorted(pages)
    assert (pages[0], pages[-1] > 1) == (1, True)


def test_a_word_file_is_the_sections_of_its_headings(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("The year", 0)
    for region in REGIONS:
        document.add_heading(region, 1)
        document.add_paragraph(PAGE)
    document.save(str(tmp_path / "x.docx"))
    found = [item for item in read(tmp_path / "x.docx", duplicates=True) if isinstance(item, Report)]
    assert [report.part for report in found] == REGIONS
    assert [report.id for report in found][1] == "x.docx#south"


def test_short_sections_stay_together() -> None:
    text = "\n\n".join(chain.from_iterable((region, MORE) for region in REGIONS))
    assert parts(text, *(Heading(0, region) for region in REGIONS)) == [None]


NAMES = ["Ali Aliyev", "Leyla Mammadova", "Rauf Hasanov"]


def record(number: int, name: str, first: str, join: str) -> str:
    rest = [f"Age: {30 + number}", f"Date of arrest: {number + 3} May 2017", "Charge: Article 233", MORE]
    return join.join([first.format(name=name, number=number + 1), *rest])


@pytest.mark.parametrize("join", ["\n", "\n\n"])
@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param("Name: {name}", NAMES, id="a label first"),
        pytest.param("{name}", NAMES, id="a heading above the labels"),
        pytest.param("Case {number}: {name}", [f"Case {n + 1}: {name}" for n, name in enumerate(NAMES)], id="numbered cases"),
        pytest.param("{number}. {name}", [f"{n + 1}. {name}" for n, name in enumerate(NAMES)], id="numbered names"),
    ],
)
def test_a_list_of_cases_is_its_cases(join: str, first: str, expected: list[str]) -> None:
    cases = [record(number, name, first, join) for number, name in enumerate(NAMES)]
    assert parts("\n\n".join(["These people were in prison at the end of the year.", *cases])) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Reporter: Who was held?\nLawyer: Three people were.\nJudge: I know of two.\n" * 4, id="a talk"),
        pytest.param("1. Free all.\n2. End Unfair Trials\n3. Pay Ali Aliyev\n4. Pay Rauf Hasanov\n\nThe end.", id="demands"),
        pytest.param(f"Name: A. B.\nAge: 30\nCharge: none\n{MORE}", id="one record"),
        pytest.param(f"Contents\nCase 1: A. B.\nCase 2: C. D.\nCase 3: E. F.\n{MORE}", id="a table of contents"),
    ],
)
def test_what_is_no_list_of_cases_stays_whole(text: str) -> None:
    assert parts(text) == [None]
