"""What readers' verdicts mean for the facts of a report as the tables have them now.

A verdict is a judgement of some words: what they state, or that they are no such fact. It holds for the fact of its type
that stands on these words today, whatever an earlier run said there: what was accepted as 48 and is 84 now is corrected to 48.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.review import anchors
from pipeline.review.values import Values, agree, derived, judged
from pipeline.review.verdicts import Verdict, current
from pipeline.schema import FactType, stable_id
from pipeline.scoring import answers
from pipeline.tables import Row

Outcome = Literal["accepted", "rejected", "corrected", "added", "disputed"]
READER = "reader"  # the `rule` of a fact that a reader added


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and where its words stand in the text of today."""

    line: Verdict
    type: FactType
    start: int
    end: int


@dataclass(slots=True)
class Item:
    """A fact of the tables, or one that readers added, with the judgement of each reader."""

    row: Row
    added: bool = False
    by: dict[str, Judgement] = field(default_factory=dict)

    @property
    def type(self) -> FactType:
        """Return the type of the fact."""
        kind: FactType = self.row["type"]
        return kind

    def outcome_of(self, reader: str) -> Outcome | None:
        """Return what one reader's judgement means for the fact as it is."""
        one = self.by.get(reader)
        if one is None:
            return None
        if one.line.value is None:
            return "rejected"
        if self.added:
            return "added"
        return "accepted" if agree(self.type, one.line.value, self.row) else "corrected"

    @property
    def outcome(self) -> Outcome | None:
        """Return what the readers agree on, `disputed` if they do not, None if nobody has read it."""
        if not self.by:
            return None
        first, *others = self.by
        same = all(self._same(first, other) for other in others)
        return self.outcome_of(first) if same else "disputed"

    @property
    def values(self) -> Values | None:
        """Return what the fact is according to its readers; None if rejected, disputed, or not read."""
        if self.outcome in (None, "disputed", "rejected"):
            return None
        return next(iter(self.by.values())).line.value

    def _same(self, one: str, other: str) -> bool:
        left, right = self.by[one].line.value, self.by[other].line.value
        if left is None or right is None:
            return left is right
        return agree(self.type, left, right)


@dataclass(frozen=True, slots=True)
class Judged:
    """A report as its readers left it: its items in the order of the text, verdicts whose words are gone, types read whole."""

    items: tuple[Item, ...]
    lost: tuple[Verdict, ...]
    whole: dict[str, tuple[FactType, ...]]

    @property
    def types(self) -> tuple[FactType, ...]:
        """Return the types of which some reader says that nothing is missing."""
        return tuple(dict.fromkeys(kind for kinds in self.whole.values() for kind in kinds))


def judge(facts: Sequence[Row], lines: Sequence[Verdict], *, report_id: str, text: str, sha256: str) -> Judged:
    """Return what the lines about one report mean for its facts."""
    held = current(lines)
    placed, lost = _placed([line for line in held if line.place], text, sha256)
    items = [Item(row) for row in facts]
    rest = [one for reader in _readers(placed) for one in _answer(items, reader, placed)]
    added = _added(sorted(rest, key=lambda one: (one.line.value is None, one.line.at)), report_id, text)
    whole: dict[str, tuple[FactType, ...]] = {}
    for line in held:
        if line.act == "read":
            whole[line.reader] = tuple(dict.fromkeys((*whole.get(line.reader, ()), *line.types)))
    return Judged(tuple(sorted([*items, *added], key=_order)), tuple(lost), whole)


def _order(item: Item) -> tuple[int, int]:
    return item.row["start"], item.row["end"]


def _placed(lines: Iterable[Verdict], text: str, sha256: str) -> tuple[list[Judgement], list[Verdict]]:
    """Return where the words of each verdict stand now, and the verdicts whose words are gone."""
    placed: dict[tuple[object, ...], Judgement] = {}
    lost = []
    for line in lines:
        if line.place is None or line.type is None:
            continue
        at = (line.place.start, line.place.end) if line.sha256 == sha256 else anchors.find(line.place, text)
        if at is None or text[at[0] : at[1]].split() != line.place.text.split():
            lost.append(line)
        else:
            placed[line.reader, line.type, *at] = Judgement(line, line.type, *at)  # the later of two on the same words
    return list(placed.values()), lost


def _readers(placed: Iterable[Judgement]) -> list[str]:
    return list(dict.fromkeys(one.line.reader for one in placed))


def _answer(items: Sequence[Item], reader: str, placed: Iterable[Judgement]) -> Iterator[Judgement]:
    """Give each item the reader's judgement of its words, one to one, and yield those that are left."""
    own = [one for one in placed if one.line.reader == reader]
    by_item = answers(_overlaps(items, own))
    for i, j in by_item.items():
        items[i].by[reader] = own[j]
    yield from (one for j, one in enumerate(own) if j not in by_item.values())


def _overlaps(items: Sequence[Item], own: Sequence[Judgement]) -> Iterator[tuple[int, bool, int, int]]:
    """Yield for each judgement and each item of its type that it overlaps what `scoring.answers` chooses by."""
    near: dict[int, list[int]] = {}  # a book has thousands of items: those of each stretch of the text
    for i, item in enumerate(items):
        for stretch in _stretches(item.row["start"], item.row["end"]):
            near.setdefault(stretch, []).append(i)
    for j, one in enumerate(own):
        for i in {i for stretch in _stretches(one.start, one.end) for i in near.get(stretch, ())}:
            row = items[i].row
            if row["type"] == one.type and (shared := _shared(row, one)) > 0:
                yield shared, (row["start"], row["end"]) == (one.start, one.end), -i, -j


def _stretches(start: int, end: int) -> range:
    return range(start // 256, end // 256 + 1)


def _shared(row: Row, one: Judgement) -> int:
    return int(min(row["end"], one.end) - max(row["start"], one.start))


def _added(rest: Iterable[Judgement], report_id: str, text: str) -> list[Item]:
    """Return the facts that readers state where the tables have none; a rejection alone adds nothing."""
    items: list[Item] = []
    for one in rest:
        free = [i for i in items if i.type == one.type and _shared(i.row, one) > 0 and one.line.reader not in i.by]
        if free:
            max(free, key=lambda item: _shared(item.row, one)).by[one.line.reader] = one
        elif one.line.value is not None:
            items.append(Item(_row(one, one.line.value, report_id, text), added=True, by={one.line.reader: one}))
    return items


def _row(one: Judgement, value: Values, report_id: str, text: str) -> Row:
    """Return a row of `facts` for words that a reader added; the paragraph is its context."""
    start = text.rfind("\n", 0, one.start) + 1
    end = text.find("\n", one.end)
    context = text[max(start, one.start - 300) : min(len(text) if end < 0 else end, one.end + 300)]
    found: dict[str, Any] = {
        "id": stable_id(report_id, one.type, one.start, one.end, READER),
        "report_id": report_id,
        "type": one.type,
        "text": text[one.start : one.end],
        "start": one.start,
        "end": one.end,
        "context": context,
        "rule": READER,
    }
    return found | judged(one.type, value) | derived(one.type, value) | ({"basis": "stated"} if one.type == "date" else {})
