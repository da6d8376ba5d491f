"""Words per second of the bare spaCy model as shipped and of this pipeline: `python benchmarks/throughput.py PATH`.

Both read the same texts in the same process, in turns, so that what else the machine does slows both alike. The
bare model runs whole, as its makers ship it; to be fair it is given the same pieces of text. Peak memory is that
of the process, so of both together; the sizes before and after loading tell which part is whose.
"""

import argparse
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median

import spacy
from spacy.language import Language

from pipeline import Report, read
from pipeline.nlp import cut, extract, load
from pipeline.rules.manifest import manifest

Run = Callable[[Sequence[Report]], int]


def bare() -> Language:
    """Return the spaCy model that the pipeline starts from, with all its components."""
    model = manifest().spacy
    found = find_spec(model.module)
    if found is None or found.origin is None:
        raise SystemExit(f"{model.package} is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return spacy.load(Path(found.origin).parent / model.folder)


def run_bare(nlp: Language) -> Run:
    """Return what counts the entities that *nlp* finds."""

    def run(reports: Sequence[Report]) -> int:
        pieces = [report.text[start:end] for report in reports for start, end in cut(report.text)]
        with nlp.memory_zone():
            return sum(len(doc.ents) for doc in nlp.pipe(pieces))

    return run


def run_pipeline(nlp: Language) -> Run:
    """Return what counts the facts that the pipeline finds."""

    def run(reports: Sequence[Report]) -> int:
        return sum(len(done.facts) for done in extract(reports, nlp=nlp))

    return run


def seconds(run: Run, reports: Sequence[Report]) -> float:
    """Return how long one run takes."""
    begun = time.perf_counter()
    run(reports)
    return time.perf_counter() - begun


def megabytes() -> float:
    """Return the peak memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def loaded(make: Callable[[], Language]) -> tuple[Language, float]:
    """Return a pipeline, and the seconds that it took to load."""
    begun = time.perf_counter()
    return make(), time.perf_counter() - begun


def measure(reports: Sequence[Report], rounds: int) -> dict[str, object]:
    """Return the figures of *rounds* rounds."""
    words = sum(len(report.text.split()) for report in reports)
    start = megabytes()
    ours, ours_loaded = loaded(load)
    ours_memory = megabytes()
    theirs, theirs_loaded = loaded(bare)
    runs = {"casefacts": run_pipeline(ours), "spacy": run_bare(theirs)}
    for run in runs.values():
        run(reports[:1])  # caches filled, threads started
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(seconds(run, reports))
    speeds = {name: words / median(times) for name, times in taken.items()}
    return {
        "reports": len(reports),
        "words": words,
        "rounds": rounds,
        "words_per_second": {name: round(speed) for name, speed in speeds.items()},
        "ratio": round(speeds["casefacts"] / speeds["spacy"], 2),
        "seconds": {name: [round(t, 2) for t in times] for name, times in taken.items()},
        "load_seconds": {"casefacts": round(ours_loaded, 2), "spacy": round(theirs_loaded, 2)},
        "memory_mb": {"before": round(start), "casefacts_loaded": round(ours_memory), "peak": round(megabytes())},
    }


def show(figures: dict[str, object]) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", title="casefacts and the bare spaCy model, same texts, same run")
    for name, value in figures.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(name.replace("_", " "), shown)
    Console().print(table)


def main() -> None:
    """Measure on the reports of PATH."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="reports to read, e.g. data/raw")
    parser.add_argument("--reports", type=int, default=200, help="read at most so many (default: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    reports = list(islice((item for item in read(arguments.path) if isinstance(item, Report)), arguments.reports))
    if not reports:
        raise SystemExit(f"{arguments.path}: no reports")
    figures = measure(reports, arguments.rounds)
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
