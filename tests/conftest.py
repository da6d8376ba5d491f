"""What many tests share: the whole pipeline, loaded once, and the tables that it makes of the sample reports."""

import contextlib
import datetime
from functools import partial
from pathlib import Path

import pytest
from spacy.language import Language

from pipeline import extract
from pipeline.batch import run
from pipeline.fingerprint import fingerprint
from pipeline.nlp import load


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load()


@pytest.fixture(scope="session")
def sample_tables(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the tables of data/raw."""
    out = tmp_path_factory.mktemp("samples") / "tables"
    clock = partial(datetime.datetime.now, datetime.UTC)
    with contextlib.chdir(Path(__file__).parents[1]):
        run([Path("data") / "raw"], out, extract=partial(extract, nlp=nlp), clock=clock, about=fingerprint)
    return out
