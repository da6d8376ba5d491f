"""The characters of a PDF page, as PDFium places them, become runs: words of one line with nothing wide between them."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_WIDE = 1.3  # line heights between two words that may belong to two columns; justified text has less
_RISE = 0.45  # line heights between two baselines that are two lines
_SMALL = 0.8  # of the line's height: a raised character as small is the mark of a note
_UPRIGHT = 0.4  # radians: what leans less is not turned
_APART = 0.08  # line heights between two letters that belong to two words
_CLOSE = 0.03  # between two letters of a line that is not set wide, as a rule
_FONT_NAME = 128
_SYMBOLS = re.compile(r"dingbat|symbol|wingding|webding|bullet", re.IGNORECASE)
_HYPHEN = "\x02"  # what PDFium gives for a hyphen that ends a line
_BULLET = "•"
_SURROGATE_PAIR = 0x10000


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line. Points of 1/72 inch, the origin at the foot of the page; `y` is the baseline.

    `fonts` are those of its first and of its last word, `spaces` the number of spaces that only the distance of letters tells.
    """

    text: str
    x0: float
    x1: float
    y: float
    height: float
    fonts: frozenset[str]
    page: int
    spaces: int = 0


class _Glyph(NamedTuple):
    at: int
    character: str
    x0: float
    x1: float
    y: float
    height: float
    turn: int


def runs(page: "PdfPage", number: int) -> list[Run]:
    """Return the runs of a page, in the order of its content; where most of it is turned, as if it was not."""
    text = page.get_textpage()
    try:
        glyphs = list(_glyphs(text))
        usual = Counter(glyph.turn for glyph in glyphs if glyph.height).most_common(1)
        groups = list(_groups(iter(glyphs)))
        found = (_turned(_run(group, text, number), (usual[0][0] - group[0].turn) % 4) for group in groups)
        return [run for run in found if run.text]
    finally:
        text.close()


def _glyphs(text: "PdfTextPage") -> Iterator[_Glyph]:
    """Yield the characters of a page, each at its place if its line was turned to run from left to right."""
    import pypdfium2.raw as pdfium

    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        pdfium.FPDFText_GetLooseCharBox(text.raw, index, box)
        pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
        turn = _quarters(text, index) if pdfium.FPDFText_GetCharAngle(text.raw, index) > _UPRIGHT else 0
        (x0, y0), (x1, y1) = _rotated(box.left, box.bottom, turn), _rotated(box.right, box.top, turn)
        baseline = _rotated(x.value, y.value, turn)[1]
        yield _Glyph(index, chr(code) if code else "\ufffd", min(x0, x1), max(x0, x1), baseline, abs(y1 - y0), turn)


def _quarters(text: "PdfTextPage", index: int) -> int:
    """Return by how many quarters a character is turned against the clock."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text.raw, index, matrix)
    if abs(matrix.b) > abs(matrix.a):
        return 1 if matrix.b > 0 else 3
    return 0 if matrix.a > 0 else 2


def _rotated(x: float, y: float, quarters: int) -> tuple[float, float]:
    """Return where a point comes to lie if the page is turned by quarters with the clock."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarters]


def _turned(run: Run, quarters: int) -> Run:
    """Return a run that stands across the others at the place where it stands among them."""
    if not quarters:
        return run
    (x0, y0), (x1, y1) = _rotated(run.x0, run.y, quarters), _rotated(run.x1, run.y + run.height, quarters)
    return replace(run, x0=min(x0, x1), x1=max(x0, x1), y=min(y0, y1))


def _groups(glyphs: Iterator[_Glyph]) -> Iterator[list[_Glyph]]:
    """Yield the glyphs that follow each other on one line; a note's raised mark stays with its word."""
    group: list[_Glyph] = []
    last: _Glyph | None = None
    for glyph in glyphs:
        if glyph.character in "\r\n":
            last = None
        elif glyph.character == " " or not glyph.height:
            group += [glyph] if group else []
        else:
            if group and (last is None or _parted(group[0], last, glyph)) and not _raised(group, glyph):
                yield group
                group = []
            group.append(glyph)
            last = glyph
    if group:
        yield group


def _parted(first: _Glyph, last: _Glyph, glyph: _Glyph) -> bool:
    height = max(last.height, glyph.height)
    if glyph.turn != last.turn:
        return True
    another_line = abs(glyph.y - last.y) > _RISE * height and abs(glyph.y - first.y) > _RISE * height
    return another_line or glyph.x0 - last.x1 > _WIDE * height or glyph.x0 < last.x0 - height


def _raised(group: list[_Glyph], glyph: _Glyph) -> bool:
    line = max(group, key=lambda one: one.height)
    last = group[-1]
    near = -0.2 * line.height < glyph.x0 - last.x1 < _WIDE * line.height
    return near and glyph.height < _SMALL * line.height and 0 <= glyph.y - line.y < line.height


def _run(group: list[_Glyph], text: "PdfTextPage", number: int) -> Run:
    inked = [glyph for glyph in group if glyph.character != " " and glyph.height] or group
    line = max(inked, key=lambda glyph: glyph.height)
    first, second, last = inked[0], inked[min(1, len(inked) - 1)], inked[-1]
    fonts = [_font(text, glyph.at) for glyph in (first, second, last)]
    lost = _lost_spaces(group)
    words = "".join(_spaced(group, line, lost)).replace(_HYPHEN, "-")
    if _SYMBOLS.search(fonts[0]) and (first is last or not _SYMBOLS.search(fonts[1])):
        words, fonts[0] = f"{_BULLET} {words[1:].lstrip()}", fonts[1]
    x1, fonts_of = max(glyph.x1 for glyph in inked), frozenset({fonts[0], fonts[2]})
    return Run(" ".join(words.split()), first.x0, x1, line.y, line.height, fonts_of, number, len(lost))


def _lost_spaces(group: list[_Glyph]) -> set[int]:
    """Return the places of letters that stand apart from the one before with no space between, in a line not set wide."""
    pairs = [(left, right) for left, right in pairwise(group) if left.character.isalpha() and right.character.isalpha()]
    gaps = [(right.at, (right.x0 - left.x1) / max(right.height, 1)) for left, right in pairs]
    if not gaps or median(gap for _, gap in gaps) > _CLOSE:
        return set()
    return {at for at, gap in gaps if gap > _APART}


def _spaced(group: list[_Glyph], line: _Glyph, lost: set[int]) -> Iterator[str]:
    """Yield the characters of a line; the number of a note, which would run into a word or a year, in brackets."""
    words = "".join(_character(glyph, line, lost) for glyph in group)
    words = _pairs(words)
    yield re.sub(r"((?:\ue000\d)+)", lambda found: f" [{found[0].replace(chr(0xE000), '')}]", words).replace("\ue000", "")


def _character(glyph: _Glyph, line: _Glyph, lost: set[int]) -> str:
    mark = "\ue000" if _note(glyph, line) else " " if glyph.at in lost else ""
    return f"{mark}{glyph.character}"


def _note(glyph: _Glyph, line: _Glyph) -> bool:
    small = 0 < glyph.height < _SMALL * line.height
    return small and glyph.character.isdecimal() and glyph.y - line.y > 0.15 * line.height


def _pairs(text: str) -> str:
    """Return *text* with characters beyond the first plane whole: PDFium may give them as two surrogates."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _font(text: "PdfTextPage", index: int) -> str:
    import pypdfium2.raw as pdfium

    name, flags = ctypes.create_string_buffer(_FONT_NAME), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text.raw, index, name, _FONT_NAME, flags)
    return name.value.decode("utf-8", "replace")


def joined(left: Run, right: Run) -> Run:
    """Return two runs of one line as one; a wide space between them, as between the cells of a table, is a tab."""
    space = "\t" if right.x0 - left.x1 > 2 * left.height else " "
    text, spaces = f"{left.text}{space}{right.text}", left.spaces + right.spaces
    return replace(left, text=text, x1=max(left.x1, right.x1), fonts=left.fonts | right.fonts, spaces=spaces)
