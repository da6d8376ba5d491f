"""What reading has brought: tables with verdicts, annotated texts to measure and train on, and regression cases."""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.archive import run_rows
from pipeline.errors import CasefactsError
from pipeline.gold import Gold
from pipeline.review.index import Index, Opened
from pipeline.review.judged import Item
from pipeline.review.values import derived, names
from pipeline.review.verdicts import Verdict
from pipeline.tables import FACT_TYPES, Row, schemas
from pipeline.writers import MANIFEST, Format, sink

REVIEWED = ("reports", "facts", "claims")  # the tables that get columns by being read
_MADE = "reviewed.json"  # tells the tables with verdicts from files of somebody else
_DERIVED = ("first", "last", "min_days", "max_days")
_CORRECTED = tuple(dict.fromkeys([name for kind in FACT_TYPES for name in names(kind)] + list(_DERIVED)))


@dataclass(frozen=True, slots=True)
class Read:
    """What verdicts amount to: facts by outcome, facts judged by reader, what two readers both judged and agreed on."""

    facts: int
    outcomes: Mapping[str, int]
    readers: Mapping[str, int]
    whole: int
    both: int
    agreed: int
    lost: tuple[Verdict, ...]


def told(index: Index) -> Read:
    """Return what the verdicts on an archive amount to."""
    outcomes: Counter[str] = Counter()
    readers: Counter[str] = Counter()
    facts = whole = both = 0
    lost: list[Verdict] = []
    for opened in _opened(index):
        items = opened.judged.items
        facts += len(items)
        whole += bool(opened.judged.whole)
        outcomes.update(item.outcome for item in items if item.outcome)
        readers.update(reader for item in items for reader in item.by)
        both += sum(len(item.by) > 1 for item in items)
        lost += opened.judged.lost
    return Read(facts, outcomes, readers, whole, both, both - outcomes["disputed"], tuple(lost))


def gold(index: Index) -> Iterator[Gold]:
    """Yield the reports that were read to the end as annotated texts, for the types read; what is disputed is `optional`.

    A type of which a verdict's words are gone is left out: something would be missing.
    """
    for opened in _opened(index):
        gone = {line.type for line in opened.judged.lost}
        types = [kind for kind in FACT_TYPES if kind in opened.judged.types and kind not in gone]
        if types:
            facts = [found for item in opened.judged.items if item.type in types and (found := _gold_fact(item))]
            yield _gold(opened, facts, types=types if len(types) < len(FACT_TYPES) else None)


def cases(index: Index) -> Iterator[Gold]:
    """Yield the reports with verdicts as texts annotated at the places judged alone: what must stay right, or become so."""
    for opened in _opened(index):
        settled = [item for item in opened.judged.items if item.outcome not in (None, "disputed")]
        if settled:
            places = [(item.type, item.row["start"], item.row["end"]) for item in settled]
            yield _gold(opened, [found for item in settled if (found := _gold_fact(item))], places=places)


def write_gold(path: Path, documents: Iterable[Gold]) -> int:
    """Write annotated texts as `read_gold` reads them, and return how many."""
    lines = [json.dumps(one.model_dump(mode="json", exclude_none=False), ensure_ascii=False) + "\n" for one in documents]
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def write_tables(index: Index, folder: Path, out: Path, kind: Format) -> None:
    """Write the tables `reports`, `facts` and `claims` of a run to another folder, with what its readers say of each row."""
    files = {name: f"{name}.{kind}" for name in REVIEWED}
    _check(out, list(files.values()))
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in _reviewed(index, folder).items():
        _write(out / files[name], name, kind, rows)
    (out / _MADE).write_text(json.dumps({"from": str(folder), "files": list(files.values())}) + "\n", encoding="utf-8")


def reviewed(index: Index, folder: Path) -> dict[str, pa.Table]:
    """Return the tables of `REVIEWED` with what its readers say of each row."""
    return {
        name: pa.Table.from_pylist([_typed(row) for row in rows], schema=schema(name))
        for name, rows in _reviewed(index, folder).items()
    }


def _reviewed(index: Index, folder: Path) -> dict[str, list[Row]]:
    facts: list[Row] = []
    by_id: dict[str, Row] = {}
    reports: dict[str, Row] = {}
    for opened in _opened(index):
        rows = [item_row(item) for item in opened.judged.items]
        facts += rows
        by_id |= {row["id"]: row for row in rows}
        reports[opened.row["id"]] = _of_report(opened)
    tables: dict[str, Callable[[Row], Row]] = {
        "reports": lambda row: row | reports[row["id"]],
        "claims": lambda row: row | {name: by_id.get(row["fact_id"], {}).get(name) for name in ("verdict", "verdict_by")},
    }
    found = {"facts": facts}
    for name, completed in tables.items():
        (source,) = run_rows(folder, name)
        found[name] = [completed(row) for row in source]
    return found


def _check(out: Path, files: Iterable[str]) -> None:
    """Refuse a folder in which something would be written over that was not made here before."""
    if (out / MANIFEST).exists():
        raise CasefactsError(f"{out}: holds the tables of a run; name another folder by -o, the run's stay as they are")
    foreign = [name for name in files if (out / name).exists()]
    if foreign and not (out / _MADE).exists():
        raise CasefactsError(f"{out}: holds {foreign[0]}, which casefacts verdicts did not make; name another folder by -o")


def _write(path: Path, name: str, kind: Format, rows: Iterable[Row]) -> None:
    """Write one table whole, or leave the former one."""
    hidden = path.with_name(f".casefacts-{path.name}")
    try:
        sink(name, hidden, kind, [_typed(row) for row in rows], schema=schema(name))
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


def schema(name: str) -> pa.Schema:
    """Return the columns of a table with those that reading adds."""
    columns = schemas()
    text = pa.string()
    more: dict[str, dict[str, pa.DataType]] = {
        "reports": {"read_by": text, "read_types": text, "n_judged": pa.int64(), "n_disputed": pa.int64()},
        "claims": {"verdict": text, "verdict_by": text},
        "facts": {"verdict": text, "verdict_by": text, "verdict_at": text, "verdicts": text}
        | {f"corrected_{field}": columns["facts"].field(field).type for field in _CORRECTED},
    }
    return pa.schema([*columns[name], *more[name].items()])


def item_row(item: Item) -> Row:
    """Return a row of `facts` with what its readers say; of a fact that they added, the values are among the corrected ones."""
    row = dict.fromkeys(schema("facts").names) | item.row
    if item.added:
        row |= dict.fromkeys([*names(item.type), *_DERIVED, "basis"])
    lines = [one.line for one in item.by.values()]
    row |= {
        "verdict": item.outcome,
        "verdict_by": "; ".join(item.by) or None,
        "verdict_at": max(line.at for line in lines).isoformat() if lines else None,
        "verdicts": "; ".join(f"{name}: {item.outcome_of(name)}" for name in item.by) or None,
    }
    if item.outcome in ("corrected", "added") and item.values is not None:
        right = {**item.values, **derived(item.type, item.values)}
        row |= {f"corrected_{name}": value for name, value in right.items()}
    return row


def _of_report(opened: Opened) -> Row:
    judged = opened.judged
    return {
        "read_by": "; ".join(judged.whole) or None,
        "read_types": "; ".join(judged.types) or None,
        "n_judged": sum(item.outcome is not None for item in judged.items),
        "n_disputed": sum(item.outcome == "disputed" for item in judged.items),
    }


def _gold_fact(item: Item) -> dict[str, Any] | None:
    """Return a fact as readers settled it; None for one rejected or not judged."""
    place = {"type": item.type, **{name: item.row[name] for name in ("text", "start", "end")}}
    if item.outcome == "disputed":
        return place | {"optional": True}
    return place | dict(item.values) if item.values is not None else None


def _gold(opened: Opened, facts: list[dict[str, Any]], **about: Any) -> Gold:
    report = opened.extraction.report
    named = {"id": report.id, "text": report.text, "title": report.title, "published": report.published}
    return Gold.model_validate({**named, **about, "facts": facts})


def _opened(index: Index) -> Iterator[Opened]:
    for n in index.numbers():
        opened = index.open(n)
        if opened is not None:
            yield opened


def _typed(row: Row) -> Row:
    """Return a row with days as days: the index keeps them as text."""
    days = ("first", "last", "corrected_first", "corrected_last", "published", "created")
    return row | {name: datetime.date.fromisoformat(row[name]) for name in days if isinstance(row.get(name), str)}
