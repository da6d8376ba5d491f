"""The spaCy component that runs the trained network: text in, marked spans out. No torch: onnxruntime and tokenizers."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from pipeline.components.encoding import (
    COLUMNS,
    HEADS,
    WIDTH,
    Encoded,
    Floats,
    batch,
    encode,
    ends,
    sentence_windows,
    softmax,
    spans,
    viterbi,
)
from pipeline.components.mentions import Detected, register, text_of
from pipeline.components.sents import sents_of
from pipeline.errors import RuleError
from pipeline.normalise.screen import known_screen
from pipeline.rules.files import models_dir

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "count": ("status",),
    "sentence": ("penalty", "modality"),
    "location": ("kind",),
}


class Detector:
    """Sets `doc._.casefacts_detected`: the spans of the five types, with the network's guess at their attributes."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        model, tokenizer, config = (folder / name for name in ("detector.onnx", "tokenizer.json", "config.json"))
        if not (model.is_file() and tokenizer.is_file() and config.is_file()):
            raise RuleError(f"{folder}: no trained detector; `make train` makes one")
        heads = json.loads(config.read_text(encoding="utf-8"))["heads"]
        if heads != {head: list(labels) for head, labels in HEADS.items()}:
            raise RuleError(f"{folder}: trained for other labels than this version's; train it again")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(model), options)
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.ends = ends(self.tokenizer)
        self.may_hold = known_screen()

    def __call__(self, doc: Doc) -> Doc:
        """Mark one Doc."""
        read = self.read(text_of(doc))
        doc._.casefacts_detected = read.spans
        doc._.casefacts_guess = read.guess
        return doc

    def read(self, text: str) -> "Reading":
        """Return the marked spans of a text, and the network's opinion of any other span in a sentence that may hold a fact."""
        encoded = encode(screened(text, self.may_hold), self.tokenizer)
        return Reading(encoded, self._scores(encoded, text)[encoded.first])

    def _scores(self, encoded: Encoded, text: str) -> Floats:
        """Return the scores of every sub-word, from windows of whole sentences.

        One window at a time: 8-bit arithmetic scales by what is in a batch, so in a batch a text's facts would depend
        on its neighbours.
        """
        scores = np.zeros((len(encoded.ids), WIDTH), dtype=np.float32)
        for start, end, inner, outer in windows_of(encoded, text):
            ids, shapes, mask = batch([(encoded, start, end)], *self.ends)
            (out,) = self.session.run(None, {"ids": ids, "shapes": shapes, "mask": mask})
            scores[inner:outer] = out[0, 1 + inner - start : 1 + outer - start]
        return scores


def screened(text: str, may_hold: Callable[[str], bool]) -> str:
    """Return a text with the sentences that hold no fact left blank: what the network sees, in training too."""
    starts = sents_of(text)
    sents = (text[start:end] for start, end in zip(starts, (*starts[1:], len(text)), strict=True))
    return "".join(sent if may_hold(sent) else " " * len(sent) for sent in sents)


def windows_of(encoded: Encoded, text: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the windows over the sub-words of a text, of whole sentences where they fit; `sentence_windows` tells of what."""
    ends = np.unique(np.searchsorted(encoded.starts, sents_of(text)[1:]))
    return sentence_windows([*ends.tolist(), len(encoded.ids)])


class Reading:
    """The network's scores of one text's units, read as spans and as attributes of spans."""

    def __init__(self, encoded: Encoded, rows: Floats) -> None:
        self._units = encoded.units
        self._rows = rows
        self._places = encoded.units_of[encoded.first].tolist()
        self.spans = tuple(self._marked())

    def _marked(self) -> Iterator[Detected]:
        """Yield the spans that the best row of tags marks, with the mean probability of their tags."""
        if not len(self._rows):
            return
        tags = viterbi(self._rows[:, COLUMNS["tag"]])
        for kind, first, last in spans(tags):
            attributes = {head: self._best(head, slice(first, last)) for head in ATTRIBUTES.get(kind, ())}
            certain = softmax(self._rows[first:last, COLUMNS["tag"]])[np.arange(last - first), tags[first:last]]
            start, end = self._units[self._places[first]][0], self._units[self._places[last - 1]][1]
            yield Detected(kind, start, end, round(float(certain.mean()), 4), attributes)

    def guess(self, head: str, start: int, end: int) -> tuple[str, float] | None:
        """Return the best label of a head for the characters *start*:*end*, and its probability."""
        first = bisect_right(self._places, start, key=lambda unit: self._units[unit][1])
        last = bisect_left(self._places, end, key=lambda unit: self._units[unit][0])
        return self._best(head, slice(first, last)) if first < last else None

    def _best(self, head: str, units: slice) -> tuple[str, float]:
        """Return the head's best label for a span, and its probability."""
        chances = softmax(self._rows[units, COLUMNS[head]].mean(axis=0))
        return HEADS[head][int(chances.argmax())], round(float(chances.max()), 4)


@Language.factory(
    "casefacts_detector",
    assigns=["doc._.casefacts_detected"],
    default_config={"folder": None, "threads": 1},
)
def make_detector(nlp: Language, name: str, folder: str | None, threads: int) -> Detector:
    """Return the detector in *folder*, by default the one that ships under `models/trained/`."""
    register()
    return Detector(Path(folder) if folder else models_dir() / "trained", threads=threads)
