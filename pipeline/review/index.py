"""The tables of a run and the verdicts on them, so that a page of any filter is found at once.

They are laid out in a temporary SQLite database that the system removes at the end; the tables themselves stay as they are.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipeline.archive import run_rows
from pipeline.errors import CasefactsError
from pipeline.review.judged import Item, Judged, judge
from pipeline.review.selection import Selection
from pipeline.review.values import Values, derived
from pipeline.review.verdicts import Verdict, VerdictFile, current
from pipeline.schema import Extraction, Fact, FactType, Report
from pipeline.show import label
from pipeline.tables import FACT_MODELS, Row

PAGE = 50  # rows of a list
_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
_FIELDS: dict[FactType, frozenset[str]] = {m.model_fields["type"].default: frozenset(m.model_fields) for m in FACT_MODELS}
_ORDERS = {"text": ("report", "start", "n"), "doubt": ("coalesce(confidence, 2)", "report", "start", "n")}
_TABLES = """
CREATE TABLE reports (n INTEGER PRIMARY KEY, id TEXT, sha256 TEXT, title TEXT, published TEXT, facts INTEGER DEFAULT 0,
    read INTEGER DEFAULT 0, disputed INTEGER DEFAULT 0, whole TEXT DEFAULT '', lost INTEGER DEFAULT 0, row TEXT);
CREATE TABLE texts (n INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE facts (n INTEGER PRIMARY KEY, report INTEGER, start INTEGER, type TEXT, country TEXT, first TEXT, last TEXT,
    confidence REAL, rule TEXT, added INTEGER, outcome TEXT, readers TEXT DEFAULT '');
CREATE TABLE more (n INTEGER PRIMARY KEY, id TEXT, context TEXT, at INTEGER, label TEXT, corrected TEXT, row TEXT);
CREATE TABLE claims (n INTEGER PRIMARY KEY, report INTEGER, fact_id TEXT, start INTEGER, type TEXT, country TEXT, first TEXT,
    last TEXT, row TEXT);
"""
_INDEXES = """
CREATE UNIQUE INDEX report_ids ON reports (id);
CREATE INDEX report_hashes ON reports (sha256);
CREATE INDEX of_report ON facts (report, start);
CREATE INDEX by_type ON facts (type, report, start);
CREATE INDEX by_rule ON facts (rule);
CREATE INDEX by_country ON facts (country);
CREATE INDEX by_confidence ON facts (confidence);
CREATE INDEX by_outcome ON facts (outcome);
CREATE INDEX fact_ids ON more (id);
CREATE INDEX claims_of_report ON claims (report, start);
UPDATE reports SET facts = (SELECT count(*) FROM facts WHERE report = reports.n);
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, how many there are in all, and how many have which outcome (None: unread)."""

    rows: list[Row]
    total: int
    number: int
    outcomes: dict[str | None, int]

    @property
    def pages(self) -> int:
        """Return how many pages the list has."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Opened:
    """A report as the page shows it: its text with facts, an item for each fact, their numbers, its claims."""

    n: int
    extraction: Extraction
    numbers: dict[str, int]
    judged: Judged
    claims: list[Row]
    row: Row


class Index:
    """The tables of a run with the verdicts of a file on them. With *blind*, a reader sees nobody else's."""

    def __init__(self, folder: Path, verdicts: VerdictFile, *, reader: str, blind: bool = False) -> None:
        self.verdicts, self.reader, self.blind = verdicts, reader, blind
        self._top = 0
        self._kept = (0, "")
        self._last: Opened | None = None  # the report opened last: a reader asks for its facts one after the other
        self._db = sqlite3.connect("", check_same_thread=False)  # "": a temporary file that nobody else can open
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;" + _TABLES)
        self._fill(folder)
        self._db.executescript(_INDEXES)
        self._lines: dict[int, list[Verdict]] = {}
        self._take(verdicts.lines)
        self._counted = {name: self._count(name) for name in ("country", "rule")}
        self._db.execute("ANALYZE")

    def refresh(self) -> None:
        """Take in what other readers have written meanwhile."""
        self._take(self.verdicts.refresh())

    def add(self, line: Verdict) -> None:
        """Write a verdict and take it in."""
        self.verdicts.append(line)
        self.refresh()

    def facts(self, chosen: Selection, number: int = 1) -> Page:
        """Return a page of the facts of a selection."""
        where, values = chosen.where(self.reader)
        counted = self._all(f"SELECT outcome, count(*) FROM facts WHERE {where} GROUP BY outcome", values)
        outcomes: dict[str | None, int] = {row[0]: row[1] for row in counted}
        total = sum(outcomes.values())
        number = min(max(1, number), max(1, -(-total // PAGE)))
        order = ", ".join(_ORDERS[chosen.order])
        rows = self._all(
            "SELECT facts.*, more.*, reports.title, reports.id AS report_id FROM"
            " (SELECT *, row_number() OVER () AS place FROM"
            f" (SELECT * FROM facts WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?)) AS facts"
            " JOIN more USING (n) JOIN reports ON reports.n = facts.report ORDER BY place",
            (*values, PAGE, (number - 1) * PAGE),
        )
        return Page([_told(row) for row in rows], total, number, outcomes)

    def reports(self, chosen: Selection, number: int = 1) -> Page:
        """Return a page of the reports that have facts of a selection, with how many; without filters, all reports."""
        where, values = chosen.where(self.reader)
        every = where == "TRUE"
        found = f"SELECT report AS n, count(*) AS found FROM facts WHERE {where} GROUP BY report"
        source = f"FROM reports {'LEFT ' if every else ''}JOIN ({found}) AS chosen USING (n)"
        total = self._one(f"SELECT count(*) {source}", values)
        number = min(max(1, number), max(1, -(-total // PAGE)))
        rows = self._all(f"SELECT * {source} ORDER BY n LIMIT ? OFFSET ?", (*values, PAGE, (number - 1) * PAGE))
        return Page([dict(row) for row in rows], total, number, {})

    def claims(self, chosen: Selection, number: int = 1) -> Page:
        """Return a page of the claims of a selection, each with the number of the fact that it stands on."""
        where, values = chosen.of_claims()
        total = self._one(f"SELECT count(*) FROM claims AS facts WHERE {where}", values)
        number = min(max(1, number), max(1, -(-total // PAGE)))
        rows = self._all(
            "SELECT claims.*, reports.title, reports.id AS report_id, facts.n AS fact, facts.outcome FROM"
            f" (SELECT * FROM claims AS facts WHERE {where} ORDER BY report, start LIMIT ? OFFSET ?) AS claims"
            " JOIN reports ON reports.n = claims.report LEFT JOIN more ON more.id = claims.fact_id"
            " LEFT JOIN facts ON facts.n = more.n ORDER BY claims.n",
            (*values, PAGE, (number - 1) * PAGE),
        )
        return Page([_told(row) for row in rows], total, number, {})

    def choices(self, name: str) -> list[tuple[str, int]]:
        """Return the countries, or the rules, that facts have, with how many; the most frequent first."""
        return self._counted[name]

    def progress(self) -> dict[str, int]:
        """Return how many facts and reports there are, and how many of them were read."""
        mine = self._one("SELECT count(*) FROM facts WHERE instr(readers, ?) > 0", (f"|{self.reader}|",))
        names = ("facts", "disputed", "lost", "reports", "whole")
        sums = "sum(facts), sum(disputed), sum(lost), count(*), sum(whole <> '')"
        (row,) = self._all(f"SELECT {sums} FROM reports")
        return {"mine": mine, **{name: value or 0 for name, value in zip(names, row, strict=True)}}

    def report_of(self, fact: int) -> int | None:
        """Return the number of the report that a fact stands in."""
        return self._number("SELECT report FROM facts WHERE n = ?", (fact,))

    def number_of(self, report_id: str, fact_id: str) -> int | None:
        """Return the number of a fact by its id."""
        return self._number(
            "SELECT n FROM more JOIN facts USING (n) JOIN reports ON reports.n = report WHERE more.id = ? AND reports.id = ?",
            (fact_id, report_id),
        )

    def next_fact(self, chosen: Selection, after: int | None = None) -> int | None:
        """Return the next fact of a selection, in its order, behind the fact *after*."""
        where, values = chosen.where(self.reader)
        order = ", ".join(_ORDERS[chosen.order])
        behind = f" AND ({order}) > (SELECT {order} FROM facts WHERE n = ?)" if after else ""
        more = (after,) if after else ()
        return self._number(f"SELECT n FROM facts WHERE {where}{behind} ORDER BY {order} LIMIT 1", (*values, *more))

    def chosen_of(self, chosen: Selection, report: int) -> list[int]:
        """Return the facts of a report that a selection has."""
        where, values = chosen.where(self.reader)
        return [row[0] for row in self._all(f"SELECT n FROM facts WHERE report = ? AND {where}", (report, *values))]

    def open(self, n: int) -> Opened | None:
        """Return a report with its facts, verdicts and claims; None if there is none of that number."""
        if self._last is not None and self._last.n == n:
            return self._last
        found = self._all("SELECT * FROM reports WHERE n = ?", (n,))
        if not found:
            return None
        judged, numbers = self._judged(n)
        row: Row = json.loads(found[0]["row"])
        report = Report.model_validate(
            {k: v for k, v in row.items() if k in Report.model_fields and k != "pages"} | {"text": self._text(n)}
        )
        facts = tuple(fact(item.row) for item in judged.items)
        claims = [json.loads(one["row"]) for one in self._all("SELECT row FROM claims WHERE report = ? ORDER BY start", (n,))]
        self._last = Opened(n, Extraction(report=report, facts=facts), numbers, judged, claims, dict(found[0]))
        return self._last

    def about(self, line: Verdict) -> list[int]:
        """Return the reports that a line is about: those of the same text; else the one of the same id."""
        same = self._all("SELECT n FROM reports WHERE sha256 = ?", (line.sha256,))
        return [row[0] for row in same or self._all("SELECT n FROM reports WHERE id = ?", (line.report_id,))]

    def lines_of(self, n: int) -> list[Verdict]:
        """Return the verdicts about a report that hold."""
        return current(self._lines.get(n, []))

    def numbers(self) -> Iterator[int]:
        """Yield the number of every report."""
        yield from (row[0] for row in self._all("SELECT n FROM reports ORDER BY n"))

    def close(self) -> None:
        """Let the database go."""
        self._db.close()

    def _fill(self, folder: Path) -> None:
        reports, texts, claims, facts = run_rows(folder, "reports", "texts", "claims", "facts")
        numbers: dict[str, int] = {}
        for n, row in enumerate(reports, 1):
            numbers[row["id"]] = n
            told = (n, row["id"], row["sha256"], row["title"], _day(row["published"]), _json(row))
            self._db.execute("INSERT INTO reports (n, id, sha256, title, published, row) VALUES (?, ?, ?, ?, ?, ?)", told)
        self._db.executemany("INSERT INTO texts VALUES (?, ?)", ((numbers[row["report_id"]], row["text"]) for row in texts))
        around: dict[str, Row] = {}
        for n, row in enumerate(claims, 1):
            for name in (row["fact_id"], *(row["facts"] or "").split("; ")):
                around.setdefault(name, {name: row[name] for name in ("country", "first", "last")})
            told = (n, numbers[row["report_id"]], row["fact_id"], row["start"], row["type"], row["country"])
            self._db.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*told, _day(row["first"]), _day(row["last"]), _json(row)),
            )
        for self._top, row in enumerate(facts, 1):
            self._insert(self._top, numbers[row["report_id"]], row, around.get(row["id"], {}))

    def _insert(self, n: int, report: int, row: Row, around: Row, *, added: bool = False) -> None:
        law = row.get("jurisdiction") if row.get("jurisdiction") != "INT" else None
        country = row.get("country") or law or around.get("country")
        days = (row if row.get("first") else around).get
        told = (n, report, row["start"], row["type"], country, _day(days("first")), _day(days("last")))
        self._db.execute(
            "INSERT INTO facts (n, report, start, type, country, first, last, confidence, rule, added)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*told, row.get("confidence"), row["rule"], added),
        )
        at = within(self._text(report), row["context"], row["start"])
        shown = (n, row["id"], row["context"], at, label(fact(row)), _json(row))
        self._db.execute("INSERT INTO more VALUES (?, ?, ?, ?, ?, NULL, ?)", shown)

    def _take(self, lines: Iterable[Verdict]) -> None:
        """Judge those reports again that the lines are about."""
        touched: set[int] = set()
        for line in lines:
            if self.blind and line.reader != self.reader:
                continue
            for n in self.about(line):
                self._lines.setdefault(n, []).append(line)
                touched.add(n)
        for n in touched:
            self._write_down(n)

    def _judged(self, n: int) -> tuple[Judged, dict[str, int]]:
        """Return what the verdicts mean for a report, and the numbers of its facts by id."""
        found = self._all("SELECT n, more.id, row, added FROM facts JOIN more USING (n) WHERE report = ? ORDER BY start, n", (n,))
        numbers = {row["id"]: row["n"] for row in found}
        (report,) = self._all("SELECT id, sha256 FROM reports WHERE n = ?", (n,))
        rows = [json.loads(row["row"]) for row in found if not row["added"]]
        lines = self._lines.get(n, [])
        return judge(rows, lines, report_id=report["id"], text=self._text(n), sha256=report["sha256"]), numbers

    def _write_down(self, n: int) -> None:
        self._last = None
        judged, numbers = self._judged(n)
        self._db.execute("DELETE FROM more WHERE n IN (SELECT n FROM facts WHERE report = ? AND added)", (n,))
        self._db.execute("DELETE FROM facts WHERE report = ? AND added", (n,))
        self._db.execute(
            "UPDATE more SET corrected = NULL WHERE n IN (SELECT n FROM facts WHERE report = ? AND readers <> '')", (n,)
        )
        self._db.execute("UPDATE facts SET outcome = NULL, readers = '' WHERE report = ? AND readers <> ''", (n,))
        for item in judged.items:
            if not item.by:
                continue
            if item.added:
                self._top += 1  # a number is never given twice: a page somewhere may still show the other
                numbers.setdefault(item.row["id"], self._top)
                self._insert(numbers[item.row["id"]], n, item.row, {}, added=True)
            readers = "".join(f"|{reader}|" for reader in item.by)
            at = numbers[item.row["id"]]
            self._db.execute("UPDATE facts SET outcome = ?, readers = ? WHERE n = ?", (item.outcome, readers, at))
            self._db.execute("UPDATE more SET corrected = ? WHERE n = ?", (corrected(item), at))
        read = sum(item.outcome is not None for item in judged.items)
        disputed = sum(item.outcome == "disputed" for item in judged.items)
        told = (len(judged.items), read, disputed, ", ".join(judged.whole), len(judged.lost), n)
        self._db.execute("UPDATE reports SET facts = ?, read = ?, disputed = ?, whole = ?, lost = ? WHERE n = ?", told)

    def _text(self, n: int) -> str:
        """Return the text of a report; the last one is kept, for its facts are asked for one after the other."""
        if self._kept[0] != n:
            self._kept = (n, self._read_text(n))
        return self._kept[1]

    def _read_text(self, n: int) -> str:
        found = self._all("SELECT text FROM texts WHERE n = ?", (n,))
        if not found:
            raise CasefactsError("the tables hold a report without its text; run casefacts extract again")
        return str(found[0][0])

    def _count(self, name: str) -> list[tuple[str, int]]:
        rows = self._all(
            f"SELECT {name}, count(*) AS c FROM facts WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY c DESC, {name}"
        )
        return [(row[0], row[1]) for row in rows]

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._db.execute(sql, tuple(values)).fetchall()

    def _one(self, sql: str, values: Sequence[object] = ()) -> int:
        return int(self._db.execute(sql, tuple(values)).fetchone()[0])

    def _number(self, sql: str, values: Sequence[object]) -> int | None:
        found = self._db.execute(sql, tuple(values)).fetchone()
        return None if found is None else int(found[0])


def fact(row: Row) -> Fact:
    """Return a row of `facts` as the fact that it was."""
    return _FACT.validate_python({name: value for name, value in row.items() if name in _FIELDS[row["type"]]})


def within(text: str, context: str, start: int) -> int | None:
    """Return where in its sentence a place of the text lies.

    >>> within("Two left. Two men and two more.", "Two men and two more.", 22)
    12
    """
    found = text.find(context, max(0, start - len(context)), start + len(context))
    return start - found if found >= 0 and context else None


def corrected(item: Item) -> str | None:
    """Return a corrected value in a few words."""
    return label(fact(item.row | amended(item))) if item.outcome == "corrected" else None


def amended(item: Item) -> Values:
    """Return the fields of a fact according to its readers; of a place whose country or kind changed, not the gazetteer's."""
    values = item.values or {}
    found = {**values, **derived(item.type, values)} if values else {}
    gazetteer = ("name", "admin1", "geonames_id", "latitude", "longitude") if item.type == "location" else ()
    return found | dict.fromkeys(gazetteer)


def _told(row: sqlite3.Row) -> Row:
    return {**dict(row), "row": json.loads(row["row"])}


def _day(value: Any) -> str | None:
    return None if value is None else str(value)


def _json(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)
