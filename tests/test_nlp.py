"""The whole pipeline: reports in, facts out, each with its evidence."""

import itertools
import sys
from collections.abc import Iterator
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from shutil import copytree
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipeline import extract as public_extract
from pipeline import read
from pipeline.errors import CasefactsError
from pipeline.fingerprint import fingerprint
from pipeline.nlp import STAGES, cut, extract, load, spacy_digest, spacy_folder
from pipeline.rules.files import digest, models_dir
from pipeline.rules.manifest import manifest
from pipeline.schema import DateFact, Extraction, Fact, Report

ROOT = Path(__file__).parents[1]
CASE = (
    "On 4 May 2019 police in Lahore, Pakistan, arrested 17 students. Six of them were sentenced to two years in prison "
    "under Section 295-A of the Penal Code, according to their lawyers."
)


def facts(nlp: Language, text: str, **fields: Any) -> tuple[Fact, ...]:
    return next(extract([Report(id="r", text=text, **fields)], nlp=nlp)).facts


@pytest.fixture(scope="module")
def samples() -> list[Report]:
    return [report for report in read(ROOT / "data" / "raw") if isinstance(report, Report)]


@pytest.fixture(scope="module")
def extracted(nlp: Language, samples: list[Report]) -> list[Extraction]:
    return list(extract(samples, nlp=nlp))


# building


def test_the_stages_stand_last_and_in_their_order(nlp: Language) -> None:
    assert tuple(nlp.pipe_names[-len(STAGES) :]) == STAGES


def test_a_model_that_is_not_installed_is_an_error_for_people() -> None:
    with pytest.raises(CasefactsError, match="no_such_model"):
        load("no_such_model")


def test_the_fingerprint_names_all_that_the_facts_depend_on() -> None:
    found = fingerprint()
    assert set(found) == {"casefacts", "rules", "detector", "ties", "confidence", "spacy"}
    assert all(found.values())
    assert digest([]) not in found.values()
    assert found == fingerprint()


# the contract


def is_sound(done: Extraction) -> None:
    """Check what holds for every report: offsets, ids, order."""
    text = done.report.text
    assert [fact.text for fact in done.facts] == [text[fact.start : fact.end] for fact in done.facts]
    assert all(fact.text and fact.text == fact.text.strip() for fact in done.facts)
    assert all(fact.text in fact.context and fact.context in text for fact in done.facts)
    assert {fact.report_id for fact in done.facts} <= {done.report.id}
    assert len({fact.id for fact in done.facts}) == len(done.facts)
    starts = [fact.start for fact in done.facts]
    assert starts == sorted(starts)


def test_every_sample_report_is_extracted_in_order(samples: list[Report], extracted: list[Extraction]) -> None:
    assert [done.report for done in extracted] == samples
    assert all(done.facts for done in extracted)


def test_the_facts_of_the_samples_are_sound(extracted: list[Extraction]) -> None:
    for done in extracted:
        is_sound(done)


def test_ids_are_unique_over_all_samples(extracted: list[Extraction]) -> None:
    ids = [fact.id for done in extracted for fact in done.facts]
    assert len(set(ids)) == len(ids)


def test_a_case_gives_all_five_types(nlp: Language) -> None:
    found = [(fact.type, fact.text) for fact in facts(nlp, CASE)]
    for expected in [
        ("date", "4 May 2019"),
        ("location", "Lahore"),
        ("location", "Pakistan"),
        ("count", "17"),
        ("count", "Six"),
        ("sentence", "two years"),
        ("article", "295-A"),
    ]:
        assert expected in found


_PIECES = st.sampled_from(
    [
        "On 4 May 2019 ",
        "police in Lahore, Pakistan, ",
        "arrested 17 students",
        "at least ",
        "Articles 206 (2), 213-1 and 228.3 ",
        "of the Criminal Code. ",
        "sentenced to two years in prison. ",
        "\n\n",
        "\r\n",
        "\u00a0",
        "😀",
        "e\u0301",
        "قالت ",
        "“",
        "— ",
        "Tbi-\nlisi ",
        "one of the 12 ",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=12), max_size=14).map("".join))
def test_the_facts_of_any_text_are_sound(nlp: Language, text: str) -> None:
    is_sound(next(extract([Report(id="r", text=text, published=date(2020, 2, 29))], nlp=nlp)))


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\ufeff"], ids=["empty", "space", "lines", "byte-order-mark"])
def test_a_report_without_words_has_no_facts(nlp: Language, text: str) -> None:
    assert facts(nlp, text) == ()


# the same facts, always


def test_the_same_report_gives_the_same_facts(nlp: Language) -> None:
    assert facts(nlp, CASE) == facts(nlp, CASE)


def test_a_fact_of_another_report_has_another_id(nlp: Language) -> None:
    one, other = (next(extract([Report(id=name, text=CASE)], nlp=nlp)).facts for name in ("a", "b"))
    assert {fact.id for fact in one}.isdisjoint(fact.id for fact in other)


def test_a_report_has_the_same_facts_alone_and_among_others(
    nlp: Language, samples: list[Report], extracted: list[Extraction]
) -> None:
    for report, among in zip(samples, extracted, strict=True):
        (alone,) = extract([report], nlp=nlp)
        assert [(f.text, f.id) for f in alone.facts] == [(f.text, f.id) for f in among.facts]
        assert alone == among


def test_the_order_of_the_reports_does_not_matter(nlp: Language, samples: list[Report], extracted: list[Extraction]) -> None:
    backwards = list(extract(reversed(samples), nlp=nlp))
    assert backwards[::-1] == extracted


def _clock_calls(text: str, nlp: Language) -> list[str]:
    """Return the functions by which Python code asked for the present while *text* was read."""
    asked: list[str] = []

    def watch(frame: FrameType, event: str, function: object) -> None:
        owner = getattr(function, "__self__", None)
        if (
            event == "c_call"
            and (owner is date or owner is datetime)
            and getattr(function, "__name__", "") in ("today", "now", "utcnow")
        ):
            asked.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")

    sys.setprofile(watch)
    try:
        facts(nlp, text, published=date(2019, 6, 1))
    finally:
        sys.setprofile(None)
    return asked


def test_nobody_asks_what_day_it_is_today(nlp: Language) -> None:
    relative = "Yesterday, last month, on Monday, on 3 May, on 04.05.2019, this year and in March nine men were held."
    assert _clock_calls(f"{CASE} {relative}", nlp) == []


@pytest.mark.parametrize(
    ("published", "value"),
    [
        pytest.param(date(2019, 6, 1), "2019-05-31", id="one-day"),
        pytest.param(date(1994, 3, 1), "1994-02-28", id="another-day"),
        pytest.param(None, None, id="no-day"),
    ],
)
def test_relative_dates_hang_on_the_day_of_publication_alone(nlp: Language, published: date | None, value: str | None) -> None:
    found = [fact.value for fact in facts(nlp, "Nine men were arrested yesterday.", published=published) if fact.type == "date"]
    assert found == ([value] if value else [])


# long reports, long archives


@given(st.text(alphabet="ab. \n", max_size=300), st.integers(1, 40))
def test_pieces_join_to_the_text(text: str, size: int) -> None:
    pieces = list(cut(text, size))
    assert "".join(text[start:end] for start, end in pieces) == text
    assert all(end - start <= size for start, end in pieces)
    assert all(start < end for start, end in pieces) or pieces == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        pytest.param("aaaa\n\nbb\ncc. d", 8, ["aaaa\n\n", "bb\ncc. d"], id="paragraph"),
        pytest.param("aaaaaa\nb. bbbbb", 10, ["aaaaaa\n", "b. bbbbb"], id="line"),
        pytest.param("aaaaaa. bb bbbbb", 12, ["aaaaaa. ", "bb bbbbb"], id="sentence"),
        pytest.param("aaaaaa bbbbbbbb", 10, ["aaaaaa ", "bbbbbbbb"], id="word"),
        pytest.param("aaaaaaaaaabbbb", 10, ["aaaaaaaaaa", "bbbb"], id="nowhere-better"),
        pytest.param("aaaa", 10, ["aaaa"], id="short"),
        pytest.param("", 10, [""], id="empty"),
    ],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, size: int, expected: list[str]) -> None:
    assert [text[start:end] for start, end in cut(text, size)] == expected


def test_a_long_report_gives_facts_in_all_its_pieces(nlp: Language) -> None:
    filler = "The weather was mild and the shops were open. " * 20
    text = "\n\n".join(f"{filler}\n\nOn {day} May 2019 police in Lahore arrested {day + 20} students." for day in range(1, 31))
    pieces = list(cut(text))
    done = next(extract([Report(id="long", text=text)], nlp=nlp))
    is_sound(done)
    assert len(pieces) > 1
    assert [fact.value for fact in done.facts if fact.type == "date"] == [f"2019-05-{day:02d}" for day in range(1, 31)]
    assert [fact.low for fact in done.facts if fact.type == "count"] == [day + 20 for day in range(1, 31)]
    assert all(any(start <= fact.start < end for fact in done.facts) for start, end in pieces)


def test_a_piece_knows_what_was_said_before_it(nlp: Language) -> None:
    filler = "The weather was mild and the shops were open. " * 200
    text = f"Kenya\n\nOn 2 May 2016 a rally was held.\n\n{filler}\n\nOn 3 May police held nine men under section 40 of the Penal Code."
    found = facts(nlp, text, title="Kenya: arrests")
    assert [fact.jurisdiction for fact in found if fact.type == "article"] == ["KE"]
    assert [fact.value for fact in found if fact.text == "3 May"] == ["2016-05-03"]


def test_pages_are_counted_by_the_offsets_of_the_report(nlp: Language) -> None:
    text = "On 4 May 2019 nine men were held.\f\nOn 5 May 2019 they left."
    found = {fact.text: fact.page for fact in facts(nlp, text, pages=(text.index("\f"),))}
    assert (found["4 May 2019"], found["5 May 2019"]) == (1, 2)
    assert {fact.page for fact in facts(nlp, text)} == {None}


def test_extraction_is_lazy(nlp: Language) -> None:
    endless = (Report(id=str(number), text=CASE) for number in itertools.count())
    assert [done.report.id for done in itertools.islice(extract(endless, nlp=nlp), 3)] == ["0", "1", "2"]


def test_reports_before_one_that_cannot_be_made_are_yielded(nlp: Language) -> None:
    def failing() -> Iterator[Report]:
        yield from (Report(id=str(number), text="On 4 May 2019 nine men were held.") for number in range(100))
        raise OSError("the disk is gone")

    done: list[str] = []
    with pytest.raises(OSError, match="the disk is gone"):
        done.extend(item.report.id for item in extract(failing(), nlp=nlp))
    assert next(iter(extract(failing(), nlp=nlp))).report.id == "0"


def test_what_was_rejected_is_passed_over_by_the_public_extract(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CASE, encoding="utf-8")
    (tmp_path / "b.txt").touch()
    assert [done.report.text for done in public_extract(read(tmp_path), nlp=nlp)] == [CASE]


def test_the_spacy_model_is_the_one_of_the_manifest() -> None:
    model = manifest().spacy
    assert version(model.package) == model.version
    assert spacy_digest(spacy_folder(model)) == model.sha256


def test_an_entry_of_a_book_is_placed_in_the_year_that_the_book_is_about(nlp: Language) -> None:
    text = "By the end of the year the police had detained 12 people in Baku."
    entries = [Report(id="a", text=text, story_year=2005), Report(id="b", text=text)]
    told, untold = (done.facts for done in extract(entries, nlp=nlp))
    assert [fact.first.year for fact in told if isinstance(fact, DateFact) and fact.first] == [2005]
    assert not [fact for fact in untold if isinstance(fact, DateFact) and fact.first]


def test_a_yearbook_looks_back_from_the_end_of_its_year(nlp: Language) -> None:
    text = "In March the police detained 12 people in Baku."
    (done,) = extract([Report(id="a", text=text, story_year=2019, published=date(2020, 4, 2))], nlp=nlp)
    assert [fact.value for fact in done.facts if isinstance(fact, DateFact)] == ["2019-03"]


def test_another_detector_is_run_and_its_facts_have_no_confidence(tmp_path: Path) -> None:
    other = tmp_path / "detector"
    copytree(models_dir() / "trained", other)
    report = Report(id="a", text="Police in Gomel detained 14 people on 3 March 2019.")
    (ours,), (theirs,) = (list(extract([report], nlp=one)) for one in (load(), load(detector=other)))
    assert {fact.confidence for fact in theirs.facts} == {None}
    assert [fact.model_copy(update={"confidence": None}) for fact in ours.facts] == list(theirs.facts)
    (other / "config.json").write_text("{}", encoding="utf-8")
    assert fingerprint(other)["detector"] != fingerprint()["detector"]
