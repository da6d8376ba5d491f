"""casefacts: dates, places, detainee counts, sentence lengths and legal articles out of human-rights reports.

>>> from pipeline import extract, read
>>> for extraction in extract(read(["data/raw"])):  # doctest: +SKIP
...     print(extraction.report.id, len(extraction.facts))
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.schema import (
    ArticleFact,
    CountFact,
    DateFact,
    Extraction,
    Fact,
    LocationFact,
    Rejected,
    Report,
    SentenceFact,
)

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = [
    "ArticleFact",
    "CountFact",
    "DateFact",
    "Extraction",
    "Fact",
    "LocationFact",
    "Rejected",
    "Report",
    "SentenceFact",
    "extract",
    "read",
    "use_models",
]


def extract(reports: Iterable[Report], *, nlp: "Language | None" = None) -> Iterator[Extraction]:
    """Yield each report with its facts, in order, one at a time; *nlp* is a pipeline of `pipeline.nlp.load`."""
    from pipeline.nlp import extract as run  # spaCy takes a second to import: only when needed

    yield from run((report for report in reports if isinstance(report, Report)), nlp=nlp)


def read(*arguments: Any, **options: Any) -> Iterator[Report | Rejected]:
    """Yield the reports of files, folders and patterns, and what was rejected; see `pipeline.readers.read`."""
    from pipeline.readers import read as run

    yield from run(*arguments, **options)


def use_models(folder: Path | str | None) -> None:
    """Lay the rules in *folder* over the shipped ones from now on; None takes them away. A pipeline must be loaded again."""
    from pipeline.rules.files import use_models as use

    use(folder)
