"""Every example and every near miss that the files under models/ carry, and what must not contradict there."""

from collections.abc import Iterator

import pytest
from spacy.language import Language

from pipeline.checking import laws, places, words
from pipeline.checking.example import Example, Tools
from pipeline.checking.overlaps import overlaps
from pipeline.rules.files import models_dir, read_yaml

FILES = sorted(path.relative_to(models_dir()).as_posix() for path in models_dir().rglob("*.yml"))
EXAMPLES = [*laws.examples(), *places.examples(), *words.examples()]


@pytest.fixture(scope="module")
def tools(nlp: Language) -> Tools:
    made = Tools(nlp)
    made.read_ahead(example.text for example in EXAMPLES if example.whole)
    return made


def _texts(value: object) -> Iterator[str]:
    """Yield the keys of a file at any depth."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@pytest.mark.parametrize("file", [file for file in FILES if file != "MANIFEST.yml"])
def test_every_file_carries_examples_and_near_misses(file: str) -> None:
    assert {"match", "no_match"} <= set(_texts(read_yaml(models_dir() / file)))


def test_the_examples_of_every_file_are_tried() -> None:
    tried = {(example.file, example.entry.endswith("no_match")) for example in EXAMPLES}
    assert tried == {(file, missed) for file in FILES if file != "MANIFEST.yml" for missed in (True, False)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.file}-{one.entry}-{one.text}")
def test_an_example_comes_out_as_its_file_says(tools: Tools, example: Example) -> None:
    assert example.wrong(tools) is None


def test_namesakes_of_one_state_are_never_in_force_together() -> None:
    assert [(one.id, other.id, name) for one, other, name in laws.rivals()] == []


def test_no_word_is_claimed_for_two_things() -> None:
    assert list(overlaps()) == []
