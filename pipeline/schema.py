"""The contract: a report, the five types of fact, and what a run returns.

Offsets are characters of `Report.text`; `report.text[fact.start : fact.end] == fact.text` holds for every fact.
"""

import datetime
import hashlib
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
Tie = Literal["clause", "sentence", "carried", "document"]


def stable_id(*parts: object) -> str:
    """Return an id that is the same for the same parts, in any run on any machine."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=10).hexdigest()


class Record(BaseModel):
    """Anything that the pipeline hands on: frozen, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


PublishedBasis = Literal["column", "option", "metadata", "dateline", "url", "file_name"]


class Report(Record):
    """One text of an archive. `pages` holds the offset at which each page after the first begins.

    `first_page` is the number of its first page, None where the format has no pages. `story_year` is the year that the
    publication is about, as its layout tells. `created` is the day on which its file was made, `raw_sha256` the hash of
    the file's bytes. `heads_removed` counts lines, the other repairs count places.
    """

    id: str
    text: str
    title: str | None = None
    published: datetime.date | None = None
    published_basis: PublishedBasis | None = None
    source: str | None = None
    pages: tuple[int, ...] = ()
    first_page: int | None = None
    part: str | None = None
    story_year: int | None = None
    publisher: str | None = None
    url: str | None = None
    created: datetime.date | None = None
    language: str | None = None
    raw_sha256: str | None = None
    heads_removed: int | None = None
    hyphens_joined: int | None = None
    characters_removed: int | None = None
    spaces_mended: int | None = None
    similar_to: str | None = None


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


class Claim(Record):
    """A count or a penalty with its circumstances, each with how it was tied; `fact_id` is the mention that it stands on.

    A group and its penalty told together are two claims that name each other in `joined_id`; each holds the other's
    numbers too, so only one of the two is to be counted. A part of a whole names it in `part_of`.
    """

    id: str
    report_id: str
    incident_id: str | None = None
    fact_id: str
    type: Literal["count", "sentence"]
    text: str
    start: int
    end: int
    what: str
    status: Status | None = None
    low: int | None = None
    high: int | None = None
    approx: bool | None = None
    penalty: Penalty | None = None
    min: str | None = None
    max: str | None = None
    min_days: float | None = None
    max_days: float | None = None
    modality: Modality | None = None
    who: str | None = None
    who_tie: Tie | None = None
    when: str | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None
    when_tie: Tie | None = None
    when_score: float | None = None
    where: str | None = None
    where_kind: PlaceKind | None = None
    where_tie: Tie | None = None
    where_score: float | None = None
    country: str | None = None
    country_tie: Tie | None = None
    latitude: float | None = None
    longitude: float | None = None
    articles: tuple[str, ...] = ()
    articles_tie: Tie | None = None
    source: str | None = None
    source_tie: Tie | None = None
    assertion: Assertion = "stated"
    joined_id: str | None = None
    part_of: str | None = None
    facts: tuple[str, ...] = ()


class Incident(Record):
    """An event as one report tells it: the claims about it, its days and place, and the range of figures by source.

    `low` and `high` are the lowest and the highest figure given for the people of `status`, the first stage told; parts of
    a whole are not among them. A source of None is the report's own voice.
    """

    id: str
    report_id: str
    first: datetime.date | None = None
    last: datetime.date | None = None
    where: str | None = None
    where_kind: PlaceKind | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    who: str | None = None
    status: Status | None = None
    low: int | None = None
    low_source: str | None = None
    high: int | None = None
    high_source: str | None = None
    open_ended: bool = False
    figures: tuple[str, ...] = ()
    penalties: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    n_sources: int
    n_claims: int
    claims: tuple[str, ...]


class Extraction(Record):
    """A report with its facts in the order of the text, the claims and incidents that they make up, and what settled them."""

    report: Report
    facts: tuple[Fact, ...]
    claims: tuple[Claim, ...] = ()
    incidents: tuple[Incident, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Rejected(Record):
    """A source, or one row of it, that could not be read, and why; of a text read before, the report that has it."""

    source: str
    reason: str
    message: str
    duplicate_of: str | None = None


class Link(Record):
    """Two incidents of two reports that tell one event, with the points for it and the reasons."""

    incident_id: str
    other_id: str
    report_id: str
    other_report_id: str
    score: float
    reasons: str


class Event(Record):
    """An event as all the reports of an archive tell it; one told by a single report has one incident."""

    id: str
    first: datetime.date | None = None
    last: datetime.date | None = None
    where: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    who: str | None = None
    status: Status | None = None
    low: int | None = None
    low_source: str | None = None
    high: int | None = None
    high_source: str | None = None
    penalties: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    n_reports: int
    n_incidents: int
    reports: tuple[str, ...]
    incidents: tuple[str, ...]
