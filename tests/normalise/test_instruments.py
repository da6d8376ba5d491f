"""Names of laws in running text. The names of models/codes/ run in tests/test_models.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise.instruments import law_names
from pipeline.normalise.names import NameIndex, name_index
from pipeline.rules.codes import instruments
from pipeline.rules.places import place_rules

KNOWN = instruments()


@pytest.fixture(scope="module")
def names() -> NameIndex:
    return name_index(place_rules())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("under the Criminal Code of Azerbaijan.", ("Criminal Code", "AZ"), id="of-a-state"),
        pytest.param("under Azerbaijan's Criminal Code.", ("Criminal Code", "AZ"), id="possessive"),
        pytest.param("under the Azerbaijani Criminal Code.", ("Criminal Code", "AZ"), id="adjective"),
        pytest.param("under the Turkish penal code.", ("penal code", "TR"), id="lower-case"),
        pytest.param("under the Criminal Code of the Russian Federation.", ("Criminal Code", "RU"), id="federation"),
        pytest.param("under the Constitution of the Republic of Korea.", ("Constitution", "KR"), id="republic"),
        pytest.param("under the Code of Administrative Offences.", ("Code of Administrative Offences", None), id="of-belongs"),
        pytest.param("under the Code on Administrative Offenses.", ("Code on Administrative Offenses", None), id="on-belongs"),
        pytest.param("under the Administrative Offences Code.", ("Administrative Offences Code", None), id="noun-last"),
        pytest.param("under the Public Order and Security Act.", ("Public Order and Security Act", None), id="and-inside"),
        pytest.param("under the law on mass events.", ("law on mass events", None), id="lower-tail"),
        pytest.param("under its Internal Security Act 1960.", ("Internal Security Act 1960", None), id="year-after"),
        pytest.param("under the draft Criminal Code.", ("draft Criminal Code", None), id="draft"),
        pytest.param("under the ICCPR.", ("International Covenant on Civil and Political Rights", "INT"), id="treaty-short"),
        pytest.param(
            "by the Convention on the Rights of the Child.", ("Convention on the Rights of the Child", None), id="treaty-long"
        ),
        pytest.param("under Morocco’s criminal code.", ("criminal code", "MA"), id="listed-name-behind-its-state"),
        pytest.param("by Law No. 9 of 17 March 1995.", ("Law No. 9 of 17 March 1995", None), id="day-of-the-law"),
        pytest.param(
            "by Decree No. 8 of 1983 on Public Meetings.", ("Decree No. 8 of 1983 on Public Meetings", None), id="subject-last"
        ),
        pytest.param("under the Labour and Wages Act 2007.", ("Labour and Wages Act 2007", None), id="without-the"),
        pytest.param("under Nepal's CPA.", ("CPA", "NP"), id="short-name-of-another-state"),
        pytest.param("While the Penal Code of Iraq forbids it", ("Penal Code", "IQ"), id="while"),
        pytest.param("under the Criminal Code and the Code of Ethics.", ("Criminal Code", None), id="first-of-two"),
    ],
)
def test_the_name_without_its_state(names: NameIndex, text: str, expected: tuple[str, str | None]) -> None:
    found = law_names(text, names=names, known=KNOWN)[0]
    assert (found.text, found.country) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Police enforced the law.", id="the-law"),
        pytest.param("The dress code was strict.", id="dress-code"),
        pytest.param("They act in good faith.", id="verb"),
        pytest.param("The bill was paid by her family.", id="bill"),
        pytest.param("Law enforcement officers came.", id="law-enforcement"),
        pytest.param("He is a law student.", id="law-student"),
        pytest.param("In order to leave, he paid.", id="in-order-to"),
        pytest.param("They gave law enforcement the keys.", id="gave-law-enforcement"),
        pytest.param("It is settled case law.", id="case-law"),
        pytest.param("", id="empty"),
    ],
)
def test_no_law(names: NameIndex, text: str) -> None:
    assert [found.text for found in law_names(text, names=names, known=KNOWN)] == []


def test_laws_stand_in_the_order_of_the_text(names: NameIndex) -> None:
    text = "Neither the Constitution nor the Criminal Procedure Code, still less the ICCPR, allows it."
    found = [text[one.start : one.end] for one in law_names(text, names=names, known=KNOWN)]
    assert found == ["Constitution", "Criminal Procedure Code", "ICCPR"]


_WORDS = st.sampled_from(
    [
        "the",
        "Criminal",
        "Code",
        "of",
        "Georgia",
        "Georgian",
        "'s",
        "Law",
        "on",
        "Press",
        "Act",
        "1998",
        "and",
        "ICCPR",
        ",",
        "(",
        "of",
        "constitution",
        "\n",
        "Côte d'Ivoire",
    ]
)


@given(words=st.lists(_WORDS, max_size=20))
def test_names_never_overlap_and_are_never_empty(names: NameIndex, words: list[str]) -> None:
    text, end = " ".join(words), 0
    for found in law_names(text, names=names, known=KNOWN):
        assert end <= found.start < found.end <= len(text)
        assert found.text.strip()
        end = found.end
