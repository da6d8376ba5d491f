"""The order in which a page is read: down its columns, each between the headings that span them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.readers.pdf.heads import lines
from pipeline.readers.pdf.lines import Run, joined

_LINES = 4  # a column has as many on its own; fewer only where other pages have a column there
_NARROW = 5.0  # points of a gutter, at the least
_CROSSING = 0.15  # of the runs, at most, lie across a gutter: titles, pictures' captions
_PROSE = 18  # characters of a column's usual line, at the least: cells of a table have fewer
_FULL = 0.5  # of the column's width, at the least, is what its usual line takes up
_OVERLAP = 0.4  # of the shorter column stands beside the longer one
_SAME = 8.0  # points between the gutters of two pages that are one
_PAGES = 3


@dataclass(frozen=True, slots=True)
class Gutter:
    """The empty strip between two columns, from `x0` to `x1`."""

    x0: float
    x1: float


Flow = list[Run]


def flows(pages: Sequence[list[Run]]) -> list[list[Flow]]:
    """Return for each page the flows of its text, in the order of reading, each a list of whole lines."""
    known = _usual([gutter for page in pages if (gutter := _gutter(page))])
    return [_ordered(page, known) for page in pages]


def _usual(found: list[Gutter]) -> list[Gutter]:
    """Return the gutters that several pages have, each once, the most frequent first."""
    groups: list[list[Gutter]] = []
    for gutter in found:
        group = next((group for group in groups if _same(group[0], gutter)), None)
        if group is None:
            groups.append([gutter])
        else:
            group.append(gutter)
    often = sorted((group for group in groups if len(group) >= _PAGES), key=len, reverse=True)
    return [group[len(group) // 2] for group in often]


def _ordered(page: list[Run], known: list[Gutter]) -> list[Flow]:
    gutter = _gutter(page) or next((one for one in known if _fits(page, one)), None)
    if gutter is None:
        return [_lines(page)] if page else []
    flows: list[Flow] = []
    for band in _bands(page, gutter):
        if any(_crosses(run, gutter) for run in band):
            flows.append(_lines(band))
        else:
            sides = _sides(band, gutter)
            flows += [flow for side in sides for flow in (_ordered(side, known) if len(side) < len(page) else [_lines(side)])]
    return flows


def _sides(band: list[Run], gutter: Gutter) -> tuple[list[Run], list[Run]]:
    """Return the runs on either side of a gutter that none of them lies across."""
    left = [run for run in band if run.x0 < gutter.x0]
    return left, [run for run in band if run.x0 >= gutter.x0]


def _bands(page: list[Run], gutter: Gutter) -> list[list[Run]]:
    """Return the runs from top to foot in bands: what lies across the gutter parts what stands above from below."""
    bands: list[list[Run]] = [[]]
    across = False
    for line in lines(page):
        crossing = any(_crosses(run, gutter) for run in line)
        if crossing != across:
            bands.append([])
            across = crossing
        bands[-1] += line
    return [band for band in bands if band]


def _lines(runs: list[Run]) -> Flow:
    whole = []
    for line in lines(runs):
        run = line[0]
        for following in line[1:]:
            run = joined(run, following)
        whole.append(run)
    return whole


def _crosses(run: Run, gutter: Gutter) -> bool:
    return run.x0 < gutter.x0 and run.x1 > gutter.x1


def _same(one: Gutter, other: Gutter) -> bool:
    return abs(one.x0 - other.x0) < _SAME or abs(one.x1 - other.x1) < _SAME


def _fits(page: list[Run], gutter: Gutter) -> bool:
    """Say whether a gutter of other pages parts this page too: runs on both sides, none of them over it but titles."""
    crossing = sum(_crosses(run, gutter) for run in page)
    left, right = _sides([run for run in page if not _crosses(run, gutter)], gutter)
    return bool(left and right) and crossing <= max(1, _CROSSING * len(page)) and _beside(left, right)


def _gutter(page: list[Run]) -> Gutter | None:
    """Return the gutter with the most lines on its poorer side, or None for a page of one column."""
    if len(page) < 2 * _LINES:
        return None
    good = [(score, gutter) for gutter in _strips(page) if (score := _score(page, gutter))]
    return max(good, key=lambda pair: pair[0])[1] if good else None


def _strips(page: list[Run]) -> list[Gutter]:
    """Return the strips that hardly any run lies in, whole points wide."""
    left, right = int(min(run.x0 for run in page)), int(max(run.x1 for run in page)) + 1
    cover = [0] * (max(right - left, 0) + 2)
    for run in page:  # the sum of these steps is the number of runs over each point
        cover[int(run.x0) - left] += 1
        cover[int(run.x1) - left + 1] -= 1
    most, strips, start, over = max(2, int(_CROSSING * len(page))), list[Gutter](), None, 0
    for point, step in enumerate(cover):
        over += step
        if over <= most and start is None:
            start = point
        elif over > most and start is not None:
            strips.append(Gutter(left + start, left + point))
            start = None
    return [strip for strip in strips if strip.x0 > left and strip.x1 - strip.x0 >= _NARROW]


def _score(page: list[Run], gutter: Gutter) -> int:
    """Return the number of lines on the poorer side, or 0 if the sides are no columns of prose."""
    middle = (gutter.x0 + gutter.x1) / 2
    left = [run for run in page if run.x1 <= middle]
    right = [run for run in page if run.x0 >= middle]
    few = min(len(lines(left)), len(lines(right)))
    prose = few >= _LINES and _prose(left) and _prose(right) and _beside(left, right)
    return few if prose else 0


def _prose(runs: list[Run]) -> bool:
    width = max(run.x1 for run in runs) - min(run.x0 for run in runs)
    usual = median(run.x1 - run.x0 for run in runs)
    return median(len(run.text) for run in runs) >= _PROSE and usual >= _FULL * width


def _beside(left: list[Run], right: list[Run]) -> bool:
    top = min(max(run.y for run in left), max(run.y for run in right))
    foot = max(min(run.y for run in left), min(run.y for run in right))
    shorter = min(_tall(left), _tall(right))
    return top - foot >= _OVERLAP * shorter


def _tall(runs: list[Run]) -> float:
    return max(run.y for run in runs) - min(run.y for run in runs)
