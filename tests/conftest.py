"""What many tests share: the whole pipeline, loaded once."""

import pytest
from spacy.language import Language

from pipeline.nlp import load


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load()
