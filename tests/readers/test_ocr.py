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
from pipeline.schema import Report
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


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CasefactsError, match="--ocr needs"):
        ocr.check()
