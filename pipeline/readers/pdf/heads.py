"""Running heads, page numbers and thumb indexes: lines at the edge of many pages, no part of what a report says."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from pipeline.readers.pdf.lines import Run

_EDGE = 3  # lines at either end of a page among which a running head may be
_BAND = 4.0  # points: heads of two pages stand at the same height if they are as near
_PAGES = 3  # a head is one that comes back
_SHARE = 0.4  # of the pages: as many have a line of their own at that height, whatever its words
_WORDS = 8
_DIFFERENT = 0.8  # of the lines at one height: where each page has one of its own, it is a heading
_LONGEST = 12  # words of a head that comes back word for word
_GAP = 1.5  # line heights between a head and the text
_NUMBER = re.compile(r"(?:page\s*)?[-–—\[(]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–—\])]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_LABELLED = re.compile(r"page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_Line = list[Run]
_Edge = list[tuple[list[Run], bool]]


def without_heads(pages: Sequence[list[Run]]) -> tuple[list[list[Run]], list[str]]:
    """Return the runs of each page that are text, and the lines that were taken out."""
    edges = [_edges(page) for page in pages]
    wording = Counter(key for found in edges for key in {_wording(line) for edge in found for line, _ in edge})
    places = _places(edges)
    margin = _margins(pages)
    kept, removed = list[list[Run]](), list[str]()
    for page, found in zip(pages, edges, strict=True):
        outward = (takewhile(lambda pair: _is_head(*pair, wording, places, len(pages)), edge) for edge in found)
        heads = list({id(line[0]): line for edge in outward for line, _ in edge}.values())
        gone = {id(run) for line in heads for run in line} | {id(run) for run in page if _thumb(run, margin)}
        removed += [*map(_text, heads), *(run.text for run in page if _thumb(run, margin))]
        kept.append([run for run in page if id(run) not in gone])
    return kept, removed


def lines(page: Iterable[Run]) -> list[_Line]:
    """Return the runs of a page by their lines, from the top, each from left to right."""
    ordered = sorted(page, key=lambda run: -run.y)
    found: list[_Line] = []
    for run in ordered:
        if found and abs(found[-1][0].y - run.y) < 0.4 * min(run.height, found[-1][0].height):
            found[-1].append(run)
        else:
            found.append([run])
    return [sorted(line, key=lambda run: run.x0) for line in found]


def _edges(page: list[Run]) -> list[_Edge]:
    """Return the lines at the top of a page and at its foot, and whether a gap parts each from what stands further in."""
    found = lines(page)
    return [_edge(found), _edge(found[::-1])]


def _edge(ordered: list[_Line]) -> _Edge:
    pairs = zip(ordered[:_EDGE], [*ordered[1 : _EDGE + 1], None], strict=False)
    return [(line, following is None or _apart(line, following)) for line, following in pairs]


def _apart(line: _Line, following: _Line) -> bool:
    return abs(line[0].y - following[0].y) > _GAP * max(line[0].height, following[0].height)


def _text(line: _Line) -> str:
    return " ".join(run.text for run in line)


def _band(line: _Line) -> int:
    return round(line[0].y / _BAND)


def _wording(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", _text(line)).casefold(), _band(line)


def _places(edges: list[list[_Edge]]) -> dict[int, list[str]]:
    """Return for each height the lines that stand there, apart from the text, figures aside."""
    places: dict[int, list[str]] = defaultdict(list)
    for found in edges:
        apart = {id(line[0]): line for edge in found for line, far in edge if far}  # of a short page, a line is at both edges
        for line in apart.values():
            places[_band(line)].append(_wording(line)[0])
    return places


def _is_head(line: _Line, apart: bool, wording: Counter[tuple[str, int]], places: dict[int, list[str]], pages: int) -> bool:
    text, band = _wording(line)
    if len(text.split()) <= _LONGEST and any(wording[text, near] >= _PAGES for near in (band - 1, band, band + 1)):
        return True
    if _LABELLED.fullmatch(_text(line)) or (apart and pages >= _PAGES and _NUMBER.fullmatch(_text(line))):
        return True
    here = [one for near in (band - 1, band, band + 1) for one in places.get(near, ())]
    often = len(here) >= max(_PAGES, _SHARE * pages) and sum(len(one.split()) <= _WORDS for one in here) >= 0.8 * len(here)
    return apart and often and len(set(here)) <= _DIFFERENT * len(here) and len(text.split()) <= _WORDS


def _margins(pages: Sequence[list[Run]]) -> tuple[float, float]:
    """Return the left and right bound of the text: where all but a few of its long runs begin and end."""
    long = [run for page in pages for run in page if len(run.text) > 20]
    if not long:
        return float("-inf"), float("inf")
    left, right = sorted(run.x0 for run in long), sorted(run.x1 for run in long)
    few = len(long) // 100
    return left[few], right[-1 - few]


def _thumb(run: Run, margin: tuple[float, float]) -> bool:
    outside = run.x1 < margin[0] - run.height / 2 or run.x0 > margin[1] + run.height / 2
    return outside and len(run.text) <= 3
