"""How good claims and incidents are, from the text alone.

python -m benchmarks.claims links TEXTS.jsonl LINKS.jsonl             F1 of each value of the claims that LINKS holds
python -m benchmarks.claims events DOCUMENTS.jsonl.gz --documents 150 the main event of each document (HRDsAttack's `gold_norm`)
"""

import gzip
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import pycountry
import typer

from pipeline import extract
from pipeline.gold import read_gold
from pipeline.schema import Claim, Extraction, Incident, Report
from pipeline.ties.agreement import agree

FIELDS = ("when", "where", "country", "who", "source", "articles")
_PARTS = ("year", "month", "day", "country", "city")
app = typer.Typer(help=__doc__, no_args_is_help=True, rich_markup_mode=None)


def figures(gold: Mapping[str, Sequence[dict[str, Any]]], told: Iterable[Extraction]) -> dict[str, float]:
    """Return the F1 of each value over all gold claims, and their mean; a claim that was not found has no values."""
    counts = {field: [0, 0, 0] for field in FIELDS}
    for one in told:
        for wanted, claim in _paired(gold.get(one.report.id, ()), one.claims):
            for field in FIELDS:
                a, b = wanted.get(field) or None, (getattr(claim, field) or None) if claim else None
                right = bool(a and b and agree(field, a, b))
                counts[field] = [x + y for x, y in zip(counts[field], (right, b is not None, a is not None), strict=True)]
    found = {field: 2 * right / max(1, given + asked) for field, (right, given, asked) in counts.items()}
    return found | {"macro": sum(found.values()) / len(FIELDS)}


def _paired(gold: Iterable[dict[str, Any]], claims: Sequence[Claim]) -> Iterator[tuple[dict[str, Any], Claim | None]]:
    """Yield each gold claim with the claim whose words share most characters with it, each used once."""
    left = list(claims)
    for wanted in gold:
        shared = [min(wanted["end"], one.end) - max(wanted["start"], one.start) for one in left]
        best = max(range(len(left)), key=shared.__getitem__, default=None)
        yield wanted, left.pop(best) if best is not None and shared[best] > 0 else None


def _lines(path: Path) -> list[dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def measure_links(texts: Path, links: Path) -> dict[str, float]:
    """Return the figures of the claims of annotated texts."""
    gold = {line["id"]: line["claims"] for line in _lines(links)}
    return figures(gold, extract(one.report() for one in read_gold([texts]) if one.id in gold))


@app.command("links")
def links_command(texts: Path, links: Path) -> None:
    """Print the F1 of each value of the claims."""
    for field, f1 in measure_links(texts, links).items():
        print(f"{field:10} {f1:.3f}")


def main_incident(one: Extraction) -> Incident | None:
    """Return the incident with most claims, of several the one told first."""
    starts = {claim.id: claim.start for claim in one.claims}
    return max(one.incidents, key=lambda incident: (incident.n_claims, -starts[incident.claims[0]]), default=None)


def event(incident: Incident | None) -> dict[str, Any]:
    """Return year, month, day, country and city of an incident, as far as it has one."""
    told: dict[str, Any] = dict.fromkeys(_PARTS)
    if incident is None:
        return told
    told |= {"country": incident.country, "city": incident.where if incident.where_kind in ("city", "site") else None}
    if incident.first and incident.last:
        for part in _PARTS[:3]:
            if getattr(incident.first, part) != getattr(incident.last, part):
                break
            told[part] = getattr(incident.first, part)
    return told


def _country(name: str | None) -> str | None:
    try:
        return pycountry.countries.search_fuzzy(name)[0].alpha_2 if name else None
    except LookupError:
        return name


@app.command("events")
def events_command(documents: Path, number: Annotated[int, typer.Option("--documents", min=1)] = 150) -> None:
    """Print how often each part of the main event is right; null where the gold is null counts as right."""
    drawn = _lines(documents)
    random.Random(1).shuffle(drawn)  # noqa: S311 - a sample, no secret
    drawn = drawn[:number]
    reports = (Report(id=d["id"], text=d["text"], title=d["title"], published=(d["published"] or "")[:10] or None) for d in drawn)  # type: ignore[arg-type]
    right = dict.fromkeys(_PARTS, 0)
    for document, one in zip(drawn, extract(reports), strict=True):
        gold, told = document["gold_norm"], event(main_incident(one))
        for part in _PARTS:
            wanted = _country(gold[part]) if part == "country" else gold[part]
            same = agree("where", wanted, told[part]) if part == "city" and wanted and told[part] else wanted == told[part]
            right[part] += same
    for part, n in right.items():
        print(f"{part:10} {n / len(drawn):.2f}")


if __name__ == "__main__":
    sys.exit(app())
