"""Real reports, a few of every corpus: no exception, and every fact is where it says. All of them are run by hand."""

import random
from collections.abc import Iterator
from itertools import islice

import pytest
from spacy.language import Language

from pipeline import read
from pipeline.nlp import extract
from pipeline.schema import Rejected, Report
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
_LEAST, _MOST = 1_000, 30_000  # characters of a report, and how many of them are read


def _some(pattern: str, *, most: int, among: int) -> Iterator[Report]:
    """Yield a stretch of a few reports of a corpus, chosen by lot, always the same ones."""
    rng = random.Random(pattern)
    items = list(islice(read(str(SHARED / "corpora" / pattern), duplicates=True), among))
    assert [item for item in items if isinstance(item, Rejected)] == []
    reports = [item for item in items if isinstance(item, Report) and len(item.text) > _LEAST]
    for report in rng.sample(reports, most):
        at = rng.randrange(max(1, len(report.text) - _MOST))
        yield report.model_copy(update={"text": report.text[at : at + _MOST]})


@pytest.mark.parametrize(
    ("pattern", "most", "among"),
    [
        pytest.param("amnesty-annual/2006.txt", 1, 1, id="amnesty-2006"),
        pytest.param("amnesty-annual/2013.txt", 1, 1, id="amnesty-2013"),
        pytest.param("state-department/2016.jsonl.gz", 3, 40, id="state-2016"),
        pytest.param("state-department/2020.jsonl.gz", 3, 40, id="state-2020"),
        pytest.param("un-jurisprudence/even-years.jsonl.gz", 4, 60, id="un"),
        pytest.param("hrdsattack-train.jsonl.gz", 25, 300, id="hrdsattack"),
    ],
)
def test_every_fact_of_real_reports_is_where_it_says(nlp: Language, pattern: str, most: int, among: int) -> None:
    found = 0
    for done in extract(_some(pattern, most=most, among=among), nlp=nlp):
        text = done.report.text
        assert [fact.text for fact in done.facts] == [text[fact.start : fact.end] for fact in done.facts]
        assert len({fact.id for fact in done.facts}) == len(done.facts)
        found += len(done.facts)
    assert found > most
