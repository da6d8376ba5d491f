"""A report with its facts marked: for the terminal, and as a web page that needs only itself."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.schema import (
    ArticleFact,
    CountFact,
    DateFact,
    Extraction,
    Fact,
    FactType,
    LocationFact,
    SentenceFact,
)

if TYPE_CHECKING:
    from rich.text import Text

# By type: the terminal's colour, and the page's (dark ink on each passes WCAG AA).
COLOURS: dict[FactType, tuple[str, str]] = {
    "date": ("cyan", "#bfe8f5"),
    "location": ("green", "#c9ecc4"),
    "count": ("yellow", "#fbe6a2"),
    "sentence": ("magenta", "#f3cdee"),
    "article": ("blue", "#cfdaff"),
}
DOUBTFUL = 0.7  # a confidence below this is shown
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, the facts that cover it, and those that end with it."""

    text: str
    facts: tuple[Fact, ...]
    ending: tuple[Fact, ...]


def pieces(extraction: Extraction) -> Iterator[Piece]:
    """Cut the text wherever a fact begins or ends, so that facts may overlap."""
    text = extraction.report.text
    cuts = sorted({0, len(text), *(c for f in extraction.facts for c in (f.start, f.end))})
    waiting = deque(sorted(extraction.facts, key=lambda f: f.start))
    covering: tuple[Fact, ...] = ()
    for start, end in pairwise(cuts):
        while waiting and waiting[0].start <= start:
            covering = (*covering, waiting.popleft())
        yield Piece(text[start:end], covering, tuple(f for f in covering if f.end == end))
        covering = tuple(f for f in covering if f.end > end)


def label(fact: Fact) -> str:
    """Return a fact's normalised value in a few words."""
    match fact:
        case DateFact():
            return fact.value
        case LocationFact():
            return _joined(fact.name, fact.kind, fact.country)
        case CountFact():
            return _joined(_bounds(fact), fact.status)
        case SentenceFact():
            return _joined(_length(fact), fact.penalty.replace("_", " "), fact.modality)
        case ArticleFact():
            return _joined(fact.article, fact.instrument, fact.jurisdiction)


def doubtful(fact: Fact) -> bool:
    """Tell a fact of a kind that is often wrong."""
    return fact.confidence is not None and fact.confidence < DOUBTFUL


def terminal(extraction: Extraction) -> "Text":
    """Return the report with each fact in the colour of its type, its value in brackets behind, "?" with the doubtful."""
    from rich.text import Text

    shown = Text()
    for piece in pieces(extraction):
        shown.append(visible(piece.text), style=_ink(piece))
        for fact in piece.ending:
            doubt = " ?" if doubtful(fact) else ""
            shown.append(f" [{visible(label(fact))}{doubt}]", style=f"dim {COLOURS[fact.type][0]}")
    return shown


def heading(extraction: Extraction) -> str:
    """Return what a report is called: its title or id, and its day."""
    report = extraction.report
    day = f" ({report.published.isoformat()}, {report.published_basis})" if report.published else ""
    return visible(f"{report.title or report.id}{day}")


def legend(extraction: Extraction) -> "Text":
    """Return the colours, each with the number of its facts."""
    from rich.text import Text

    found = Counter(fact.type for fact in extraction.facts)
    parts = (Text(f"■ {kind} {found[kind]}", style=COLOURS[kind][0]) for kind in COLOURS)
    return Text("   ").join(parts)


def page(extractions: Iterable[Extraction]) -> str:
    """Return a page of the reports with their facts marked; it loads nothing and runs no script."""
    sections = [_section(extraction) for extraction in extractions]
    return _PAGE.format(style=style(), sections="\n".join(sections))


def visible(text: str) -> str:
    """Return *text* without the control characters that a terminal or a page would obey."""
    return _CONTROL.sub("\ufffd", text)


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _bounds(fact: CountFact) -> str:
    about = "about " if fact.approx else ""
    if fact.low == fact.high:
        return about + ("?" if fact.low is None else str(fact.low))
    if fact.high is None:
        return f"{about}{fact.low} or more"
    return f"{about}{fact.high} or fewer" if fact.low is None else f"{about}{fact.low}–{fact.high}"


def _length(fact: SentenceFact) -> str | None:
    if fact.min == fact.max:
        return fact.min
    if fact.max is None:
        return f"{fact.min} or more"
    return f"up to {fact.max}" if fact.min is None else f"{fact.min}–{fact.max}"


def _ink(piece: Piece) -> str:
    """Return the terminal's style: the shortest fact's colour, underlined where two overlap."""
    if not piece.facts:
        return ""
    inner = min(piece.facts, key=lambda fact: fact.end - fact.start)
    return f"bold {COLOURS[inner.type][0]}" + (" underline" if piece.facts[1:] else "")


def _section(extraction: Extraction) -> str:
    found = Counter(fact.type for fact in extraction.facts)
    keys = (f'<mark class="{kind}">{kind} {found[kind]}</mark>' for kind in COLOURS)
    body = "".join(map(_marked, pieces(extraction)))
    title = _escaped(heading(extraction))
    legend = f'<p class="legend">{" ".join(keys)}</p>'
    return f'<article><h1>{title}</h1>{legend}<div class="text">{body}</div></article>'


def _marked(piece: Piece) -> str:
    """Return a piece inside a mark for each fact, then the values of the facts that end."""
    marked = _escaped(piece.text)
    for fact in sorted(piece.facts, key=lambda f: f.end - f.start):
        marked = f'<mark class="{fact.type}" title="{_escaped(_title(fact))}">{marked}</mark>'
    labels = (f'<b class="{f.type}{" doubtful" if doubtful(f) else ""}">{_escaped(label(f))}</b>' for f in piece.ending)
    return marked + "".join(labels)


def _title(fact: Fact) -> str:
    """Return what a fact says, in full: its type and every field that is filled in."""
    hidden = {"id", "report_id", "text", "start", "end", "context", "type"}
    fields = fact.model_dump(mode="json", exclude=hidden, exclude_none=True)
    return f"{fact.type}: {', '.join(f'{name} {value}' for name, value in fields.items())}"


def _escaped(text: str) -> str:
    return html.escape(visible(text), quote=True)


def style() -> str:
    """Return the colours of the types, as CSS."""
    return "\n".join(f".{kind} {{ --ink: {colour}; }}" for kind, (_, colour) in COLOURS.items())


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>casefacts</title>
<style>
{style}
body {{ font: 17px/1.65 Georgia, serif; color: #1b1b1b; background: #fff; }}
body {{ margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }}
h1 {{ font-size: 1.3rem; }}
article + article {{ border-top: 1px solid #ccc; margin-top: 3rem; padding-top: 1rem; }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
mark {{ background: var(--ink); color: inherit; border-radius: .2em; padding: .05em .15em; }}
mark mark {{ box-shadow: 0 0 0 2px #fff6; }}
b {{ border: 1px solid var(--ink); border-radius: .3em; margin: 0 .2em; padding: 0 .3em; }}
b {{ color: #444; font: 12px/1.2 system-ui, sans-serif; white-space: nowrap; }}
b.doubtful {{ border-style: dashed; }}
b.doubtful::after {{ content: " ?"; }}
.legend mark {{ font: 13px system-ui, sans-serif; margin-right: .4em; }}
</style>
</head>
<body>
{sections}
</body>
</html>
"""
