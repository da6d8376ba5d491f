"""Every example and every near miss that the files under models/ carry.

Dates and places have readers and tests of their own: tests/normalise/test_dates.py and test_places.py.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from spacy.language import Language

from pipeline.components.articles import Articles
from pipeline.components.attribution import attribute, goes_on
from pipeline.context import Context
from pipeline.gazetteer import open_gazetteer
from pipeline.nlp import extract
from pipeline.normalise.datelines import stated_years
from pipeline.normalise.durations import length
from pipeline.normalise.names import name_index
from pipeline.normalise.numbers import quantity
from pipeline.normalise.places import country_mentions
from pipeline.normalise.screen import screen
from pipeline.normalise.sents import sent_starts
from pipeline.readers.repair import Repairs, mended, spaces
from pipeline.rules.attribution import Attributed, attribution_words
from pipeline.rules.codes import Cited, Instrument, fold_name, instruments
from pipeline.rules.counts import Counted, count_words
from pipeline.rules.durations import Term, duration_words
from pipeline.rules.files import models_dir, read_yaml
from pipeline.rules.layouts import layouts
from pipeline.rules.line_ends import Mended, line_ends
from pipeline.rules.numbers import Quantified, number_words
from pipeline.rules.places import place_rules
from pipeline.rules.screen import screen_words
from pipeline.rules.sentences import Sentenced, sentence_words
from pipeline.rules.sents import Parted, sent_ends
from pipeline.schema import CountFact, Fact, Report, SentenceFact

KNOWN = instruments()
NAMES = name_index(place_rules())
FILES = sorted(path.relative_to(models_dir()).as_posix() for path in models_dir().rglob("*.yml"))


@pytest.fixture(scope="module")
def articles() -> Articles:
    return Articles(NAMES, KNOWN)


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


# codes/


def _cited(articles: Articles, text: str) -> list[tuple[str, str | None]]:
    context = Context(countries=country_mentions(text, names=NAMES), years=stated_years(text))
    return [(draft.values["article"], draft.values["instrument_id"]) for draft in articles.read(text, context)]


@pytest.mark.parametrize(
    ("one", "example"),
    [
        pytest.param(one, example, id=f"{one.id}-{i}-{example.article}")
        for one in KNOWN.all
        for i, example in enumerate(one.match)
    ],
)
def test_the_provision_of_every_example_is_found_with_its_instrument(articles: Articles, one: Instrument, example: Cited) -> None:
    assert (example.article, one.id) in _cited(articles, example.text)


@pytest.mark.parametrize(
    ("one", "text"),
    [pytest.param(one, text, id=f"{one.id}-{i}") for one in KNOWN.all for i, text in enumerate(one.no_match)],
)
def test_a_near_miss_is_no_provision_of_the_instrument(articles: Articles, one: Instrument, text: str) -> None:
    assert one.id not in [found for _, found in _cited(articles, text)]


def _rivals() -> Iterator[tuple[Instrument, Instrument]]:
    """Yield the instruments of one state that go by the same name."""
    first: dict[tuple[str, str], list[Instrument]] = {}
    for one in KNOWN.all:
        for name in dict.fromkeys(fold_name(name) for name in (one.name, *one.names)):
            others = first.setdefault((one.jurisdiction, name), [])
            yield from ((other, one) for other in others)
            others.append(one)


@pytest.mark.parametrize(("one", "other"), {(a.id, b.id): (a, b) for a, b in _rivals()}.values(), ids=lambda one: one.id)
def test_namesakes_of_one_state_are_never_in_force_together(one: Instrument, other: Instrument) -> None:
    first, second = sorted((one, other), key=lambda one: one.in_force.from_ or date.min)
    assert first.in_force.to is not None
    assert second.in_force.from_ is not None
    assert first.in_force.to < second.in_force.from_


# lang/en/


@pytest.mark.parametrize("example", number_words().match, ids=lambda example: example.text)
def test_numbers(example: Quantified) -> None:
    found = quantity(example.text)
    assert found is not None
    assert (found.low, found.high, found.approx) == (example.low, example.high, example.approx)


@pytest.mark.parametrize("text", number_words().no_match)
def test_no_numbers(text: str) -> None:
    assert quantity(text) is None


@pytest.mark.parametrize("example", duration_words().match, ids=lambda example: example.text)
def test_durations(example: Term) -> None:
    found = length(example.text)
    assert found is not None
    assert (found.min, found.max) == (example.min, example.max)


@pytest.mark.parametrize("text", duration_words().no_match)
def test_no_durations(text: str) -> None:
    assert length(text) is None


def _last_said(text: str) -> tuple[str | None, str]:
    """Return who says the last sentence of an example, and how surely."""
    *before, sent = re.split(r"(?<=\.) (?=[A-Z])", text)
    said = attribute(sent)
    if before and said.source is None and goes_on(before[-1], sent):
        return attribute(before[-1]).source, said.assertion
    return said.source, said.assertion


@pytest.mark.parametrize(
    "example", [e for cues in attribution_words().groups for e in cues.match], ids=lambda example: example.text
)
def test_attributions(example: Attributed) -> None:
    assert _last_said(example.text) == (example.source, example.assertion)


@pytest.mark.parametrize("text", [text for cues in attribution_words().groups for text in cues.no_match])
def test_no_attributions(text: str) -> None:
    assert _last_said(text) == (None, "stated")


def _facts(nlp: Language, text: str) -> tuple[Fact, ...]:
    return next(extract([Report(id="example", text=text)], nlp=nlp)).facts


@pytest.mark.parametrize("example", count_words().match, ids=lambda example: example.text)
def test_counts(nlp: Language, example: Counted) -> None:
    assert tuple(fact.text for fact in _facts(nlp, example.text) if isinstance(fact, CountFact)) == example.counts


@pytest.mark.parametrize("text", count_words().no_match)
def test_no_counts(nlp: Language, text: str) -> None:
    assert [fact.text for fact in _facts(nlp, text) if isinstance(fact, CountFact)] == []


@pytest.mark.parametrize("example", sentence_words().match, ids=lambda example: example.text)
def test_sentences(nlp: Language, example: Sentenced) -> None:
    found = [(f.text, f.penalty, f.modality) for f in _facts(nlp, example.text) if isinstance(f, SentenceFact)]
    assert found == [(example.length, example.penalty, example.modality)]


@pytest.mark.parametrize("text", sentence_words().no_match)
def test_no_sentences(nlp: Language, text: str) -> None:
    assert [fact.text for fact in _facts(nlp, text) if isinstance(fact, SentenceFact)] == []


# layouts/ and lang/en/line_ends.yml


@pytest.mark.parametrize("name", layouts())
def test_a_layout_finds_the_beginnings_of_parts(name: str) -> None:
    layout = layouts()[name]
    found = [layout.part.match(example.text) for example in layout.match]
    assert [" ".join(match["part"].split()) if match else None for match in found] == [example.part for example in layout.match]
    assert [text for text in layout.no_match if layout.part.search(text)] == []


@pytest.mark.parametrize("example", line_ends().match, ids=lambda example: example.word)
def test_words_at_the_ends_of_lines(example: Mended) -> None:
    if example.glued:
        assert example.word in spaces(example.glued, Repairs(), {})
    else:
        assert example.word in mended(example.left, example.right, {}) + example.right


@pytest.mark.parametrize("text", line_ends().no_match)
def test_words_that_only_look_run_together(text: str) -> None:
    assert spaces(text, Repairs(), {}) == text


# lang/en/sents.yml


@pytest.mark.parametrize("example", sent_ends().match, ids=lambda example: example.text[:40])
def test_the_sentences_of_a_text(example: Parted) -> None:
    bounds = [0, *sent_starts(example.text), len(example.text)]
    assert [example.text[start:end].strip() for start, end in pairwise(bounds)] == list(example.sents)


@pytest.mark.parametrize("text", sent_ends().no_match)
def test_what_ends_no_sentence(text: str) -> None:
    assert list(sent_starts(text)) == []


# lang/en/screen.yml

MAY_HOLD = screen(NAMES, open_gazetteer())


@pytest.mark.parametrize("text", screen_words().match)
def test_what_may_hold_a_fact(text: str) -> None:
    assert MAY_HOLD(text)


@pytest.mark.parametrize("text", screen_words().no_match)
def test_what_holds_none(text: str) -> None:
    assert not MAY_HOLD(text)
