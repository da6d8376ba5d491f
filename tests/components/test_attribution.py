"""Who says so, and how surely. The examples of attribution.yml run in tests/test_models.py."""

import pytest
import spacy

from pipeline.components.attribution import attribute
from pipeline.components.mentions import drafts


@pytest.mark.parametrize(
    ("sent", "source"),
    [
        pytest.param("According to police, 12 men were held.", "police", id="according-to"),
        pytest.param(
            "Twelve men were held, according to the Ministry of Justice.", "Ministry of Justice", id="according-to-at-the-end"
        ),
        pytest.param("Amnesty International said that 12 men were held.", "Amnesty International", id="organisation"),
        pytest.param("His lawyer told reporters that 12 men were held.", "lawyer", id="lawyer"),
        pytest.param("State media reported that 12 men were held.", "State media", id="state-media"),
        pytest.param("The prosecution claimed that he led 12 men.", "prosecution", id="prosecution"),
        pytest.param("The Viasna group has documented 12 arrests.", "Viasna group", id="group-with-a-name"),
        pytest.param("UNAMA, which has an office there, recorded 12 arrests.", "UNAMA", id="clause-between"),
        pytest.param("Twelve men were held, relatives said.", "relatives", id="verb-at-the-end"),
        pytest.param("Twelve men were reportedly held.", "reports", id="reportedly"),
        pytest.param("According to unconfirmed reports, 12 men were held.", "reports", id="unconfirmed-reports"),
        pytest.param("Men who stood outside Minsk told reporters of 12 arrests.", None, id="place-does-not-speak"),
        pytest.param("In August Amnesty International said that 12 men were held.", "Amnesty International", id="month-before"),
        pytest.param("On Tuesday the ministry announced 12 arrests.", "ministry", id="weekday-before"),
        pytest.param("Police on 3 May said that 12 men were held.", "Police", id="day-behind"),
        pytest.param("May Ling said that 12 men were held.", "May Ling", id="month-is-a-name"),
        pytest.param("According to an August 4 press release, 12 men were held.", None, id="day-of-a-document"),
        pytest.param(
            "According to an August 4 report by the Viasna group, 12 men were held.", "Viasna group", id="day-and-author"
        ),
        pytest.param("During April police recorded 12 arrests.", "police", id="during"),
        pytest.param("Chad's Ombudsman's Office said that 12 men were held.", "Ombudsman's Office", id="office-of-a-state"),
        pytest.param(
            "The Women's Rights Association said that 12 were held.", "Women's Rights Association", id="possessive-in-a-name"
        ),
        pytest.param("Groups from Morocco and Tunisia said that 12 men were held.", "Groups", id="states-after-from"),
        pytest.param("Police arrested 12 men.", None, id="own-voice"),
        pytest.param("Officers told him to leave the square.", None, id="told-to"),
        pytest.param("He was sentenced for false reports.", None, id="reports-as-a-noun"),
        pytest.param("", None, id="empty"),
    ],
)
def test_source(sent: str, source: str | None) -> None:
    assert attribute(sent).source == source


@pytest.mark.parametrize(
    ("sent", "assertion"),
    [
        pytest.param("Police said that 12 men were held.", "stated", id="said"),
        pytest.param("Police arrested 12 men.", "stated", id="own-voice"),
        pytest.param("Twelve men were allegedly held.", "alleged", id="allegedly"),
        pytest.param("The party claimed that 12 men were held.", "alleged", id="claimed"),
        pytest.param("The army denied that 12 men were held.", "denied", id="denied-that"),
        pytest.param("The army denied holding 12 men.", "denied", id="denied-holding"),
        pytest.param("The 12 men were denied access to a lawyer.", "stated", id="denied-access"),
        pytest.param("The court denied bail to 12 men.", "stated", id="denied-bail"),
    ],
)
def test_assertion(sent: str, assertion: str) -> None:
    assert attribute(sent).assertion == assertion


def test_each_draft_is_attributed_by_its_own_sentence() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("casefacts_dates")
    nlp.add_pipe("casefacts_attribution")
    doc = nlp("Police said that he was held on 3 May 2019. He was freed on 4 May 2019. He allegedly fled on 5 May 2019.")
    said = doc._.casefacts_attributions
    assert len(said) == len(drafts(doc))
    assert [(one.source, one.assertion) for one in said] == [("Police", "stated"), (None, "stated"), ("reports", "alleged")]


def test_alone_in_a_blank_pipeline_it_runs() -> None:
    alone = spacy.blank("en")
    alone.add_pipe("casefacts_attribution")
    assert alone("Police said so.")._.casefacts_attributions == []
