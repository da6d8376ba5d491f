"""By how much a detector is better: texts held out of its training, and what is found in them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.components.detector import ATTRIBUTES
from pipeline.components.encoding import TYPES
from pipeline.components.mentions import Detected
from pipeline.errors import CasefactsError
from pipeline.gold import Gold
from pipeline.schema import FactType
from pipeline.scoring import answers

Read = Callable[[str], Sequence[Detected]]
Figures = dict[FactType, "Row"]
FEWEST = 10  # documents, below which a part held out tells nothing
_FEW_FACTS = 200


@dataclass(slots=True)
class Row:
    """Facts of one type: asked for, given, found, found with every attribute right, and right by attribute.

    An attribute that the gold leaves open is not asked; `asked` counts the others.
    """

    gold: int = 0
    predicted: int = 0
    found: int = 0
    right: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    agreed: dict[str, int] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Return the share of the facts given that are found."""
        return self.found / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the facts asked for that are found."""
        return self.found / self.gold if self.gold else 0.0

    def f1(self, hits: int) -> float:
        """Return the harmonic mean of precision and recall of *hits*, `found` or `right`."""
        return 2 * hits / (self.gold + self.predicted) if hits else 0.0

    def add(self, gold: Any, predicted: Detected) -> None:
        """Count a fact found."""
        agree = True
        for head in ATTRIBUTES.get(predicted.type, ()):
            if (label := getattr(gold, head)) is not None:
                same = label == predicted.attributes[head][0]
                self.asked[head] = self.asked.get(head, 0) + 1
                self.agreed[head] = self.agreed.get(head, 0) + same
                agree = agree and same
        self.found += 1
        self.right += agree

    def figures(self) -> dict[str, Any]:
        """Return the counts, and the shares with four decimals."""
        shares = {
            "precision": self.precision,
            "recall": self.recall,
            "found_f1": self.f1(self.found),
            "right_f1": self.f1(self.right),
            **{head: self.agreed[head] / asked for head, asked in self.asked.items()},
        }
        return {"gold": self.gold, "predicted": self.predicted, **{name: round(share, 4) for name, share in shares.items()}}


def digest(text: str) -> str:
    """Return eight hexadecimal digits that stand for a text.

    >>> digest("Two men were held.")
    '5dc25baa'
    """
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def split(documents: Sequence[Gold], one_in: int) -> tuple[list[Gold], list[Gold]]:
    """Return the documents to learn from, and those held out: always the same, and equal texts on the same side."""
    if len(documents) < FEWEST:
        raise CasefactsError(
            f"{len(documents)} annotated texts are too few to hold some out; at least {FEWEST} are needed"
            " (--held-out 0 trains unmeasured)"
        )
    digests = sorted({digest(document.text) for document in documents})
    held = set(digests[: max(1, len(digests) // one_in)])
    sides: tuple[list[Gold], list[Gold]] = ([], [])
    for document in documents:
        sides[digest(document.text) in held].append(document)
    return sides


def measure(read: Read, documents: Iterable[Gold]) -> Figures:
    """Return what a detector's *read* finds of the facts of each type; a prediction that overlaps answers, each only one."""
    figures: Figures = {kind: Row() for kind in TYPES}
    for document in documents:
        given = read(document.text)
        for kind, row in figures.items():
            _count(row, [fact for fact in document.facts if fact.type == kind], [span for span in given if span.type == kind])
    return figures


def _count(row: Row, gold: Sequence[Any], predicted: Sequence[Detected]) -> None:
    """Pair the largest overlaps first; whatever answers an optional fact is left out of the count."""
    answered = answers(
        (min(fact.end, span.end) - max(fact.start, span.start), False, -i, -j)
        for i, fact in enumerate(gold)
        for j, span in enumerate(predicted)
    )
    for i, j in answered.items():
        if not gold[i].optional:
            row.add(gold[i], predicted[j])
    row.gold += sum(not fact.optional for fact in gold)
    row.predicted += len(predicted) - sum(gold[i].optional for i in answered)


def mean(figures: Mapping[FactType, Row]) -> float:
    """Return the mean F1 of facts found with every attribute right, over the types that the gold has."""
    rows = [row for row in figures.values() if row.gold]
    return sum(row.f1(row.right) for row in rows) / len(rows) if rows else 0.0


def right(figures: Mapping[FactType, Row]) -> int:
    """Return how many facts are found with every attribute right."""
    return sum(row.right for row in figures.values())


def recorded(figures: Mapping[FactType, Row] | None) -> dict[str, Any] | None:
    """Return figures as config.json keeps them."""
    if figures is None:
        return None
    return {**{kind: row.figures() for kind, row in figures.items() if row.gold}, "right_f1": round(mean(figures), 4)}


def gain(before: Figures | None, after: Figures) -> tuple[bool, str]:
    """Tell whether the new detector is better, in a sentence too; one that cannot be compared counts as better."""
    facts = sum(row.gold for row in after.values())
    few = f" Of {facts} facts held out, a few more or less may be chance." if facts < _FEW_FACTS else ""
    if before is None:
        return True, "The shipped detector was trained on some of the texts held out: there is nothing to compare with." + few
    more = right(after) - right(before)
    counted = f"{right(after)} facts right instead of {right(before)}, mean F1 {mean(after):.3f} instead of {mean(before):.3f}."
    if mean(after) > mean(before):
        return True, f"Training helps: {counted}{few}"
    return False, f"Training does not help: {counted} More annotated texts may.{few if more else ''}"
