"""casefacts beside the tools that one would use instead: `python -m benchmarks.compare [GOLD.jsonl …]`.

Every tool that is installed (`pip install '.[compare]'`) reads the same texts in this process, on one core. Its facts
are scored as casefacts' own; docs/comparison.md says what its adapter adds. Words per second are of processor time,
that of Java included, so that what else the machine does slows no one. Loading is left out, one text is read before the
clock starts, and making values of what was found counts. `--write` puts the tables into README.md and docs/accuracy.md,
and the figures into benchmarks/comparison.json.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.rivals import dates, law, ner, ours, places, quantities
from benchmarks.rivals.tool import Fact, Run, Tool
from pipeline.gold import Gold, read_gold
from pipeline.schema import FactType
from pipeline.scoring import compared, figures

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "gold" / "samples.jsonl"
SHARED = ROOT.parent / "shared" / "eval" / "gold"
FIGURES = ROOT / "benchmarks" / "comparison.json"
TOOLS: tuple[Tool, ...] = (*ours.TOOLS, *ner.TOOLS, *dates.TOOLS, *places.TOOLS, *quantities.TOOLS, *law.TOOLS)

GOLD = {
    "reports": "reports and decisions of the field",
    "samples": "the sample reports of this project (`tests/gold/samples.jsonl`)",
    "dates-timebank": "news of the 1990s (TimeBank), dates alone",
    "places-geovirus": "Wikinews (GeoVirus), places alone",
}
COLUMNS = {"date": "dates", "location": "locations", "count": "counts", "sentence": "sentences", "article": "articles"}
NEWS = {"dates-timebank": ("date", "dates in news"), "places-geovirus": ("location", "places in news")}
MARKS = ("<!-- comparison -->", "<!-- /comparison -->")

Figures = dict[str, Any]


def one_core() -> None:
    """Keep this process, and those that it starts, on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def processor_seconds() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    others = os.times()  # counts in hundredths of a second: too coarse for the quick ones, but Java takes whole seconds
    return time.process_time() + others.children_user + others.children_system


def loaded(tool: Tool) -> Run | None:
    """Return what runs a tool; None if it is not installed."""
    try:
        return tool.load()
    except ImportError:
        return None


def read(run: Run, gold: Sequence[Gold]) -> dict[str, list[Fact]]:
    """Return the facts of each text. A tool is given the texts alone."""
    return dict(zip((one.id for one in gold), run([one.report() for one in gold]), strict=True))


def measure(tool: Tool, golds: Mapping[str, Sequence[Gold]]) -> Figures | None:
    """Return the figures of one tool on every gold that has facts of its types; None if it is not installed.

    Its speed is that on the first gold, which every tool reads whole.
    """
    print(f"{tool.name} …", file=sys.stderr)
    if (run := loaded(tool)) is None:
        return None
    first, *others = golds
    read(run, golds[first][:1])  # caches filled, models fetched from the disk
    begun = processor_seconds()
    facts = read(run, golds[first])
    taken = processor_seconds() - begun
    answers = {first: facts} | {name: read(run, golds[name]) for name in others if has(golds[name], tool.types)}
    return {
        "version": version(tool.packages[0]),
        "adapter": tool.adapter,
        "words_per_second": round(words(golds[first]) / taken),
        "figures": {name: scored(golds[name], given, tool.types) for name, given in answers.items()},
    }


def has(gold: Iterable[Gold], kinds: Sequence[FactType]) -> bool:
    """Tell whether a gold asks for any of *kinds*."""
    return any(fact.type in kinds for one in gold for fact in one.facts)


def scored(gold: Sequence[Gold], facts: Mapping[str, Sequence[Fact]], kinds: Sequence[FactType]) -> Figures:
    """Return the scorer's figures of those of *kinds* that the gold has, and their mean."""
    rows = figures(compared(gold, facts, kinds=kinds), kinds=kinds)
    return {kind: row for kind, row in rows.items() if kind == "macro" or row["gold"]}


def words(gold: Iterable[Gold]) -> int:
    """Return the number of words of a gold's texts."""
    return sum(len(one.text.split()) for one in gold)


def compare(tools: Iterable[Tool], golds: Mapping[str, Sequence[Gold]], *, day: date) -> Figures:
    """Return the figures of all *tools* on all *golds*, and which tools are not installed."""
    measured = {tool.name: (tool, measure(tool, golds)) for tool in tools}
    return {
        "day": day.isoformat(),
        "python": platform.python_version(),
        "gold": {name: about(gold) for name, gold in golds.items()},
        "tools": {name: rows for name, (_, rows) in measured.items() if rows},
        "missing": {name: tool.install for name, (tool, rows) in measured.items() if rows is None},
    }


def about(gold: Sequence[Gold]) -> Figures:
    """Return the size of a gold."""
    return {"documents": len(gold), "words": words(gold)}


def best(rows: Mapping[str, Figures], name: str, kind: str) -> float:
    """Return the best right F1 of a type on a gold."""
    return max(float(row["figures"].get(name, {}).get(kind, {"right_f1": 0})["right_f1"]) for row in rows.values())


def cell(rows: Mapping[str, Figures], tool: str, name: str, kind: str, *, both: bool) -> str:
    """Return "found / right" or the right figure of one tool, bold where none is better, a dash where it has none."""
    row = rows[tool]["figures"].get(name, {}).get(kind)
    if row is None:
        return "–"
    right = f"{row['right_f1']:.2f}"
    shown = f"**{right}**" if row["right_f1"] and right == f"{best(rows, name, kind):.2f}" else right
    return f"{row['found_f1']:.2f} / {shown}" if both else shown


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def row_of(done: Figures, tool: str, columns: Sequence[tuple[str, str]], *, both: bool) -> list[str]:
    """Return the cells of a tool under *columns*, each a gold and a type."""
    return [cell(done["tools"], tool, name, kind, both=both) for name, kind in columns]


def overview(done: Figures) -> str:
    """Return the table of README.md: right F1 of every tool on the first gold, its dates and places on the others, its speed."""
    first = next(iter(done["gold"]))
    news = [(name, kind) for name, (kind, _) in NEWS.items() if name in done["gold"]]
    header = ["right, F1", *COLUMNS.values(), *(NEWS[name][1] for name, _ in news), "words/s"]
    columns = [*((first, kind) for kind in COLUMNS), *news]
    rows = [
        [tool, *row_of(done, tool, columns, both=False), f"{row['words_per_second']:,}"] for tool, row in done["tools"].items()
    ]
    return f"{table(header, rows)}\n\n{said(done)}"


def details(done: Figures) -> str:
    """Return the tables of docs/accuracy.md: found and right F1 of every tool on every gold, and what each adapter adds."""
    parts = [f"Found / right, F1. {said(done)}"]
    for name, size in done["gold"].items():
        kinds = [kind for kind in COLUMNS if any(kind in row["figures"].get(name, {}) for row in done["tools"].values())]
        columns = [(name, kind) for kind in kinds]
        rows = [[tool, *row_of(done, tool, columns, both=True)] for tool, row in done["tools"].items() if name in row["figures"]]
        parts.append(f"{GOLD.get(name, name)}, {size['documents']:,} documents, {size['words']:,} words:")
        parts.append(table(["", *(COLUMNS[kind] for kind in kinds)], rows))
    speeds = [[tool, row["version"], f"{row['words_per_second']:,}", row["adapter"]] for tool, row in done["tools"].items()]
    parts.append(table(["", "version", "words/s", "what the adapter adds"], speeds))
    return "\n\n".join(parts)


def said(done: Figures) -> str:
    """Return what must be said beside a table."""
    first = next(iter(done["gold"]))
    absent = "".join(f" {name} was not installed (`{how}`)." for name, how in done["missing"].items())
    return (
        f"Measured on {done['day']}, Python {done['python']}; types and speed on {GOLD.get(first, first)}. **Bold**: the best; "
        f"–: not its business. Speed: words per second of processor time on one core, loading left out; rough, as it depends on "
        f"the machine and on what else runs there.{absent}"
    )


def write(done: Figures) -> None:
    """Put the figures into benchmarks/comparison.json, and the tables between the marks of the pages."""
    FIGURES.write_text(json.dumps(done, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for page, body in ((ROOT / "README.md", overview(done)), (ROOT / "docs" / "accuracy.md", details(done))):
        page.write_text(between(page.read_text(encoding="utf-8"), body), encoding="utf-8")


def between(page: str, body: str) -> str:
    """Return *page* with *body* between its marks.

    >>> between("a <!-- comparison --> old <!-- /comparison --> z", "new").split()
    ['a', '<!--', 'comparison', '-->', 'new', '<!--', '/comparison', '-->', 'z']
    """
    opened, closed = MARKS
    before, rest = page.split(opened)
    return f"{before}{opened}\n\n{body}\n\n{closed}{rest.split(closed)[1]}"


def golds(paths: Iterable[Path]) -> dict[str, list[Gold]]:
    """Return the gold files of *paths*, by name: `reports.jsonl` is reports."""
    return {path.stem: read_gold([path]) for path in paths}


def chosen(names: Sequence[str]) -> list[Tool]:
    """Return the tools of these names, all if none is named."""
    return [tool for tool in TOOLS if not names or tool.name in names]


def main() -> None:
    """Compare on the gold files named, else on those that are here."""
    here = [path for path in (*(SHARED / f"{name}.jsonl" for name in GOLD if name != "samples"), SAMPLES) if path.is_file()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="*", default=here, help="annotated documents; the first also tells the speed")
    parser.add_argument(
        "--tool", action="append", default=[], choices=[tool.name for tool in TOOLS], help="only this one; repeat"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md and docs/accuracy.md")
    arguments = parser.parse_args()
    one_core()
    done = compare(chosen(arguments.tool), golds(arguments.gold), day=datetime.now(UTC).date())
    print(details(done))
    if arguments.json:
        arguments.json.write_text(json.dumps(done, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if arguments.write:
        write(done)


if __name__ == "__main__":
    main()
