"""Who says so: the source and the assertion of every sentence of a Doc that holds a fact."""

import re
from functools import cache, lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Attribution, Clue, drafts, register
from pipeline.components.sents import sent_at
from pipeline.normalise.phrases import one_of
from pipeline.rules.attribution import attribution_words
from pipeline.schema import Assertion

_NAME = r"(?:[A-Z][\w’'&.-]*|of|the|for|and|on|in|de|del|la|al)"


_PRONOUNS = frozenset("he she they it we i you who that this these those there".split())


Span = tuple[int, int]

_NEAR = 70
_MARKS = ' \t\n\r,.”"'
_SPEAKERS = frozenset({"PERSON", "ORG", "NORP"})
_SMALL_START = re.compile(r"^(?:(?:the|an?|his|her|their|its|in|on|but|and|or|of|for|by|with|from|to)\s+)+", re.IGNORECASE)
_SMALL_END = re.compile(r"(?:\s+(?:of|the|for|and|on|in|de|del|la|al))+$")


class Attributions:
    """spaCy component: sets `doc._.casefacts_attributions`, one for each draft."""

    def __call__(self, doc: Doc) -> Doc:
        """Attribute the drafts of one Doc."""
        doc._.casefacts_attributions = self.match(doc)
        return doc

    def match(self, doc: Doc) -> list[Attribution]:
        """Return the attribution of each draft, in the order of the drafts."""
        found: list[Attribution] = []
        text = doc.text
        named = [(e.start_char, e.end_char) for e in doc.ents if e.label_ in _SPEAKERS]
        for draft in drafts(doc):
            start, end = sent_at(doc, text, draft.start, draft.end)
            names = tuple((first - start, last - start) for first, last in named if start <= first and last <= end)
            found.append(attribute(text[start:end], names, draft.start - start, offset=start))
        return found


def attribute(sent: str, names: tuple[tuple[int, int], ...] = (), at: int | None = None, *, offset: int = 0) -> Attribution:
    """Return who says what a sentence says, and how surely.

    *names* are its named people and organisations. *at* is where the fact stands: "allegedly" reaches only its own clause.
    *offset* is where the sentence begins in its text.

    >>> attribute("The ministry confirmed that 83 persons were detained.")
    Attribution(source='ministry', assertion='stated')
    """
    near = (0, len(sent)) if at is None else (max(0, at - _NEAR), at + _NEAR)
    source, of_source = _said_by(sent, names)
    if source is None:
        source, of_source = _unnamed(sent, near)
    assertion, of_assertion = _assertion(sent, near)
    cues = (("source", of_source), ("assertion", of_assertion))
    clues = (Clue(name, "words", offset + cue[0], offset + cue[1]) for name, cue in cues if cue)
    return Attribution(source, assertion, tuple(clues))


@cache
def _cues(name: str) -> re.Pattern[str]:
    phrases = getattr(attribution_words(), name)
    return re.compile(rf"(?<!\w)(?:{one_of(phrases)})(?!\w)", re.IGNORECASE)


@cache
def _speaker() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a speaker: after "according to", before and behind a reporting verb; the group `who`."""
    words = attribution_words()
    one = rf"(?:{one_of(words.speakers)})"
    common, capital = rf"{one}(?:\s+and\s+{one})?", r"[A-Z][\w’'&.-]*"
    phrase = rf"(?P<who>(?:{capital}(?:\s+{_NAME})*\s+)?{common}(?!\w)|{capital}(?:\s+{_NAME})*)"
    lead = r"(?:(?:the|a|an|his|her|their|its|local|state|several)\s+)?"
    aside, adverb = r"(?:,[^,]{1,60},)?", r"(?:(?:also|later|had|have|has)\s+)?"
    verbs = rf"(?:{one_of((*words.verbs, *words.denied))})|(?:{one_of(words.verbs_with_that)})(?=\s+that\b)"
    document = r"(?:report|article|figures|statement|data|statistics|survey)"
    by = rf"(?:(?:a|an|the|its)\s+)?(?:[\w-]+\s+){{0,2}}{document}\s+(?:by|from|of)\s+"
    according = re.compile(rf"(?:{one_of(words.according)})\s+(?:{by})?{lead}{phrase}")
    spoke = re.compile(rf"(?:^|[,.”\"]\s+|\s){lead}{phrase}{aside}\s+{adverb}(?:{verbs})(?!\s+(?:\w+\s+)?to\b)(?!\w)")
    behind = rf"(?P<who>{capital}(?:\s+{_NAME})*|{common})(?!\w)"
    inverted = re.compile(rf"[,”\"]\s+(?:{one_of(words.verbs)})\s+{lead}{behind}")
    return according, spoke, inverted


@lru_cache(maxsize=256)
def _said_by(sent: str, names: tuple[tuple[int, int], ...]) -> tuple[str | None, Span | None]:
    """Return the speaker that the sentence names, and the words that say so: after "according to", before or behind a verb."""
    according, spoke, inverted = _speaker()
    capital = re.sub(r"^According", "according", sent)
    for pattern, text in ((according, capital), (spoke, sent), (inverted, sent)):
        if found := pattern.search(text):
            first, last = found.span("who")
            whole = next((name for name in names if name[0] < last and name[1] > first), (first, last))
            who = _shortened(sent[min(whole[0], first) : max(whole[1], last)])
            return who, _bare(sent, min(whole[0], found.start()), max(whole[1], found.end()))
    return None, None


def _bare(sent: str, start: int, end: int) -> Span:
    """Return a place without the spaces, commas and quotation marks at its edges."""
    words = sent[start:end]
    return start + len(words) - len(words.lstrip(_MARKS)), start + len(words.rstrip(_MARKS))


def _unnamed(sent: str, near: Span) -> tuple[str | None, Span | None]:
    cue = _cue("unnamed", sent, near)
    return ("reports", cue) if cue else (None, None)


def _cue(name: str, sent: str, near: Span) -> Span | None:
    """Return the first cue of a kind in a part of a sentence."""
    found = _cues(name).search(sent[slice(*near)])
    return (near[0] + found.start(), near[0] + found.end()) if found else None


def _shortened(who: str) -> str | None:
    """Return a speaker without the small words at its ends; a pronoun is nobody's name."""
    name = _SMALL_END.sub("", _SMALL_START.sub("", " ".join(who.split()))).rstrip(".,")
    if name.casefold() in _PRONOUNS:
        return None
    return "reports" if name.casefold().endswith("reports") else name or None


def _assertion(sent: str, near: Span) -> tuple[Assertion, Span | None]:
    if cue := _cue("denied", sent, (0, len(sent))):
        return "denied", cue
    cue = _cue("alleged", sent, near)
    return ("alleged" if cue else "stated"), cue


@Language.factory("casefacts_attribution", requires=["doc._.casefacts_drafts"], assigns=["doc._.casefacts_attributions"])
def create_attributions(nlp: Language, name: str) -> Attributions:
    """Return the component."""
    register()
    return Attributions()
