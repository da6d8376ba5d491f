"""Build the spaCy pipeline: the one list that fixes the order of the stages, and the run of reports through it."""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import spacy
from spacy.language import Language

import pipeline.components.articles
import pipeline.components.attribution
import pipeline.components.counts
import pipeline.components.dates
import pipeline.components.detector
import pipeline.components.locations
import pipeline.components.sentences  # noqa: F401
from pipeline.assemble import facts
from pipeline.context import Context
from pipeline.errors import CasefactsError, RuleError
from pipeline.normalise.datelines import full_days, stated_years
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.places import country_mentions, title_countries
from pipeline.rules.files import models_dir
from pipeline.rules.manifest import SpacyModel, manifest
from pipeline.schema import Extraction, Fact, Report

STAGES = (
    "casefacts_detector",
    "casefacts_dates",
    "casefacts_locations",
    "casefacts_articles",
    "casefacts_counts",
    "casefacts_sentences",
    "casefacts_attribution",
)
LANGUAGES = (None, "en")  # unknown is read: a text too short to tell may be English
_PIECE = 8_000
_PIECES_AT_ONCE = 8


def load(name: str | None = None) -> Language:
    """Return the pipeline on the spaCy model of `models/MANIFEST.yml`, or on the installed one called *name*."""
    nlp = _base(manifest().spacy) if name is None else _installed(name)
    for stage in STAGES:
        nlp.add_pipe(stage)
    return nlp


@cache
def _default() -> Language:
    """Return the pipeline for callers that bring none: loaded once."""
    return load()


def _installed(name: str) -> Language:
    try:
        return spacy.load(name)
    except OSError as error:
        raise CasefactsError(f"no spaCy pipeline called {name!r} is installed: {error}") from error


def spacy_folder(model: SpacyModel) -> Path:
    """Return where the spaCy model of the manifest is installed; a RuleError says what to install."""
    found = find_spec(model.module)  # not imported: the package would warn before it can be told not to
    if found is None or found.origin is None:
        raise RuleError(f"MANIFEST.yml: the package {model.package} {model.version} is not installed")
    return Path(found.origin).parent / model.folder


def _base(model: SpacyModel) -> Language:
    folder = spacy_folder(model)
    with warnings.catch_warnings():
        # W095: trained under spaCy 3.7, run under 3.8; the tests measure that it does what it did.
        warnings.filterwarnings("ignore", message=re.escape("[W095]"))
        nlp = spacy.load(folder, exclude=list(model.exclude))
    for component in model.enable:
        nlp.enable_pipe(component)
    return nlp


def extract(reports: Iterable[Report], *, nlp: Language | None = None) -> Iterator[Extraction]:
    """Yield each report with its facts, in order. A long report goes through in pieces, and so does a long archive."""
    nlp = nlp or _default()
    pieces = (piece for report in reports for piece in _pieces(report, known_names()))
    found: list[Fact] = []
    while group := list(islice(pieces, _PIECES_AT_ONCE)):
        for (report, _, _, last), new in zip(group, _run(group, nlp), strict=True):
            found += new
            if last:
                yield Extraction(report=report, facts=tuple(found))
                found = []


_Piece = tuple[Report, Context, str, bool]


def _pieces(report: Report, names: NameIndex) -> Iterator[_Piece]:
    """Cut a report at paragraphs; each piece knows what the whole report tells. One in another language is an empty piece."""
    if report.language not in LANGUAGES:
        yield report, Context(), "", True
        return
    title = title_countries(report.title, names=names)
    whole = Context(
        title=report.title,
        published=_told_from(report),
        years=stated_years(report.text),
        days=_days(report) if report.published is None else (),
        countries=country_mentions(report.text, names=names, title=title),
        title_countries=title,
    )
    for start, end in cut(report.text):
        yield report, whole.at(start), report.text[start:end], end == len(report.text)


def _told_from(report: Report) -> date | None:
    """Return the day from which a report looks back: a report of 2019 that came out in March 2020 means March 2019 by "March"."""
    about = report.story_year
    later = about is not None and report.published is not None and report.published.year > about
    return date(about, 12, 31) if about is not None and later else report.published


def _days(report: Report) -> tuple[tuple[int, int], ...]:
    """Return the years of the days stated in full; a part begins in the year that its publication is about."""
    before = ((-1, report.story_year),) if report.story_year else ()
    return (*before, *full_days(report.text))


def cut(text: str, size: int = _PIECE) -> Iterator[tuple[int, int]]:
    r"""Yield the bounds of pieces of about *size* characters that end with a paragraph, else a line, else a sentence.

    >>> list(cut("One.\n\nTwo.", 6))
    [(0, 6), (6, 10)]
    """
    start = 0
    while len(text) - start > size:
        end = next(
            (
                e
                for mark in ("\n\n", "\n", ". ", " ")
                if (e := text.rfind(mark, start + size // 2, start + size) + len(mark)) > start + size // 2
            ),
            start + size,
        )
        yield start, end
        start = end
    yield start, len(text)


def _run(group: Sequence[_Piece], nlp: Language) -> list[list[Fact]]:
    """Return the facts of each piece; what spaCy learns of words on the way is forgotten after."""
    with nlp.memory_zone():
        docs = [nlp.make_doc(text) for _, _, text, _ in group]
        for doc, (_, context, _, _) in zip(docs, group, strict=True):
            doc._.casefacts_context = context
        return [list(facts(doc, piece[0])) for doc, piece in zip(nlp.pipe(docs), group, strict=True)]


def fingerprint() -> dict[str, str]:
    """Return what the facts depend on beside the text: version, hash of the rules, spaCy model, hash of the detector."""
    folder = models_dir()
    trained = sorted((folder / "trained").glob("*.onnx")) + sorted((folder / "trained").glob("*.json"))
    rules = sorted(p for p in folder.rglob("*.yml"))
    return {
        "casefacts": version("casefacts"),
        "rules": _digest(rules),
        "detector": _digest(trained),
        "spacy": f"{manifest().spacy.package} {manifest().spacy.version}",
    }


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def spacy_digest(folder: Path) -> str:
    """Return the SHA-256 of a spaCy model: of its files in the order of their paths, each name before its bytes."""
    return _digest(sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"))
