"""Docs on which a network has marked what a test says."""

import spacy
from spacy.tokens import Doc

from pipeline.components.mentions import Detected, register
from pipeline.schema import FactType

_NLP = spacy.blank("en")


def doc_of(text: str, kind: FactType, marked: list[str], guesses: dict[str, tuple[str, float]]) -> Doc:
    """Return a Doc on which these words are marked, in their order, with the same opinion of every span."""
    register()
    doc, spans, at = _NLP.make_doc(text), [], 0
    for words in marked:
        at = text.index(words, at)
        spans.append(Detected(kind, at, at + len(words), 1.0, guesses))
        at += len(words)
    doc._.casefacts_detected = tuple(spans)
    doc._.casefacts_guess = lambda head, *_: guesses.get(head)
    return doc
