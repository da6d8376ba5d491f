"""Dates of a Doc: spans mended, lists and ranges, the setting read from the text."""

import datetime

import pytest
import spacy
from spacy.tokens import Doc

from pipeline.components.date_spans import find
from pipeline.components.dates import Dates
from pipeline.components.mentions import Detected, drafts, register
from pipeline.context import Context

REPORT = datetime.date(2010, 12, 31)
NEWS = datetime.date(2021, 4, 9)
NLP = spacy.blank("en")


def doc_of(text: str, marked: list[str] | None, published: datetime.date | None) -> Doc:
    """Return a Doc on which a network marked these words, in their order; None if none ran."""
    register()
    doc = NLP.make_doc(text)
    doc._.casefacts_context = Context(published=published)
    if marked is not None:
        spans, at = [], 0
        for words in marked:
            at = text.index(words, at)
            spans.append(Detected("date", at, at + len(words), 1.0))
            at += len(words)
        doc._.casefacts_detected = spans
    return doc


def read(text: str, marked: list[str] | None = None, published: datetime.date | None = REPORT) -> list[tuple[str, str]]:
    found = Dates().match(doc_of(text, marked, published))
    return [(text[draft.start : draft.end], draft.values["value"]) for draft in found]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        pytest.param("He fled in March.", ["in March."], [("March", "2010-03")], id="preposition-trimmed"),
        pytest.param("He fled on 4 May 1982.", ["4 May"], [("4 May 1982", "1982-05-04")], id="year-added"),
        pytest.param(
            "Held in the first half of 2009.",
            ["2009"],
            [("the first half of 2009", "2009-01/2009-06")],
            id="half-added",
        ),
        pytest.param("InMay,six fled.", ["May"], [("May", "2010-05")], id="glued-words-left-alone"),
        pytest.param("Held for three months.", ["three months"], [], id="duration-dropped"),
        pytest.param("the Public Order Act, 1986, was used", ["1986"], [], id="year-of-a-law-dropped"),
        pytest.param(
            "On 20 and 21 July they met.",
            ["20", "21 July"],
            [("20", "2010-07-20"), ("21 July", "2010-07-21")],
            id="day-takes-the-next-month",
        ),
        pytest.param(
            "On July 6 and 7 they met.",
            ["July 6", "7"],
            [("July 6", "2010-07-06"), ("7", "2010-07-07")],
            id="day-takes-the-last-month",
        ),
        pytest.param(
            "clashes in May and June 1992",
            ["May", "June 1992"],
            [("May", "1992-05"), ("June 1992", "1992-06")],
            id="month-takes-the-next-year",
        ),
        pytest.param(
            "in May and June 1992",
            ["May and June 1992"],
            [("May", "1992-05"), ("June 1992", "1992-06")],
            id="list-in-one-span",
        ),
        pytest.param(
            "on March 8, 2009 and May 9, 2010",
            ["March 8, 2009 and May 9, 2010"],
            [("March 8, 2009", "2009-03-08"), ("May 9, 2010", "2010-05-09")],
            id="list-of-days-with-commas",
        ),
        pytest.param(
            "on 3, 5 and 7 March 2009",
            ["3, 5 and 7 March 2009"],
            [("3", "2009-03-03"), ("5", "2009-03-05"), ("7 March 2009", "2009-03-07")],
            id="list-of-numbers",
        ),
        pytest.param(
            "between March 2008 and May 2009",
            ["March 2008", "May 2009"],
            [("March 2008 and May 2009", "2008-03/2009-05")],
            id="between-is-one-range",
        ),
        pytest.param(
            "He was arrested on 4 May 2009 and freed the next day.",
            ["4 May 2009", "the next day"],
            [("4 May 2009", "2009-05-04"), ("the next day", "2009-05-05")],
            id="anchored",
        ),
        pytest.param("He was freed the next day.", ["the next day"], [], id="no-anchor-no-date"),
        pytest.param(
            "Sales of the year ended March 31 fell.",
            ["the year ended March 31 fell"],
            [("March 31", "2010-03-31")],
            id="certain-within",
        ),
        pytest.param(
            "Held on Friday, 3 April 2009.",
            ["Friday", "3 April 2009"],
            [("Friday, 3 April 2009", "2009-04-03")],
            id="weekday-joined",
        ),
        pytest.param(
            "From 3 May 2009 to 4 June 2010.",
            ["3 May 2009 to", "4 June 2010"],
            [("3 May 2009 to 4 June 2010", "2009-05-03/2010-06-04")],
            id="joining-word-marked",
        ),
        pytest.param("the Law on Assemblies of 17 March 1995", ["17 March 1995"], [], id="day-of-a-law-dropped"),
        pytest.param("Guards beat her, May said.", ["May"], [], id="woman-named-after-a-month"),
        pytest.param("Ministers in May said so.", ["May"], [("May", "2010-05")], id="month-before-a-verb"),
        pytest.param("He spoke on This Week.", ["This Week"], [], id="programme"),
        pytest.param("He may go. They march.", ["may", "march"], [], id="verbs"),
    ],
)
def test_spans_of_the_network_are_mended_and_placed(text: str, marked: list[str], expected: list[tuple[str, str]]) -> None:
    assert read(text, marked) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The hearing is scheduled for 30 August.", "2021-08-30"),
        ("He was freed on 30 August.", "2020-08-30"),
        ("He will be tried, his lawyer said on 30 August.", "2020-08-30"),
    ],
)
def test_a_cue_of_the_future_moves_the_year(text: str, expected: str) -> None:
    assert [value for _, value in read(text, published=NEWS)] == [expected]


def test_without_publication_a_story_keeps_the_year_of_its_last_full_day() -> None:
    text = "Arrested on 4 May 1999, he was charged on 9 May. In June 2004 a bill was tabled."
    values = [value for _, value in read(text, published=None)]
    assert values == ["1999-05-04", "1999-05-09", "2004-06"]


def test_closed_forms_are_found_without_a_network() -> None:
    text = "In 2009, on 4 January, and by 23.09.2010 in the 1990s; in May 20 men, in 2000 cells."
    assert [words for words, _ in read(text)] == [
        "2009",
        "4 January",
        "23.09.2010",
        "1990s",
        "2000",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on 12\nMarch 2009", [("12\nMarch 2009", "2009-03-12")], id="day-over-a-line"),
        pytest.param("in Septem-\nber 2009", [("Septem-\nber 2009", "2009-09")], id="month-over-a-line"),
        pytest.param(
            "in March 200912 and on 5 May 2008.14 Nobody", [("March 2009", "2009-03"), ("5 May 2008", "2008-05-05")], id="notes"
        ),
        pytest.param("In 200912 the police came.", [("2009", "2009")], id="note-behind-a-year"),
        pytest.param("In 200912 cases the police came.", [], id="a-number"),
        pytest.param("InJune,11men were freed.", [("June", "2010-06")], id="glued-month"),
        pytest.param("detainedbypoliceon7 October and freed", [("7 October", "2010-10-07")], id="glued-day"),
        pytest.param("on 1–4 March", [("1–4 March", "2010-03-01/2010-03-04")], id="dash"),
        pytest.param("on 3/4/2009", [("3/4/2009", "[2009-03-04,2009-04-03]")], id="one-of-two-days"),
        pytest.param("on 3/4/2009 and 3/25/2009", [("3/4/2009", "2009-03-04"), ("3/25/2009", "2009-03-25")], id="order-told"),
    ],
)
def test_closed_forms_stand_up_to_text_of_pdfs(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text, []) == expected


def test_a_sum_is_set_against_that_of_the_same_quarter_a_year_before() -> None:
    text = "It earned $2 million in the first quarter, up from $1 million a year earlier. In the quarter it sold a plant."
    assert [value for _, value in read(text, [], NEWS)] == ["2021-01/2021-03", "2020-01/2020-03", "2021-01/2021-03"]


def test_a_plan_of_the_year_that_a_report_covers_lies_behind_it() -> None:
    assert read("Police banned a rally scheduled for 10 November.", []) == [("10 November", "2010-11-10")]


def test_a_plan_in_a_story_told_day_by_day_lies_in_its_year() -> None:
    text = "Held on 6 May 2019, he was scheduled to be freed on 26 May. The appeal will be heard on 30 August."
    assert [value for _, value in read(text, [], NEWS)] == ["2019-05-06", "2019-05-26", "2021-08-30"]


def test_an_initial_ends_no_sentence() -> None:
    assert read("She will succeed John P. Doe on Feb. 1.", [], NEWS) == [("Feb. 1", "2022-02-01")]


def test_with_a_network_bare_years_are_left_to_it() -> None:
    assert [text for text, _ in read("In 2009, on 4 January 2010.", [])] == ["4 January 2010"]


def test_the_component_registers_and_adds_drafts() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("casefacts_dates")
    doc = nlp("He was arrested on 4 January 1982.")
    (draft,) = drafts(doc, "date")
    day = datetime.date(1982, 1, 4)
    assert draft.rule == "date.stated"
    assert draft.values == {"value": "1982-01-04", "first": day, "last": day, "basis": "stated"}
    assert [span.text for span in doc.spans["casefacts"]] == ["4 January 1982"]


def test_overlapping_marks_are_one() -> None:
    text = "on 4 January 1982"
    marks = [Detected("date", 3, 12, 1.0), Detected("date", 5, 17, 1.0)]
    assert [(one.start, one.end) for one in find(text, marks)] == [(3, 17)]


def test_a_date_ends_with_its_paragraph_and_without_the_full_stop() -> None:
    text = "The hearing was on 14 March 2016\n\n1. It began late. He was freed on 3 Sept. in Baku and left on 25 May."
    marked = ["14 March 2016\n\n1", "3 Sept.", "25 May."]
    assert [words for words, _ in read(text, marked)] == ["14 March 2016", "3 Sept.", "25 May"]


@pytest.mark.parametrize("text", ["the " + " " * 300_000, "May\n" * 60_000, "20 - " * 60_000, "Law on " + "aa " * 60_000])
def test_long_runs_cost_no_more_than_their_length(text: str) -> None:
    assert find(text, []) == []
