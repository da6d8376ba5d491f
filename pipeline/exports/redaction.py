"""Pseudonyms for persons in all tables of a run, before any format is written.

A name that the recogniser finds in a report is replaced in every cell of that report, and its parts too; a full name also
in every other report. Columns are taken for free text unless `_CLOSED` says that they hold codes, so a new one is redacted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from pipeline.exports.persons import Name, Pseudonyms, indexed, name_of, numbered, pseudonyms, recogniser, words
from pipeline.exports.runs import LISTS, Run, parts
from pipeline.tables import Row

_CLOSED = frozenset(
    "type status penalty penalties modality kind where_kind basis published_basis assertion what rule reason who_tie when_tie "
    "where_tie country_tie articles_tie source_tie language country jurisdiction value min max when sha256 raw_sha256 "
    "instrument_id fact_id incident_id joined_id part_of other_id facts claims incidents".split()
)
_PATHS = ("id", "report_id", "source", "url", "message", "other_report_id", "similar_to", "duplicate_of", "reports", "part")
_REPORT_IDS = ("report_id", "other_report_id", "similar_to", "duplicate_of")
_SOURCES = ("low_source", "high_source", "sources")  # of events: "report ID" stands for a report's own voice
_UNREAD = ("id", "report_id", "source", "url", "message", "name", "admin1")  # where the recogniser has nothing to read
_SOMEBODY = "Person"
_READ = ("reports", "facts", "claims", "incidents")  # the others repeat what these tell


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done: how many persons of how many reports have a pseudonym, and how many names stay as they are a place's."""

    persons: int
    reports: int
    shared: int


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is known of the names of one report: pseudonyms, and words that are also a place or a month of it."""

    names: dict[Name, str]
    kept: frozenset[str]
    index: Pseudonyms


def redacted(run: Run, *, salt: str | None = None) -> tuple[Run, Redacted]:
    """Return a run whose tables and texts hold pseudonyms for the persons that were found, and how many these were.

    *salt* makes a person's pseudonym the same in all reports; whoever knows it can test a name that they guess.
    """
    scopes = _scopes(run, salt)
    ids = _new_ids(run, scopes)
    work = _Redaction(scopes, ids, _joined(scopes.values(), salt), salt)
    done = replace(run, tables={name: work.table(name, run) for name in run.tables})
    persons = {(report, p) for report, scope in scopes.items() for p in scope.names.values()}
    shared = sum(key in scope.kept for scope in scopes.values() for name in scope.names for key in set(name))
    about = Redacted(len(persons), len({report for report, _ in persons}), shared)
    return (_with_texts(done, run, scopes, ids) if run.texts else done), about


def _scopes(run: Run, salt: str | None) -> dict[str, _Scope]:
    cells = _cells(run)
    unique = list(dict.fromkeys(cell for told in cells.values() for cell in told))
    read = dict(zip(unique, recogniser()(unique), strict=True))
    known = {report: _places(rows) for report, rows in _by_report(run, "facts").items()}
    found = {report: _names(told, read, known.get(report, (frozenset(), frozenset()))[0]) for report, told in cells.items()}
    everywhere = indexed({name: "" for names in found.values() for name in names if len(name) > 1})
    scopes = {}
    for report, told in cells.items():
        places, kept = known.get(report, (frozenset(), frozenset()))
        others = (name for cell in told for name in _standing(everywhere, cell) if name not in places)
        names = numbered(list(dict.fromkeys((*found[report], *others))), salt=salt)
        scopes[report] = _Scope(names, kept, pseudonyms(names, kept=kept))
    return scopes


def _standing(index: Pseudonyms, cell: str) -> Iterator[Name]:
    """Yield the full names that stand in a cell."""
    yield from (tuple(word.key for word in words(cell[start:end])) for start, end, _ in index.places(cell))


def _names(cells: Iterable[str], read: dict[str, list[str]], places: frozenset[Name]) -> list[Name]:
    found = dict.fromkeys(name for cell in cells for entity in read[cell] if (name := name_of(entity)))
    return [name for name in found if name not in places]


def _cells(run: Run) -> dict[str, list[str]]:
    """Return the texts of each report that may hold names, in order: the whole text where it is there, and all free cells."""
    cells: dict[str, dict[str, None]] = {}
    for name in _READ:
        for row in run.rows(name):
            for report in _reports_of(name, row):
                told = cells.setdefault(report, dict.fromkeys([run.texts[report]] if report in run.texts else []))
                told.update(dict.fromkeys(_free_cells(name, row)))
    return {report: list(told) for report, told in cells.items()}


def _free_cells(name: str, row: Row) -> list[str]:
    unread = [c for c in _UNREAD if not _speaker(name, c)]
    return [v for c, v in row.items() if isinstance(v, str) and v and _free(name, c) and c not in unread]


def _free(table: str, column: str) -> bool:
    return column not in _CLOSED and not (column == "id" and table != "reports")


def _speaker(table: str, column: str) -> bool:
    """Tell whether a column `source` names who says so, and not a file."""
    return column == "source" and table in ("facts", "claims")


def _reports_of(name: str, row: Row) -> list[str]:
    """Return the reports that a row tells of; of what was rejected, none."""
    if name == "reports":
        return [row["id"]]
    if name == "events":
        return parts(row["reports"])
    return [row[column] for column in ("report_id", "other_report_id") if row.get(column)]


def _by_report(run: Run, name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in run.rows(name):
        found.setdefault(row["report_id"], []).append(row)
    return found


def _places(facts: list[Row]) -> tuple[frozenset[Name], frozenset[str]]:
    """Return what a report's places are called, with every part of it, and the words of those in the gazetteer and of its dates.

    The detector knows a place better than the recogniser a person ("Lai Chi Kok" in "Lai Chi Kok reception centre"); and
    May is a month, Georgia a state, in a report on them. A prison that has a victim's surname keeps it for nobody.
    """
    places = [f for f in facts if f["type"] == "location"]
    known = [f["text"] for f in places if f["name"] or f["kind"] == "country"]
    dates = [f["text"] for f in facts if f["type"] == "date"]
    names = (tuple(word.key for word in words(f["text"])) for f in places)
    runs = (name[i:j] for name in names for i in range(len(name)) for j in range(i + 1, len(name) + 1))
    return frozenset(runs), frozenset(word.key for text in (*known, *dates) for word in words(text))


def _joined(scopes: Iterable[_Scope], salt: str | None) -> Pseudonyms:
    """Return the pseudonyms of several reports; a number would mean somebody else in each, so without a salt there is none."""
    known = list(scopes)
    names = {n: p if salt is not None else _SOMEBODY for scope in known for n, p in scope.names.items()}
    return pseudonyms(names, kept=frozenset(word for scope in known for word in scope.kept))


def _new_ids(run: Run, scopes: dict[str, _Scope]) -> dict[str, str]:
    """Return for each report its id without names, still its own."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for row in run.rows("reports"):
        new = told = _put_out(row["id"], scopes[row["id"]].index, any_case=True)
        for i in range(2, len(scopes) + 2):
            if new not in taken:
                break
            new = f"{told}#{i}"
        taken.add(new)
        ids[row["id"]] = new
    return ids


def _put_out(text: str, index: Pseudonyms, *, any_case: bool) -> str:
    places = index.places(text, any_case=any_case)
    if any_case:  # an address or a path has no spaces
        places = [(start, end, re.sub(r"[ /]", "-", pseudonym)) for start, end, pseudonym in places]
    return _edited(text, places)[0]


def _edited(text: str, places: list[tuple[int, int, str]]) -> tuple[str, Callable[[int, bool], int]]:
    """Return a text with its names replaced, and what turns a place of the old text, a begin or an end, into one of the new."""
    pieces, last, shift = [], 0, 0
    edits: list[tuple[int, int, int, int]] = []
    for start, end, pseudonym in places:
        pieces += [text[last:start], pseudonym]
        edits.append((start, end, start + shift, start + shift + len(pseudonym)))
        shift += len(pseudonym) - (end - start)
        last = end

    def moved(place: int, is_end: bool) -> int:
        by = 0
        for start, end, new_start, new_end in edits:
            if place <= start:
                break
            if place < end:
                return new_end if is_end else new_start
            by = new_end - end
        return place + by

    return "".join([*pieces, text[last:]]), moved


@dataclass(frozen=True, slots=True)
class _Redaction:
    scopes: dict[str, _Scope]
    ids: dict[str, str]
    everybody: Pseudonyms
    salt: str | None

    def table(self, name: str, run: Run) -> pa.Table:
        """Return a table without names."""
        rows = [self._row(name, row) for row in run.rows(name)]
        return pa.Table.from_pylist(rows, schema=run.tables[name].schema)

    def _row(self, name: str, row: Row) -> Row:
        index = self._index(_reports_of(name, row))
        return {column: self._value(name, column, value, index) for column, value in row.items()}

    def _index(self, reports: list[str]) -> Pseudonyms:
        known = [self.scopes[report] for report in dict.fromkeys(reports) if report in self.scopes]
        if len(known) == 1:
            return known[0].index
        return _joined(known, self.salt) if known else self.everybody

    def _value(self, table: str, column: str, value: Any, index: Pseudonyms) -> Any:
        if not isinstance(value, str) or not _free(table, column):
            return value
        if (column == "id" and table == "reports") or column in _REPORT_IDS:
            return self.ids.get(value) or _put_out(value, index, any_case=True)
        if table == "events" and column in LISTS["events"]:
            return "; ".join(self._named(part, index) for part in parts(value))
        if table == "events" and column in _SOURCES:
            return self._named(value, index)
        return _put_out(value, index, any_case=column in _PATHS and not _speaker(table, column))

    def _named(self, part: str, index: Pseudonyms) -> str:
        """Return a report's id, or "report" and its id, or any words, without names."""
        if part in self.ids:
            return self.ids[part]
        head, _, report = part.partition(" ")
        if head == "report" and report in self.ids:
            return f"report {self.ids[report]}"
        return _put_out(part, index, any_case=False)


def _with_texts(done: Run, run: Run, scopes: dict[str, _Scope], ids: dict[str, str]) -> Run:
    """Return a run with its texts, and the places of its facts and claims in them."""
    edited = {id_: _edited(text, scopes[id_].index.places(text)) for id_, text in run.texts.items()}
    tables = dict(done.tables)
    for name in ("facts", "claims"):
        if name in tables:
            rows = zip(done.rows(name), run.rows(name), strict=True)
            moved = [_moved(new, old, edited[old["report_id"]]) if old["report_id"] in edited else new for new, old in rows]
            tables[name] = pa.Table.from_pylist(moved, schema=tables[name].schema)
    return replace(done, tables=tables, texts={ids[id_]: text for id_, (text, _) in edited.items()})


def _moved(new: Row, old: Row, edited: tuple[str, Callable[[int, bool], int]]) -> Row:
    text, moved = edited
    start, end = moved(old["start"], False), moved(old["end"], True)
    return new | {"start": start, "end": end, "text": text[start:end]}
