"""Drafts on a Doc to facts of a report: offsets of the report, the sentence around, the page, who says so."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc

from pipeline.components.mentions import Attribution, Draft, context_of, drafts
from pipeline.components.sents import sent_at
from pipeline.schema import ArticleFact, CountFact, DateFact, Fact, LocationFact, Report, SentenceFact

_TYPES: dict[str, type[DateFact | LocationFact | CountFact | SentenceFact | ArticleFact]] = {
    "date": DateFact,
    "location": LocationFact,
    "count": CountFact,
    "sentence": SentenceFact,
    "article": ArticleFact,
}
# Where two types claim the same characters, the closed form is the surer reading.
_RANK = ("article", "date", "sentence", "count", "location")


def facts(doc: Doc, report: Report) -> Iterator[Fact]:
    """Yield the facts of one piece of *report*, in the order of the text."""
    found = drafts(doc)
    said = {_place(draft): by for draft, by in zip(found, doc._.casefacts_attributions, strict=False)}
    text = doc.text
    for draft in _apart(found):
        sent = text[slice(*sent_at(doc, text, draft.start, draft.end))]
        yield _fact(draft, report, said.get(_place(draft), Attribution()), offset=context_of(doc).offset, sent=sent)


def _place(draft: Draft) -> tuple[str, int, int]:
    return draft.type, draft.start, draft.end


def _apart(found: list[Draft]) -> list[Draft]:
    """Return the drafts, of those of two types that overlap only the surer."""
    kept: list[Draft] = []
    for draft in sorted(found, key=lambda d: (_RANK.index(d.type), d.start)):
        if all(draft.end <= other.start or other.end <= draft.start for other in kept):
            kept.append(draft)
    return sorted(kept, key=lambda d: (d.start, d.end))


def _fact(draft: Draft, report: Report, said: Attribution, *, offset: int, sent: str) -> Fact:
    start, end = draft.start + offset, draft.end + offset
    common: dict[str, Any] = {
        "id": _id(report.id, draft.type, start, end, report.text[start:end]),
        "report_id": report.id,
        "text": report.text[start:end],
        "start": start,
        "end": end,
        "page": page(report, start),
        "context": sent,
        "source": said.source,
        "assertion": said.assertion,
        "rule": draft.rule,
    }
    return _TYPES[draft.type](**common, **draft.values)


def page(report: Report, position: int) -> int | None:
    """Return the page that a character stands on, counted from 1, or None for a text without pages."""
    if report.first_page is None and not report.pages:
        return None
    return bisect_right(report.pages, position) + (report.first_page or 1)


def _id(*parts: object) -> str:
    """Return the same id for the same words at the same place of the same report."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=10).hexdigest()
