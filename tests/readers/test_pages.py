"""Web pages as sites of many kinds lay them out: every fact once, in its place, and none of the menu."""

from pathlib import Path

import pytest

from pipeline.readers import read
from pipeline.schema import Report
from tests.readers.made import FACT, MORE, SPANISH

FACTS = [f"On {n} May 2019 police in Baku detained {n + 20} people at a rally, as their lawyers said." for n in range(1, 7)]
MENU = "<div class=menu>" + "".join(f"<a href='/{n}'>Department number {n}</a> " for n in range(30)) + "</div>"
CELLS = "".join(f"<tr><td>{n}</td><td><p>Person {n}</p></td><td><p>{fact}</p></td></tr>" for n, fact in enumerate(FACTS))


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{fact} {MORE}</{tag}>" for fact in FACTS)


def page(tmp_path: Path, body: str, *, head: str = "<meta charset=utf-8>", codec: str = "utf-8") -> str:
    (tmp_path / "x.html").write_bytes(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(codec))
    (report,) = read(tmp_path / "x.html")
    assert isinstance(report, Report)
    return report.text


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"{MENU}<div id=main><h1>Raids</h1>{paragraphs()}</div>", id="paragraphs"),
        pytest.param(f"{MENU}<div id=main><h1>Raids</h1>{paragraphs('div')}</div>", id="text in divs"),
        pytest.param(f"{MENU}<div><h1>Raids</h1>{'<br><br>'.join(FACTS)}</div>", id="line breaks"),
        pytest.param(f"<table><tr><td>{MENU}</td><td><h1>Raids</h1>{paragraphs()}</td></tr></table>", id="laid out by a table"),
        pytest.param(f"<form method=post>{MENU}<div><h1>Raids</h1>{paragraphs()}</div></form>", id="all in a form"),
        pytest.param(f"<main><h1>Raids</h1><table>{CELLS}</table></main>", id="table of cases with paragraphs"),
        pytest.param(
            f"<main><h1>Raids</h1><ul>{''.join(f'<li>{fact}' for fact in FACTS[:3])}<ul>"
            f"{''.join(f'<li><p>{fact}</p></li>' for fact in FACTS[3:])}</ul></li></ul></main>",
            id="list in a list",
        ),
        pytest.param(
            f"<main><h1>Raids</h1><dl>{''.join(f'<dt>Case</dt><dd>{fact}</dd>' for fact in FACTS)}</dl></main>", id="definitions"
        ),
        pytest.param(
            f"<article><h1>Raids</h1>{paragraphs()}</article><aside><h3>Related</h3><ul><li><a href=/x>Department number 1</a>"
            "</ul></aside>",
            id="beside other stories",
        ),
    ],
)
def test_every_fact_is_read_once_and_no_menu(tmp_path: Path, body: str) -> None:
    text = page(tmp_path, body)
    assert [text.count(fact) for fact in FACTS] == [1] * len(FACTS)
    assert [text.index(fact) for fact in FACTS] == sorted(text.index(fact) for fact in FACTS)
    assert text.startswith("Raids\n")
    assert "Department" not in text


def test_rows_stay_rows_with_what_their_table_is_called(tmp_path: Path) -> None:
    table = f"<table><caption>People held</caption><tr><th>No</th><th>Name</th><th>What</th></tr>{CELLS}</table>"
    text = page(tmp_path, f"<main><h1>Raids</h1><p>{MORE}</p>{table}</main>")
    assert f"People held\nNo\tName\tWhat\n0\tPerson 0\t{FACTS[0]}\n1\tPerson 1\t{FACTS[1]}" in text


def test_items_stay_items(tmp_path: Path) -> None:
    items = "<ul><li>First</li><li>Second<ul><li><p>Third</p></li></ul></li></ul>"
    assert "• First\n• Second\n• Third" in page(tmp_path, f"<main><p>{FACT}</p>{items}<p>{MORE}</p></main>")


def test_what_says_latin_1_is_read_as_browsers_read_it(tmp_path: Path) -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
    text = page(tmp_path, f"<h1>Raids</h1><p>{FACT} “It’s over” – he said.</p><p>{MORE}</p>", head=head, codec="cp1252")
    assert "“It’s over” – he said." in text


def test_a_page_of_elements_in_elements_without_end(tmp_path: Path) -> None:
    assert page(tmp_path, "<div>" * 20_000 + FACT + "</div>" * 20_000) == FACT


@pytest.mark.parametrize(
    ("head", "body", "name", "expected"),
    [
        pytest.param(
            "<meta name=date content=2019-05-01>", "BAKU, 2 May 2019 – ", "2019-05-04.html", (1, "metadata"), id="the page"
        ),
        pytest.param("", "BAKU, 2 May 2019 – ", "2019-05-04.html", (2, "dateline"), id="then the dateline"),
        pytest.param("", "", "2019-05-04.html", (3, "url"), id="then the address"),
        pytest.param(None, "", "2019-05-04.html", (4, "file_name"), id="then the file's name"),
        pytest.param(None, "", "x.html", (None, None), id="else none"),
    ],
)
def test_what_dates_a_page(
    tmp_path: Path, head: str | None, body: str, name: str, expected: tuple[int | None, str | None]
) -> None:
    address = "" if head is None else f"<link rel=canonical href=https://example.org/2019/05/03/raids>{head}"
    told = (
        f"<html><head>{address}</head><body><main><p>{body}Police held people at a rally.</p><p>{MORE}</p></main></body></html>"
    )
    (tmp_path / name).write_text(told, encoding="utf-8")
    (report,) = read(tmp_path / name)
    assert isinstance(report, Report)
    assert (report.published and report.published.day, report.published_basis) == expected


def test_a_page_in_another_language_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(f"<html><body><main><p>{SPANISH}</p></main></body></html>", encoding="utf-8")
    reasons = [getattr(item, "reason", getattr(item, "language", None)) for item in read(tmp_path / "x.html")]
    assert reasons == ["es", "language"]
