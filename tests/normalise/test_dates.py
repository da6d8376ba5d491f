"""What a date expression means, alone and in its setting."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import edtf
from pipeline.normalise.dates import Setting, dateline, resolve, stated_years
from pipeline.normalise.days import stated_day
from pipeline.normalise.expressions import parse

REPORT = datetime.date(2010, 12, 31)
NEWS = datetime.date(2021, 4, 9)


@pytest.mark.parametrize(
    ("text", "setting", "value", "basis"),
    [
        pytest.param("12 April", Setting(published=REPORT), "2010-04-12", "inferred", id="report"),
        pytest.param("12 April", Setting(), "XXXX-04-12", "stated", id="unknown-year"),
        pytest.param("12 April", Setting(year=1998), "1998-04-12", "inferred", id="story-year"),
        pytest.param("March", Setting(published=NEWS), "2021-03", "inferred", id="latest-month"),
        pytest.param("May", Setting(published=NEWS), "2020-05", "inferred", id="not-after"),
        pytest.param("May", Setting(published=NEWS, future=True), "2021-05", "inferred", id="future-month"),
        pytest.param("April 11", Setting(published=NEWS), "2021-04-11", "inferred", id="soon"),
        pytest.param("3 January", Setting(published=REPORT), "2010-01-03", "inferred", id="annual"),
        pytest.param("Sunday, April 18", Setting(published=NEWS), "2021-04-18", "inferred", id="by-weekday"),
        pytest.param("4 January 1982", Setting(published=NEWS), "1982-01-04", "stated", id="full"),
        pytest.param("the year", Setting(published=REPORT), "2010", "relative", id="report-year"),
        pytest.param("Monday", Setting(published=NEWS), "2021-04-05", "relative", id="weekday"),
        pytest.param(
            "Monday",
            Setting(published=NEWS, future=True),
            "2021-04-12",
            "relative",
            id="weekday-ahead",
        ),
        pytest.param("the same day", Setting(day="2019-12-31"), "2019-12-31", "relative", id="same-day"),
        pytest.param("the next morning", Setting(day="2019-12-31"), "2020-01-01", "relative", id="next-day"),
        pytest.param(
            "the month before",
            Setting(month="2019-01-31"),
            "2018-12",
            "relative",
            id="month-before",
        ),
        pytest.param("July of that year", Setting(anchor="1987-03"), "1987-07", "relative", id="that-year"),
        pytest.param(
            "the following Tuesday",
            Setting(day="2019-12-31"),
            "2020-01-07",
            "relative",
            id="following-weekday",
        ),
        pytest.param(
            "the previous year",
            Setting(published=REPORT, near="2008"),
            "2007",
            "relative",
            id="previous-in-sentence",
        ),
        pytest.param("the quarter", Setting(quarter="2010-07/2010-09"), "2010-07/2010-09", "relative", id="quarter-spoken-of"),
        pytest.param(
            "the year-ago quarter", Setting(quarter="2010-07/2010-09"), "2009-07/2009-09", "relative", id="quarter-a-year-before"
        ),
        pytest.param(
            "the 1988 period", Setting(quarter="1989-07/1989-09"), "1988-07/1988-09", "relative", id="same-quarter-of-a-year"
        ),
        pytest.param(
            "a year ago",
            Setting(published=NEWS, quarter="2021-01/2021-03", compared=True),
            "2020-01/2020-03",
            "relative",
            id="sum-of-a-quarter-compared",
        ),
        pytest.param("a year ago", Setting(published=NEWS, quarter="2021-01/2021-03"), "2020", "relative", id="no-sum-compared"),
        pytest.param(
            "the first quarter",
            Setting(published=NEWS, future=True),
            "2021-01/2021-03",
            "inferred",
            id="quarter-just-over-though-to-be-reported",
        ),
        pytest.param(
            "the third quarter", Setting(published=NEWS, future=True), "2021-07/2021-09", "inferred", id="quarter-ahead"
        ),
        pytest.param("9 May", Setting(published=NEWS, told="2019-05-04"), "2019-05-09", "inferred", id="story-told-day-by-day"),
        pytest.param("3 July", Setting(published=NEWS, told="2019-07-04"), "2020-07-03", "inferred", id="story-never-goes-back"),
        pytest.param("9 May", Setting(published=REPORT, told="2009-05-04"), "2010-05-09", "inferred", id="report-on-a-year"),
        pytest.param("03/04/2017", Setting(), "[2017-03-04,2017-04-03]", "stated", id="one-of-two-days"),
        pytest.param("2 to 9 May", Setting(published=REPORT), "2010-05-02/2010-05-09", "inferred", id="range"),
    ],
)
def test_a_date_takes_from_its_setting_what_it_leaves_open(text: str, setting: Setting, value: str, basis: str) -> None:
    found = resolve(text, setting)
    assert found is not None
    assert (found.value, found.basis) == (value, basis)


def test_and_joins_a_range_only_after_between() -> None:
    assert resolve("May and June 2009") is None
    found = resolve("May and June 2009", ranged=True)
    assert found is not None
    assert found.value == "2009-05/2009-06"


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2016", "2016-01-01", "2016-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("2019-24", "2019-01-01", "2020-02-29"),
        ("2019-23", "2019-01-01", "2019-12-31"),
        ("2008-08/2008", "2008-08-01", "2008-12-31"),
        ("[2017-03-04,2017-04-03]", "2017-03-04", "2017-04-03"),
    ],
)
def test_bounds_hold_every_day_that_a_value_may_mean(value: str, first: str, last: str) -> None:
    days = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    assert edtf.bounds(value) == days


@given(st.dates(datetime.date(1600, 1, 1), datetime.date(2099, 12, 31)))
def test_a_day_written_out_comes_back(day: datetime.date) -> None:
    for form in ("%d %B %Y", "%B %d, %Y", "%A, %d %b %Y", "%Y-%m-%d", "%d.%m.%Y"):
        found = resolve(day.strftime(form))
        assert found is not None
        assert (found.value, found.first, found.last) == (day.isoformat(), day, day)


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = resolve(text, Setting(published=REPORT))
    assert found is None or found.value


@pytest.mark.parametrize("text", ["March 2014", "2014", "5 March", "03/04/2014", "Friday", "5.14", "20-21 july 2020"])
def test_no_part_of_a_day_is_invented(text: str) -> None:
    assert stated_day(text) is None


def test_a_run_away_span_is_no_date() -> None:
    assert parse("in March " * 40) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("BAKU, 3 October 2017 – Police held 83 people.", "2017-10-03"),
        ("Public statement, 3 October 2017\n\nThe trial opens today.", "2017-10-03"),
        ("A headline\nDate: 3 October 2017", "2017-10-03"),
        ("October 3, 2017 10:00AM EDT", "2017-10-03"),
        ("(Tunis, Oct. 3, 2017) – The authorities should", "2017-10-03"),
        ("GENEVA (3 October 2017) – Experts", "2017-10-03"),
        ("Further information on UA 1/17. Index: X 1/2017. Date: 3 October 2017", "2017-10-03"),
        ("On 3 October 2017 police held 83 people.", None),
        ("3 October 2017: he was arrested.", None),
        ("He was held in Baku, released on 3 October 2017", None),
        ("Issued on 03/10/2017", None),
        ("Long prose. " * 20 + "\n3 October 2017", None),
    ],
)
def test_a_dateline_is_found_where_it_is_sure(text: str, day: str | None) -> None:
    found = dateline(text)
    assert (found.isoformat() if found else None) == day


def test_stated_years_have_their_offsets_and_are_no_quantities() -> None:
    text = "In 2008 some 1900 people fled; by May 2009 (2010-01-02) 2000 had returned in 2015,000."
    assert [(text[o : o + 4], y) for o, y in stated_years(text)] == [
        ("2008", 2008),
        ("2009", 2009),
        ("2010", 2010),
    ]
