"""Build the spaCy pipeline: the one list that fixes the order of the stages, and the run of reports through it."""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

import pipeline.components.articles
import pipeline.components.attribution
import pipeline.components.counts
import pipeline.components.dates
import pipeline.components.detector
import pipeline.components.locations
import pipeline.components.people
import pipeline.components.sentences
import pipeline.components.syntax  # noqa: F401
from pipeline.assemble import facts
from pipeline.claims import claims
from pipeline.components.mentions import begin
from pipeline.context import Context
from pipeline.errors import CasefactsError, RuleError
from pipeline.incidents import incidents
from pipeline.normalise.datelines import full_days, stated_years
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.places import country_mentions, heading_countries, title_countries
from pipeline.outline import Outline, joined, outline
from pipeline.rules.codes import instruments
from pipeline.rules.files import digest
from pipeline.rules.manifest import SpacyModel, manifest
from pipeline.schema import Evidence, Extraction, Fact, Report

STAGES = (
    "casefacts_sents",
    "casefacts_detector",
    "casefacts_dates",
    "casefacts_locations",
    "casefacts_articles",
    "casefacts_counts",
    "casefacts_sentences",
    "casefacts_syntax",
    "casefacts_people",
    "casefacts_attribution",
)
_DETECTOR, _ARTICLES = "casefacts_detector", "casefacts_articles"
LANGUAGES = (None, "en")  # unknown is read: a text too short to tell may be English
_PIECE = 24_000
_PIECES_AT_ONCE = 4
_WORDS_KEPT = 50_000  # different words, some 20 megabytes: to meet a word for the first time costs more than to read it
# Where a text may be cut, the best first: "Mr. X", "Dec. 7", "Art. 228" and a line broken within a sentence are no ends.
_END = r"[^\W\d_]{5}[.!?:][\"”’)]*"
_SEAMS = tuple(re.compile(one) for one in (r"\n\s*\n", rf"{_END}\n", rf"{_END} (?=[\"“‘(]?[A-Z])", r"\n", r"\. ", r" "))


def load(name: str | None = None, *, detector: Path | None = None) -> Language:
    """Return the pipeline on the spaCy model of `models/MANIFEST.yml`, or on the installed one called *name*.

    *detector* is the folder of another detector than the one that ships with casefacts; its facts have no confidence.
    """
    model = manifest().spacy
    nlp = _base(model) if name is None else _installed(name)
    nlp.select_pipes(enable=[])  # casefacts_syntax runs them where something reads what they find
    options: dict[str, dict[str, Any]] = {"casefacts_syntax": {"alone": [] if name else list(model.alone)}}
    if detector:
        options[_DETECTOR] = {"folder": str(detector)}
    for stage in STAGES:
        nlp.add_pipe(stage, config=options.get(stage, {}))
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
        return spacy.load(folder, exclude=model.exclude, config={"nlp": {"pipeline": list(model.order), "disabled": []}})


Found = tuple[Fact, tuple[Evidence, ...]]


def extract(reports: Iterable[Report], *, nlp: Language | None = None) -> Iterator[Extraction]:
    """Yield each report with its facts, in order. A long report goes through in pieces, and so does a long archive."""
    nlp = _current(nlp) if nlp else _default()
    pieces = (piece for report in reports for piece in _pieces(report, known_names()))
    found: list[Found] = []
    outlines: list[Outline] = []
    while group := list(islice(pieces, _PIECES_AT_ONCE)):
        for (report, context, _, last), (new, grammar) in zip(group, _run(group, nlp), strict=True):
            found += new
            outlines.append(grammar)
            if last:
                yield _extraction(report, found, joined(outlines), context.at(0))
                found, outlines = [], []


def _current(nlp: Language) -> Language:
    """Refuse a pipeline that was loaded before `use_models` changed the rules: half of it would know only the former ones."""
    known = getattr(nlp.get_pipe(_ARTICLES), "known", None) if _ARTICLES in nlp.pipe_names else None
    if known and known.rules not in ("", instruments().rules):
        raise RuleError("this pipeline was loaded with other rules; after use_models(), load it again")
    return nlp


def _extraction(report: Report, found: Sequence[Found], grammar: Outline, context: Context) -> Extraction:
    """Return a report's facts with the claims and the incidents that they make up, and what settled them."""
    told = [fact for fact, _ in found]
    tied, events = incidents(claims(report, told, grammar, context), grammar)
    evidence = tuple(one for _, evidence in found for one in evidence)
    return Extraction(report=report, facts=tuple(told), claims=tuple(tied), incidents=tuple(events), evidence=evidence)


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
        headings=heading_countries(report.text, names=names),
    )
    for start, end in cut(report.text):
        last = end == len(report.text)
        yield report, whole.at(start, goes_on=not last), report.text[start:end], last


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
    r"""Yield the bounds of pieces of about *size* characters that end with a paragraph, else with a sentence, else with a line.

    >>> list(cut("One.\n\nTwo.", 6))
    [(0, 6), (6, 10)]
    """
    start = 0
    while len(text) - start > size:
        least, most = start + size // 2, start + size
        ends = (_last(pattern, text, least, most) for pattern in _SEAMS)
        end = next((end for end in ends if end is not None), most)
        yield start, end
        start = end
    yield start, len(text)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    """Return the end of the last place in *text* from *start* to *end* that a pattern matches."""
    return max((match.end() for match in pattern.finditer(text, start, end)), default=None)


def outlined(report: Report, nlp: Language) -> tuple[list[Fact], Outline, Context]:
    """Return what the claims of one report are made from: its facts, its grammar, and what the whole of it tells."""
    pieces = list(_pieces(report, known_names()))
    done = _run(pieces, nlp)
    facts_found = [fact for new, _ in done for fact, _ in new]
    return facts_found, joined(grammar for _, grammar in done), pieces[0][1]


def _run(group: Sequence[_Piece], nlp: Language) -> list[tuple[list[Found], Outline]]:
    """Return the facts and the grammar of each piece; of the words that spaCy meets it keeps some."""
    measured = nlp.config["components"].get(_DETECTOR, {}).get("folder") is None
    with nullcontext() if len(nlp.vocab) < _WORDS_KEPT else nlp.memory_zone():
        docs = [nlp.make_doc(text) for _, _, text, _ in group]
        for doc, (_, context, text, _) in zip(docs, group, strict=True):
            begin(doc, text=text, context=context)
        done = zip(nlp.pipe(docs), group, strict=True)
        return [(list(facts(doc, piece[0], measured=measured)), outline(doc, piece[2])) for doc, piece in done]


def spacy_digest(folder: Path) -> str:
    """Return the SHA-256 of a spaCy model: of its files in the order of their paths, each name before its bytes."""
    return digest(sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"))
