"""Scanned PDF files: ocrmypdf puts a layer of recognised text over them, in a copy."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import CasefactsError, ReadError
from pipeline.invocation import install

_NEEDED = ("tesseract", "gs")


def check() -> None:
    """Raise a CasefactsError that says what to install, if scanned pages cannot be recognised here."""
    missing = [name for name in _NEEDED if shutil.which(name) is None]
    if find_spec("ocrmypdf") is None:
        raise CasefactsError(f"--ocr needs ocrmypdf: {install('ocr')}")
    if missing:
        raise CasefactsError(f"--ocr needs the program {missing[0]}: apt-get install tesseract-ocr ghostscript")


@contextmanager
def recognised(path: Path, label: str, *, seconds: float) -> Iterator[Path]:
    """Give a copy of a PDF file with the text of its scanned pages, in English; ReadError if that fails or takes too long."""
    with tempfile.TemporaryDirectory(prefix="casefacts-") as folder:
        copy = Path(folder) / "recognised.pdf"
        command = [  # --skip-text: a page that has text keeps it
            sys.executable,
            "-m",
            "ocrmypdf",
            "--quiet",
            "--language",
            "eng",
            "--output-type",
            "pdf",
            "--jobs",
            "1",
            "--skip-text",
        ]
        try:
            done = subprocess.run(  # noqa: S603 - the arguments are ours
                [*command, str(path), str(copy)], capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ReadError(label, "too_slow", f"took over {seconds:g} s to recognise; allow more by --timeout") from error
        if done.returncode or not copy.exists():
            what = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ReadError(label, "scanned", f"its pages could not be recognised ({what[-1] if what else done.returncode})")
        yield copy
