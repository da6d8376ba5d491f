"""The trained spaCy components, run on the sentences alone whose grammar or names something reads.

A network that reads all of a report spends nine tenths of its time on sentences that hold no fact.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from pipeline.components.attribution import speakers_at
from pipeline.components.mentions import context_of, drafts, register
from pipeline.components.people import unmarked_places
from pipeline.components.sents import first_tokens, mark_sents, sents_of
from pipeline.outline import REACH
from pipeline.schema import FactType

_TOGETHER = 8
_GRAMMAR = ["TAG", "DEP", "HEAD"]

Ints = NDArray[np.int64]
_NONE = np.zeros(0, dtype=np.int64)


class Syntax:
    """spaCy component: tags, heads and entities of the sentences that are asked about; the others have none.

    It runs the trained components that stand disabled in its pipeline; in a pipeline without any it does nothing.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Read one Doc."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = _TOGETHER) -> Iterator[Doc]:
        """Read Docs, several at once."""
        names = [name for name in self._nlp.disabled if name in self._nlp.component_names]
        for batch in minibatch(docs, size=batch_size):
            inside = [tokens_of(doc, wanted(doc)) if names else _NONE for doc in batch]
            parts: Iterable[Doc] = [_part(doc, tokens) for doc, tokens in zip(batch, inside, strict=True)]
            for name in names:
                parts = self._nlp.get_pipe(name).pipe(parts, batch_size=batch_size)
            for doc, tokens, part in zip(batch, inside, parts, strict=True):
                yield _annotated(doc, tokens, part) if len(tokens) else doc


def wanted(doc: Doc) -> list[int]:
    """Return the numbers of the sentences whose grammar or names are read.

    Those of counts and penalties, those around where their day, place and people may stand, those of speakers, and
    those with a known place that the network left out: it may be a person's name.
    """
    starts, found = sents_of(doc.text), drafts(doc)

    def sents_with(*kinds: FactType) -> set[int]:
        return {_sent(starts, draft.start) for draft in found if draft.type in kinds}

    terms = sents_with("sentence")
    anchors = terms | sents_with("count")
    tied = sents_with("date", "location") & _around(anchors | _edges(doc, len(starts)), REACH["when"])
    names = {_sent(starts, at) for at in (*speakers_at(doc), *unmarked_places(doc))}
    return sorted(n for n in anchors | tied | names | _around(terms, REACH["who"]) if 0 <= n < len(starts))


def _sent(starts: Sequence[int], position: int) -> int:
    return bisect_right(starts, position) - 1


def _edges(doc: Doc, sents: int) -> set[int]:
    """Return the numbers of the sentences beyond the ends of a piece: what stands in them may be a count."""
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


def _annotated(doc: Doc, tokens: Ints, part: Doc) -> Doc:
    """Give a Doc the tags, heads and entities of a part of it."""
    known = np.zeros((len(doc), len(_GRAMMAR)), dtype=np.int64)
    known[tokens] = part.to_array(_GRAMMAR).astype(np.int64)
    doc.from_array(_GRAMMAR, known.astype(np.uint64))  # type: ignore[arg-type]
    mark_sents(doc)  # spaCy derives them from the heads, of which most sentences have none
    doc.set_ents([Span(doc, int(tokens[e.start]), int(tokens[e.end - 1]) + 1, e.label) for e in part.ents])
    return doc


@Language.factory(
    "casefacts_syntax", requires=["doc._.casefacts_drafts"], assigns=["token.tag", "token.dep", "token.head", "doc.ents"]
)
def make_syntax(nlp: Language, name: str) -> Syntax:
    """Return the component."""
    register()
    return Syntax(nlp)
