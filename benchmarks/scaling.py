"""One worker against several, on the same reports: `python benchmarks/scaling.py PATH --workers 2`.

Tells the seconds on the clock and on the processors, words a second, and the peak memory of a worker. On a machine that
does something else besides, only the seconds on the processors mean anything.
"""

import argparse
import json
import os
import time
from itertools import islice
from pathlib import Path

from pipeline import Report, read
from pipeline.batch import groups
from pipeline.engines.local import processes
from pipeline.engines.work import Chunk, Extractor, Item, Task, Work
from pipeline.parts import key, part


def told(chunk: Chunk, found: list[Item]) -> tuple[int, float, int]:
    """Make rows of a chunk, as a run does; return the process, the seconds that it has worked, and how many rows."""
    rows = part([task.key for task in chunk], found)
    return os.getpid(), time.process_time(), len(rows)


def measure(reports: list[Report], workers: int) -> dict[str, object]:
    """Return the figures of one run with so many workers."""
    begun, spent, peak = time.perf_counter(), dict[int, float](), 0
    chunks = groups(Task(key(report), report) for report in reports)
    for done in processes(workers)(Work(Extractor(), told), chunks):
        if done.found:
            spent[done.found[0]] = done.found[1]
        peak = max(peak, done.peak)
    seconds = time.perf_counter() - begun
    words = sum(len(report.text.split()) for report in reports)
    return {
        "workers": workers,
        "words": words,
        "seconds": round(seconds, 1),
        "words_per_second": round(words / seconds),
        "processor_seconds": [round(one, 1) for one in spent.values()],
        "peak_mb": peak >> 20,
    }


def main() -> None:
    """Measure on the reports of PATH."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="reports to read, e.g. data/raw")
    parser.add_argument("--reports", type=int, default=200, help="read at most so many (default: 200)")
    parser.add_argument("--workers", type=int, default=2, help="compare so many with one (default: 2)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    reports = list(islice((item for item in read(arguments.path) if isinstance(item, Report)), arguments.reports))
    figures = [measure(reports, number) for number in (1, arguments.workers)]
    for one in figures:
        print(json.dumps(one))
    print(f"{figures[0]['seconds'] / figures[1]['seconds']:.2f} times as fast")  # type: ignore[operator]
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
