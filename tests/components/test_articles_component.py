"""Articles of a Doc: which law a number belongs to, whose law that is, and what is no law at all."""

from datetime import date

import pytest
import spacy

from pipeline.components.articles import Articles
from pipeline.components.mentions import drafts
from pipeline.context import Context
from pipeline.normalise.datelines import stated_years
from pipeline.normalise.names import name_index
from pipeline.normalise.places import country_mentions, heading_countries
from pipeline.rules.codes import instruments
from pipeline.rules.places import place_rules

NAMES = name_index(place_rules())
Cited = tuple[str, str | None, str | None]


@pytest.fixture(scope="module")
def articles() -> Articles:
    return Articles(NAMES, instruments())


def read(
    articles: Articles, text: str, *, title: str | None = None, published: date | None = None
) -> list[dict[str, str | None]]:
    context = Context(
        title=title,
        published=published,
        years=stated_years(text),
        countries=country_mentions(text, names=NAMES),
        title_countries=(),
    )
    return [draft.values for draft in articles.read(text, context)]


def cited(articles: Articles, text: str, **options: str) -> list[Cited]:
    return [(v["article"] or "", v["instrument"], v["jurisdiction"]) for v in read(articles, text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Articles 146-148 of Azerbaijan's Criminal Code",
            [("146", "Criminal Code", "AZ"), ("148", "Criminal Code", "AZ")],
            id="range-with-a-hyphen",
        ),
        pytest.param("Articles 19-21 of the Press Act", [("19", "Press Act", None), ("21", "Press Act", None)], id="law-unknown"),
        pytest.param(
            "Articles 110-1 and 282-1 of Russia's Criminal Code",
            [("110-1", "Criminal Code", "RU"), ("282-1", "Criminal Code", "RU")],
            id="hyphen-of-the-law",
        ),
        pytest.param("Article 19-21 of the Press Act", [("19-21", "Press Act", None)], id="one-article-with-a-hyphen"),
        pytest.param("Article 318 of Russia's Criminal Code", [("318", "Criminal Code", "RU")], id="of-the-state"),
        pytest.param("Article 318 of the Criminal Code of Russia", [("318", "Criminal Code", "RU")], id="state-after"),
        pytest.param("under the Russian Criminal Code, Article 318", [("318", "Criminal Code", "RU")], id="law-first"),
        pytest.param("under Criminal Code Article 318 in Russia", [("318", "Criminal Code", "RU")], id="law-directly-before"),
        pytest.param("In Russia he was held under Article 318.", [("318", None, "RU")], id="law-never-named"),
        pytest.param("He was held under Article 318.", [("318", None, None)], id="nothing-told"),
        pytest.param(
            "In Russia: Articles 212 (riot) and 318 (assault) of the Criminal Code",
            [("212", "Criminal Code", "RU"), ("318", "Criminal Code", "RU")],
            id="law-for-the-list",
        ),
        pytest.param(
            "In Russia: article 212 and article 318 of the Criminal Code",
            [("212", "Criminal Code", "RU"), ("318", "Criminal Code", "RU")],
            id="keyword-repeated",
        ),
        pytest.param(
            "Article 318 of Russia's Criminal Code; later Article 319 of the same Code.",
            [("318", "Criminal Code", "RU"), ("319", "Criminal Code", "RU")],
            id="the-same-code",
        ),
        pytest.param(
            "Article 318 of Russia's Criminal Code was used. Article 319 was not.",
            [("318", "Criminal Code", "RU"), ("319", "Criminal Code", "RU")],
            id="carried-on",
        ),
        pytest.param(
            "Article 318 of Russia's Criminal Code and Article 29 of its Constitution",
            [("318", "Criminal Code", "RU"), ("29", "Constitution", "RU")],
            id="two-laws",
        ),
        pytest.param(
            "It breaks article 9 of the ICCPR and Article 22 of Russia's Constitution.",
            [("9", "International Covenant on Civil and Political Rights", "INT"), ("22", "Constitution", "RU")],
            id="treaty-and-constitution",
        ),
        pytest.param(
            "Article 37 of the Convention on the Rights of the Child binds Kenya.",
            [("37", "Convention on the Rights of the Child", "INT")],
            id="treaty-by-name",
        ),
        pytest.param(
            "In Kenya he was tried under section 40 of the Penal Code, and in Uganda under section 23 of the Penal Code Act.",
            [("40", "Penal Code", "KE"), ("23", "Penal Code Act", "UG")],
            id="two-states",
        ),
        pytest.param(
            "In Kenya it breaks articles 14 and 6 of the International Labour Organization Weekly Rest Convention, 1921.",
            [
                ("14", "International Labour Organization Weekly Rest Convention, 1921", "INT"),
                ("6", "International Labour Organization Weekly Rest Convention, 1921", "INT"),
            ],
            id="every-convention-is-international",
        ),
        pytest.param(
            "Under the Kenyan Treason Act (TRA) he was held. In May he was charged under section 4 of the TRA.",
            [("4", "Treason Act", "KE")],
            id="short-name-that-the-text-gives",
        ),
        pytest.param(
            "Kenya's Penal Code (Law No. 63) punishes it. Section 41(1) lets him go.",
            [("41(1)", "Penal Code", "KE")],
            id="second-name-in-brackets",
        ),
        pytest.param(
            "The Kenyan Prisons Act 1962 was amended. Section 12 of the Act is new.",
            [("12", "Prisons Act 1962", "KE")],
            id="the-act-is-the-one-named",
        ),
        pytest.param(
            "In Kenya section 124 carries life, and section 18 of the Prisons Act a fine. Section 124 of the Penal Code is old.",
            [("124", "Penal Code", "KE"), ("18", "Prisons Act", "KE"), ("124", "Penal Code", "KE")],
            id="a-verb-ends-the-list",
        ),
        pytest.param(
            "In Kenya the Audit Act is old. Chapter IV of the peace agreement calls for a court.",
            [("IV", None, "KE")],
            id="of-something-else",
        ),
        pytest.param(
            "Section 7 of the Department of State, Trade, and Related Aid Act, 2021, of Kenya",
            [("7", "Department of State, Trade, and Related Aid Act, 2021", "KE")],
            id="commas-in-the-name",
        ),
        pytest.param(
            "In Iran he was tried under Article 498 of the Islamic Pe-\n  nal Code.",
            [("498", "Islamic Penal Code", "IR")],
            id="broken-over-lines",
        ),
        pytest.param("Kenya made a declaration under Article 22.", [("22", None, "INT")], id="declaration-under-a-treaty"),
        pytest.param("In Minsk, Belarus, they used Article 23.34 of the CAO.", [("23.34", "CAO", "BY")], id="abbreviation"),
    ],
)
def test_law_and_state(articles: Articles, text: str, expected: list[Cited]) -> None:
    assert cited(articles, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The organization ARTICLE 19 said that the trial was unfair.", id="said"),
        pytest.param("PEN, ARTICLE 19 and others wrote to the king.", id="in-a-list-of-organisations"),
        pytest.param("According to Article 19, a watchdog, nine sites were blocked.", id="apposition"),
        pytest.param("ARTICLE 19's director was turned away.", id="possessive"),
        pytest.param("Section 2. Respect for Civil Liberties\nNothing was reported.", id="heading"),
    ],
)
def test_what_only_looks_like_an_article(articles: Articles, text: str) -> None:
    assert cited(articles, text) == []


def test_article_19_of_a_treaty_is_one(articles: Articles) -> None:
    assert cited(articles, "This violates Article 19 of the ICCPR.") == [
        ("19", "International Covenant on Civil and Political Rights", "INT")
    ]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        pytest.param(
            "In Rwanda he was tried in 2014 under Article 463 of the Penal Code.", None, "rw-pc-2012", id="year-in-the-text"
        ),
        pytest.param("In Rwanda he was tried in 2020 under Article 194 of the Penal Code.", None, "rw-pc", id="later-year"),
        pytest.param(
            "In Rwanda he is on trial under Article 194 of the Penal Code.", date(2013, 5, 1), "rw-pc-2012", id="published"
        ),
        pytest.param("In Rwanda he is on trial under Article 194 of the Penal Code.", None, "rw-pc", id="no-day-now-in-force"),
        pytest.param(
            "In Rwanda he was tried under Article 194 of the 2012 Penal Code.",
            date(2020, 5, 1),
            "rw-pc-2012",
            id="year-in-the-name",
        ),
        pytest.param("In Russia he was tried under Article 999.9.9.9 of the Penal Code.", None, None, id="no-such-number"),
        pytest.param("He was tried under Article 194 of the Penal Code.", None, None, id="no-state"),
    ],
)
def test_the_instrument_of_its_time(articles: Articles, text: str, published: date | None, expected: str | None) -> None:
    assert [values["instrument_id"] for values in read(articles, text, published=published)] == [expected]


def test_in_a_decision_of_a_treaty_body_a_bare_article_is_the_treatys(articles: Articles) -> None:
    text = "The author claims a violation of article 7 by Belarus."
    assert [v["jurisdiction"] for v in read(articles, text, title="CCPR/C/99/D/1/2009")] == ["INT"]
    assert [v["jurisdiction"] for v in read(articles, text)] == ["BY"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "It is admissible under article 5 of the Optional Protocol. Claims under articles 7 and 9",
            [("5", "Optional Protocol", "INT"), ("7", None, "INT"), ("9", None, "INT")],
            id="never-the-protocols",
        ),
        pytest.param(
            "Under article 314 of Kenya's Penal Code he was tried, which breaks article 14. Article 9 of the Covenant binds.",
            [("314", "Penal Code", "KE"), ("14", "Covenant", "INT"), ("9", "Covenant", "INT")],
            id="the-treatys-before-the-states",
        ),
        pytest.param(
            "Article 1 of Kenya's Prisons Act tells its purpose. Article 7 names the penalties.",
            [("1", "Prisons Act", "KE"), ("7", "Prisons Act", "KE")],
            id="a-law-quoted-alone",
        ),
        pytest.param("He cites rule 97 of its rules of procedure.", [("97", "rules of procedure", "INT")], id="rules"),
    ],
)
def test_provisions_in_a_decision_of_a_treaty_body(articles: Articles, text: str, expected: list[Cited]) -> None:
    assert cited(articles, text, title="CCPR/C/99/D/1/2009 (Kenya)") == expected


def test_the_rules_of_the_body_that_decides(articles: Articles) -> None:
    (values,) = read(articles, "He cites rule 97 of its rules of procedure.", title="CCPR/C/99/D/1/2009 (Kenya)")
    assert values["instrument_id"] == "int-rop-ccpr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Three Kenyans were held in Uganda under section 5 of the Penal Code.", "UG", id="where-persons-come-from"),
        pytest.param("A Kenyan woman was held in Uganda under section 5 of the Penal Code.", "UG", id="a-woman-of"),
        pytest.param("Two Kenyans were held under section 5 of the Penal Code.", "KE", id="nothing-else-told"),
        pytest.param(
            "Two Kenyans were held under section 3 of the Kidnapping Act 1961 and section 34 of the Penal Code.",
            "MY",
            id="by-a-law-that-one-state-has",
        ),
    ],
)
def test_whose_law_it_is(articles: Articles, text: str, expected: str) -> None:
    assert {values["jurisdiction"] for values in read(articles, text)} == {expected}


def test_the_heading_of_an_entry_tells_whose_law_it_is(articles: Articles) -> None:
    text = "KENYA\nA man fled to Uganda.\n\n· UGANDA\nHis brother in Kenya was charged under section 5 of the Penal Code."
    context = Context(countries=country_mentions(text, names=NAMES), headings=heading_countries(text, names=NAMES))
    (draft,) = articles.read(text, context)
    assert context.headings == ((0, "KE"), (text.index("UGANDA"), "UG"))
    assert draft.values["jurisdiction"] == "UG"


def test_the_gloss_is_the_offence(articles: Articles) -> None:
    (values,) = read(articles, "In Russia: Article 213 (hooliganism) of the Criminal Code")
    assert values["offence"] == "hooliganism"


def test_a_law_is_not_carried_back_over_a_report_about_another_state(articles: Articles) -> None:
    text = (
        "Article 318 of Russia's Criminal Code was used.\n\nIn Kenya a man was held. Section 66 of Kenya's Penal Code was cited."
    )
    assert [law for _, _, law in cited(articles, text)] == ["RU", "KE"]


def test_offsets_in_a_piece_are_those_of_the_piece(articles: Articles) -> None:
    text = "Under Article 318 of the Criminal Code he was held."
    context = Context(countries=((7_990, "RU"),), offset=8_000)
    (draft,) = articles.read(text, context)
    assert (text[draft.start : draft.end], draft.values["jurisdiction"]) == ("318", "RU")


def test_alone_in_a_blank_pipeline_it_gives_facts() -> None:
    alone = spacy.blank("en")
    alone.add_pipe("casefacts_articles")
    doc = alone("He was charged under Articles 212 and 318 of the Criminal Code of the Russian Federation.")
    assert [(draft.values["article"], draft.values["instrument_id"]) for draft in drafts(doc)] == [
        ("212", "ru-cc"),
        ("318", "ru-cc"),
    ]
    assert [(span.text, span.label_) for span in doc.spans["casefacts"]] == [("212", "article"), ("318", "article")]
    assert drafts(alone("")) == []


def test_places_found_before_it_tell_the_state() -> None:
    both = spacy.blank("en")
    both.add_pipe("casefacts_locations")
    both.add_pipe("casefacts_articles")
    doc = both("Police in Yekaterinburg, Russia, charged her under Article 318 of the Criminal Code.")
    assert [draft.values["jurisdiction"] for draft in drafts(doc, "article")] == ["RU"]
