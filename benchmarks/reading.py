"""How much of a report a reader finds, against another conversion of the same report: run by hand, needs ../shared.

python benchmarks/reading.py pdf     facts of the annual report of 2006 in its PDF against those in its text
python benchmarks/reading.py html    words of the country reports' pages against their texts
python benchmarks/reading.py columns lines of one column that go on in the other
"""

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from pipeline import extract, read
from pipeline.readers.pdf.heads import lines
from pipeline.readers.pdf.lines import Run, runs
from pipeline.schema import Report

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
BOOK = CORPORA / "pdf" / "amnesty-2006-countries.pdf"
_GUTTER = 8.0  # points between the columns of that book, at the least
_WORD = re.compile(r"\w+")


def reports(path: Path) -> list[Report]:
    """Return the reports of a file."""
    return [item for item in read(path) if isinstance(item, Report)]


def words(texts: Iterable[str]) -> Counter[str]:
    """Return the words of texts, in lower case."""
    return Counter(word for text in texts for word in _WORD.findall(text.casefold()))


def covered(found: Counter[str], expected: Counter[str]) -> tuple[float, float]:
    """Return the share of *expected* that was found, and what was added to it, as a share of it."""
    total = expected.total()
    return (found & expected).total() / total, (found - expected).total() / total


def pages_of_state() -> Iterator[tuple[str, float, float]]:
    """Yield each saved page of the State Department, what it covers of the same report's text and what it adds."""
    texts = {}
    for file in sorted((CORPORA / "state-department").glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                texts[row["id"].removeprefix("usdos-hrr-")] = row["text"]
    for page in sorted((CORPORA / "html").glob("*.html")):
        yield page.stem, *covered(words(part.text for part in reports(page)), words([texts[page.stem]]))


def facts(path: Path) -> Counter[str]:
    """Return the facts of a file by their type and words, line ends and hyphens aside."""
    found = (fact for done in extract(reports(path)) for fact in done.facts)
    return Counter(f"{fact.type} {_plain(fact.text)}" for fact in found)


def _plain(text: str) -> str:
    """Return the letters and figures of *text* without accents, hyphens and spaces, which the rough text has wrong."""
    bare = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))
    return "".join(_WORD.findall(bare.casefold()))


def pages(path: Path) -> Iterator[list[Run]]:
    """Yield the runs of each page of a PDF file."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    for number in range(len(pdf)):
        yield runs(pdf[number], number)


def across(path: Path, other: Path) -> tuple[list[str], int]:
    """Return the lines of one column that the text lets go on in the other at the same height, and how many were looked at.

    Words that follow each other in the *other* conversion of the book too are none: the phrase stands elsewhere.
    """
    text = " ".join(" ".join(_WORD.findall(report.text.casefold())) for report in reports(path))
    rough = " ".join(_WORD.findall(other.read_text(encoding="utf-8").casefold()))
    found, seen = [], 0
    for line in (line for page in pages(path) for line in lines(page)):
        for left, right in pairwise(line):
            if right.x0 - left.x1 >= _GUTTER and min(len(left.text), len(right.text)) > 15:
                ends, begins = _WORD.findall(left.text.casefold())[-3:], _WORD.findall(right.text.casefold())[:3]
                seen += 1
                joint = " ".join([*ends, *begins])
                if joint in text and joint not in rough:
                    found.append(f"{left.text} | {right.text}")
    return found, seen


def main(what: str) -> None:
    """Print the figures."""
    if what == "pdf":
        found, expected = facts(BOOK), facts(CORPORA / "amnesty-annual" / "2006.txt")
        for kind in ("date", "location", "count", "sentence", "article", ""):
            one = Counter({key: n for key, n in expected.items() if key.startswith(kind)})
            print(f"{kind or 'all':9} {one.total():6} in the text, covered {covered(found, one)[0]:.4f}")
        print(f"{found.total()} in the PDF; most missed: {(expected - found).most_common(20)}")
    elif what == "html":
        for name, share, added in pages_of_state():
            print(f"{name:40} covered {share:.4f} added {added:.4f}")
    else:
        lines, seen = across(BOOK, CORPORA / "amnesty-annual" / "2006.txt")
        print(f"{len(lines)} of {seen} pairs of lines run across columns", *lines, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
