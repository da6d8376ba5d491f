"""Facts measured on a gold file -> how often such facts are right: a ridge logistic regression of few parameters.

A type has a level, a slope over the network's certainty, and a cost of having no mark of the network; a rule shifts
the level. All but the level are drawn towards zero, so that a rare rule stays near its type's figure.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CasefactsError
from pipeline.rules.confidence import Confidences, Curve, GoldFile, Measure, Shift, detector_digest, joint, surplus
from pipeline.schema import Extraction, FactType
from pipeline.scoring import Compared, Fields, differing

Floats = NDArray[np.float64]

_RIDGE = {"level": 1e-3, "rule": 2.0, "slope": 1.0, "unmarked": 1.0}
_FOLDS = 10
_BINS = 10
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Trial:
    """A predicted fact: of which text, by which rule, how certain the network was, and whether it was right."""

    report_id: str
    type: FactType
    rule: str
    certainty: float | None
    right: bool


def trials(compared: Iterable[Compared], done: Iterable[Extraction]) -> list[Trial]:
    """Return the predicted facts of a comparison with what was extracted."""
    certainties: dict[str, list[float]] = {}
    for piece in (piece for one in done for piece in one.evidence if piece.certainty is not None):
        certainties.setdefault(piece.fact_id, []).append(piece.certainty or 0.0)
    return [
        Trial(one.gold.id, one.type, fact["rule"], joint(certainties.get(fact["id"], ())), right)
        for one in compared
        for fact, right in _judged(one)
    ]


def _judged(one: Compared) -> Iterator[tuple[Fields, bool]]:
    """Yield the predicted facts of a text, and whether each is right."""
    yield from ((fact, not differing(one.type, asked, fact)) for asked, fact in one.pairs)
    yield from ((fact, False) for fact in one.spurious)


def measured(known: Sequence[Trial], gold: Sequence[Path], *, today: datetime.date) -> Confidences:
    """Return the content of `models/trained/confidence.json`: the figures, and what they were measured on."""
    if not known:
        raise CasefactsError("no facts were found in these texts: there is nothing to measure")
    fitted, (chances, means) = fit(known), held_out(known)
    return Confidences(
        measured=today,
        gold=tuple(GoldFile(file=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest()) for path in gold),
        detector=detector_digest(),
        held_out=chances,
        held_out_by_type_alone=means,
        types=fitted.types,
        rules=fitted.rules,
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """The figures of each type and each rule."""

    types: dict[FactType, Curve]
    rules: dict[str, Shift]


def fit(known: Sequence[Trial]) -> Fitted:
    """Return the figures under which the trials are likeliest, drawn towards those of the type."""
    columns = _columns(known)
    weights = dict(zip(columns, _weights(_matrix(known, columns), _right(known), columns), strict=True))
    by_type, by_rule = (_tallied(known, name) for name in ("type", "rule"))
    curves = {
        kind: Curve(facts=n, right=right, **{name: round(weights[part, kind], 4) for name, part in _PARTS.items()})
        for kind, (n, right) in by_type.items()
    }
    shifts = {rule: Shift(facts=n, right=right, shift=round(weights["rule", rule], 4)) for rule, (n, right) in by_rule.items()}
    return Fitted(curves, shifts)


_PARTS = {"log_odds": "level", "slope": "slope", "unmarked": "unmarked"}


def _tallied(known: Sequence[Trial], name: str) -> dict[Any, tuple[int, int]]:
    keys = sorted({getattr(one, name) for one in known})
    groups = {key: [one.right for one in known if getattr(one, name) == key] for key in keys}
    return {key: (len(rights), sum(rights)) for key, rights in groups.items()}


def _columns(known: Sequence[Trial]) -> dict[tuple[str, str], int]:
    types = sorted({one.type for one in known})
    names: list[tuple[str, str]] = [(part, kind) for part in _PARTS.values() for kind in types]
    names += [("rule", rule) for rule in sorted({one.rule for one in known})]
    return {name: i for i, name in enumerate(names)}


def _matrix(trials_: Sequence[Trial], columns: Mapping[tuple[str, str], int]) -> Floats:
    """Return a row a trial; of a rule or a type without a column nothing is known."""
    rows = np.zeros((len(trials_), len(columns)))
    for row, one in zip(rows, trials_, strict=True):
        told = ("unmarked", 1.0) if one.certainty is None else ("slope", surplus(one.certainty))
        for part, name, value in (("level", one.type, 1.0), ("rule", one.rule, 1.0), (told[0], one.type, told[1])):
            if (part, name) in columns:
                row[columns[part, name]] = value
    return rows


def _right(known: Sequence[Trial]) -> Floats:
    return np.array([one.right for one in known], dtype=np.float64)


def _weights(rows: Floats, right: Floats, columns: Mapping[tuple[str, str], int]) -> Floats:
    """Return the weights by Newton's method; few steps, as the ridge makes one optimum."""
    ridge = np.array([_RIDGE[part] for part, _ in columns])
    weights = np.zeros(len(columns))
    for _ in range(_STEPS):
        chances = _sigmoid(rows @ weights)
        slope = rows.T @ (chances - right) + ridge * weights
        weights -= np.linalg.solve((rows.T * (chances * (1 - chances))) @ rows + np.diag(ridge), slope)
    return weights


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)


def held_out(known: Sequence[Trial]) -> tuple[Measure, Measure]:
    """Return how good the figures are on texts that they were not fitted to, and how good each type's mean alone is.

    Every tenth text is held out in turn.
    """
    fold = {report: i % _FOLDS for i, report in enumerate(dict.fromkeys(one.report_id for one in known))}
    chances, means, right = [], [], []
    for i in range(_FOLDS):
        rest = [one for one in known if fold[one.report_id] != i]
        out = [one for one in known if fold[one.report_id] == i]
        columns = _columns(rest)
        chances.append(_sigmoid(_matrix(out, columns) @ _weights(_matrix(rest, columns), _right(rest), columns)))
        overall = _right(rest).mean() if rest else 0.5
        mean = {kind: hits / n for kind, (n, hits) in _tallied(rest, "type").items()}
        means.append(np.array([mean.get(one.type, overall) for one in out]))
        right.append(_right(out))
    told = np.concatenate(right)
    return measure(np.concatenate(chances), told), measure(np.concatenate(means), told)


def measure(chances: Floats, right: Floats) -> Measure:
    """Return the mean squared error, and the mean distance from the share right in ten bins of like size.

    >>> measure(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    Measure(brier=0.25, calibration_error=0.5)
    """
    order = np.argsort(chances, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if len(part)]
    error = sum(len(part) * abs(chances[part].mean() - right[part].mean()) for part in bins) / len(right)
    return Measure(brier=round(float(np.mean((chances - right) ** 2)), 4), calibration_error=round(float(error), 4))
