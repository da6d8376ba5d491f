"""Drafts on a Doc to facts of a report: offsets of the report, the sentence around, the page, who says so."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spacy.tokens import Doc

from pipeline.components.mentions import Attribution, Clue, Draft, certainty, context_of, drafts, text_of
from pipeline.components.sents import sent_at
from pipeline.normalise.datelines import day_end
from pipeline.normalise.names import known_names
from pipeline.rules.confidence import confidences, joint
from pipeline.schema import ArticleFact, CountFact, DateFact, Evidence, Fact, LocationFact, Report, SentenceFact, stable_id

_TYPES: dict[str, type[DateFact | LocationFact | CountFact | SentenceFact | ArticleFact]] = {
    "date": DateFact,
    "location": LocationFact,
    "count": CountFact,
    "sentence": SentenceFact,
    "article": ArticleFact,
}
# Where two types claim the same characters, the closed form is the surer reading.
_RANK = ("article", "date", "sentence", "count", "location")
_NAME = 80  # characters that a place's name may have
_WORD = re.compile(r"[\w’'-]*")


def facts(doc: Doc, report: Report, *, measured: bool = True) -> Iterator[tuple[Fact, tuple[Evidence, ...]]]:
    """Yield the facts of one piece of *report*, in the order of the text, each with what settled its values.

    None has a confidence where the detector is not the *measured* one.
    """
    found = drafts(doc)
    said = {_place(draft): by for draft, by in zip(found, doc._.casefacts_attributions, strict=False)}
    text, offset = text_of(doc), context_of(doc).offset
    names = {draft.start: draft.end for draft in found if draft.type == "location"}
    for draft in _apart(found):
        sent = text[slice(*sent_at(text, draft.start, draft.end))]
        by, score = said.get(_place(draft), Attribution()), certainty(doc, draft)
        marked = (Clue("text", "network", certainty=score),) if score is not None else ()
        clues = (*marked, *draft.clues, *by.clues)
        confidence = _confidence(draft, clues) if measured else None
        fact = _fact(draft, report, by, offset=offset, sent=sent, confidence=confidence)
        yield fact, tuple(_evidence(fact.id, clue, report, offset, names) for clue in clues)


def _place(draft: Draft) -> tuple[str, int, int]:
    return draft.type, draft.start, draft.end


def _apart(found: list[Draft]) -> list[Draft]:
    """Return the drafts, of those of two types that overlap only the surer."""
    kept: list[Draft] = []
    for draft in sorted(found, key=lambda d: (_RANK.index(d.type), d.start)):
        if all(draft.end <= other.start or other.end <= draft.start for other in kept):
            kept.append(draft)
    return sorted(kept, key=lambda d: (d.start, d.end))


def _confidence(draft: Draft, clues: Iterable[Clue]) -> float | None:
    """Return how often such facts are right on the gold; None where the detector has not been measured."""
    known = confidences()
    return known.of(draft.type, draft.rule, joint(c.certainty for c in clues if c.certainty is not None)) if known else None


def _evidence(fact_id: str, clue: Clue, report: Report, offset: int, names: Mapping[int, int]) -> Evidence:
    """Return a clue with its words, at its place in the report; a place's name reaches as far as it is known to."""
    if clue.start is None:
        return Evidence(fact_id=fact_id, field=clue.field, by=clue.by, certainty=clue.certainty)
    start = clue.start + offset
    end = names.get(clue.start, clue.start) if clue.end is None else clue.end
    end = end + offset if end > clue.start else _end(report.text, start)
    words = report.text[start:end]
    return Evidence(fact_id=fact_id, field=clue.field, by=clue.by, text=words, start=start, end=end)


def _end(text: str, start: int) -> int:
    """Return where the known name, the day or else the word at *start* ends."""
    named = next(iter(known_names().found_in(text[start : start + _NAME])), None)
    if named and named.start == 0:
        return start + named.end
    word = _WORD.match(text, start)
    return day_end(text, start) or (word.end() if word else start)


def _fact(draft: Draft, report: Report, said: Attribution, *, offset: int, sent: str, confidence: float | None) -> Fact:
    start, end = draft.start + offset, draft.end + offset
    common: dict[str, Any] = {
        "id": stable_id(report.id, draft.type, start, end, report.text[start:end]),
        "report_id": report.id,
        "text": report.text[start:end],
        "start": start,
        "end": end,
        "page": page(report, start),
        "context": sent,
        "source": said.source,
        "assertion": said.assertion,
        "rule": draft.rule,
        "confidence": confidence,
    }
    return _TYPES[draft.type](**common, **draft.values)


def page(report: Report, position: int) -> int | None:
    """Return the page that a character stands on, counted from 1, or None for a text without pages."""
    if report.first_page is None and not report.pages:
        return None
    return bisect_right(report.pages, position) + (report.first_page or 1)
