"""How much of a gold file is found, and how much of it is right.

A predicted fact answers a gold fact of its type whose characters it overlaps, one to one, the largest overlap first.
It is *found* then, and *right* if the fields that an analyst would use are equal too. A text with `types` is scored
for those alone; a gold fact marked `optional` is neither asked for nor held against a prediction.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.gold import Gold
from pipeline.schema import Extraction, FactType

Fields = Mapping[str, Any]
Figures = dict[str, dict[str, Any]]
What = Literal["missed", "spurious", "wrong"]

FIELDS: dict[FactType, tuple[str, ...]] = {
    "date": ("value",),
    "location": ("country",),
    "count": ("low", "high", "status"),
    "sentence": ("min", "max", "penalty", "modality"),
    "article": ("article", "instrument", "jurisdiction"),
}
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """The facts of one type in one text: pairs of gold and predicted, those missed, those too many."""

    type: FactType
    gold: Gold
    pairs: tuple[tuple[Fields, Fields], ...] = ()
    missed: tuple[Fields, ...] = ()
    spurious: tuple[Fields, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A gold fact that was missed or answered wrongly (then `fields` are those that differ), or a spurious prediction."""

    type: FactType
    what: What
    report_id: str
    gold: Fields | None
    predicted: Fields | None
    fields: tuple[str, ...]
    context: str


def same(kind: FactType, gold: Fields, predicted: Fields) -> bool:
    """Tell whether all fields of *kind* agree."""
    return not differing(kind, gold, predicted)


def differing(kind: FactType, gold: Fields, predicted: Fields, *, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the fields of *kind*, or those of *names*, that do not agree."""
    return tuple(name for name in names or FIELDS[kind] if _plain(name, gold.get(name)) != _plain(name, predicted.get(name)))


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


def pairs(kind: FactType, gold: Sequence[Fields], predicted: Sequence[Fields]) -> list[tuple[int, int]]:
    """Return which gold fact each predicted one answers; of equal overlaps, one whose fields agree goes first."""
    overlaps = (
        (min(g["end"], p["end"]) - max(g["start"], p["start"]), same(kind, g, p), -i, -j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
    )
    return list(answers(overlaps).items())


def answers(overlaps: Iterable[tuple[int, bool, int, int]]) -> dict[int, int]:
    """Return of each gold fact the prediction that answers it, one to one, the greatest overlap first.

    An overlap is its characters, whether the fields agree, and the numbers of the gold fact and the prediction, negative.
    """
    chosen: dict[int, int] = {}
    used: set[int] = set()
    for overlap, _, i, j in sorted(overlaps, reverse=True):
        if overlap > 0 and -i not in chosen and -j not in used:
            chosen[-i] = -j
            used.add(-j)
    return chosen


def compare(gold: Gold, predicted: Sequence[Fields], kind: FactType) -> Compared:
    """Compare the facts of one type in one text; what is a matter of taste is left out."""
    asked = gold.of(kind)
    given = [fact for fact in predicted if fact["type"] == kind and gold.asks_at(kind, fact["start"], fact["end"])]
    found = pairs(kind, asked, given)
    answered, used = {i for i, _ in found}, {j for _, j in found}
    return Compared(
        kind,
        gold,
        tuple((asked[i], given[j]) for i, j in found if not asked[i]["optional"]),
        tuple(fact for i, fact in enumerate(asked) if i not in answered and not fact["optional"]),
        tuple(fact for j, fact in enumerate(given) if j not in used),
    )


def comparisons(gold: Iterable[Gold], done: Iterable[Extraction], *, kinds: Iterable[FactType] = tuple(FIELDS)) -> list[Compared]:
    """Compare every text with what was extracted of it, for every type of *kinds* that it is annotated for."""
    predicted = {one.report.id: [fact.model_dump(mode="json") for fact in one.facts] for one in done}
    return compared(gold, predicted, kinds=kinds)


def compared(
    gold: Iterable[Gold], predicted: Mapping[str, Sequence[Fields]], *, kinds: Iterable[FactType] = tuple(FIELDS)
) -> list[Compared]:
    """Compare every text for every type of *kinds* that it is annotated for; *predicted* has the facts of each id."""
    return [
        compare(one, predicted.get(one.id, ()), kind) for one in gold for kind in kinds if one.types is None or kind in one.types
    ]


def figures(found: Sequence[Compared], *, kinds: Iterable[FactType] = tuple(FIELDS)) -> Figures:
    """Return the figures of every type of *kinds*, and `macro`: the mean of the types that the gold has."""
    rows = {str(kind): _row(kind, [one for one in found if one.type == kind]) for kind in kinds}
    scored = [row for row in rows.values() if row["gold"]] or list(rows.values())
    macro = {name: sum(row[name] for row in scored) / len(scored) for name in ("found_f1", "right_f1")}
    return {**rows, "macro": macro}


def _row(kind: FactType, found: Sequence[Compared]) -> dict[str, Any]:
    """Return the counts of one type, precision, recall and F1 of found and right, and the share right of each field."""
    wrong = [differing(kind, *pair) for one in found for pair in one.pairs]
    gold = sum(len(one.pairs) + len(one.missed) for one in found)
    predicted = sum(len(one.pairs) + len(one.spurious) for one in found)
    hits = {"found": len(wrong), "right": sum(not fields for fields in wrong)}
    row: dict[str, Any] = {"gold": gold, "predicted": predicted, **hits}
    for name, count in hits.items():
        row[f"{name}_p"] = count / predicted if predicted else 0.0
        row[f"{name}_r"] = count / gold if gold else 0.0
        row[f"{name}_f1"] = 2 * count / (gold + predicted) if count else 0.0
    row["fields"] = {name: sum(name not in fields for fields in wrong) / max(1, len(wrong)) for name in FIELDS[kind]}
    return row


def mistakes(found: Iterable[Compared]) -> list[Mistake]:
    """Return what is not right, text by text: facts of wrong value, those missed, those too many."""
    return [mistake for one in found for mistake in _mistakes(one)]


def first(wrong: Iterable[Mistake], most: int) -> list[Mistake]:
    """Return up to *most* mistakes of each type and kind."""
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for one in wrong:
        seen[one.type, one.what] += 1
        if seen[one.type, one.what] <= most:
            kept.append(one)
    return kept


def as_json(found: Figures, wrong: Sequence[Mistake]) -> str:
    """Return the figures, and the mistakes if there are any to show, as JSON."""
    shown = {"errors": [asdict(one) for one in wrong]} if wrong else {}
    return json.dumps({**found, **shown}, ensure_ascii=False, indent=1)


def _mistakes(one: Compared) -> Iterator[Mistake]:
    for asked, given in one.pairs:
        if fields := differing(one.type, asked, given):
            yield _mistake(one, "wrong", asked, given, fields)
    yield from (_mistake(one, "missed", fact, None) for fact in one.missed)
    yield from (_mistake(one, "spurious", None, fact) for fact in one.spurious)


def _mistake(one: Compared, what: What, gold: Fields | None, predicted: Fields | None, fields: tuple[str, ...] = ()) -> Mistake:
    at = gold or predicted or {}
    text = one.gold.text
    around = text[max(0, at["start"] - _AROUND) : at["end"] + _AROUND]
    shown = [
        fact and {"text": text[fact["start"] : fact["end"]], **{name: fact.get(name) for name in FIELDS[one.type]}}
        for fact in (gold, predicted)
    ]
    return Mistake(one.type, what, one.gold.id, shown[0], shown[1], fields, " ".join(around.split()))
