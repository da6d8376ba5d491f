"""The linguistic sentences of a Doc, by their signs alone: what nobody asks about costs no network."""

from bisect import bisect_right
from functools import lru_cache

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import text_of
from pipeline.normalise.sents import sent_starts


@lru_cache(maxsize=32)
def sents_of(text: str) -> tuple[int, ...]:
    """Return the offsets at which the sentences of *text* begin, the first one included."""
    return (0, *(start for start in sent_starts(text) if start < len(text)))


def sent_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence or sentences that hold *start*:*end*, without the white space around."""
    starts = sents_of(text)
    last = bisect_right(starts, max(start, end - 1))
    low, high = starts[bisect_right(starts, start) - 1], starts[last] if last < len(starts) else len(text)
    return _trimmed(text, low, high)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def first_tokens(doc: Doc) -> list[int]:
    """Return the index of the token with which each sentence begins; behind a token that holds its first letter."""
    places = doc.to_array("IDX").astype(np.int64)
    found: list[int] = np.searchsorted(places, np.array(sents_of(text_of(doc)), dtype=np.int64)).tolist()
    return found


def mark_sents(doc: Doc) -> Doc:
    """Mark the sentences of a Doc."""
    if len(doc):
        marks = np.full((len(doc), 1), -1, dtype=np.int64)
        marks[[i for i in first_tokens(doc) if i < len(doc)]] = 1
        doc.from_array(["SENT_START"], marks.astype(np.uint64))  # type: ignore[arg-type]
    return doc


@Language.component("casefacts_sents", assigns=["doc.sents", "token.is_sent_start"])
def sents(doc: Doc) -> Doc:
    """Mark the sentences of a Doc."""
    return mark_sents(doc)
