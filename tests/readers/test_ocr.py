"""Scanned pages, recognised by tesseract; skipped where it is not installed."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF

from pipeline import read
from pipeline.errors import CasefactsError
from pipeline.readers import ocr
from pipeline.schema import Rejected, Report
from tests.readers import made

installed = find_spec("ocrmypdf") and all(map(shutil.which, ("tesseract", "gs")))


@pytest.mark.skipif(not installed, reason="needs casefacts[ocr], tesseract and ghostscript")
def test_a_scanned_page_is_recognised(tmp_path: Path) -> None:
    printed = pypdfium2.PdfDocument(made.pdf(tmp_path / "printed.pdf", [[made.FACT, made.MORE]]))
    printed[0].render(scale=3).to_pil().save(tmp_path / "page.png")
    scan = FPDF()
    scan.add_page()
    scan.image(str(tmp_path / "page.png"), x=0, y=0, w=210)
    scan.output(str(tmp_path / "scan.pdf"))
    (report,) = read(tmp_path / "scan.pdf", ocr=True)
    assert isinstance(report, Report)
    assert "detained 12 people under Article 233" in report.text
    assert report.first_page == 1


@pytest.mark.skipif(not installed, reason="needs casefacts[ocr], tesseract and ghostscript")
def test_the_scanned_pages_among_others_are_recognised(tmp_path: Path) -> None:
    printed = pypdfium2.PdfDocument(made.pdf(tmp_path / "printed.pdf", [[made.MORE]]))
    printed[0].render(scale=3).to_pil().save(tmp_path / "page.png")
    book = FPDF()
    book.add_page()
    book.set_font("Helvetica", size=11)
    book.multi_cell(0, 6, made.FACT)
    book.add_page()
    book.image(str(tmp_path / "page.png"), x=0, y=0, w=210)
    book.output(str(tmp_path / "mixed.pdf"))
    rejected, report = read(tmp_path / "mixed.pdf")
    assert isinstance(rejected, Rejected)
    assert isinstance(report, Report)
    assert (rejected.reason, "page 2 is" in rejected.message, report.text) == ("scanned", True, made.FACT)
    (whole,) = read(tmp_path / "mixed.pdf", ocr=True)
    assert isinstance(whole, Report)
    assert whole.text.startswith(made.FACT)
    assert "15 days of detention" in whole.text[whole.pages[0] :]


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CasefactsError, match="--ocr needs"):
        ocr.check()
