"""What is told of facts and claims, in words for the page."""

import re

from pipeline.show import visible
from pipeline.tables import Row


def snippet(row: Row, most: int = 110) -> tuple[str, str, str]:
    """Return what stands before the words of a fact in its sentence, the words, and what stands behind, in one line."""
    context, words = row["context"] or "", row["row"]["text"]
    at = row["at"]
    if at is None or context[at : at + len(words)] != words:
        return "", _line(words), ""
    before, after = _line(context[:at]).lstrip(), _line(context[at + len(words) :]).rstrip()
    before = before if len(before) <= most else "…" + before[-most:]
    return before, _line(words), after if len(after) <= most else after[:most] + "…"


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", visible(text))


def claim_line(row: Row) -> list[tuple[str, str]]:
    """Return what a claim says, piece by piece, each with what it is: how many or how long, and the rest."""
    about = "about " if row["type"] == "count" and row["approx"] else ""
    what = [("what", f"{about}{_size(row)} {row['what'].replace('_', ' ')}")]
    modality = [] if row["modality"] in (None, "imposed") else [("modality", row["modality"])]
    where = ", ".join(part for part in (row["where"], row["country"]) if part)
    articles = f"art. {row['articles']}" if row["articles"] else None
    says = f"says {row['source']}" if row["source"] else None
    assertion = row["assertion"] if row["assertion"] != "stated" else None
    rest = [("who", row["who"]), ("when", row["when"]), ("where", where), ("articles", articles), ("source", says)]
    return [*what, *modality, *((name, visible(str(part))) for name, part in [*rest, ("assertion", assertion)] if part)]


def _size(row: Row) -> str:
    low, high = (row["low"], row["high"]) if row["type"] == "count" else (row["min"], row["max"])
    if low == high:
        return str(low)
    if high is None:
        return f"{low} or more"
    return f"up to {high}" if low is None else f"{low}–{high}"


def also(row: Row) -> list[tuple[str, str]]:
    """Return what else the tables tell of a fact, for the eye."""
    bounds = [str(day) for day in (row.get("first"), row.get("last")) if day]
    days = [f"{row[name]:g}" for name in ("min_days", "max_days") if row.get(name) is not None]
    told = [
        ("days", " to ".join(dict.fromkeys(bounds or days))),
        ("basis", row.get("basis") if row.get("type") == "date" else None),
        ("gazetteer", row.get("name")),
        ("offence", row.get("offence")),
        ("page", row.get("page")),
    ]
    return [(name, visible(str(value))) for name, value in told if value]


def short(words: str) -> str:
    """Return words in one line, cut if they are many."""
    line = " ".join(visible(words).split())
    return line if len(line) <= 60 else line[:60] + "…"
