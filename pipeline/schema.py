"""The contract: a report, the five types of fact, and what a run returns.

Offsets are characters of `Report.text`; `report.text[fact.start : fact.end] == fact.text` holds for every fact.
"""

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FactType = Literal["date", "location", "count", "sentence", "article"]
Status = Literal["detained", "charged", "sentenced", "released"]
Penalty = Literal[
    "imprisonment",
    "administrative_detention",
    "pretrial_detention",
    "house_arrest",
    "suspended",
    "probation",
    "labour",
    "ban",
    "death",
    "life",
]
Modality = Literal["imposed", "possible", "requested"]
PlaceKind = Literal["country", "region", "city", "site"]
Basis = Literal["stated", "inferred", "relative"]
Assertion = Literal["stated", "alleged", "denied"]
By = Literal["words", "title", "published", "network"]


class Record(BaseModel):
    """Anything that the pipeline hands on: frozen, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Report(Record):
    """One text of an archive. `pages` holds the offset at which each page after the first begins."""

    id: str
    text: str
    title: str | None = None
    published: datetime.date | None = None
    published_basis: Literal["column", "option", "dateline"] | None = None
    source: str | None = None
    pages: tuple[int, ...] = ()


class Mention(Record):
    """What every fact has: its words, where they stand, who says so, what found it.

    `confidence` is the share of facts of its kind that were right on annotated texts (0 to 1).
    """

    id: str
    report_id: str
    text: str
    start: int
    end: int
    page: int | None = None
    context: str
    source: str | None = None
    assertion: Assertion = "stated"
    rule: str
    confidence: float | None = None


class DateFact(Mention):
    """A point or period of the calendar: EDTF `value`, the ISO days that bound it, and what it rests on."""

    type: Literal["date"] = "date"
    value: str
    first: datetime.date | None = None
    last: datetime.date | None = None
    basis: Basis


class LocationFact(Mention):
    """A named place: ISO 3166-1 alpha-2 `country`, and the gazetteer's entry where it has one (WGS 84 degrees)."""

    type: Literal["location"] = "location"
    country: str | None
    kind: PlaceKind
    name: str | None = None
    admin1: str | None = None
    geonames_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


class CountFact(Mention):
    """A number of people arrested, charged, sentenced or released; bounds included, null where open."""

    type: Literal["count"] = "count"
    low: int | None
    high: int | None
    approx: bool
    status: Status
    who: str | None = None


class SentenceFact(Mention):
    """A penalty or detention order: bounds as ISO 8601 durations (or `life`, `death`) and as days."""

    type: Literal["sentence"] = "sentence"
    min: str | None
    max: str | None
    min_days: float | None = None
    max_days: float | None = None
    penalty: Penalty
    modality: Modality


class ArticleFact(Mention):
    """A numbered provision of law, the instrument it belongs to and the state (or INT) whose law that is."""

    type: Literal["article"] = "article"
    article: str
    instrument: str | None
    instrument_id: str | None = None
    jurisdiction: str | None
    offence: str | None = None


Fact = Annotated[DateFact | LocationFact | CountFact | SentenceFact | ArticleFact, Field(discriminator="type")]


class Evidence(Record):
    """What settled a field of a fact: words of the report, its title, its day of publication, or the network.

    Words have their place, the network its certainty (0 to 1). The field `text` is the mention itself.
    """

    fact_id: str
    field: str
    by: By
    text: str | None = None
    start: int | None = None
    end: int | None = None
    certainty: float | None = None


class Extraction(Record):
    """A report with all its facts, in the order of the text, and what settled their values."""

    report: Report
    facts: tuple[Fact, ...]
    evidence: tuple[Evidence, ...] = ()


class Rejected(Record):
    """A source, or one row of it, that could not be read, and why."""

    source: str
    reason: str
    message: str
