"""Terms to ISO 8601 durations. The examples of durations.yml run in tests/test_models.py."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise.durations import Length, days, length
from pipeline.rules.durations import Unit


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        pytest.param("nine years", "P9Y", "P9Y", id="years"),
        pytest.param("one year", "P1Y", "P1Y", id="singular"),
        pytest.param("a year", "P1Y", "P1Y", id="article"),
        pytest.param("18 months", "P18M", "P18M", id="months-stay-months"),
        pytest.param("two weeks", "P2W", "P2W", id="weeks"),
        pytest.param("45 days", "P45D", "P45D", id="days"),
        pytest.param("72 hours", "PT72H", "PT72H", id="hours"),
        pytest.param("three-month", "P3M", "P3M", id="adjective"),
        pytest.param("30-day", "P30D", "P30D", id="adjective-figure"),
        pytest.param("two years and three months", "P2Y3M", "P2Y3M", id="compound"),
        pytest.param("one year, two months and five days", "P1Y2M5D", "P1Y2M5D", id="three-units"),
        pytest.param("four and a half years", "P4Y6M", "P4Y6M", id="and-a-half"),
        pytest.param("2.5 years", "P2Y6M", "P2Y6M", id="decimal"),
        pytest.param("four years' imprisonment", "P4Y", "P4Y", id="apostrophe"),
        pytest.param("four years\u2019", "P4Y", "P4Y", id="curly-apostrophe"),
        pytest.param("up to seven years", None, "P7Y", id="up-to"),
        pytest.param("a maximum of 90 days", None, "P90D", id="maximum-of"),
        pytest.param("no more than 15 days", None, "P15D", id="no-more-than"),
        pytest.param("at least 10 years", "P10Y", None, id="at-least"),
        pytest.param("a minimum of two years", "P2Y", None, id="minimum-of"),
        pytest.param("three to seven years", "P3Y", "P7Y", id="to"),
        pytest.param("3-7 years", "P3Y", "P7Y", id="hyphen"),
        pytest.param("3\u20137 years", "P3Y", "P7Y", id="en-dash"),
        pytest.param("between three and seven years", "P3Y", "P7Y", id="between"),
        pytest.param("from three to seven years", "P3Y", "P7Y", id="from-to"),
        pytest.param("six months to three years", "P6M", "P3Y", id="two-units"),
        pytest.param("one year and six months to four years", "P1Y6M", "P4Y", id="compound-to"),
        pytest.param("15 years to life", "P15Y", "life", id="to-life"),
        pytest.param("life imprisonment", "life", "life", id="life"),
        pytest.param("LIFE", "life", "life", id="capitals"),
        pytest.param("death", "death", "death", id="death"),
        pytest.param("up to two years or one year", None, "P2Y", id="up-to-the-longer"),
        pytest.param("ten\n  years", "P10Y", "P10Y", id="line-break"),
    ],
)
def test_bounds(text: str, low: str | None, high: str | None) -> None:
    assert length(text) == Length(low, high)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        pytest.param("eight", "Y", Length("P8Y", "P8Y"), id="number-of-a-list"),
        pytest.param("15", "D", Length("P15D", "P15D"), id="figure"),
        pytest.param("eight months", "Y", Length("P8M", "P8M"), id="own-unit-wins"),
        pytest.param("", "Y", None, id="nothing"),
    ],
)
def test_a_bare_number_takes_the_unit_of_its_neighbour(text: str, unit: Unit, expected: Length | None) -> None:
    assert length(text, unit=unit) == expected


@pytest.mark.parametrize("text", ["", "seven", "many years", "a fine", "months", "the same term", "lifeguard", "deathly"])
def test_no_term(text: str) -> None:
    assert length(text) is None


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        pytest.param("P30D", 30.0, id="days"),
        pytest.param("P2W", 14.0, id="weeks"),
        pytest.param("PT36H", 1.5, id="hours"),
        pytest.param("P4Y", 1461.0, id="years-with-a-leap-day"),
        pytest.param("P1Y6M", 547.9, id="compound"),
        pytest.param("life", None, id="life"),
        pytest.param("death", None, id="death"),
        pytest.param(None, None, id="open"),
        pytest.param("two years", None, id="not-iso"),
    ],
)
def test_days(duration: str | None, expected: float | None) -> None:
    assert days(duration) == expected


@given(st.integers(1, 60), st.integers(1, 11))
def test_years_and_months_keep_their_units(years: int, months: int) -> None:
    assert length(f"{years} years and {months} months") == Length(f"P{years}Y{months}M", f"P{years}Y{months}M")


@given(st.integers(1, 40), st.integers(41, 90), st.sampled_from([("days", "D"), ("months", "M"), ("years", "Y")]))
def test_the_unit_holds_for_both_ends_of_a_range(low: int, high: int, unit: tuple[str, str]) -> None:
    assert length(f"{low} to {high} {unit[0]}") == Length(f"P{low}{unit[1]}", f"P{high}{unit[1]}")


@given(st.text(alphabet="0123456789 -,.yearmonthdsiflup½", max_size=40))
def test_whatever_is_read_is_iso_8601_or_life_or_death(text: str) -> None:
    found = length(text)
    for end in (found.min, found.max) if found else ():
        assert end is None or re.fullmatch(r"life|death|P(?!$)(?:[\d.]+[YMWD])*(?:T[\d.]+H)?", end)
