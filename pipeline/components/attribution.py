"""Who says so: the source and the assertion of every sentence of a Doc that holds a fact."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Attribution, Clue, Draft, drafts, register, text_of
from pipeline.components.sents import sent_at
from pipeline.normalise.names import known_names
from pipeline.normalise.phrases import one_of
from pipeline.rules.attribution import attribution_words
from pipeline.rules.dates import date_words
from pipeline.schema import Assertion

_NAME = r"(?:[A-Z][\w’'&.-]*|of|the|for|and|on|in|de|del|la|al)"


_PRONOUNS = frozenset("he she they it we i you who that this these those there".split())


Span = tuple[int, int]

_MARKS = ' \t\n\r,.”"'
_NEAR = 110  # characters between a cue and the fact that it speaks of
_ADVERBS = frozenset({"allegedly", "reportedly", "purportedly"})
_SPEAKERS = frozenset({"PERSON", "ORG", "NORP"})
_SMALL_START = re.compile(
    r"^(?:(?:the|an?|his|her|their|its|in|on|but|and|or|of|for|by|with|from|to|during|while|when|after|before|since|although|though|however|meanwhile)\s+)+",
    re.IGNORECASE,
)
_OWNER = re.compile(r"(?P<owner>[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)[’']s?\s+(?=[A-Z])")
_DATE = "·"  # stands for each letter of a date where speakers are looked for: no name runs across it
_SMALL_END = re.compile(r"(?:\s+(?:of|the|for|and|on|in|de|del|la|al))+$")


class Attributions:
    """spaCy component: sets `doc._.casefacts_attributions`, one for each draft."""

    def __call__(self, doc: Doc) -> Doc:
        """Attribute the drafts of one Doc."""
        doc._.casefacts_attributions = self.match(doc)
        return doc

    def match(self, doc: Doc) -> list[Attribution]:
        """Return the attribution of each draft, in the order of the drafts."""
        text = text_of(doc)
        named = [(e.start_char, e.end_char) for e in doc.ents if e.label_ in _SPEAKERS]
        return [self._of(doc, text, named, draft) for draft in drafts(doc)]

    def _of(self, doc: Doc, text: str, named: list[tuple[int, int]], draft: Draft) -> Attribution:
        """Return who says what a draft says: by its sentence, else carried over from the sentence before."""
        start, end = sent_at(text, draft.start, draft.end)
        own = attribute(text[start:end], _inside(named, start, end), draft.start - start, offset=start)
        if own.source or not start:
            return own
        before = max(0, len(text[:start].rstrip()) - 1)
        first, last = sent_at(text, before, before + 1)
        if _pronoun().search(text[start:end]):
            return _with(own, *_person_before(doc, text, first, start))
        if not goes_on(text[first:last], text[start:end]):
            return own
        said = attribute(text[first:last], _inside(named, first, last), offset=first)
        told = tuple(clue for clue in said.clues if clue.field == "source")
        return _with(own, said.source, told) if said.source != "reports" else own


def speakers_at(doc: Doc) -> Iterator[int]:
    """Yield where sentences begin that may name a speaker of a draft by name: its own, and the one before."""
    text = text_of(doc)
    for start, end in {sent_at(text, draft.start, draft.end) for draft in drafts(doc)}:
        if _is_named(text[start:end]):
            yield start
        if start and (_pronoun().search(text[start:end]) or goes_on(text[max(0, start - 600) : start], text[start:end])):
            yield len(text[:start].rstrip()) - 1


def _is_named(sent: str) -> bool:
    """Tell a speaker with a name from "the police" or "witnesses"."""
    if (said := _said_by(sent)) is None:
        return False
    first, last = said[0]
    before = sent[:first].rsplit(maxsplit=1)[-1:]  # "Lahore" of "Lahore police"
    return any(letter.isupper() for words in (*before, sent[first:last]) for letter in _SMALL_START.sub("", words + " "))


def _with(own: Attribution, source: str | None, told: tuple[Clue, ...]) -> Attribution:
    """Return an attribution with the speaker of the sentence before."""
    return Attribution(source, own.assertion, (*told, *own.clues)) if source else own


@cache
def _pronoun() -> re.Pattern[str]:
    """Return a pattern of a speaker who is only "he" or "she": the last sentence named them."""
    words = attribution_words()
    return re.compile(
        rf"(?<!\w)(?:[Hh]e|[Ss]he)\s+(?:(?:also|later|had|has)\s+)?(?:{one_of(words.verbs.words)})(?!\s+to\b)(?!\w)"
    )


def _person_before(doc: Doc, text: str, start: int, end: int) -> tuple[str | None, tuple[Clue, ...]]:
    """Return the first person whom the sentence before names, and where."""
    people = (e for e in doc.ents if e.label_ == "PERSON" and start <= e.start_char < end)
    who = next(people, None)
    if who is None:
        return None, ()
    return text[who.start_char : who.end_char], (Clue("source", "words", who.start_char, who.end_char),)


def _inside(named: list[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    return tuple((first - start, last - start) for first, last in named if start <= first and last <= end)


def goes_on(before: str, sent: str) -> bool:
    """Tell whether a sentence goes on with what the one before reports: by its first words, or as the same quotation.

    >>> goes_on("The ombudsman said that 40 people had been held.", "Of them, 12 were freed.")
    True
    """
    opens = re.match(rf"(?:{one_of(attribution_words().goes_on.words)})(?!\w)", sent, re.IGNORECASE)
    quoted = sent[:1] in '“"' and bool(re.search(r"[”\"]", before))
    return bool(opens or quoted)


def attribute(sent: str, names: tuple[tuple[int, int], ...] = (), at: int | None = None, *, offset: int = 0) -> Attribution:
    """Return who says what a sentence says, and how surely.

    *names* are its named people and organisations. *at* is where the fact stands: "allegedly" reaches only its own clause.
    *offset* is where the sentence begins in its text.

    >>> attribute("The ministry confirmed that 83 persons were detained.")
    Attribution(source='ministry', assertion='stated')
    """
    source, of_source = _named(sent, _said_by(sent), names)
    if source is None and (of_source := _reached(sent, "unnamed", at)):
        source = "reports"
    assertion, of_assertion = _assertion(sent, at)
    cues = (("source", of_source), ("assertion", of_assertion))
    clues = (Clue(name, "words", offset + cue[0], offset + cue[1]) for name, cue in cues if cue)
    return Attribution(source, assertion, tuple(clues))


@cache
def _cues(name: str) -> re.Pattern[str]:
    phrases = getattr(attribution_words(), name).words
    return re.compile(rf"(?<!\w)(?:{one_of(phrases)})(?!\w)", re.IGNORECASE)


# Before a cue these open a clause of their own: what is alleged there is the offence, or something of somebody else.
_OWN_CLAUSE = re.compile(r"(?:\b(?:for|of|who|which|whom|where|over|while|by|having|had)|,)\s+(?:\w+\s+)?$", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r";|\b(?:who|which|while|but|whose)\b", re.IGNORECASE)


def _reached(sent: str, name: str, at: int | None) -> Span | None:
    """Return the cue that speaks of the fact at *at*: it stands near, in the same clause, and not in one about the offence."""
    for cue in _cues(name).finditer(sent):
        if cue[0].casefold() in _ADVERBS and _OWN_CLAUSE.search(sent[: cue.start()]) and (at is None or at < cue.start()):
            continue
        if at is None:
            return cue.span()
        low, high = (cue.end(), at) if cue.end() <= at else (at, cue.start())
        if high - low <= _NEAR and not _CLAUSE_ENDS.search(sent[low:high]):
            return cue.span()
    return None


@cache
def _speaker() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a speaker: after "according to", before and behind a reporting verb; the group `who`."""
    words = attribution_words()
    one = rf"(?:{one_of(words.speakers.words)})"
    common, capital = rf"{one}(?:\s+and\s+{one})?", r"[A-Z][\w’'&.-]*"
    named = rf"(?:{one},?\s+(?={capital}\s+{_NAME}\s))?"
    phrase = rf"(?P<who>(?:{capital}(?:\s+{_NAME})*\s+)?{common}(?!\w)|{capital}(?:\s+{_NAME})*)"
    lead = rf"(?:(?:the|a|an|his|her|their|its|local|state|several)\s+)?(?:(?:(?:19|20)\d\d|{_DATE}+)\s+)?"
    place = rf"(?:\s+(?:of|in|from)\s+(?:the\s+)?{capital}(?:\s+{_NAME})*)?"
    aside, adverb = (
        rf"{place}(?:\s+\([^()]{{1,40}}\))?(?:\s+{_DATE}+)?(?:,[^,]{{1,60}},)?",
        r"(?:(?:also|later|had|have|has|[a-z]+ly)\s+){0,2}",
    )
    that = one_of(words.verbs_with_that.words)
    verbs = rf"(?:{one_of((*words.verbs.words, *words.denied.words))})|(?:{that})(?=\s+that\b)"
    decided = rf"(?!\s+(?:(?:the|his|her|its|their|a)\s+)?(?:\w+\s+)?(?:{one_of(words.decisions.words)})\b)"
    document = r"(?:report|article|figures|statement|data|statistics|survey|information)"
    by = rf"(?:(?:a|an|the|its)\s+)?(?:[\w{_DATE}-]+\s+){{0,2}}{document}\s+(?:by|from|of)\s+"
    according = rf"(?:{one_of(words.according.words)})\s+(?:{by})?{lead}{named}{phrase}"
    spoke = rf"(?:^|[,.”\"]\s+|\s){lead}{named}{phrase}{aside}\s+{adverb}(?:{verbs})(?!\s+(?:\w+\s+)?to\b)(?!\w){decided}"
    relative = rf"(?:^|\s){lead}{phrase},\s+(?:which|who)\s+{adverb}(?:{verbs})(?=\s+that\b)"
    behind = rf"(?P<who>{capital}(?:\s+{_NAME})*|{common})(?!\w)"
    inverted = rf"[,”\"]\s+(?:{one_of(words.verbs.words)})\s+{lead}{behind}"
    ends = rf",[”\"]?\s+{lead}{phrase}\s+(?:{that})\s*(?:[.;]|$)"
    return tuple(map(re.compile, (according, spoke, relative, inverted, ends)))


@cache
def _date() -> re.Pattern[str]:
    """Return a pattern of a day, month or weekday that names no speaker; May alone may be a person."""
    words = date_words()
    month, year = one_of(name.capitalize() for name in words.months.words), r"(?:,?\s+(?:19|20)\d\d(?!\w))"
    weekday = one_of(name.capitalize() for name in words.weekdays.words)
    before = r"(?:[Ii]n|[Oo]n|By|[Dd]uring|[Ss]ince|[Uu]ntil|[Ll]ast|[Tt]his|[Nn]ext|[Ee]arly|[Ll]ate|[Tt]hroughout)"
    day = rf"(?:\d{{1,2}}\s+)?(?:{month})(?:\s+\d{{1,2}}(?!\w))?{year}?"
    stated = rf"(?:\d{{1,2}}\s+(?:{month})|(?:{month})\s+\d{{1,2}}(?!\w)|(?:{month})(?={year})){year}?"
    document = r"(?:(?<=\ban )|(?<=\bits )|(?<=\ba ))"  # "a May report"
    lead = rf"(?:{before}\s+)+(?:(?:the|early|mid|late|last)[\s-]+)?"
    return re.compile(rf"(?<!\w)(?:{lead}(?:{day}|{weekday})|(?:{before}\s+)?{stated}|{document}(?:{day}))(?![\w’'])")


@lru_cache(maxsize=1 << 10)
def _undated(sent: str) -> str:
    """Return a sentence, its dates filled up: "In October the government said" does not name an October.

    >>> _undated("In May police said")
    '······ police said'
    """
    return _date().sub(lambda found: _DATE * len(found[0]), sent)


_WHERE = re.compile(
    r"(?<!\w)(?:in|near|outside|from|across|throughout|between)\s+(?:the\s+)?$"
)  # "a court in Minsk told reporters": Minsk does not speak


@lru_cache(maxsize=1 << 10)
def _said_by(sent: str) -> tuple[Span, Span] | None:
    """Return where the speaker stands, and the words that say so: after "according to", before or behind a verb."""
    lowered = re.sub(r"^According", "according", _undated(sent))
    told = (one for pattern in _speaker() for one in pattern.finditer(lowered))
    found = next((one for one in told if not _WHERE.search(lowered, 0, one.start("who"))), None)
    return (found.span("who"), found.span()) if found else None


def _named(sent: str, said: tuple[Span, Span] | None, names: tuple[Span, ...]) -> tuple[str | None, Span | None]:
    """Return the whole name of a speaker, and the words that say who it is."""
    if said is None:
        return None, None
    (first, last), (start, end) = said
    touching = (name for name in names if name[0] < last and name[1] > first and _DATE not in _undated(sent)[slice(*name)])
    whole = next(touching, (first, last))
    who = shortened(sent[min(whole[0], first) : max(whole[1], last)])
    return who, _bare(sent, min(whole[0], start), max(whole[1], end)) if who else None


def _bare(sent: str, start: int, end: int) -> Span:
    """Return a place without the spaces, commas and quotation marks at its edges."""
    words = sent[start:end]
    return start + len(words) - len(words.lstrip(_MARKS)), start + len(words.rstrip(_MARKS))


def shortened(who: str) -> str | None:
    """Return a speaker without the small words at its ends; a pronoun is nobody's name."""
    owner = _OWNER.match(who)
    if owner and known_names().exactly(owner["owner"]):  # "Azerbaijan's Ministry": whose is told elsewhere
        who = who[owner.end() :]
    name = _SMALL_END.sub("", _SMALL_START.sub("", " ".join(who.split()))).rstrip(".,")
    name = re.sub(r"[’']s$", "", name)  # "the ministry's report"
    if name.casefold() in _PRONOUNS:
        return None
    return "reports" if name.casefold().endswith("reports") else name or None


def _assertion(sent: str, at: int | None) -> tuple[Assertion, Span | None]:
    if cue := _cues("denied").search(sent):
        return "denied", cue.span()
    alleged = _reached(sent, "alleged", at)
    return ("alleged" if alleged else "stated"), alleged


@Language.factory("casefacts_attribution", requires=["doc._.casefacts_drafts"], assigns=["doc._.casefacts_attributions"])
def create_attributions(nlp: Language, name: str) -> Attributions:
    """Return the component."""
    register()
    return Attributions()
