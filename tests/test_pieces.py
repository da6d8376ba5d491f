"""A report of any length goes through in pieces, and no fact is lost where they meet."""

import datetime
from collections import Counter
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


def test_words_that_are_forgotten_again_change_no_fact(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [Report(id=path.name, text=path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.txt"))[:3]]
    kept = list(pipeline.extract(reports, nlp=nlp))
    monkeypatch.setattr("pipeline.nlp._WORDS_KEPT", 0)
    new = Report(id="new", text="Zxqvb and Wkjzt were detained by the Qqrtz brigade in Minsk.")
    forgotten = list(pipeline.extract([*reports, new], nlp=nlp))
    assert kept[0].facts
    assert forgotten[:-1] == kept
    assert "Zxqvb" not in nlp.vocab.strings


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


SENTENCES = (
    "On 22 September 2017 police in Baku detained 83 people. A court sentenced Mr. Aliyev to two years under Art. 233 of the Code. "
    "On Dec. 7 officers held 12 protesters in Ganja. "
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SENTENCES * 400, id="one line"),
        pytest.param(
            SENTENCES.replace("of the", "of\nthe").replace("Dec. 7", "Dec.\n7") * 400, id="lines broken within sentences"
        ),
        pytest.param("\n\n".join([SENTENCES.strip()] * 400), id="paragraphs"),
        pytest.param("\n".join([SENTENCES.strip()] * 400), id="lines"),
    ],
)
@pytest.mark.parametrize("size", range(300, 1300, 90))
def test_pieces_meet_between_sentences(text: str, size: int) -> None:
    pieces = [text[start:end] for start, end in cut(text, size)]
    assert "".join(pieces) == text
    assert len(pieces) > 40
    assert {piece.rstrip()[-7:] for piece in pieces} <= {" people.", "people.", "e Code.", " Ganja."}


def test_a_text_without_a_seam_is_cut_all_the_same() -> None:
    assert list(cut("x" * 25, 10)) == [(0, 10), (10, 20), (20, 25)]


def test_no_fact_is_lost_where_pieces_meet(nlp: Language) -> None:
    times = 200
    text = SENTENCES * times
    (whole,) = pipeline.extract([Report(id="long", text=text)], nlp=nlp)
    found = Counter(fact.text for fact in whole.facts)
    wanted = ("22 September 2017", "Baku", "83", "two years", "Dec. 7", "12", "Ganja")
    assert len(list(cut(text))) > 1
    assert {words: found[words] for words in wanted} == dict.fromkeys(wanted, times)
