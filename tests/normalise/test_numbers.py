"""Quantities in figures and words to their bounds. The examples of numbers.yml run in tests/test_models.py."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.normalise.numbers import Quantity, cardinal, fold, quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("seven", 7, id="word"),
        pytest.param("seventy-seven", 77, id="hyphen"),
        pytest.param("ninety three", 93, id="no-hyphen"),
        pytest.param("two hundred", 200, id="hundred"),
        pytest.param("three hundred and six", 306, id="hundred-and"),
        pytest.param("a hundred", 100, id="article-hundred"),
        pytest.param("one thousand two hundred and eight", 1208, id="thousand"),
        pytest.param("forty thousand", 40_000, id="tens-of-a-scale"),
        pytest.param("4", 4, id="figure"),
        pytest.param("1,204", 1204, id="comma"),
        pytest.param("31\u00a0500", 31_500, id="no-break-space"),
        pytest.param("31\u202f500", 31_500, id="narrow-space"),
        pytest.param("1,204,000", 1_204_000, id="two-commas"),
        pytest.param("2.5 million", 2_500_000, id="decimal-million"),
        pytest.param("three dozen", 36, id="dozen"),
        pytest.param("0", 0, id="zero"),
    ],
)
def test_one_number(text: str, value: int) -> None:
    assert cardinal(text) == value


@pytest.mark.parametrize("text", ["", "and", "and seven", "detainees", "seven detainees", "twentyish", "-", "½"])
def test_no_single_number(text: str) -> None:
    assert cardinal(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "approx"),
    [
        pytest.param("29", 29, 29, False, id="exact"),
        pytest.param("Twenty-nine", 29, 29, False, id="capital"),
        pytest.param("at least 29", 29, None, False, id="at-least"),
        pytest.param("no fewer than nine", 9, None, False, id="no-fewer-than"),
        pytest.param("a minimum of 15", 15, None, False, id="a-minimum-of"),
        pytest.param("29 or more", 29, None, False, id="or-more"),
        pytest.param("more than 29", 30, None, False, id="more-than"),
        pytest.param("well over 300", 301, None, False, id="well-over"),
        pytest.param("over two dozen", 25, None, False, id="over-dozen"),
        pytest.param("in excess of 1,500", 1501, None, False, id="in-excess-of"),
        pytest.param("upwards of 80", 81, None, False, id="upwards-of"),
        pytest.param("up to 29", None, 29, False, id="up-to"),
        pytest.param("as many as 90", None, 90, False, id="as-many-as"),
        pytest.param("a maximum of eight", None, 8, False, id="a-maximum-of"),
        pytest.param("fewer than 29", None, 28, False, id="fewer-than"),
        pytest.param("under 60", None, 59, False, id="under"),
        pytest.param("about 29", 29, 29, True, id="about"),
        pytest.param("some 450", 450, 450, True, id="some"),
        pytest.param("almost 70", 70, 70, True, id="almost"),
        pytest.param("around three hundred", 300, 300, True, id="around-words"),
        pytest.param("40 or so", 40, 40, True, id="or-so"),
        pytest.param("approximately 25 to 30", 25, 30, True, id="about-a-range"),
        pytest.param("20 to 30", 20, 30, False, id="to"),
        pytest.param("20-30", 20, 30, False, id="hyphen"),
        pytest.param("20\u201330", 20, 30, False, id="en-dash"),
        pytest.param("between 60 and 75", 60, 75, False, id="between"),
        pytest.param("three or four", 3, 4, False, id="or"),
        pytest.param("a dozen", 12, 12, True, id="a-dozen"),
        pytest.param("half a dozen", 6, 6, False, id="half-a-dozen"),
        pytest.param("dozens", 24, None, False, id="dozens"),
        pytest.param("scores", 40, None, False, id="scores"),
        pytest.param("hundreds", 200, None, False, id="hundreds"),
        pytest.param("thousands", 2000, None, False, id="thousands"),
        pytest.param("tens of thousands", 20_000, None, False, id="tens-of-thousands"),
        pytest.param("several dozen", 24, None, False, id="several-dozen"),
        pytest.param("seven of the 19", 7, 7, False, id="part-of-whole"),
        pytest.param("at least seven of the 19", 7, None, False, id="bounded-part"),
        pytest.param("all nine", 9, 9, False, id="all"),
        pytest.param("the seven", 7, 7, False, id="back-reference"),
        pytest.param("another 16", 16, 16, False, id="another"),
        pytest.param("a total of 511", 511, 511, False, id="a-total-of"),
        pytest.param("(33)", 33, 33, False, id="brackets"),
        pytest.param("more  than\n40", 41, None, False, id="line-break"),
        pytest.param("both", 2, 2, False, id="both"),
    ],
)
def test_bounds(text: str, low: int | None, high: int | None, approx: bool) -> None:
    assert quantity(text) == Quantity(low, high, approx)


@pytest.mark.parametrize(
    "text", ["", "a", "an", "some", "few", "numerous", "activists", "at least", "more than", "30 to 20", "2.7", "of"]
)
def test_no_quantity(text: str) -> None:
    assert quantity(text) is None


_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spelt(number: int) -> str:
    """Write a number below a million in English words."""
    if number >= 1000:
        rest = f" {spelt(number % 1000)}" if number % 1000 else ""
        return f"{spelt(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {spelt(number % 100)}" if number % 100 else ""
        return f"{spelt(number // 100)} hundred{rest}"
    if number >= 20:
        return _TENS.split()[number // 10 - 2] + (f"-{spelt(number % 10)}" if number % 10 else "")
    return _ONES.split()[number]


@given(st.integers(1, 999_999))
@example(1_000)
@example(100_100)
def test_every_number_means_the_same_in_words_and_in_figures(number: int) -> None:
    assert quantity(spelt(number)) == quantity(str(number)) == quantity(f"{number:,}") == Quantity(number, number)


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_a_range_is_read_from_low_to_high_alone(low: int, high: int) -> None:
    expected = Quantity(low, high) if low < high else None
    assert quantity(f"between {low} and {high}") == quantity(f"{low} to {high}") == expected


@given(st.text())
def test_any_text_is_a_quantity_with_ordered_bounds_or_none(text: str) -> None:
    found = quantity(text)
    if found and found.low is not None and found.high is not None:
        assert found.low <= found.high


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
