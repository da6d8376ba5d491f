"""Words per second of the bare spaCy model as shipped, and of casefacts from reading to written tables.

    python benchmarks/throughput.py PATH --reports 20 --rounds 3

Both read the same texts in turns, each in a process of its own, so that what else the machine does slows both alike and
each has its own peak memory. Loading is left out. The bare model runs whole, as its makers ship it, on the texts already
in memory; casefacts reads a file, and writes Parquet. A command with the option --workers is measured with all
processors too, less the time that it takes to start. Last, once, the text of a quarter, a half and all of the reports.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import spacy
from spacy.language import Language

from pipeline import Report, read
from pipeline.batch import Running, run
from pipeline.nlp import extract, load
from pipeline.rules.manifest import manifest

Figures = dict[str, float]
_COMMAND = (sys.executable, "-m", "pipeline.cli", "extract")
_SHORT = "Five people were arrested in Baku on 3 May 2017."


def bare() -> Language:
    """Return the spaCy model that casefacts starts from, with all its components."""
    model = manifest().spacy
    found = find_spec(model.module)
    if found is None or found.origin is None:
        raise SystemExit(f"{model.package} is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(Path(found.origin).parent / model.folder)


def run_bare(path: Path) -> Callable[[], object]:
    """Return what reads the texts of *path* with the bare model."""
    nlp = bare()
    nlp(_SHORT)
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return lambda: sum(len(doc.ents) for doc in nlp.pipe(texts))


def run_casefacts(path: Path) -> Callable[[], object]:
    """Return what makes tables of *path* with one worker."""
    nlp = load()
    list(extract([Report(id="1", text=_SHORT)], nlp=nlp))
    out = path.with_suffix(".tables")
    anew = Running(force=True)  # a second round would find nothing to do
    return lambda: run([path], out, extract=partial(extract, nlp=nlp), clock=lambda: datetime.now(UTC), running=anew)


def child(kind: str, path: Path) -> None:
    """Print what one run costs: seconds by the clock and of processors, and the peak memory of the process."""
    work = {"bare": run_bare, "casefacts": run_casefacts}[kind](path)
    wall, cpu = time.perf_counter(), _processors()
    work()
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": _processors() - cpu, "memory_mb": _megabytes()}))


def _processors() -> float:
    of = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in of)


def _megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def once(kind: str, path: Path) -> Figures:
    """Return the figures of one run in a process of its own."""
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, __file__, "--child", kind, str(path)], check=True, capture_output=True, text=True
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def with_workers(path: Path, workers: int) -> Figures | None:
    """Return the figures of the command with all workers, or None where it has no such option."""
    asked = subprocess.run([*_COMMAND, "--help"], check=True, capture_output=True, text=True)  # noqa: S603 - our command
    if "--workers" not in asked.stdout:
        return None
    short = path.with_name("short.jsonl")
    short.write_text(json.dumps({"id": "1", "text": _SHORT}) + "\n", encoding="utf-8")
    start, whole = _timed(short, workers), _timed(path, workers)
    return {name: max(0.0, value - start[name]) for name, value in whole.items()}


def _timed(path: Path, workers: int) -> Figures:
    wall, cpu = time.perf_counter(), _processors()
    with tempfile.TemporaryDirectory() as out:
        command = [*_COMMAND, str(path), "-o", f"{out}/tables", "--workers", str(workers)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our command
    return {"wall": time.perf_counter() - wall, "cpu": _processors() - cpu}


def measure(reports: Sequence[Report], rounds: int, clock: str, folder: Path) -> dict[str, Any]:
    """Return the figures of *rounds* rounds over all reports, and of one over a quarter and a half of them."""
    words, path = _words(reports), _stored(reports, folder / "all.jsonl")
    runs: dict[str, list[Figures]] = {"bare": [], "casefacts": []}
    for _ in range(rounds):
        for kind in ("bare", "casefacts"):
            runs[kind].append(once(kind, path))
        if workers := with_workers(path, os.cpu_count() or 1):
            runs.setdefault("casefacts, all workers", []).append(workers)
    seconds = {kind: median(figures[clock] for figures in found) for kind, found in runs.items()}
    parts = [reports[: max(1, len(reports) * share // 4)] for share in (1, 2)]
    smaller = [once("casefacts", _stored(part, folder / f"{len(part)}.jsonl")) for part in parts]
    return {
        "reports": len(reports),
        "words": words,
        "rounds": rounds,
        "clock": clock,
        "words_per_second": {kind: round(words / taken) for kind, taken in seconds.items()},
        "ratio_to_bare": {kind: round(seconds["bare"] / taken, 2) for kind, taken in seconds.items()},
        "memory_mb": {kind: round(max(f["memory_mb"] for f in runs[kind])) for kind in ("bare", "casefacts")},
        "growth": [
            {"words": _words(part), "seconds": round(figures[clock], 2), "memory_mb": round(figures["memory_mb"])}
            for part, figures in zip((*parts, reports), (*smaller, runs["casefacts"][-1]), strict=True)
        ],
    }


def _words(reports: Sequence[Report]) -> int:
    return sum(len(report.text.split()) for report in reports)


def _stored(reports: Sequence[Report], path: Path) -> Path:
    lines = (json.dumps({"id": report.id, "title": report.title, "text": report.text}) + "\n" for report in reports)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def show(figures: dict[str, Any]) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", title="casefacts and the bare spaCy model, same texts, same run")
    for name, value in figures.items():
        rows = value if isinstance(value, list) else [value]
        told = [", ".join(f"{k} {v}" for k, v in row.items()) if isinstance(row, dict) else str(row) for row in rows]
        table.add_row(name.replace("_", " "), "\n".join(told))
    Console().print(table)


def main() -> None:
    """Measure on the reports of PATH."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="reports to read, e.g. data/raw")
    parser.add_argument("--reports", type=int, default=20, help="read at most so many (default: 20)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu: of processors, on a busy machine")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--child", choices=("bare", "casefacts"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child, Path(arguments.path))
        return
    reports = list(islice((item for item in read(arguments.path) if isinstance(item, Report)), arguments.reports))
    if not reports:
        raise SystemExit(f"{arguments.path}: no reports")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(reports, arguments.rounds, arguments.clock, Path(folder))
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
