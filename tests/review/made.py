"""Reports, verdicts and tables for the tests of reviewing."""

import datetime
import hashlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.review.values import judged
from pipeline.review.verdicts import Act, Verdict, place, verdict
from pipeline.schema import FactType, Report
from pipeline.tables import Row, rows
from pipeline.writers import Format, tables
from tests.stand_in import TEXT, extract

_seconds = itertools.count()


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def facts(text: str = TEXT, report_id: str = "r") -> list[Row]:
    """Return the rows of `facts` of a text, in its order: date, location, count, sentence, article."""
    (found,) = extract([Report(id=report_id, text=text)])
    return rows(found)["facts"]


def act(
    name: Act, row: Row | None = None, reader: str = "anna", *, text: str = TEXT, report_id: str = "r", **fields: Any
) -> Verdict:
    """Return an act about a row of `facts`, a second later than the one made before."""
    at = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=next(_seconds))
    if row is not None:
        kind: FactType = row["type"]
        said = judged(kind, row)
        fields = {"type": kind, "place": place(text, row["start"], row["end"]), "found": said} | fields
        fields.setdefault("value", None if name == "reject" else said)
    return verdict(reader, name, at=at, report_id=report_id, sha256=hashed(text), **fields)


def archive(folder: Path, texts: Iterable[str] = (TEXT,), *, kind: Format = "parquet") -> Path:
    """Write the tables of texts, as `casefacts extract` does."""
    with tables(folder, kind) as writer:
        for item in extract(Report(id=f"r{n}", text=text, title=f"Report {n}") for n, text in enumerate(texts)):
            writer.add(rows(item))
        writer.manifest({"casefacts": "test"})
    return folder
