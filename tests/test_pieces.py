"""A report of any length goes through in pieces, and no fact is lost where they meet."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow import parquet
from spacy.language import Language

import pipeline
from pipeline.batch import Reading, Running, run
from pipeline.engines.local import processes
from pipeline.engines.work import Extract, Extractor
from pipeline.nlp import cut
from pipeline.schema import Extraction, Report

SAMPLES = Path(__file__).parents[1] / "data" / "raw"
NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def test_two_workers_give_the_tables_of_one_on_the_samples(tmp_path: Path, nlp: Language) -> None:
    def one(reports: Iterator[Report]) -> Iterator[Extraction]:
        return pipeline.extract(reports, nlp=nlp)

    def tables(name: str, extract: Extract, running: Running) -> dict[str, bytes]:
        run([SAMPLES], tmp_path / name, extract=extract, clock=lambda: NOW, reading=Reading(), running=running)
        return {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.parquet")}

    found = tables("one", one, Running())
    assert tables("two", Extractor(), Running(engine=processes(2), seconds=0.0)) == found
    assert parquet.read_table(tmp_path / "two/facts.parquet").num_rows > 400


def test_what_a_report_states_does_not_depend_on_its_neighbours(nlp: Language) -> None:
    reports = [item for item in pipeline.read([SAMPLES]) if isinstance(item, Report)][:6]
    together = list(pipeline.extract(reports, nlp=nlp))
    alone = [found for report in reversed(reports) for found in pipeline.extract([report], nlp=nlp)]
    assert together == alone[::-1]


PARAGRAPH = (
    "On 22 September 2017 police in Baku detained 83 people. A court sentenced Mr. Aliyev to two years in prison under Article 233 "
    "of the Criminal Code. On Dec. 7 officers held 12 protesters in Ganja."
)


@pytest.mark.parametrize("between", ["\n\n", "\n", " "], ids=["paragraphs", "lines", "one line"])
def test_no_fact_is_lost_where_pieces_meet(nlp: Language, between: str) -> None:
    times = 400
    text = between.join([PARAGRAPH] * times)
    assert len(list(cut(text))) > 10
    (whole,) = pipeline.extract([Report(id="long", text=text)], nlp=nlp)
    words: dict[str, int] = {}
    for fact in whole.facts:
        words[fact.text] = words.get(fact.text, 0) + 1
    wanted = ("22 September 2017", "Baku", "83 people", "two years in prison", "Article 233", "Dec. 7", "12 protesters", "Ganja")
    assert {word: words.get(word, 0) for word in wanted} == dict.fromkeys(wanted, times)
