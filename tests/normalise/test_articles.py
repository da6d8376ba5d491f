"""The grammar of citations: lists, ranges, parts, glosses, and numbers that cite nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise.articles import citations
from pipeline.normalise.phrases import one_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("under Article 148 of the Code", ["148"], id="one"),
        pytest.param("ARTICLE 148 OF THE CODE", ["148"], id="capitals"),
        pytest.param("under Art. 58-10 of the old code", ["58-10"], id="abbreviated"),
        pytest.param("charged under § 130", ["130"], id="sign"),
        pytest.param("section 124A was applied", ["124A"], id="letter"),
        pytest.param("section 295-C was applied", ["295-C"], id="hyphen-letter"),
        pytest.param("Article 535.1 was applied", ["535.1"], id="point"),
        pytest.param("Article 20.3.3 was applied", ["20.3.3"], id="two-points"),
        pytest.param("Article 299/2 was applied", ["299/2"], id="slash"),
        pytest.param("Article 144 ter was applied", ["144ter"], id="ter"),
        pytest.param("Article III of the treaty", ["III"], id="roman"),
        pytest.param("Article 206 (2) was applied", ["206(2)"], id="bracket"),
        pytest.param("Article 105 (2) (a) was applied", ["105(2)(a)"], id="two-brackets"),
        pytest.param("Articles 206 (2), 213-1 and 228.3", ["206(2)", "213-1", "228.3"], id="list"),
        pytest.param("Articles 2, 7, 9 and 10", ["2", "7", "9", "10"], id="long-list"),
        pytest.param("Sections 121A and 124A", ["121A", "124A"], id="sections"),
        pytest.param("ss. 4 and 5", ["4", "5"], id="ss"),
        pytest.param("Articles 10 to 12", ["10", "12"], id="range-to"),
        pytest.param("Articles 10\u201312", ["10", "12"], id="range-dash"),
        pytest.param("Article 148, part 2", ["148(2)"], id="part-after"),
        pytest.param("Article 148 part 2 (b)", ["148(2)(b)"], id="part-letter-after"),
        pytest.param("Article 148, paragraph 2, of the Code", ["148(2)"], id="paragraph-after"),
        pytest.param("part 2 of Article 148", ["148(2)"], id="part-before"),
        pytest.param("paragraphs 1 and 3 of article 19", ["19(1)", "19(3)"], id="parts-before"),
        pytest.param("under part 4 of Articles 5 and 6", ["5(4)", "6"], id="part-before-a-list"),
        pytest.param("article 14, paragraph 3 (b) and (d)", ["14(3)(b)", "14(3)(d)"], id="sibling-letter"),
        pytest.param("article 14 (1) and (5)", ["14(1)", "14(5)"], id="sibling-number"),
        pytest.param("Article 105 (2)(a), (f)", ["105(2)(a)", "105(2)(f)"], id="sibling-below-two"),
        pytest.param("articles 9 (1) and (5) and 14 (1)", ["9(1)", "9(5)", "14(1)"], id="siblings-then-article"),
        pytest.param("article 14, paragraphs 1 and 3 (b)", ["14(1)", "14(3)(b)"], id="paragraphs-after"),
        pytest.param("articles 14, paragraphs 1 and 3 (b), and 26", ["14(1)", "14(3)(b)", "26"], id="paragraphs-then-article"),
        pytest.param("article 6 (1), read in conjunction with article 2 (3)", ["6(1)", "2(3)"], id="in-conjunction"),
        pytest.param("articles 2 and 26, and also 17", ["2", "26", "17"], id="and-also"),
        pytest.param("Articles 33(1)[12] and 34[fn:3]", ["33(1)", "34"], id="footnote-marks"),
        pytest.param("Articles 212 (riot), 213 (hooliganism) and 318", ["212", "213", "318"], id="list-with-glosses"),
        pytest.param("chapter IV of the Constitution", ["IV"], id="chapter-of-a-law"),
        pytest.param("section 11-EEEE of the Act", ["11-EEEE"], id="many-letters"),
        pytest.param("section 12(1A) of the Act", ["12(1A)"], id="number-and-letter-in-brackets"),
        pytest.param("Article 57(II)(a) of the Code", ["57(II)(a)"], id="roman-in-brackets"),
        pytest.param("Article 144 bis 2 of the Code", ["144bis2"], id="number-after-bis"),
        pytest.param("Section 144D2 of the Law", ["144D2"], id="number-after-letter"),
        pytest.param("Article\n  148 of the Code", ["148"], id="line-break"),
        pytest.param("a reservation underArticle124 of it", ["124"], id="run-together"),
        pytest.param("Article 2 (1) and 2 (3) apply", ["2(1)", "2(3)"], id="bracketed-after-a-singular"),
        pytest.param("articles 6 read alone and in conjunction with 2; 9; 14 (1)", ["6", "2", "9", "14(1)"], id="alone-and-with"),
        pytest.param("section 218,3 of the Code", ["218"], id="mark-of-a-note-behind-a-comma"),
        pytest.param("article 125h,2 paragraph 2, of it", ["125h(2)"], id="mark-of-a-note-before-a-part"),
        pytest.param("Articles 12.1 (arms, [but for shotguns]); 12.4 (gas arms)", ["12.1", "12.4"], id="brackets-in-a-gloss"),
        pytest.param("Article 4 states, “All may speak”", ["4"], id="states-is-a-verb"),
        pytest.param("(see article 9 (3) of the Covenant)", ["9(3)"], id="see-an-article"),
        pytest.param("(see section 9 of the Penal Code)", ["9"], id="see-a-section-of-a-law"),
        pytest.param("Article\u00a0148 of the Code", ["148"], id="no-break-space"),
    ],
)
def test_values(text: str, expected: list[str]) -> None:
    assert [cited.article for cited in citations(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("under Article 206 (2)", ["206 (2)"], id="number-alone"),
        pytest.param("under part 2 of Article 148 of it", ["2 of Article 148"], id="part-before"),
        pytest.param("under Article 148, part 2 of it", ["148, part 2"], id="part-after"),
        pytest.param("Article 14, paragraph 3 (b) and (d)", ["14, paragraph 3 (b)", "(d)"], id="sibling"),
        pytest.param("Articles 33[4] and 34 (theft)", ["33", "34"], id="without-note-and-gloss"),
    ],
)
def test_spans(text: str, expected: list[str]) -> None:
    assert [text[cited.start : cited.end] for cited in citations(text)] == expected


@pytest.mark.parametrize(
    ("text", "offences"),
    [
        pytest.param("Article 233 (mass disorder)", ["mass disorder"], id="brackets"),
        pytest.param("Article 228 (\u201cdrug trafficking\u201d)", ["drug trafficking"], id="quoted-in-brackets"),
        pytest.param("Article 70 [arson] of the Code", ["arson"], id="square-brackets"),
        pytest.param("Article 61, \u201csabotage\u201d, of the Code", ["sabotage"], id="quoted"),
        pytest.param("Articles 212 (riot) and 318 (violence)", ["riot", "violence"], id="each-its-own"),
        pytest.param("Articles 212 and 318 (violence)", [None, "violence"], id="the-nearest-alone"),
        pytest.param("Article 206 (2) of the Code", [None], id="a-part-is-no-gloss"),
        pytest.param("treason (Article 275)", [None], id="the-article-in-brackets"),
    ],
)
def test_the_gloss_is_the_offence(text: str, offences: list[str | None]) -> None:
    assert [cited.offence for cited in citations(text)] == offences


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("For the figures see section 2.a.", id="see-section"),
        pytest.param("More is said elsewhere (see Section 4).", id="see-in-brackets"),
        pytest.param("as described in this section 3", id="this-section"),
        pytest.param("Another man was shot in May (section 1.a.).", id="own-section-by-its-letter"),
        pytest.param("as elsewhere (see section 2.d., Refugees, and section 6 on minorities)", id="second-section-of-see"),
        pytest.param("Regulation 273/13 keeps refugees out of trade.", id="regulation-as-a-whole"),
        pytest.param("Members of the Article 3 Club were insulted.", id="club"),
        pytest.param("chapter 3 of this report", id="chapter-of-the-report"),
        pytest.param("paragraph 14 of the letter", id="paragraph-of-a-letter"),
        pytest.param("part 2 of the film", id="part-of-a-film"),
        pytest.param("They are 19 and 24 years old.", id="ages"),
        pytest.param("An article of faith", id="word"),
        pytest.param("the articles she wrote in 2014", id="newspaper-articles"),
        pytest.param("Law No. 5651 was amended", id="law-number"),
        pytest.param("the First Amendment", id="amendment"),
        pytest.param("Under that article 12 people were charged.", id="people-after-the-word"),
        pytest.param("", id="empty"),
    ],
)
def test_no_citation(text: str) -> None:
    assert citations(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("under Article 19 and 15 men", ["19"], id="and-men"),
        pytest.param("under Articles 19 and 20, 15 people", ["19", "20"], id="list-then-people"),
        pytest.param("under Article 5 of 12 January 2004", ["5"], id="date"),
        pytest.param("under Article 12 in 2014", ["12"], id="year"),
        pytest.param("Article 280, 3 years in prison", ["280"], id="years"),
        pytest.param("under Article 280. 14 others fled", ["280"], id="next-sentence"),
    ],
)
def test_numbers_that_follow_a_citation_are_not_cited(text: str, expected: list[str]) -> None:
    assert [cited.article for cited in citations(text)] == expected


_NUMBERS = st.integers(1, 450).map(str) | st.sampled_from(["124A", "213-1", "228.3", "206(2)", "299/2", "20.3.3"])


@given(st.lists(_NUMBERS, min_size=2, max_size=7))
def test_every_number_of_a_plain_list_is_cited(numbers: list[str]) -> None:
    text = f"under Articles {', '.join(numbers[:-1])} and {numbers[-1]} of the Criminal Code."
    found = citations(text)
    assert [cited.article for cited in found] == numbers
    assert [text[cited.start : cited.end] for cited in found] == numbers
    assert {text[cited.list_start : cited.list_end] for cited in found} == {text[6 : -len(" of the Criminal Code.")]}


_WORDS = st.sampled_from(
    [
        "Article",
        "articles",
        "Section",
        "part",
        "paragraph",
        "of",
        "the",
        "and",
        ",",
        "(",
        ")",
        "12",
        "3",
        "(b)",
        "4.1",
        "see",
        "Code",
        "\n",
        "[5]",
        "“",
    ]
)


@given(st.lists(_WORDS, max_size=30).map(" ".join))
def test_citations_of_any_text_stand_in_order_apart_and_in_their_list(text: str) -> None:
    end = 0
    for cited in citations(text):
        assert end <= cited.start < cited.end <= len(text)
        assert not any(letter.isspace() for letter in cited.article)
        end = cited.end


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        pytest.param(["up to"], "up\n  to", id="any-white-space"),
        pytest.param(["part", "parts"], "parts", id="longest-first"),
        pytest.param(["lit."], "lit.", id="a-point-is-a-point"),
    ],
)
def test_one_of(phrases: list[str], text: str) -> None:
    found = re.match(one_of(phrases), text)
    assert found is not None
    assert found[0] == text
