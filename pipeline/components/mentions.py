"""What passes between the components on a Doc: detected spans in, drafts of facts out.

Offsets here are characters of `doc.text`, not tokens: an article number may end inside a spaCy token.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import srsly
from spacy.tokens import Doc

from pipeline.context import Context
from pipeline.schema import Assertion, By, FactType


@dataclass(frozen=True, slots=True)
class Detected:
    """A span that the network marked. `attributes` gives for each of its heads the best label and its probability."""

    type: FactType
    start: int
    end: int
    score: float
    attributes: dict[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clue:
    """What settled a field: words at `start`:`end` of the text, or, without a place, what stands outside of it.

    A `start` alone is that of a place's name. A place before a piece of a long report is negative.
    """

    field: str
    by: By = "words"
    start: int | None = None
    end: int | None = None
    certainty: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact in the making: its type's own fields in `values`, the id of the rule that settled it, and what decided."""

    type: FactType
    start: int
    end: int
    rule: str
    values: dict[str, Any]
    clues: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is reported to say so (None: the report itself), and whether it is stated, alleged or denied."""

    source: str | None = None
    assertion: Assertion = "stated"
    clues: tuple[Clue, ...] = field(default=(), repr=False, compare=False)


_KEPT = {kind.__name__: kind for kind in (Detected, Clue, Draft, Attribution, Context)}


def _pack(obj: Any, chain: Any = None) -> Any:
    """Pack what the components keep on a Doc, so that `doc.to_bytes()` and spaCy's worker processes can send it."""
    if type(obj).__name__ in _KEPT:
        return {"casefacts": type(obj).__name__, "fields": {f.name: getattr(obj, f.name) for f in fields(obj)}}
    if isinstance(obj, date):
        return {"casefacts": "date", "fields": obj.isoformat()}
    if callable(obj):  # the network's scores stay in the process that made them
        return None
    return obj if chain is None else chain(obj)


def _unpack(obj: Any, chain: Any = None) -> Any:
    kind = obj.get("casefacts") if isinstance(obj, dict) else None
    if kind == "date":
        return date.fromisoformat(obj["fields"])
    if kind in _KEPT:
        return _KEPT[kind](**{name: _frozen(value) for name, value in obj["fields"].items()})
    return obj if chain is None else chain(obj)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def register() -> None:
    """Declare the custom attributes of a Doc that the components read and write."""
    for name, default in (
        ("casefacts_context", None),
        ("casefacts_detected", None),
        ("casefacts_guess", None),
        ("casefacts_drafts", ()),
        ("casefacts_attributions", ()),
    ):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
    srsly.msgpack_encoders("casefacts", func=_pack)
    srsly.msgpack_decoders("casefacts", func=_unpack)


def text_of(doc: Doc) -> str:
    """Return the text of a Doc, joined once: spaCy joins its tokens anew at each access."""
    if "casefacts_text" not in doc.user_data:
        doc.user_data["casefacts_text"] = doc.text
    text: str = doc.user_data["casefacts_text"]
    return text


def begin(doc: Doc, *, text: str, context: Context) -> None:
    """Tell a Doc its text, and what the whole report tells it."""
    doc.user_data["casefacts_text"] = text
    doc._.casefacts_context = context


def context_of(doc: Doc) -> Context:
    """Return the report's context, or an empty one in a pipeline that sets none."""
    return doc._.casefacts_context or Context()


def detected(doc: Doc, kind: FactType) -> list[Detected]:
    """Return the spans of one type that the network marked on *doc*, in the order of the text."""
    return [span for span in doc._.casefacts_detected or () if span.type == kind]


def certainty(doc: Doc, draft: Draft) -> float | None:
    """Return the highest mean probability of the network's spans of that type at a draft; None where it marked none."""
    scores = [s.score for s in detected(doc, draft.type) if s.start < draft.end and draft.start < s.end]
    return max(scores, default=None)


def guess(doc: Doc, head: str, start: int, end: int) -> tuple[str, float] | None:
    """Return the network's opinion of an attribute of any span, with its probability; None where it did not run."""
    return doc._.casefacts_guess(head, start, end) if doc._.casefacts_guess else None


def drafts(doc: Doc, kind: FactType | None = None) -> list[Draft]:
    """Return the drafts so far, of one type or of all."""
    return [draft for draft in doc._.casefacts_drafts if kind in (None, draft.type)]


def set_drafts(doc: Doc, new: Iterable[Draft]) -> Doc:
    """Add drafts to *doc*, and each as a span to the group that displaCy and others read."""
    return marked_drafts(doc, (*doc._.casefacts_drafts, *new))


def marked_drafts(doc: Doc, found: Iterable[Draft]) -> Doc:
    """Make *found* the drafts of *doc*, each also a span of the group that displaCy and others read."""
    doc._.casefacts_drafts = tuple(found)
    spans = (doc.char_span(d.start, d.end, label=d.type, alignment_mode="expand") for d in doc._.casefacts_drafts)
    doc.spans["casefacts"] = [span for span in spans if span is not None]
    return doc
