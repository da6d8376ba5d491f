"""What a tool is to the comparison: a name, the types of fact that it finds, and how to run it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.schema import FactType, Report

Fact = dict[str, Any]
Run = Callable[[Iterable[Report]], Iterator[list[Fact]]]


@dataclass(frozen=True)
class Tool:
    """A tool and its adapter; `load` imports it and returns what reads reports, one list of facts each."""

    name: str
    packages: tuple[str, ...]  # as the package index knows them; the first gives the version
    types: tuple[FactType, ...]
    adapter: str  # what the adapter adds to the tool, for the table in docs/accuracy.md
    load: Callable[[], Run]
    install: str = "pip install '.[compare]'"


def each(read: Callable[[Report], list[Fact]]) -> Run:
    """Return *read*, which knows one report, as what reads many."""

    def run(reports: Iterable[Report]) -> Iterator[list[Fact]]:
        return map(read, reports)

    return run


def fact(kind: str, text: str, start: int, end: int, **values: object) -> Fact:
    """Return the fact that stands at *start*:*end* of *text*."""
    return {"type": kind, "text": text[start:end], "start": start, "end": end, **values}


def located(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where each of *names* stands, in order, for tools that give no offsets; one not to be found is left out."""
    at = 0
    for name in names:
        start = text.find(name, at)
        if start >= 0:
            at = start + len(name)
            yield start, at
