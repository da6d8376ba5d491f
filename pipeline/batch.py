"""An archive from end to end: read, extract, write; one bad report never ends the run."""

import dataclasses
import datetime
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import CasefactsError
from pipeline.readers import Limits, read
from pipeline.schema import DateFact, Extraction, LocationFact, Rejected, Report
from pipeline.tables import FACT_TYPES, rows, words
from pipeline.writers import Format, tables, write_line

Extract = Callable[[Iterable[Report]], Iterator[Extraction]]
_GROUP = 16  # reports that go through the model together
_GROUP_CHARACTERS = 200_000  # and their size: a long report goes alone


@dataclass(slots=True)
class Summary:
    """What a run has done so far, or in all."""

    reports: int = 0
    words: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)

    def add(self, item: Extraction | Rejected) -> None:
        """Count one report with its facts, or one rejected source."""
        if isinstance(item, Rejected):
            self.rejected[item.reason] += 1
            return
        self.reports += 1
        self.words += words(item.report)
        self.facts.update(fact.type for fact in item.facts)
        self.countries.update(f.country for f in item.facts if isinstance(f, LocationFact) and f.country)
        self.years.update(year for f in item.facts if isinstance(f, DateFact) if (year := _year(f)))

    def counts(self) -> dict[str, Any]:
        """Return the counts that a run's manifest records."""
        return {
            "reports": self.reports,
            "words": self.words,
            "rejected": dict(sorted(self.rejected.items())),
            "facts": {kind: self.facts[kind] for kind in FACT_TYPES},
        }


Watch = Callable[[Summary, Extraction | Rejected], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a run reads: the options of `readers.read`."""

    text_column: str = "text"
    published: datetime.date | None = None
    duplicates: bool = False
    ocr: bool = False
    timeout: float = 300.0


def run(
    sources: Sequence[str | Path],
    out: Path,
    *,
    extract: Extract,
    clock: Callable[[], datetime.datetime],
    format: Format = "parquet",  # noqa: A002 - the name of the option
    reading: Reading = Reading(),
    about: Callable[[], Mapping[str, Any]] = dict,
    watch: Watch | None = None,
) -> Summary:
    """Write the tables of *sources* and `run.json` to the folder *out*, whole or not at all.

    *extract* turns reports into extractions, in order; *about* is asked at the end for what the
    manifest tells of the program (versions, hashes); *watch* is called after each report. A
    CasefactsError or ImportError of *extract* ends the run; any other exception rejects the report
    that raised it (reason "failed").
    """
    summary, started = Summary(), clock()
    with tables(out, format) as writer:
        for item in results(sources, extract=extract, reading=reading, exclude=out):
            writer.add(rows(item))
            _tell(summary, item, watch)
        arguments = {"sources": [str(source) for source in sources], "format": format}
        told = {**about(), "arguments": arguments | _plain(reading), "counts": summary.counts()}
        writer.manifest(told | _times(started, clock()))
    return summary


def stream(
    sources: Sequence[str | Path],
    output: TextIO,
    *,
    extract: Extract,
    reading: Reading = Reading(),
    watch: Watch | None = None,
) -> Summary:
    """Write one line of JSON a report, `{"id": …, "facts": […]}`, to *output* as it goes."""
    summary = Summary()
    for item in results(sources, extract=extract, reading=reading):
        if isinstance(item, Extraction):
            write_line(output, item)
        _tell(summary, item, watch)
    return summary


def results(
    sources: Sequence[str | Path],
    *,
    extract: Extract,
    reading: Reading = Reading(),
    exclude: Path | None = None,
) -> Iterator[Extraction | Rejected]:
    """Yield what each report of *sources* states, and what was rejected, in their order."""
    items = read(
        sources,
        text_column=reading.text_column,
        published=reading.published,
        exclude=exclude,
        duplicates=reading.duplicates,
        ocr=reading.ocr,
        limits=Limits(seconds=reading.timeout),
    )
    for group in groups(items):
        done = iter(_extracted([item for item in group if isinstance(item, Report)], extract))
        yield from (next(done) if isinstance(item, Report) else item for item in group)


def groups(items: Iterable[Report | Rejected]) -> Iterator[list[Report | Rejected]]:
    """Yield *items* in order in small groups; a long report makes its group full."""
    group: list[Report | Rejected] = []
    size = 0
    for item in items:
        group.append(item)
        size += len(item.text) if isinstance(item, Report) else 0
        if len(group) >= _GROUP or size >= _GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _year(fact: DateFact) -> str | None:
    """Return the one year that a date lies in."""
    one = fact.first and fact.last and fact.first.year == fact.last.year
    return str(fact.first.year) if one and fact.first else None


def python_version() -> str:
    """Return the version of Python, as the manifest records it."""
    return ".".join(map(str, sys.version_info[:3]))


def _extracted(reports: list[Report], extract: Extract) -> list[Extraction | Rejected]:
    """Return the extraction of each report; a group that fails is done again one by one."""
    try:
        return list(_matched(reports, extract))
    except (CasefactsError, ImportError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a report sets off must not end the batch
        if len(reports) == 1:
            return [_failed(reports[0], error)]
    return [found for report in reports for found in _extracted([report], extract)]


def _matched(reports: list[Report], extract: Extract) -> Iterator[Extraction]:
    if reports:
        yield from (found for _, found in zip(reports, extract(reports), strict=True))


def _failed(report: Report, error: Exception) -> Rejected:
    what = f"{type(error).__name__}: {error}"
    message = f"its facts could not be extracted ({what}); please report this with the text"
    safe = message.encode("utf-8", "replace").decode("utf-8")
    return Rejected(source=report.source or report.id, reason="failed", message=safe)


def _tell(summary: Summary, item: Extraction | Rejected, watch: Watch | None) -> None:
    summary.add(item)
    if watch:
        watch(summary, item)


def _plain(reading: Reading) -> dict[str, Any]:
    published = reading.published.isoformat() if reading.published else None
    return dataclasses.asdict(reading) | {"published": published}


def _times(started: datetime.datetime, finished: datetime.datetime) -> dict[str, Any]:
    seconds = round((finished - started).total_seconds(), 3)
    return {"started": started.isoformat(), "finished": finished.isoformat(), "seconds": seconds}
