"""The linguistic sentence around a span, also in a pipeline that marks no sentences."""

import re

from spacy.tokens import Doc

_PARAGRAPH = re.compile(r"\n\s*\n")
_STOP = re.compile(r"(?<=[.!?])[”\"’)]?\s+(?=[A-Z“\"(])|\n\s*\n")


def sent_at(doc: Doc, text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence that holds *start*:*end*; it never runs over a paragraph's end.

    *text* is `doc.text`, which spaCy joins anew at every access.
    """
    if not doc.has_annotation("SENT_START"):
        return _trimmed(text, *_between(_STOP, text, start, end))
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return start, end
    first, last = span[0].sent.start_char, span[-1].sent.end_char
    low, high = _between(_PARAGRAPH, text, start, end)
    return _trimmed(text, max(first, low), min(last, high))


def _between(stop: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the stretch between two stops around *start*:*end* begins and ends."""
    low = 0
    for found in stop.finditer(text, max(0, start - 3000), start):
        low = found.end()
    after = stop.search(text, end)
    return low, after.start() if after else len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
