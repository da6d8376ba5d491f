"""Verdicts of readers: a file of JSON Lines that is only ever appended to, each line with who and when.

A line is one act. It keeps the words judged with what stands before and behind them (as the text quote selector of the
W3C's Web Annotation model does), what the program had said of them, and what the reader says is right; so it can be
found again in a text that was read anew, and compared with what a later run says.
"""

import datetime
import errno
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, ValidationError

from pipeline.schema import FactType, Record

Act = Literal["accept", "reject", "correct", "add", "read", "undo"]
FILE = "verdicts.jsonl"
AROUND = 32  # characters kept before and behind the words judged


class Place(Record):
    """Words of a report, where they stood, and what stood around them."""

    start: int
    end: int
    text: str
    before: str
    after: str


class Verdict(Record):
    """One act of one reader.

    `found` is what the program said, `value` what is right according to the reader (null: these words are no such fact).
    `instead_of` names the reader's former verdict on the same words, `undoes` the act taken back. An act `read` says that
    the reader has read the report to its end and that of `types` nothing is missing.
    """

    id: str
    at: AwareDatetime
    reader: str
    act: Act
    report_id: str
    sha256: str
    type: FactType | None = None
    place: Place | None = None
    found: dict[str, Any] | None = None
    value: dict[str, Any] | None = None
    instead_of: str | None = None
    types: tuple[FactType, ...] = ()
    undoes: str | None = None


def place(text: str, start: int, end: int) -> Place:
    """Return the place of `text[start:end]` with its surroundings."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Place(start=start, end=end, text=text[start:end], before=before, after=after)


def verdict(reader: str, act: Act, *, at: datetime.datetime, report_id: str, sha256: str, **fields: Any) -> Verdict:
    """Return an act under a new id."""
    return Verdict(id=secrets.token_hex(8), at=at, reader=reader, act=act, report_id=report_id, sha256=sha256, **fields)


def current(lines: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts that hold: neither undone nor replaced by a later one that holds."""
    live = _live(lines)
    replaced = {line.instead_of for line in live}
    return [line for line in live if line.id not in replaced]


def last_of(reader: str, lines: Sequence[Verdict]) -> Verdict | None:
    """Return what an undo of *reader* takes back: the last act that was not taken back yet."""
    own = [line for line in _live(lines) if line.reader == reader]
    return own[-1] if own else None


def _live(lines: Iterable[Verdict]) -> list[Verdict]:
    lines = list(lines)
    undone = {line.undoes for line in lines if line.act == "undo"}
    return [line for line in lines if line.act != "undo" and line.id not in undone]


class VerdictFile:
    """The verdicts on the disk. Several readers may write to one file at once; `refresh` brings what is new.

    A line that cannot be understood (one cut off by a power failure, say) is kept and told in `unread` by its number.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[Verdict] = []
        self.unread: list[int] = []
        self._offset = self._number = 0
        self.refresh()

    def refresh(self) -> list[Verdict]:
        """Return the verdicts that were written since it was last asked, by whomever."""
        if not self.path.exists() or self.path.stat().st_size <= self._offset:
            return []
        with self.path.open("rb") as file:
            file.seek(self._offset)
            whole = file.read().rpartition(b"\n")[0]  # behind the last line end, somebody may be writing
        new = [found for line in whole.split(b"\n") if (found := self._read(line))] if whole else []
        self._offset += len(whole) + 1 if whole else 0
        self.lines += new
        return new

    def append(self, line: Verdict) -> None:
        """Write one act; it is on the disk when this returns."""
        data = line.model_dump_json(exclude_defaults=True).encode() + b"\n"
        if self._torn():
            data = b"\n" + data
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(handle, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read(self, line: bytes) -> Verdict | None:
        self._number += 1
        try:
            return Verdict.model_validate_json(line)
        except ValidationError:
            self.unread += [self._number] if line.strip() else []
            return None

    def _torn(self) -> bool:
        """Tell whether the file breaks off within a line."""
        try:
            with self.path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                return file.read() != b"\n"
        except OSError:  # absent or empty
            return False
