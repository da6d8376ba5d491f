"""The trained weights of the ties: boosted decision trees as plain numbers, read with numpy alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import RuleError
from pipeline.rules.files import models_dir

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Forest:
    """Trees side by side, one a row: at each node a feature and its threshold, the nodes after it, the value of a leaf."""

    names: tuple[str, ...]
    threshold: float
    base: float
    feature: Integers
    limit: Floats
    left: Integers
    right: Integers
    value: Floats
    depth: int

    def chances(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return for each row of features how likely the pair belongs together, 0 to 1."""
        if not rows:
            return []
        table = np.array([[row[name] for name in self.names] for row in rows], dtype=np.float32)
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(rows), len(self.feature)), dtype=np.int64)
        for _ in range(self.depth):
            feature = self.feature[trees, node]
            smaller = table[np.arange(len(rows))[:, None], feature] <= self.limit[trees, node]
            node = np.where(smaller, self.left[trees, node], self.right[trees, node])
        score = self.base + self.value[trees, node].sum(axis=1)
        return [round(float(chance), 4) for chance in 1 / (1 + np.exp(-score))]


def _forest(content: dict[str, Any]) -> Forest:
    """Return the forest of one field; short trees are filled up, and a leaf leads to itself."""
    trees = content["trees"]
    width = max(len(tree["feature"]) for tree in trees)

    def padded(name: str) -> list[list[float]]:
        return [tree[name] + [0] * (width - len(tree[name])) for tree in trees]

    return Forest(
        names=tuple(content["names"]),
        threshold=content["threshold"],
        base=content["base"],
        feature=np.array(padded("feature"), dtype=np.int64),
        limit=np.array(padded("limit"), dtype=np.float32),
        left=np.array(padded("left"), dtype=np.int64),
        right=np.array(padded("right"), dtype=np.int64),
        value=np.array(padded("value"), dtype=np.float32),
        depth=content["depth"],
    )


@cache
def forests() -> dict[str, Forest]:
    """Return the forest of each field, of `models/ties/ties.json`."""
    path = models_dir() / "ties" / "ties.json"
    return read_forests(path)


def read_forests(path: Path) -> dict[str, Forest]:
    """Return the forests of a file; a RuleError says what makes it, where it is missing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"{path}: no trained ties ({error}); `make train-ties` makes them") from error
    return {kind: _forest(one) for kind, one in content["fields"].items()}
