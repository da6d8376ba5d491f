"""What may be the place of a claim: places, what courts are named after, each naming of a country; and its day."""

from spacy.language import Language

from pipeline.claims import offers_of, story_of
from pipeline.nlp import extract, outlined
from pipeline.schema import Report
from pipeline.ties.candidates import Candidate
from pipeline.ties.reach import Offers


def offers(nlp: Language, text: str) -> Offers:
    report = Report(id="own", text=text)
    facts, outline, context = outlined(report, nlp)
    return offers_of(facts, story_of(report, facts, outline, context))


def places(nlp: Language, text: str) -> dict[str, Candidate]:
    return {one.value: one for one in offers(nlp, text)["where"].all}


def test_a_country_is_offered_that_a_heading_names_and_none_that_only_owns_an_institution(nlp: Language) -> None:
    found = places(nlp, "SAMOA\n\nFive men were jailed, Fiji’s Ministry of Justice said. Tongan officers held two others.")
    assert [(one.value, one.means, one.kind) for one in found.values()] == [("SAMOA", "WS", "country")]


def test_what_stands_in_the_next_entry_belongs_to_nothing_before_it(nlp: Language) -> None:
    text = "SAMOA\n\nIn May 2018 police held 12 students.\n\nTONGA\n\nIn June 2018 the court in Neiafu jailed two men."
    (done,) = extract([Report(id="own", text=text)], nlp=nlp)
    assert [(one.text, one.where, one.country, one.when) for one in done.claims] == [
        ("12", "SAMOA", "WS", "2018-05"),
        ("two", "Neiafu", "TO", "2018-06"),
    ]


def test_a_heading_and_the_full_name_below_it_begin_one_entry(nlp: Language) -> None:
    text = "TONGA\nKINGDOM OF TONGA\nHead of state: King Tupou\nPolice reform stalled. In May 2018 twelve students were arrested."
    (done,) = extract([Report(id="own", text=text)], nlp=nlp)
    assert [(one.text, one.where, one.country) for one in done.claims] == [("twelve", "KINGDOM OF TONGA", "TO")]
    facts, _outline, context = outlined(Report(id="own", text=text), nlp)
    assert context.headings == ((0, "TO"), (6, "TO"))
    assert context.entries == (0,)
    assert [fact.text for fact in facts if fact.type == "location"] == ["TONGA", "KINGDOM OF TONGA"]


def test_a_country_means_the_same_under_each_of_its_names(nlp: Language) -> None:
    found = places(nlp, "In Burma 20 people were arrested. Police in Yangon, Myanmar, held them.")
    assert found["Burma"].means == found["Myanmar"].means == "MM"
    assert found["Yangon"].means == "Yangon"


def test_a_court_with_a_small_letter_is_named_after_its_place_too(nlp: Language) -> None:
    assert places(nlp, "The Kubwira magistrates court jailed five men.")["Kubwira"].kind == "court"


def test_a_day_whose_year_is_unknown_is_marked_as_a_day(nlp: Language) -> None:
    text = "On 13 September police held 7 men. In May 2018 they held 12, and 40 in the 1990s."
    told = [(one.value, one.kind) for one in offers(nlp, text)["when"].all]
    assert told == [("XXXX-09-13", "day"), ("2018-05", "month"), ("199X", "vague")]
