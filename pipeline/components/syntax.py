"""The trained spaCy components, run on the sentences alone whose grammar or names something reads.

A network that reads all of a report spends nine tenths of its time on sentences that hold no fact.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.components.attribution import speakers_at
from pipeline.components.mentions import context_of, drafts, register, text_of
from pipeline.components.people import unmarked_places
from pipeline.components.sents import first_tokens, mark_sents, sents_of
from pipeline.normalise.phrases import one_of
from pipeline.outline import REACH
from pipeline.schema import FactType

_TOGETHER = 8
_GRAMMAR: list[int | str] = ["TAG", "DEP", "HEAD"]

Ints = NDArray[np.int64]
_NONE = np.zeros(0, dtype=np.int64)


class Syntax:
    """spaCy component: tags and heads, and entities, of the sentences that are asked about; the others have none.

    It runs the trained components that stand disabled in its pipeline, those *alone* that need nothing from the others on
    sentences of their own; in a pipeline without any it does nothing.
    """

    def __init__(self, nlp: Language, *, alone: Collection[str] = ()) -> None:
        self._nlp = nlp
        self._alone = alone

    def __call__(self, doc: Doc) -> Doc:
        """Read one Doc."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = _TOGETHER) -> Iterator[Doc]:
        """Read Docs, several at once."""
        alone = [name for name in self._nlp.disabled if name in self._alone]
        others = [name for name in self._nlp.disabled if name not in self._alone]
        rest = iter(docs)
        while batch := list(islice(rest, batch_size)):
            self._read(batch, others, parsed if alone else read)
            self._read(batch, alone, named)
            self._read(batch, alone, namesakes)
            yield from batch

    def _read(self, batch: Sequence[Doc], names: Sequence[str], wanted: Callable[[Doc], set[int]]) -> None:
        if not names:
            return
        inside = [tokens_of(doc, sorted(wanted(doc))) for doc in batch]
        parts: Iterable[Doc] = [_part(doc, tokens) for doc, tokens in zip(batch, inside, strict=True)]
        for name in names:
            parts = _piped(self._nlp.get_pipe(name), parts)
        for doc, tokens, part in zip(batch, inside, parts, strict=True):
            if len(tokens):
                _annotate(doc, tokens, part)


def _piped(component: Any, docs: Iterable[Doc]) -> Iterable[Doc]:
    found: Iterable[Doc] = component.pipe(docs) if hasattr(component, "pipe") else map(component, docs)
    return found


def parsed(doc: Doc) -> set[int]:
    """Return the numbers of the sentences whose grammar is read: of counts and penalties, and of whom these may be tied to."""
    starts, terms = sents_of(text_of(doc)), _sents_with(doc, "sentence")
    people = _around(terms | _edges(doc, len(starts)), REACH["who"])
    return _there(terms | _sents_with(doc, "count") | people, starts)


def named(doc: Doc) -> set[int]:
    """Return the numbers of the sentences whose names are read.

    Those around a penalty, those of speakers, and those with a known place that the network left out: a person's name?
    """
    starts = sents_of(text_of(doc))
    told = {_sent(starts, at) for at in (*speakers_at(doc), *unmarked_places(doc))}
    return _there(told | _around(_sents_with(doc, "sentence"), REACH["who"]), starts)


def namesakes(doc: Doc) -> set[int]:
    """Return the numbers of the sentences not read that may hold more of a person's name: "Pearl" is "Daniel Pearl" elsewhere."""
    text, starts = text_of(doc), sents_of(text_of(doc))
    persons = [e for e in doc.ents if e.label_ == "PERSON"]
    lasts = {e.text.split()[-1] for e in persons if e.text[-1:].isalpha()}
    longer = re.compile(rf"(?<!\w)[A-Z][\w’'.-]*\s+(?:{one_of(lasts)})(?!\w)") if lasts else None
    return {_sent(starts, found.start()) for found in longer.finditer(text)} - named(doc) if longer else set()


def read(doc: Doc) -> set[int]:
    """Return the numbers of the sentences whose grammar or names are read."""
    return parsed(doc) | named(doc)


def _sents_with(doc: Doc, *kinds: FactType) -> set[int]:
    starts = sents_of(text_of(doc))
    return {_sent(starts, draft.start) for draft in drafts(doc) if draft.type in kinds}


def _there(sents: set[int], starts: Sequence[int]) -> set[int]:
    return {n for n in sents if 0 <= n < len(starts)}


def _sent(starts: Sequence[int], position: int) -> int:
    return bisect_right(starts, position) - 1


def _edges(doc: Doc, sents: int) -> set[int]:
    """Return the numbers of the sentences beyond the ends of a piece: what stands in them may be a penalty."""
    context = context_of(doc)
    return ({-1} if context.offset else set()) | ({sents} if context.goes_on else set())


def _around(anchors: Iterable[int], reach: tuple[int, int]) -> set[int]:
    """Return the numbers of the sentences of which something may be tied to one of *anchors*."""
    behind, before = reach
    return {n for anchor in anchors for n in range(anchor - before, anchor + behind + 1)}


def tokens_of(doc: Doc, sents: Sequence[int]) -> Ints:
    """Return the indexes of the tokens of sentences, by their numbers."""
    firsts = [*first_tokens(doc), len(doc)]
    return np.concatenate([_NONE, *(np.arange(firsts[n], firsts[n + 1]) for n in sents)])


def _part(doc: Doc, tokens: Ints) -> Doc:
    """Return a Doc of some of the tokens of another, its sentences marked."""
    words, spaces, first = doc.to_array(["ORTH", "SPACY", "SENT_START"])[tokens].T.tolist() if len(tokens) else ([], [], [])
    return Doc(
        doc.vocab, [doc.vocab.strings[word] for word in words], list(map(bool, spaces)), sent_starts=[n == 1 for n in first]
    )


def _annotate(doc: Doc, tokens: Ints, part: Doc) -> None:
    """Give a Doc the tags, heads and entities of a part of it."""
    if part.has_annotation("TAG") or part.has_annotation("DEP"):
        known = np.zeros((len(doc), len(_GRAMMAR)), dtype=np.int64)
        known[tokens] = part.to_array(_GRAMMAR).astype(np.int64)
        doc.from_array(_GRAMMAR, known.astype(np.uint64))  # type: ignore[arg-type]
        mark_sents(doc)  # spaCy derives them from the heads, of which most sentences have none
    if part.has_annotation("ENT_IOB"):
        found = [Span(doc, int(tokens[e.start]), int(tokens[e.end - 1]) + 1, e.label) for e in part.ents]
        doc.set_ents([*doc.ents, *found])


@Language.factory(
    "casefacts_syntax",
    requires=["doc._.casefacts_drafts"],
    assigns=["token.tag", "token.dep", "token.head", "doc.ents"],
    default_config={"alone": []},
)
def make_syntax(nlp: Language, name: str, alone: list[str]) -> Syntax:
    """Return the component."""
    register()
    return Syntax(nlp, alone=alone)
