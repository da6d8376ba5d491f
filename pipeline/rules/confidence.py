"""How often facts are right, by type, rule and the network's certainty: `models/trained/confidence.json`."""

import math
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import digest, models_dir, validated
from pipeline.schema import FactType

_LEAST, _MOST = 0.02, 0.999  # beyond these a network's certainty says no more
_USUAL = 2.5  # the log-odds of .92, a usual certainty


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Curve(_Kept):
    """A type: its facts on the gold, those right, and the log-odds of being right at the usual certainty.

    `slope` is what the certainty's log-odds add, `unmarked` what it costs that the network marked nothing there.
    """

    facts: int
    right: int
    log_odds: float
    slope: float
    unmarked: float


class Shift(_Kept):
    """A rule: its facts on the gold, those right, and what it adds to the log-odds; little for a rare rule."""

    facts: int
    right: int
    shift: float


class Measure(_Kept):
    """How good the probabilities are on texts held out: mean squared error (Brier), and expected calibration error."""

    brier: float
    calibration_error: float


class GoldFile(_Kept):
    """A gold file that was measured on."""

    file: str
    sha256: str


class Confidences(_Kept):
    """The file confidence.json. `detector` is the digest of the network that was measured."""

    measured: date
    gold: tuple[GoldFile, ...]
    detector: str
    held_out: Measure
    held_out_by_type_alone: Measure
    types: dict[FactType, Curve]
    rules: dict[str, Shift]

    def of(self, kind: FactType, rule: str, certainty: float | None) -> float | None:
        """Return the share of such facts that are right; an unknown rule gets its type's, an unknown type None."""
        curve = self.types.get(kind)
        if curve is None:
            return None
        shift = self.rules[rule].shift if rule in self.rules else 0.0
        told = curve.unmarked if certainty is None else curve.slope * surplus(certainty)
        return round(1 / (1 + math.exp(-(curve.log_odds + shift + told))), 3)


def joint(certainties: Iterable[float]) -> float | None:
    """Return the certainty of all that the network said of a fact; None if it said nothing."""
    given = list(certainties)
    return math.prod(given) if given else None


def surplus(certainty: float) -> float:
    """Return the log-odds of a certainty beyond the usual one.

    >>> [round(surplus(c), 1) for c in (0.5, 0.93, 1.0)]
    [-2.5, 0.1, 4.4]
    """
    bounded = min(max(certainty, _LEAST), _MOST)
    return math.log(bounded / (1 - bounded)) - _USUAL


def detector_digest(folder: Path | None = None) -> str:
    """Return the SHA-256 over the trained network, its vocabulary and its configuration."""
    home = folder or models_dir() / "trained"
    return digest(home / name for name in ("config.json", "detector.onnx", "tokenizer.json"))


@cache
def confidences() -> Confidences | None:
    """Return what was measured of the detector that is installed; None if nothing was, or only of another one."""
    path = models_dir() / "trained" / "confidence.json"
    known = validated(Confidences, path) if path.is_file() else None
    return known if known and known.detector == detector_digest() else None
