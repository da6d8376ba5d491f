"""What the grammar and the names of a sentence settle of its drafts: whom a count counts, and who is no place."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.counts import who
from pipeline.components.mentions import Draft, detected, drafts, marked_drafts, register, text_of


def unmarked_places(doc: Doc) -> Iterator[int]:
    """Yield where the places stand that the network did not mark: a known name, but perhaps a person's."""
    marked = {i for span in detected(doc, "location") for i in range(span.start, span.end)}
    for draft in drafts(doc, "location"):
        if marked.isdisjoint(range(draft.start, draft.end)):
            yield draft.start


def settle(doc: Doc) -> Doc:
    """Give each count the group that it counts, and drop the places that are part of a person's name."""
    text, persons = text_of(doc), [(e.start_char, e.end_char) for e in doc.ents if e.label_ == "PERSON"]
    doubtful = set(unmarked_places(doc)) if persons else set()

    def is_person(draft: Draft) -> bool:
        named = ((a, b) for a, b in persons if a <= draft.start and draft.end <= b)
        return draft.type == "location" and draft.start in doubtful and any(b - a > draft.end - draft.start for a, b in named)

    kept = [draft for draft in drafts(doc) if not is_person(draft)]
    return marked_drafts(doc, [_counted(doc, text, draft) for draft in kept])


def _counted(doc: Doc, text: str, draft: Draft) -> Draft:
    return replace(draft, values=draft.values | {"who": who(doc, text, draft.end)}) if draft.type == "count" else draft


@Language.factory(
    "casefacts_people", requires=["doc._.casefacts_drafts", "token.tag"], assigns=["doc._.casefacts_drafts", "doc.spans"]
)
def make_people(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Return the component."""
    register()
    return settle
