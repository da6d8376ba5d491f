"""What a reader may write into the fields of a fact."""

import pytest

from pipeline.review.values import CHOICES, FIELDS, derived, names, read, suggested
from pipeline.schema import FactType
from pipeline.scoring import FIELDS as SCORED
from pipeline.tables import FACT_MODELS

COUNT = {"low": "48", "high": "", "status": "detained", "assertion": "stated"}
PENALTY = {"min": "P2Y", "max": "P2Y", "penalty": "imprisonment", "modality": "imposed", "assertion": "stated"}
ARTICLE = {"article": "148", "assertion": "stated"}
DATE = {"value": "2017-09-23", "assertion": "stated"}
PLACE = {"country": "az", "kind": "city", "assertion": "stated"}


@pytest.mark.parametrize("model", FACT_MODELS, ids=lambda model: model.__name__)
def test_what_is_judged_are_columns_and_all_that_is_scored(model: type) -> None:
    kind: FactType = model.model_fields["type"].default
    assert set(names(kind)) <= set(model.model_fields)
    assert set(SCORED[kind]) <= set(FIELDS[kind])
    assert {name for name in CHOICES if name in model.model_fields} <= set(names(kind))


@pytest.mark.parametrize(
    ("kind", "written", "field", "expected"),
    [
        pytest.param("date", DATE, "value", "2017-09-23", id="day"),
        pytest.param("date", DATE | {"value": "XXXX-09-23"}, "value", "XXXX-09-23", id="day-without-year"),
        pytest.param("date", DATE | {"value": "2016-02/2017"}, "value", "2016-02/2017", id="range"),
        pytest.param("date", DATE | {"value": "[2017-03-04,2017-04-03]"}, "value", "[2017-03-04,2017-04-03]", id="either"),
        pytest.param("date", DATE | {"value": "2019-22"}, "value", "2019-22", id="season"),
        pytest.param("location", PLACE, "country", "AZ", id="country"),
        pytest.param("location", PLACE | {"country": "xk"}, "country", "XK", id="kosovo"),
        pytest.param("location", PLACE | {"country": ""}, "country", None, id="in-several"),
        pytest.param("count", COUNT, "high", None, id="open"),
        pytest.param("count", COUNT | {"low": "1,200"}, "low", 1200, id="thousands"),
        pytest.param("count", COUNT | {"approx": "true"}, "approx", True, id="approx"),
        pytest.param("count", COUNT | {"who": " two \n men "}, "who", "two men", id="spaces"),
        pytest.param("sentence", PENALTY | {"max": "life"}, "max", "life", id="life"),
        pytest.param("sentence", PENALTY | {"min": "pt48h"}, "min", "PT48H", id="hours"),
        pytest.param("article", ARTICLE | {"article": "148 (2)"}, "article", "148(2)", id="article"),
        pytest.param("article", ARTICLE | {"jurisdiction": "int"}, "jurisdiction", "INT", id="treaty"),
    ],
)
def test_what_is_understood(kind: FactType, written: dict[str, str], field: str, expected: object) -> None:
    values, wrong = read(kind, written)
    assert (values[field], wrong) == (expected, {})
    assert list(values) == list(names(kind))


@pytest.mark.parametrize(
    ("kind", "written", "field"),
    [
        pytest.param("date", DATE | {"value": ""}, "value", id="no-date"),
        pytest.param("date", DATE | {"value": "last month"}, "value", id="words"),
        pytest.param("date", DATE | {"value": "2017-02-29"}, "value", id="no-such-day"),
        pytest.param("date", DATE | {"value": "2017-13"}, "value", id="no-such-month"),
        pytest.param("date", DATE | {"value": "0000"}, "value", id="no-such-year"),
        pytest.param("date", DATE | {"value": "2017/2016"}, "value", id="backwards"),
        pytest.param("date", DATE | {"value": "2017/2018/2019"}, "value", id="three"),
        pytest.param("location", PLACE | {"country": "ZZ"}, "country", id="no-country"),
        pytest.param("location", PLACE | {"kind": "town"}, "kind", id="no-kind"),
        pytest.param("count", COUNT | {"low": "dozens"}, "low", id="no-number"),
        pytest.param("count", COUNT | {"low": "-3"}, "low", id="negative"),
        pytest.param("count", COUNT | {"low": ""}, "low", id="no-bound"),
        pytest.param("count", COUNT | {"high": "40"}, "high", id="high-under-low"),
        pytest.param("count", COUNT | {"low": "٤٨"}, "low", id="other-figures"),
        pytest.param("sentence", PENALTY | {"min": "two years"}, "min", id="no-duration"),
        pytest.param("sentence", PENALTY | {"min": "P"}, "min", id="empty-duration"),
        pytest.param("sentence", PENALTY | {"min": "", "max": ""}, "min", id="no-term"),
        pytest.param("article", {"assertion": "stated"}, "article", id="no-article"),
        pytest.param("article", ARTICLE | {"assertion": "sworn"}, "assertion", id="no-assertion"),
    ],
)
def test_what_is_refused(kind: FactType, written: dict[str, str], field: str) -> None:
    assert list(read(kind, written)[1]) == [field]


def test_what_follows_from_a_corrected_value() -> None:
    assert {name: str(day) for name, day in derived("date", {"value": "2016-02"}).items()} == {
        "first": "2016-02-01",
        "last": "2016-02-29",
    }
    assert derived("sentence", {"min": "P10D", "max": "life"}) == {"min_days": 10.0, "max_days": None}


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("count", "At least 48", {"low": 48, "high": None, "approx": False}),
        ("sentence", "up to 15 years", {"min": None, "max": "P15Y"}),
        ("article", "148 (2)", {"article": "148(2)"}),
        ("date", "2017", {"value": "2017"}),
        ("date", "last month", {}),
        ("count", "men", {}),
        ("location", "Ganja", {}),
    ],
)
def test_what_missed_words_say_by_themselves(kind: FactType, words: str, expected: dict[str, object]) -> None:
    assert suggested(kind, words) == {"assertion": "stated"} | expected
