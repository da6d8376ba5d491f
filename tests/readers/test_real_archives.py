"""Real reports as PDF and HTML: a few of each; benchmarks/reading.py measures them all."""

import gzip
import json
import re
from collections import Counter

import pytest

from pipeline.readers import read
from pipeline.schema import Report
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CORPORA = SHARED / "corpora"


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("name", ["2018-saint-vincent-and-the-grenadines", "2019-grenada", "2016-azerbaijan"])
def test_a_page_is_its_report_and_nothing_else(name: str) -> None:
    year, country = name.split("-", 1)
    with gzip.open(CORPORA / "state-department" / f"{year}.jsonl.gz", "rt", encoding="utf-8") as rows:
        expected = words(next(row["text"] for row in map(json.loads, rows) if row["id"].endswith(f"{year}-{country}")))
    parts = [item for item in read(CORPORA / "html" / f"{name}.html") if isinstance(item, Report)]
    found = sum((words(part.text) for part in parts), Counter())
    assert len(parts) == 8
    assert parts[1].part is not None
    assert parts[1].part.startswith("Section 1. Respect")
    assert (found & expected).total() >= 0.98 * expected.total()
    assert (found - expected).total() <= 0.01 * expected.total()


def test_an_annual_report_is_its_entries() -> None:
    entries = [item for item in read(CORPORA / "pdf" / "amnesty-2006-countries.pdf") if isinstance(item, Report)]
    assert len(entries) == 150
    assert {"UNITED STATES OF AMERICA", "KOREA (REPUBLIC OF)", "RUSSIAN FEDERATION"} <= {entry.part for entry in entries}
    albania = next(entry for entry in entries if entry.part == "ALBANIA")
    assert (albania.first_page, albania.publisher, albania.story_year) == (3, "Amnesty International", 2005)
    found = words(" ".join(entry.text for entry in entries))
    expected = words((CORPORA / "amnesty-annual" / "2006.txt").read_text(encoding="utf-8"))
    assert (found & expected).total() >= 0.97 * expected.total()
    assert sum(entry.heads_removed or 0 for entry in entries) >= 470
