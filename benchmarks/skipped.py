"""What is lost where networks are not asked: the facts and claims of a run, and of one in which they read every sentence.

    python benchmarks/skipped.py PATH --reports 20

The first run is as shipped. In the second the detector sees every sentence and spaCy's components read all of them, so it
takes some three times as long. A fact is the same if its type, its place and all its values are; with other sentences around
it, the detector also marks otherwise here and there, so not every difference is a loss.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc

from pipeline import Report, read
from pipeline.components import syntax
from pipeline.components.detector import screened
from pipeline.components.mentions import text_of
from pipeline.components.sents import sents_of
from pipeline.nlp import extract, load
from pipeline.normalise.screen import known_screen
from pipeline.schema import Claim, Fact

_IDS = {"id", "report_id", "context", "confidence", "rule", "score"}
_OF_CLAIM = ("when", "where", "country", "who", "source", "articles")
Told = dict[tuple[str, str, int, int], dict[str, Any]]


def every_sentence(doc: Doc) -> set[int]:
    """Return the numbers of all sentences."""
    return set(range(len(sents_of(text_of(doc)))))


def leave_nothing_out(nlp: Language) -> Language:
    """Return a pipeline whose networks read every sentence."""
    nlp.get_pipe("casefacts_detector").may_hold = lambda _: True  # type: ignore[attr-defined]
    syntax.parsed = syntax.named = every_sentence
    return nlp


def told(reports: Iterable[Report], nlp: Language, what: str) -> tuple[Told, Told]:
    """Return the facts and the claims of reports, by their places."""
    facts: Told = {}
    claims: Told = {}
    for one in track(extract(reports, nlp=nlp), what, console=Console(stderr=True), total=None):
        for fact in one.facts:
            facts[_place(one.report.id, fact)] = fact.model_dump(exclude=_IDS | {"source", "assertion"})
        for claim in one.claims:
            claims[_place(one.report.id, claim)] = {name: getattr(claim, name) for name in _OF_CLAIM}
    return facts, claims


def _place(report: str, one: Fact | Claim) -> tuple[str, str, int, int]:
    return report, one.type, one.start, one.end


def compared(ours: Told, whole: Told) -> dict[str, dict[str, int]]:
    """Return for each type how many are in both and equal, how many differ, and how many only one of them has."""
    figures: dict[str, Counter[str]] = {}
    for key in ours.keys() | whole.keys():
        which = "gained" if key not in whole else "lost" if key not in ours else "same" if ours[key] == whole[key] else "other"
        figures.setdefault(key[1], Counter())[which] += 1
    return {kind: dict(count) for kind, count in sorted(figures.items())}


def left_blank(lost: Sequence[tuple[str, str, int, int]], texts: Mapping[str, str]) -> Iterator[tuple[str, str, int, int]]:
    """Return those of the facts lost that stand in sentences left blank."""
    seen = {report: screened(texts[report], known_screen()) for report in {key[0] for key in lost}}
    return (key for key in lost if seen[key[0]][key[2]].isspace())


def main() -> None:
    """Compare on the reports of PATH."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="reports to read, e.g. data/raw")
    parser.add_argument("--reports", type=int, default=20, help="read at most so many (default: 20)")
    parser.add_argument("--json", type=Path, help="write the figures, and what is lost, to this file too")
    arguments = parser.parse_args()
    reports = list(islice((item for item in read(arguments.path) if isinstance(item, Report)), arguments.reports))
    ours = told(reports, load(), "as shipped")
    whole = told(reports, leave_nothing_out(load()), "nothing left out")
    texts = {report.id: report.text for report in reports}
    lost = sorted(whole[0].keys() - ours[0].keys())
    unseen = [(key, texts[key[0]][key[2] : key[3]]) for key in left_blank(lost, texts)]
    table = Table("", "same", "other values", "lost", "gained", title=f"{len(reports)} reports")
    figures = [compared(a, b) for a, b in zip(ours, whole, strict=True)]
    for name, kinds in zip(("facts", "claims"), figures, strict=True):
        for kind, count in kinds.items():
            table.add_row(f"{name}: {kind}", *(f"{count.get(which, 0):,}" for which in ("same", "other", "lost", "gained")))
    Console().print(table)
    print(f"Of the facts lost {len(unseen)} stand in sentences that the detector did not see.")
    if arguments.json:
        content = {"facts": figures[0], "claims": figures[1], "in sentences left blank": unseen}
        arguments.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
