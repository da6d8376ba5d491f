"""Claims of short reports of our own: who, when, where, under which article, according to whom; parts and wholes; incidents."""

from datetime import date

import pytest
from spacy.language import Language

from pipeline.nlp import extract
from pipeline.schema import Claim, Extraction, Report

DAY = date(2019, 6, 30)


def done(nlp: Language, text: str, title: str | None = None) -> Extraction:
    return next(extract([Report(id="own", text=text, title=title, published=DAY)], nlp=nlp))


def claim(extraction: Extraction, text: str) -> Claim:
    return next(claim for claim in extraction.claims if claim.text == text)


RAID = (
    "On 14 May 2019, police arrested at least 60 students in Karaganda, Kazakhstan, after a rally. "
    "The next day a court sentenced 12 students to 15 days of administrative detention under Article 488 of the Code of "
    "Administrative Offences. According to the Ministry of Justice, 48 students were arrested on 14 May 2019 in Karaganda."
)


def test_every_count_and_every_penalty_is_a_claim(nlp: Language) -> None:
    found = done(nlp, RAID)
    anchors = [fact.id for fact in found.facts if fact.type in ("count", "sentence")]
    assert [one.fact_id for one in found.claims] == anchors
    known = {fact.id for fact in found.facts}
    assert all(set(one.facts) <= known for one in found.claims)


def test_a_claim_says_who_when_where_and_according_to_whom(nlp: Language) -> None:
    one = claim(done(nlp, RAID), "48")
    assert (one.what, one.low, one.high) == ("detained", 48, 48)
    assert (one.who, one.when, one.where, one.country) == ("students", "2019-05-14", "Karaganda", "KZ")
    assert (one.source, one.when_tie, one.where_tie) == ("Ministry of Justice", "clause", "clause")
    assert one.latitude == pytest.approx(49.8, abs=0.1)


def test_group_and_penalty_are_joined(nlp: Language) -> None:
    found = done(nlp, RAID)
    group, penalty = claim(found, "12"), claim(found, "15 days")
    assert (group.joined_id, penalty.joined_id) == (penalty.id, group.id)
    assert (group.penalty, group.min_days, penalty.low, penalty.who) == ("administrative_detention", 15.0, 12, "students")
    assert group.articles == penalty.articles == ("488",)


@pytest.mark.parametrize(
    ("court", "where", "country"),
    [("the Johannesburg High Court", "Johannesburg", "ZA"), ("the Court of Appeal of Durban", "Durban", "ZA")],
)
def test_a_court_named_after_its_place_tells_the_country(nlp: Language, court: str, where: str, country: str) -> None:
    found = done(nlp, f"Germany asked for the return of the men. On 16 May {court} sentenced two men to five years in prison.")
    assert {(one.where, one.country, one.country_tie) for one in found.claims} == {(where, country, "clause")}
    assert all(-30 < (one.latitude or 0) < -26 for one in found.claims)


def test_a_country_named_in_a_heading_is_the_place_where_nothing_finer_is_told(nlp: Language) -> None:
    found = done(nlp, "SAMOA\n\nIn May 2018 police arrested 12 students.")
    (one,) = found.claims
    assert (one.where, one.where_kind, one.country) == ("SAMOA", "country", "WS")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The mayor of Kampala spoke in Gulu. Some 30 people were detained, and later 12 Kenyan nationals.", "UG"),
        ("Each family in Tirana was paid US$30. Courts convicted 12 people.", "AL"),
        ("Police in Ukraine watched. Some 30 people were detained.", "UA"),
    ],
)
def test_without_a_place_of_its_own_a_claim_lies_where_the_report_plays(nlp: Language, text: str, country: str) -> None:
    assert {one.country for one in done(nlp, text).claims} == {country}


def test_figures_that_disagree_stay_side_by_side_in_one_incident(nlp: Language) -> None:
    (incident,) = done(nlp, RAID).incidents
    assert (incident.low, incident.low_source, incident.high, incident.high_source) == (48, "Ministry of Justice", 60, None)
    assert (incident.first, incident.where, incident.country, incident.n_sources) == (date(2019, 5, 14), "Karaganda", "KZ", 2)
    assert incident.penalties == ("administrative_detention P15D",)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        pytest.param("Police released 48 of the 83 people detained in Osh.", "48", "83", id="of-the"),
        pytest.param("Police detained 12 people in Osh, including three minors.", "three", "12", id="including"),
        pytest.param("Police detained 12 people in Osh. Police detained three men in Bishkek.", "three", None, id="two-events"),
        pytest.param("Police detained 12 people, including 40 men, in Osh.", "40", None, id="a-part-is-no-larger-than-its-whole"),
    ],
)
def test_parts_point_to_their_whole(nlp: Language, text: str, part: str, whole: str | None) -> None:
    found = done(nlp, text)
    assert claim(found, part).part_of == (claim(found, whole).id if whole else None)


def test_events_of_two_countries_are_two_incidents(nlp: Language) -> None:
    text = (
        "On 3 May 2019 police arrested 14 journalists in Minsk, Belarus.\n\n"
        "On 3 May 2019 police arrested 14 journalists in Kampala, Uganda."
    )
    assert [one.country for one in done(nlp, text).incidents] == ["BY", "UG"]


def test_what_the_law_allows_in_general_is_no_incident(nlp: Language) -> None:
    found = done(nlp, "The offence carries up to five years in prison.")
    assert len(found.claims) == 1
    assert found.incidents == ()
