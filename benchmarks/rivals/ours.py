"""casefacts itself."""

from collections.abc import Iterable, Iterator

from benchmarks.rivals.tool import Fact, Run, Tool
from pipeline import extract
from pipeline.nlp import load
from pipeline.schema import Report
from pipeline.scoring import FIELDS


def load_casefacts() -> Run:
    """Return the whole pipeline."""
    nlp = load()

    def run(reports: Iterable[Report]) -> Iterator[list[Fact]]:
        for done in extract(reports, nlp=nlp):
            yield [fact.model_dump(mode="json") for fact in done.facts]

    return run


TOOLS = (Tool("casefacts", ("casefacts",), tuple(FIELDS), "none", load_casefacts, "pip install ."),)
