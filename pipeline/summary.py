"""What a run has done: counts, and where its time went."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines.work import Done, Item
from pipeline.schema import DateFact, LocationFact, Rejected
from pipeline.tables import FACT_TYPES, words


@dataclass(slots=True)
class Summary:
    """What a run has done so far, or in all. `kept` are the reports that a former run had done; all, if it is *unchanged*.

    `undated` are the reports whose dates nothing places, neither a day of publication nor the year of their story;
    `yearless` their dates that no year can be told of.
    """

    reports: int = 0
    words: int = 0
    kept: int = 0
    unchanged: bool = False
    rejected: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    yearless: int = 0

    def add(self, item: Item) -> None:
        """Count one report with its facts, or one rejected source."""
        if isinstance(item, Rejected):
            self.rejected[item.reason] += 1
            return
        self.reports += 1
        self.words += words(item.report)
        self.facts.update(fact.type for fact in item.facts)
        self.countries.update(f.country for f in item.facts if isinstance(f, LocationFact) and f.country)
        self.years.update(year for f in item.facts if isinstance(f, DateFact) if (year := _year(f)))
        if item.report.published is None and item.report.story_year is None:
            self.undated += 1
            self.yearless += sum(isinstance(f, DateFact) and f.first is None for f in item.facts)

    def add_tables(self, new: Mapping[str, pa.Table]) -> None:
        """Count the rows of the tables of some reports."""
        facts = new["facts"]
        self.reports += len(new["reports"])
        self.words += pc.sum(new["reports"]["words"]).as_py() or 0
        self.rejected.update(row["reason"] for row in new["rejected"].to_pylist())
        kinds, countries = (facts[name].to_pylist() for name in ("type", "country"))
        self.facts.update(map(str, kinds))
        self.countries.update(country for kind, country in zip(kinds, countries, strict=True) if kind == "location" and country)
        years = (pc.year(facts[name]).to_pylist() for name in ("first", "last"))
        self.years.update(str(first) for first, last in zip(*years, strict=True) if first and first == last)
        told = new["reports"].select(["id", "published", "story_year"]).to_pylist()
        undated = {row["id"] for row in told if row["published"] is None and row["story_year"] is None}
        self.undated += len(undated)
        of, days = (facts[name].to_pylist() for name in ("report_id", "first"))
        self.yearless += sum(
            kind == "date" and day is None and report in undated for kind, day, report in zip(kinds, days, of, strict=True)
        )

    def counts(self) -> dict[str, Any]:
        """Return the counts that a run's manifest records."""
        return {
            "reports": self.reports,
            "words": self.words,
            "rejected": dict(sorted(self.rejected.items())),
            "facts": {kind: self.facts[kind] for kind in FACT_TYPES},
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. `words_left` is what has been read and waits; there is more to come until `all_read`.

    `rejected` are the sources rejected since the last time.
    """

    summary: Summary
    words_done: int
    words_left: int
    all_read: bool
    rejected: Sequence[Rejected] = ()


Watch = Callable[[Progress], None]


@dataclass(slots=True)
class Times:
    """Where the time of a run went, in seconds; `loading` and `extracting` are sums over the workers.

    `peak` is the most memory that one process had, in bytes; `profiles` are what cProfile counted of each chunk.
    """

    reading: float = 0.0
    loading: float = 0.0
    extracting: float = 0.0
    keeping: float = 0.0
    assembling: float = 0.0
    peak: int = 0
    profiles: list[dict[Any, Any]] = field(default_factory=list)

    def add(self, done: Done[Any]) -> None:
        """Count what a chunk took."""
        self.loading += done.loading
        self.extracting += done.seconds
        self.peak = max(self.peak, done.peak)
        if done.profile:
            self.profiles.append(done.profile)

    def told(self) -> dict[str, float]:
        """Return the seconds of each stage, as a run's manifest records them."""
        stages = ("reading", "loading", "extracting", "keeping", "assembling")
        return {name: round(getattr(self, name), 3) for name in stages}


def _year(fact: DateFact) -> str | None:
    """Return the one year that a date lies in."""
    one = fact.first and fact.last and fact.first.year == fact.last.year
    return str(fact.first.year) if one and fact.first else None
