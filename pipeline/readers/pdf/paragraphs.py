"""The lines of a flow become paragraphs, headings and items of lists, also over the ends of columns and pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipeline.readers.pdf.lines import Run

_LEADING = 1.35  # of the usual distance between two lines: more is a new paragraph
_HEADING = 1.1  # line heights between two lines of one heading
_INDENT = 0.6  # line heights
_SIZE = 0.12  # a line as much taller or smaller than the one before is of another style
_BULLET = re.compile(r"[•▪■●◦‣⁃∙·*–—-]\s+\S|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s+\S")
_GLYPH = re.compile(r"[▪■●◦‣⁃∙·\uf0a7\uf0b7]\s*")
_END = re.compile(r"[.!?:;…][\"'”’»)\]]*(?: \[\d+\])*$")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Run] = field(default_factory=list)


def paragraphs(pages: Sequence[Sequence[list[Run]]]) -> list[Paragraph]:
    """Return the paragraphs of all flows of all pages."""
    found: list[Paragraph] = []
    for flow in (flow for page in pages for flow in page if flow):
        new = _paragraphs(flow)
        if found and not _is_heading(new[0], flow) and _goes_on(found[-1].lines[-1], new[0].lines[0], flow):
            found[-1].lines += new.pop(0).lines
        found += new
    return found


def _paragraphs(flow: list[Run]) -> list[Paragraph]:
    found = [Paragraph([flow[0]])]
    usual, height, left, right = _leading(flow), _height(flow), _left(flow), _right(flow)
    for line, following in pairwise(flow):
        leading = max(usual, _HEADING * following.height) if _large(following, height) else usual
        if _begins(line, following, leading, left, right):
            found.append(Paragraph())
        found[-1].lines.append(following)
    return found


def _begins(line: Run, following: Run, leading: float, left: float, right: float) -> bool:
    """Say whether *following* begins a paragraph after *line*."""
    if line.y - following.y > _LEADING * leading or not _alike(line, following):
        return True
    return _itemised(following) or _indented(line, following, left) or _broken_off(line, following, right)


def _alike(line: Run, following: Run) -> bool:
    """Say whether two lines are of one style: about one size, and a font in common."""
    size = abs(line.height - following.height) <= _SIZE * max(line.height, following.height)
    return bool(line.fonts & following.fonts) and (size or bool(line.fonts == following.fonts))


def _itemised(line: Run) -> bool:
    return bool(_BULLET.match(line.text)) and not line.text.startswith(("a ", "i "))


def _indented(line: Run, following: Run, left: float) -> bool:
    deeper = following.x0 - left > _INDENT * following.height
    return deeper and following.x0 - line.x0 > _INDENT * following.height and not _BULLET.match(line.text)


def _broken_off(line: Run, following: Run, right: float) -> bool:
    """Say whether *line* ended before it had to: the next word, which begins with no small letter, would have fitted."""
    word = following.text.split()[0]
    wide = (following.x1 - following.x0) / max(len(following.text), 1) * len(word)
    return not word[0].islower() and right - line.x1 > 1.1 * wide + 0.35 * following.height


def _is_heading(first: Paragraph, flow: list[Run]) -> bool:
    """Say whether the first paragraph of a column is a heading: of large type, or one line that is no end of a sentence."""
    line = first.lines[0]
    alone = len(first.lines) == 1 and len(flow) > 1 and not line.text[:1].islower() and not _END.search(line.text)
    return alone or _large(line, _height(flow))


def _goes_on(line: Run, following: Run, flow: list[Run]) -> bool:
    """Say whether a paragraph goes on from the foot of a column to the head of the next."""
    if not _alike(line, following) or _itemised(following) or following.x0 - _left(flow) > _INDENT * following.height:
        return False
    return not _END.search(line.text) or following.text[:1].islower()


def _large(line: Run, usual: float) -> bool:
    """Say whether a line is larger than its flow: a heading."""
    return line.height > (1 + _SIZE) * usual


def _height(flow: list[Run]) -> float:
    return median(run.height for run in flow)


def _leading(flow: list[Run]) -> float:
    steps = [a.y - b.y for a, b in pairwise(flow) if a.y > b.y]
    return median(steps) if steps else flow[0].height


def _left(flow: list[Run]) -> float:
    """Return where the lines of a flow begin: the leftmost place at which more than a few do."""
    starts = sorted(run.x0 for run in flow)
    return starts[len(starts) // 10]


def _right(flow: list[Run]) -> float:
    ends = sorted(run.x1 for run in flow)
    return ends[-1 - len(ends) // 20]


def plain_bullets(text: str) -> str:
    """Return a line with the sign of its bullet, whatever its shape, as "•"."""
    return _GLYPH.sub("• ", text, count=1) if _GLYPH.match(text) else text


def all_words(found: Iterable[Paragraph]) -> Iterable[str]:
    """Yield every word as it stands within a line; a word cut by the end of a line is none."""
    for line in (line for paragraph in found for line in paragraph.lines):
        words = line.text.split()
        yield from words[:-1] if line.text.endswith("-") else words
