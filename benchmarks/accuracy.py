"""How much of a gold file is found, and how much of it is right: `python benchmarks/accuracy.py GOLD.jsonl`.

GOLD holds one document a line, {"id", "title", "published", "text", "facts": [...]}. A predicted fact answers a
gold fact of its type whose characters it overlaps, one to one, the largest overlap first. It is *found* then, and
*right* if the fields that an analyst would use are equal too. A document with "types" is scored for those alone;
a gold fact marked "optional" is neither asked for nor held against a prediction.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

Fields = Mapping[str, Any]

FIELDS: dict[str, tuple[str, ...]] = {
    "date": ("value",),
    "location": ("country",),
    "count": ("low", "high", "status"),
    "sentence": ("min", "max", "penalty", "modality"),
    "article": ("article", "instrument", "jurisdiction"),
}


@dataclass(frozen=True)
class Tally:
    """Facts asked for, facts given, and of these found and right."""

    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))

    def f1(self, hits: int) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * hits / (self.gold + self.predicted) if hits else 0.0

    def figures(self) -> dict[str, float]:
        """Return the counts and both F1 figures."""
        return {**asdict(self), "found_f1": self.f1(self.found), "right_f1": self.f1(self.right)}


def same(kind: str, gold: Fields, predicted: Fields) -> bool:
    """Tell whether all fields of *kind* agree."""
    return all(_plain(name, gold.get(name)) == _plain(name, predicted.get(name)) for name in FIELDS[kind])


def _plain(field: str, value: object) -> object:
    """Return a value without the spelling that carries no meaning: "Criminal Offenses Code" is "criminal offences code"."""
    if not isinstance(value, str):
        return value
    if field == "article":
        return "".join(value.split()).casefold()
    if field == "instrument":
        spelt = value.casefold().replace("offense", "offence").replace("-", " ")
        return " ".join(re.sub(r"[^a-z0-9 ]", "", spelt).split()).removeprefix("the ")
    return value.strip()


def pairs(kind: str, gold: Sequence[Fields], predicted: Sequence[Fields]) -> list[tuple[int, int]]:
    """Return which gold fact each predicted one answers; of equal overlaps, one whose fields agree goes first."""
    overlaps = (
        (min(g["end"], p["end"]) - max(g["start"], p["start"]), same(kind, g, p), -i, -j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
    )
    chosen: dict[int, int] = {}
    for overlap, _, i, j in sorted(overlaps, reverse=True):
        if overlap > 0 and -i not in chosen and -j not in chosen.values():
            chosen[-i] = -j
    return list(chosen.items())


def tally(kind: str, gold: Sequence[Fields], predicted: Sequence[Fields]) -> Tally:
    """Count the facts of one type in one document."""
    found = pairs(kind, gold, predicted)
    asked = [(i, j) for i, j in found if not gold[i].get("optional")]
    return Tally(
        gold=sum(not fact.get("optional") for fact in gold),
        predicted=len(predicted) - (len(found) - len(asked)),
        found=len(asked),
        right=sum(same(kind, gold[i], predicted[j]) for i, j in asked),
    )


def score(gold: Iterable[Fields], predicted: Mapping[str, Sequence[Fields]]) -> dict[str, dict[str, float]]:
    """Return the figures of every type, and `macro`: the mean of the types that the gold has."""
    tallies = dict.fromkeys(FIELDS, Tally())
    for document in gold:
        given = predicted.get(document["id"], ())
        for kind in FIELDS:
            if kind in document.get("types", FIELDS):
                tallies[kind] += tally(kind, _of(kind, document["facts"]), _of(kind, given))
    figures = {kind: counted.figures() for kind, counted in tallies.items()}
    return {**figures, "macro": _macro([row for row in figures.values() if row["gold"]])}


def _of(kind: str, facts: Iterable[Fields]) -> list[Fields]:
    return [fact for fact in facts if fact["type"] == kind]


def _macro(rows: Sequence[Fields]) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) / max(1, len(rows)) for name in ("found_f1", "right_f1")}


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of a gold file."""
    yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def predict(gold: Iterable[Fields]) -> dict[str, list[dict[str, Any]]]:
    """Run the pipeline on the texts alone, and return the facts of each document."""
    from pipeline import Report, extract

    reports = (
        Report(
            id=document["id"],
            text=document["text"],
            title=document.get("title"),
            published=date.fromisoformat(document["published"]) if document.get("published") else None,
        )
        for document in gold
    )
    return {done.report.id: [fact.model_dump(mode="json") for fact in done.facts] for done in extract(reports)}


def show(figures: Mapping[str, Mapping[str, float]]) -> None:
    """Print the figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("type", *(f"[right]{name}" for name in ("gold", "predicted", "found F1", "right F1")))
    for kind, row in figures.items():
        counts = (f"{row[name]:.0f}" if name in row else "" for name in ("gold", "predicted"))
        table.add_row(kind, *counts, f"{row['found_f1']:.3f}", f"{row['right_f1']:.3f}")
    Console().print(table)


def main() -> None:
    """Score the pipeline on a gold file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="annotated documents, e.g. tests/gold/samples.jsonl")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    gold = list(documents(arguments.gold))
    figures = score(gold, predict(gold))
    show(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
