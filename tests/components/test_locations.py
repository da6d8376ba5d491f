"""The component for locations, over Docs made by hand: what is found, and its edges."""

from dataclasses import replace

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import extract
from pipeline.components.locations import Locations, build_locations
from pipeline.components.mentions import Detected, drafts
from pipeline.context import Context
from pipeline.schema import Report


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("en")


@pytest.fixture(scope="module")
def component() -> Locations:
    return build_locations()


def _doc(nlp: Language, marked: str, *, kind: str | None = None) -> Doc:
    """Make a Doc in which the passages in brackets are what the network detected."""
    text, spans = "", []
    for piece in marked.replace("[", "\0[").replace("]", "\0").split("\0"):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 1))
        text += piece.removeprefix("[")
    doc = nlp.make_doc(text)
    guess = {"kind": (kind, 0.9)} if kind else {}
    doc._.casefacts_detected = tuple(Detected("location", s, e, 0.9, guess) for s, e in spans)
    return doc


def _found(component: Locations, doc: Doc) -> list[tuple[str, str | None]]:
    return [(doc.text[d.start : d.end], d.values["country"]) for d in component.match(doc)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("They were held in [Baku, Azerbaijan].", [("Baku", "AZ"), ("Azerbaijan", "AZ")]),
        ("He was held in [Atlanta], [Georgia].", [("Atlanta", "US"), ("Georgia", "US")]),
        (
            "US police, US courts: he came to the US from [Georgia] or [Iran].",
            [("US", "US")] * 3 + [("Georgia", "GE"), ("Iran", "IR")],
        ),
        ("In the US, [Texas] and [Georgia] executed three men.", [("US", "US"), ("Texas", "US"), ("Georgia", "US")]),
        ("He was held in [Tbilisi], [Georgia].", [("Tbilisi", "GE"), ("Georgia", "GE")]),
        ("He fled to [Tbilisi in Georgia].", [("Tbilisi", "GE"), ("Georgia", "GE")]),
        ("in [the Gaza Strip’s] south", [("Gaza Strip", "PS")]),
        ("the [Turkish] police", []),
        ("a court in [Côte d]'Ivoire", [("Côte d'Ivoire", "CI")]),
        ("He left [Mwanko] for Zambia.", [("Mwanko", "ZM"), ("Zambia", "ZM")]),
        ("A fine of [US]$100 was paid in [Lusaka].", [("Lusaka", "ZM")]),
        ("in [Muyinga\n\nThe] prison of Burundi", [("Muyinga", "BI"), ("Burundi", "BI")]),
        ("[Trinidad and Tobago] objected.", [("Trinidad and Tobago", "TT")]),
        ("in [Mbala province] of Zambia", [("Mbala", "ZM"), ("Zambia", "ZM")]),
        ("the [Freedom Hall pro]-reform rally in Zambia", [("Freedom Hall", "ZM"), ("Zambia", "ZM")]),
        ("the [Supreme Court of Zambia]", [("Supreme Court of Zambia", "ZM")]),
        ("[ZAMBIA\nREPUBLIC OF ZAMBIA]\nHead of state", [("ZAMBIA", "ZM"), ("REPUBLIC OF ZAMBIA", "ZM")]),
        ("flown to [Sri\nLanka]", [("Sri\nLanka", "LK")]),
    ],
)
def test_detected_spans(component: Locations, nlp: Language, marked: str, expected: list[tuple[str, str | None]]) -> None:
    assert _found(component, _doc(nlp, marked)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya released the two men.", [("Kenya", "KE")]),
        ("Kenyan officers released the men.", []),
        ("The Supreme Court of Kenya and the Bank of China were silent.", []),
        ("Kenya's Ministry of Justice was silent.", [("Kenya", "KE")]),
        ("She was moved to Nakuru, Kenya.", [("Nakuru", "KE"), ("Kenya", "KE")]),
        (
            "He was seen in Kisumu prison. Kenya denied it.",
            [("Kisumu prison", "KE"), ("Kenya", "KE")],
        ),
        ("Victoria was held in Lagos, Nigeria.", [("Lagos", "NG"), ("Nigeria", "NG")]),
        ("See Kenya: Justice delayed (AFR 32/004/2009).", []),
    ],
)
def test_a_blank_pipeline_finds_known_names(
    component: Locations, nlp: Language, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert _found(component, nlp(text)) == expected


@pytest.mark.parametrize(
    ("score", "marked", "expected"),
    [
        (0.95, "the [Ndola] Society", ["Ndola"]),
        (0.80, "the [Ndola] Society", []),
        (0.80, "the [Ndola] office", ["Ndola"]),
        (0.40, "the [Mwanko] office", []),
        (0.99, "[Chingola]: No justice (AFR 63/001/2008)", []),
    ],
)
def test_the_networks_doubts(component: Locations, nlp: Language, score: float, marked: str, expected: list[str]) -> None:
    doc = _doc(nlp, marked)
    doc._.casefacts_detected = tuple(replace(d, score=score) for d in doc._.casefacts_detected)
    assert [name for name, _ in _found(component, doc)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Eze, Kano\n\nPolice held 12 men.", ["Kano"]),
        ("By Ada Eze – Port Harcourt\n\nPolice held 12 men.", ["Port Harcourt"]),
        ("IBADAN (Agency) — Police held 12 men.", ["IBADAN"]),
        ("IBADAN, S. W. – Police held 12 men.", ["IBADAN"]),
        ("RAWALPINDI, Dec 14: Police held 12 men.", ["RAWALPINDI"]),
        ("MALMÖ, Sweden, May 19 – Police held 12 men.", ["MALMÖ", "Sweden"]),
        ("Kano, he said - Police held 12 men.", []),
        ("BY THE LAW – Police held 12 men.", []),
        ("By Lagos, Kano\nand Jos police held 12 men.", ["Kano"]),
    ],
)
def test_the_head_of_a_news_report_says_whence_it_comes(
    component: Locations, nlp: Language, text: str, expected: list[str]
) -> None:
    assert [name for name, _ in _found(component, _doc(nlp, text))] == expected


def test_the_head_of_a_piece_is_not_the_reports(component: Locations, nlp: Language) -> None:
    text = "RAWALPINDI, Dec 14: Police held 12 men."
    doc = _doc(nlp, text)
    doc._.casefacts_context = Context(offset=5_000)
    assert _found(component, doc) == []
    assert _found(component, _doc(nlp, "They were held.\n" * 60 + text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Belarus\n- Homel: ten days each\n- Brest: released", ["Belarus", "Homel", "Brest"]),
        ("Pakistan. 118 suspects were held.\n\nSialkot\n\nA mob beat a man.", ["Pakistan", "Sialkot"]),
        ("Men tried in Kosovo:\n(a) Klina. Three men were held.", ["Kosovo", "Klina"]),
        ("Poland\n\nPolice\n\nOfficers beat a man.", ["Poland"]),
        ("Philippines\nNATO\nILO\nOAS\n", ["Philippines"]),
        ("Sweden\n\nMora\n\nPrisoners had to be moved.", ["Sweden", "Mora"]),
        ("Sweden\n\nMora\n\nEn mora is a delay.", ["Sweden"]),
    ],
)
def test_a_town_heads_an_entry(component: Locations, nlp: Language, text: str, expected: list[str]) -> None:
    assert [name for name, _ in _found(component, _doc(nlp, text))] == expected


def test_a_site_keeps_its_noun(component: Locations, nlp: Language) -> None:
    doc = _doc(nlp, "in [Ndola] central prison, Zambia", kind="site")
    assert _found(component, doc)[0] == ("Ndola central prison", "ZM")


def test_the_title_tells_the_country(component: Locations, nlp: Language) -> None:
    doc = _doc(nlp, "She was beaten in [Ngomwe].")
    doc._.casefacts_context = Context(title="Malawi: a report")
    assert _found(component, doc) == [("Ngomwe", "MW")]


def test_a_piece_knows_what_the_report_said_before(component: Locations, nlp: Language) -> None:
    doc = _doc(nlp, "She was beaten in [Ngomwe].")
    doc._.casefacts_context = Context(countries=((10, "MW"), (900, "FR")), offset=100)
    assert _found(component, doc) == [("Ngomwe", "MW")]


def test_the_next_entry_of_an_annual_report_is_not_near(component: Locations, nlp: Language) -> None:
    doc = _doc(nlp, "She was beaten in [Ngomwe].")
    doc._.casefacts_context = Context(countries=((10, "MW"), (160, "FR")), headings=((0, "MW"), (150, "FR")), offset=100)
    assert _found(component, doc) == [("Ngomwe", "MW")]
    doc._.casefacts_context = Context(countries=((10, "MW"), (160, "FR")), offset=100)
    assert _found(component, doc) == [("Ngomwe", "FR")]


def test_a_following_noun_makes_a_region(component: Locations, nlp: Language) -> None:
    doc = _doc(nlp, "in [Gitega] province, Burundi")
    first = component.match(doc)[0]
    assert (doc.text[first.start : first.end], first.values["kind"]) == ("Gitega", "region")


def test_drafts_are_set_with_the_rule_that_settled_them(component: Locations, nlp: Language) -> None:
    doc = component(_doc(nlp, "in [Baku, Azerbaijan]"))
    assert [draft.rule for draft in drafts(doc, "location")] == ["places.city", "places.country"]
    assert [span.label_ for span in doc.spans["casefacts"]] == ["location", "location"]


def test_the_factory_is_registered(nlp: Language) -> None:
    assert nlp.has_factory("casefacts_locations")


def test_a_facility_with_a_number_for_a_name_is_a_place() -> None:
    text = "He was moved from Prison No. 6 to penal colony #4 in Baku; in prison no one could see him."
    (done,) = extract([Report(id="a", text=text)])
    found = {fact.text: fact.kind for fact in done.facts if fact.type == "location"}
    assert found == {"Prison No. 6": "site", "penal colony #4": "site", "Baku": "city"}
