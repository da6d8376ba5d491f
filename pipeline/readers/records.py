"""Parts by a layout that repeats: records of a list of cases with the same labels ("Name: …", "Arrested: …", "Charge: …")."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.readers.documents import Document
from pipeline.readers.outlines import Start

_LABEL = re.compile(r"^(?P<label>[A-Z][^\W\d_][A-Za-z /’'()-]{1,38}?) ?:(?:[ \t]+(?P<value>\S.*))?$")
_LEAST = 3  # records
_LABELS = 3  # of a record, at the least
_ALIKE = 0.8  # of the records have a label that is of the layout
_SENTENCE = re.compile(r"[.!?][\"”’]?$")
_HEADING = 12  # words of a line above the first label


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    text: str
    label: str | None
    value: str


def recorded(document: Document) -> list[Start]:
    """Return where the records of a list begin, and what they are called; none if the text has no such layout."""
    lines = _lines(document.text)
    counts = Counter(line.label for line in lines if line.label)
    most = max((count for count in counts.values()), default=0)
    usual = {label for label, count in counts.items() if count >= max(_LEAST, _ALIKE * most)}
    first = next((line.label for line in lines if line.label in usual), None)
    if first is None or len(usual) < _LABELS or _is_talk(lines, usual):
        return []
    begins = [number for number, line in enumerate(lines) if line.label == first]
    if not _repeats(lines, begins, usual):
        return []
    headed = sum(_is_heading(lines, number) for number in begins) >= _ALIKE * len(begins)
    return [_start(lines, number, headed=headed) for number in begins]


def _lines(text: str) -> list[_Line]:
    found = []
    for match in re.finditer(r"\S[^\n]*", text):
        told = _LABEL.match(match[0].strip())
        label = told["label"].casefold() if told else None
        found.append(_Line(match.start(), match[0].strip(), label, (told["value"] or "") if told else ""))
    return found


def _is_talk(lines: Sequence[_Line], usual: set[str]) -> bool:
    """Say whether labels name who speaks: what follows are sentences."""
    values = [line.value for line in lines if line.label in usual and line.value]
    return sum(bool(_SENTENCE.search(value)) for value in values) > len(values) / 2


def _repeats(lines: Sequence[_Line], begins: Sequence[int], usual: set[str]) -> bool:
    """Say whether nearly all stretches between two beginnings have most of the labels once."""
    stretches = [lines[start:end] for start, end in pairwise([*begins, len(lines)])]
    whole = sum(len({line.label for line in stretch} & usual) >= _ALIKE * len(usual) for stretch in stretches)
    return len(begins) >= _LEAST and whole >= _ALIKE * len(stretches)


def _is_heading(lines: Sequence[_Line], number: int) -> bool:
    """Say whether the line above a first label is the heading of its record."""
    above = lines[number - 1] if number else None
    return above is not None and above.label is None and len(above.text.split()) <= _HEADING and not _SENTENCE.search(above.text)


def _start(lines: Sequence[_Line], number: int, *, headed: bool) -> Start:
    line = lines[number]
    if headed and _is_heading(lines, number):
        return lines[number - 1].at, lines[number - 1].text
    return line.at, line.value or line.text
