"""A report with its facts marked."""

import datetime
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from pipeline.schema import CountFact, Extraction, Fact, Report, SentenceFact
from pipeline.show import heading, label, page, pieces, terminal
from tests.stand_in import TEXT, extract

REPORT = Report(
    id="r",
    text=TEXT,
    title="Raid <b>",
    published=datetime.date(2019, 5, 1),
    published_basis="option",
)
(FOUND,) = extract([REPORT])


def shown(extraction: Extraction, width: int = 60) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(terminal(extraction))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def count(low: int | None, high: int | None, *, approx: bool = False) -> Fact:
    return found(CountFact, low=low, high=high, approx=approx, status="released")


def penalty(low: str | None, high: str | None) -> Fact:
    return found(SentenceFact, min=low, max=high, penalty="house_arrest", modality="possible")


def found(kind: type, start: int = 0, end: int = 4, **values: Any) -> Fact:
    words = TEXT[start:end]
    fact: Fact = kind(id="f", report_id="r", text=words, start=start, end=end, context="", rule="x", **values)
    return fact


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        *zip(
            FOUND.facts,
            [
                "2019",
                "Baku · city · AZ",
                "12 · detained",
                "P2Y · imprisonment · imposed",
                "233 · AZ",
            ],
            strict=True,
        ),
        (count(100, None), "100 or more · released"),
        (count(None, 50), "50 or fewer · released"),
        (count(50, 60), "50–60 · released"),
        (count(30, 30, approx=True), "about 30 · released"),
        (count(None, None), "? · released"),
        (penalty("P2Y", "P4Y"), "P2Y–P4Y · house arrest · possible"),
        (penalty(None, "P4Y"), "up to P4Y · house arrest · possible"),
        (penalty("P2Y", None), "P2Y or more · house arrest · possible"),
        (penalty(None, None), "house arrest · possible"),
    ],
    ids=str,
)
def test_the_value_in_a_few_words(fact: Fact, expected: str) -> None:
    assert label(fact) == expected


def test_the_terminal_shows_text_and_values() -> None:
    text = " ".join(shown(FOUND).split())
    assert "Baku [Baku · city · AZ] took 12 people [12 · detained] away" in text


def test_the_terminal_wraps_at_words() -> None:
    assert all(len(line) <= 40 for line in shown(FOUND, width=40).splitlines())


def test_no_control_character_reaches_the_terminal_or_the_page() -> None:
    (nasty,) = extract([Report(id="r", text="\x1b]0;owned\x07 Baku \x9b31m and [red]more[/red]")])
    for output in (shown(nasty), page([nasty])):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", output)
        assert "[red]more[/red]" in output


def test_pieces_join_to_the_text_even_where_facts_overlap() -> None:
    overlapping = (
        count(1, 1),
        found(CountFact, 2, 9, low=1, high=1, approx=False, status="charged"),
    )
    extraction = Extraction(report=REPORT, facts=overlapping)
    cut = list(pieces(extraction))
    assert "".join(piece.text for piece in cut) == TEXT
    assert [len(piece.facts) for piece in cut] == [1, 2, 1, 0]
    assert "<mark" in page([extraction])


class _Reader(HTMLParser):
    """Collects the text of a page's report, without the labels."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append("text" if ("class", "text") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "text")

    def handle_data(self, data: str) -> None:
        if "text" in self.open and "b" not in self.open:
            self.text += data


def test_the_page_holds_the_text_and_closes_its_marks() -> None:
    reader = _Reader()
    reader.feed(page([FOUND]))
    assert (reader.text, reader.open) == (TEXT, [])


def test_the_page_shows_every_value_and_loads_nothing() -> None:
    made = page([FOUND])
    assert all(f"{label(fact)}</b>" in made for fact in FOUND.facts)
    assert 'title="count: ' in made
    assert not re.search(r"https?:|src=|href=|<script|url\(|@import", made)


def test_the_page_escapes_the_report() -> None:
    (nasty,) = extract([Report(id="r", text='<script>alert("x")</script> & Baku')])
    assert "<script>" not in page([nasty])
    assert "&lt;script&gt;" in page([nasty])


def test_the_heading_says_what_dated_the_report() -> None:
    assert heading(FOUND) == "Raid <b> (2019-05-01, option)"


def test_what_is_doubtful_is_marked() -> None:
    sure, doubted = (
        found(CountFact, start, start + 2, low=1, high=1, approx=False, status="charged", confidence=c)
        for start, c in ((0, 0.7), (5, 0.69))
    )
    extraction = Extraction(report=REPORT, facts=(sure, doubted))
    assert "".join(shown(extraction).split()).count("[1·charged]") == 1
    assert "".join(shown(extraction).split()).count("[1·charged?]") == 1
    made = page([extraction])
    assert (made.count('<b class="count">'), made.count('<b class="count doubtful">')) == (1, 1)
    assert "confidence 0.69" in made
