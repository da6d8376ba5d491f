"""The network of the ties: reads a window, and says of each count and penalty in it which candidates fit, and who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from pipeline.components.encoding import Floats, Ints, ends
from pipeline.errors import RuleError
from pipeline.rules.files import models_dir
from pipeline.ties.windows import Span, Window, steps_of

Asked = Literal["when", "where", "who", "country", "source"]
FIELDS: tuple[Asked, ...] = ("when", "where", "who", "country", "source")
INPUTS = ("ids", "shapes", "marks", "anchors", "owners", "fields", "places", "steps", "known", "far", "values", "lands")
OUTPUTS = ("fits", "none", "speaks")


@dataclass(frozen=True, slots=True)
class Given:
    """A candidate of an anchor in a window: its sub-words, and how it stands to the anchor (`Window.between`).

    `means` is what it says, the same of each mention of a value; `land` the country in which a place lies. Of a country
    `known` tells whether the title names it, and whether the report speaks of it most here, and as a whole.
    """

    anchor: int
    field: Asked
    place: Span
    steps: tuple[int, int, int, int]
    means: str
    land: str | None = None
    known: tuple[bool, bool, bool] = (False, False, False)


@dataclass(frozen=True, slots=True)
class Read:
    """Scores, the higher the likelier: `fits` of each candidate, `none` of none in each field of each anchor.

    `none` has a column more, that of a report without a named speaker; `speaks` has a row for each anchor, a column for
    each sub-word that may name the speaker.
    """

    fits: Floats
    none: Floats
    speaks: Floats


def arrays(window: Window, given: Sequence[Given]) -> dict[str, Ints | Floats]:
    """Return what the network is fed, by the names of `INPUTS`: the same in training."""
    width = len(window.ids)
    return {
        "ids": window.ids[None],
        "shapes": window.shapes[None],
        "marks": window.marks[None],
        "anchors": _means(window.anchors, width),
        "owners": np.array([one.anchor for one in given], dtype=np.int64),
        "fields": np.array([FIELDS.index(one.field) for one in given], dtype=np.int64),
        "places": _means([one.place for one in given], width),
        "steps": np.array([one.steps for one in given], dtype=np.int64).reshape(-1, 4),
        "known": np.array([one.known for one in given], dtype=np.float32).reshape(-1, 3),
        "far": np.array([steps_of(np.arange(width) - first) for first, _ in window.anchors], dtype=np.int64),
        "values": _numbered([one.means for one in given]),
        "lands": _numbered([one.land for one in given]),
    }


def _numbered(names: Sequence[str | None]) -> Ints:
    """Return a number for each name, the same for the same, and -1 for none."""
    known = {name: number for number, name in enumerate(dict.fromkeys(name for name in names if name is not None))}
    return np.array([-1 if name is None else known[name] for name in names], dtype=np.int64)


def _means(spans: Sequence[Span], width: int) -> Floats:
    """Return rows that, multiplied with the sub-words' numbers, give each span's mean."""
    rows = np.zeros((len(spans), width), dtype=np.float32)
    for row, (first, after) in zip(rows, spans, strict=True):
        row[first:after] = 1 / max(1, after - first)
    return rows


class Network:
    """The trained network in a folder: one window at a time, so that 8-bit arithmetic does not depend on a neighbour."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        model = folder / "ties.onnx"
        if not model.is_file():
            raise RuleError(f"{model}: no trained ties; `make train-ties` makes them")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(model), options)

    def read(self, window: Window, given: Sequence[Given]) -> Read:
        """Return the scores of a window's candidates."""
        return Read(*self._session.run(list(OUTPUTS), arrays(window, given)))


@cache
def known_tokenizer() -> tuple[Tokenizer, Span]:
    """Return the detector's tokenizer, which this network shares, and the signs that open and close a window."""
    tokenizer = Tokenizer.from_file(str(models_dir() / "trained" / "tokenizer.json"))
    return tokenizer, ends(tokenizer)


@cache
def network() -> Network:
    """Return the network of `models/ties/`."""
    return Network(models_dir() / "ties")
