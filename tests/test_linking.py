"""Incidents across reports: a raid told by three reports is one event; what must never be joined is not."""

import json
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from spacy.language import Language

from pipeline.archive import link_archive
from pipeline.errors import CasefactsError
from pipeline.linking import Told, gap, link
from pipeline.nlp import extract
from pipeline.schema import Incident, Report
from pipeline.tables import rows
from pipeline.writers import FORMATS, tables

DAY = date(2019, 5, 14)


def incident(name: str, **values: object) -> Incident:
    base = {
        "first": DAY,
        "last": DAY,
        "where": "Karaganda",
        "where_kind": "city",
        "country": "KZ",
        "who": "students",
        "status": "detained",
    }
    counted = {"low": 48, "high": 48, "n_sources": 1, "n_claims": 1, "claims": (f"c{name}",)}
    return Incident.model_validate({"id": name, "report_id": f"r{name}", **base, **counted, **values})


def joined(*incidents: Incident, span: int = 3) -> list[tuple[str, ...]]:
    return [event.incidents for event in link([Told(one) for one in incidents], span=span)[1]]


@pytest.mark.parametrize(
    ("other", "one_event"),
    [
        pytest.param({}, True, id="the-same"),
        pytest.param({"low": 60, "high": None, "open_ended": True}, True, id="another-figure"),
        pytest.param({"first": DAY + timedelta(1), "last": DAY + timedelta(1)}, True, id="the-next-day"),
        pytest.param({"country": "KG"}, False, id="another-country"),
        pytest.param({"first": DAY + timedelta(4), "last": DAY + timedelta(4)}, False, id="beyond-the-span"),
        pytest.param({"first": date(2019, 1, 1), "last": date(2019, 12, 31)}, False, id="dated-to-no-month"),
        pytest.param({"report_id": "r1"}, False, id="of-the-same-report"),
        pytest.param({"where": "Almaty", "who": "lawyers", "low": 3, "high": 3}, False, id="nothing-in-common-but-the-day"),
    ],
)
def test_two_incidents(other: dict[str, object], one_event: bool) -> None:
    assert (joined(incident("1"), incident("2", **other)) == [("1", "2")]) is one_event


def test_cities_far_apart_are_two_events() -> None:
    karaganda, almaty = {"latitude": 49.8, "longitude": 73.1}, {"where": "Almaty", "latitude": 43.25, "longitude": 76.95}
    assert joined(incident("1", **karaganda), incident("2", **almaty)) == [("1",), ("2",)]


def test_a_link_gives_its_reasons() -> None:
    (one,) = link([Told(incident("1")), Told(incident("2"))])[0]
    assert one.reasons == "same days +3; same place +2; same status +0.5; same people +1.5; same figure +1.5"
    assert one.score == 8.5


_DAYS = st.dates(date(2019, 1, 1), date(2019, 3, 1))
_INCIDENTS = st.lists(
    st.tuples(_DAYS, st.integers(0, 20), st.sampled_from(["KZ", "KG"]), st.sampled_from(["Osh", "Talas"]), st.integers(5, 7)),
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(_INCIDENTS, st.integers(0, 5), st.randoms())
def test_no_event_holds_two_countries_or_days_beyond_the_span(
    drawn: list[tuple[date, int, str, str, int]], span: int, rng: object
) -> None:
    told = [
        Told(incident(f"{i:02}", first=first, last=first + timedelta(days), country=country, where=where, low=n, high=n))
        for i, (first, days, country, where, n) in enumerate(drawn)
    ]
    links, events = link(told, span=span)
    known = {one.incident.id: one.incident for one in told}
    for event in events:
        members = [known[i] for i in event.incidents]
        assert len({one.country for one in members}) == 1
        assert all(gap(a, b) <= span for a in members for b in members)
    assert sorted(i for event in events for i in event.incidents) == sorted(known)
    rng.shuffle(told)  # type: ignore[attr-defined]
    assert link(told, span=span) == (links, events)


def test_the_time_grows_with_the_archive_not_with_its_square() -> None:
    def seconds(n: int) -> float:
        told = [Told(incident(f"{i:05}", report_id=f"r{i}", low=i % 900 + 5, high=i % 900 + 5)) for i in range(n)]
        start = perf_counter()
        link(told, span=0)
        return perf_counter() - start

    seconds(100)
    assert seconds(1600) < 10 * seconds(400)


REPORTS = [
    "KARAGANDA, 15 May 2019 – Police arrested at least 60 students in Karaganda, Kazakhstan, on 14 May 2019 after a rally, relatives said.",
    "On 14 May 2019, police in Karaganda, Kazakhstan, detained 48 students. The Ministry of Justice said that 48 students were held.",
    "Monitors noted a raid in Kazakhstan. According to the Steppe Rights Watch, 60 students were arrested in Karaganda on 14 May 2019.",
    "On 14 May 2019, police in Osh, Kyrgyzstan, detained 48 students.",
]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_raid_told_by_three_reports_is_one_event(nlp: Language, tmp_path: Path, kind: str) -> None:
    reports = [Report(id=f"{n}.txt", text=text, published=date(2019, 5, 20)) for n, text in enumerate(REPORTS)]
    with tables(tmp_path, kind) as writer:  # type: ignore[arg-type]
        for extraction in extract(reports, nlp=nlp):
            writer.add(rows(extraction))
        writer.manifest({})
    _, events = link_archive(tmp_path)
    told = [event for event in events if event.n_reports > 1]
    assert [event.reports for event in told] == [("0.txt", "1.txt", "2.txt")]
    (event,) = told
    assert (event.country, event.where, event.low, event.high) == ("KZ", "Karaganda", 48, 60)
    assert {"relatives", "Ministry of Justice", "Steppe Rights Watch"} <= set(event.sources)
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["tables"]["events"]["rows"] == len(events)
    if kind == "parquet":
        assert parquet.read_table(tmp_path / "events.parquet").num_rows == len(events)


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(CasefactsError, match="casefacts extract"):
        link_archive(tmp_path)
