"""Legal articles of a Doc: each number, the law it belongs to, and the state whose law that is."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Clue, Draft, context_of, drafts, register, set_drafts
from pipeline.context import Context
from pipeline.normalise.articles import Citation, citations, gloss_at
from pipeline.normalise.instruments import LawName, law_names
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.phrases import one_of
from pipeline.rules.articles import citation_words
from pipeline.rules.codes import Instrument, Instruments, instruments

_END = re.compile(r"[.!?][”\"’)]?\s+(?=[A-Z“\"\d])|\n\s*\n")
_ACRONYM = re.compile(
    r"\s*,?\s+(?:of|under)\s+(?:the\s+|[A-Z]\w+['’]s\s+)?(?P<name>[A-Z][a-z]?[A-Z][A-Za-z]{0,5})(?![\w-])(?!\s+[A-Z])"
)
_NEAR = 160
_LIST_GAP = 90
_RECENT = 500
_DISTINCTIVE = 5  # a name that so few states share tells which they may be; every state has a Penal Code


@dataclass(frozen=True, slots=True)
class _Law:
    """The law of a citation: its name, its state, and how it was found."""

    name: LawName
    rule: str


class Articles:
    """spaCy component: adds a draft for each numbered provision that a Doc cites."""

    def __init__(self, names: NameIndex, known: Instruments) -> None:
        self.names, self.known = names, known

    def __call__(self, doc: Doc) -> Doc:
        """Read the citations of *doc* and add their drafts."""
        return set_drafts(doc, self.match(doc))

    def match(self, doc: Doc) -> list[Draft]:
        """Return the drafts of the articles of *doc*, in the order of the text."""
        context = context_of(doc)
        told = sorted({*context.countries, *_places(doc, context)})
        return self.read(doc.text, replace(context, countries=tuple(told)))

    def read(self, text: str, context: Context) -> list[Draft]:
        """Return the drafts of the articles that *text* cites."""
        found = [c for c in citations(text) if not self._is_no_law(text, c)]
        if not found:
            return []
        laws = law_names(text, names=self.names, known=self.known)
        of = _attach(text, found, laws)
        body = _is_treaty_body(text, context)
        return [
            self._draft(c, law, context, body=body, offence=_behind(text, c, law, found))
            for c, law in zip(found, of, strict=True)
        ]

    def _is_no_law(self, text: str, cited: Citation) -> bool:
        """Article 19 is also an organisation; "Section 5." opens a chapter of the report."""
        if cited.article == "19" and cited.list_end == cited.end:
            around = text[max(0, cited.list_start - 60) : cited.list_start], text[cited.end : cited.end + 40]
            if (
                _organisation_before().search(around[0])
                or _organisation_after().match(around[1])
                or text[cited.list_start : cited.start].isupper()
            ):
                return not _of_law().match(around[1])
        heading = text[: cited.list_start].endswith("\n") or cited.list_start == 0
        return heading and cited.keyword == "section" and bool(re.match(r"\.\s", text[cited.end : cited.end + 2]))

    def _draft(self, cited: Citation, law: _Law | None, context: Context, *, body: bool, offence: str | None) -> Draft:
        state, told = self._jurisdiction(cited, law, context, body=body)
        one = _instrument(self.known, law, state, cited, context)
        values = {
            "article": cited.article,
            "instrument": law.name.text if law else None,
            "instrument_id": one.id if one else None,
            "jurisdiction": one.jurisdiction if one else state,
            "offence": cited.offence or offence,
        }
        clues = (*((Clue("instrument", "words", law.name.start, law.name.end),) if law else ()), *told)
        return Draft("article", cited.start, cited.end, f"article.{law.rule if law else 'alone'}", values, clues)

    def _jurisdiction(
        self, cited: Citation, law: _Law | None, context: Context, *, body: bool
    ) -> tuple[str | None, tuple[Clue, ...]]:
        """Return whose law it is, and what tells: named with it, the law of nations, or the state that the report is about."""
        named = (Clue("jurisdiction", "words", law.name.start, law.name.end),) if law else ()
        if law and law.name.country:
            return law.name.country, named
        if law and self._is_international(law.name.text):
            return "INT", named
        if law is None and body:
            return "INT", (Clue("jurisdiction", "title"),)
        states = {one.jurisdiction for one in self.known.named(law.name.text)} if law else set()
        if 0 < len(states) <= _DISTINCTIVE:
            state = context.likeliest(cited.start, states)
            return state, _told(state, cited, context) or (named if state in states else ())
        state = context.country_at(cited.start)
        return state, _told(state, cited, context)

    def _is_international(self, name: str) -> bool:
        known = self.known.named(name)
        if known and all(one.jurisdiction == "INT" for one in known):
            return True
        return bool(_international().match(name))


def _told(state: str | None, cited: Citation, context: Context) -> tuple[Clue, ...]:
    """Return the mention of a state that is nearest to a citation, or the title that has it."""
    at = context.told_by(state, cited.start) if state else None
    if at is not None:
        return (Clue("jurisdiction", "words", at),)
    return (Clue("jurisdiction", "title"),) if state in context.title_countries else ()


def _places(doc: Doc, context: Context) -> tuple[tuple[int, str], ...]:
    """Return where the places found so far lie: they tell the state in a report that names none."""
    return tuple((context.offset + d.start, d.values["country"]) for d in drafts(doc, "location") if d.values["country"])


@cache
def _international() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(citation_words().international)})(?!\w)", re.IGNORECASE)


@cache
def _organisation_before() -> re.Pattern[str]:
    return re.compile(
        r"(?:\b(?:NGOs?|organi[sz]ations?|groups?|watchdog|according\s+to|including|said|by|with)|,)\s+(?:the\s+)?[“\"]?$",
        re.IGNORECASE,
    )


@cache
def _organisation_after() -> re.Pattern[str]:
    return re.compile(
        r"[”\"]?(?:,?\s+(?:said|calling|called|reported|noted|documented|an?\b)|,\s+(?:the|an?|Human|Amnesty)\b|[’']s\b)"
    )


@cache
def _of_law() -> re.Pattern[str]:
    return re.compile(r"\s+of\s+the\b", re.IGNORECASE)


def _body(context: Context) -> dict[str, str]:
    """Return what the treaty body of a decision calls its treaties; the symbol in the title names the body."""
    symbol = re.match(r"([A-Z]+)/", context.title or "")
    return citation_words().bodies.get(symbol[1], {}) if symbol else {}


def _is_treaty_body(text: str, context: Context) -> bool:
    """Tell a decision of a treaty body, in which a bare "article 7" is the treaty's."""
    cues = citation_words().treaty_body
    return bool(_body(context)) or sum(cue in text or cue in (context.title or "") for cue in cues) > 1


def _behind(text: str, cited: Citation, law: _Law | None, found: Sequence[Citation]) -> str | None:
    """Return the gloss behind the law, where one provision stands before it: "Article 299 of the Penal Code (insult)"."""
    alone = sum(other.list_start == cited.list_start for other in found) == 1
    return gloss_at(text, law.name.end) if law and law.rule == "after" and alone else None


def _attach(text: str, found: Sequence[Citation], laws: Sequence[LawName]) -> list[_Law | None]:
    """Return the law of each citation: named right after it, right before it, for the list it ends, or carried on."""
    own = [_after(text, c, laws) or _before(text, c, laws) for c in found]
    shared = [law or _shared(text, i, found, own) for i, law in enumerate(own)]
    same = [law or _in_sentence(text, c, laws) for c, law in zip(found, shared, strict=True)]
    carried = [law or _carried(i, found, same) for i, law in enumerate(same)]
    only = _Law(laws[0], "only") if len({law.text.casefold() for law in laws}) == 1 else None
    return [law or _mentioned(c, laws) or only for c, law in zip(found, carried, strict=True)]


@cache
def _gap() -> re.Pattern[str]:
    """Return what may stand between a citation and its law: "of the", "under its own", "(", a quotation mark."""
    before = one_of(citation_words().before_name)
    return re.compile(
        rf"[\s,]*(?:[“\"(\[]|(?:of|under|in|from|to)\s+(?:(?:the|and|of|{before})\s*)*(?:(?:(?:[A-Z][\w-]+|of|on|against|the|for)\s+){{0,6}}[A-Z][\w-]+['’]s\s+)?[“\"]?)",
        re.IGNORECASE,
    )


def _after(text: str, cited: Citation, laws: Sequence[LawName]) -> _Law | None:
    law = next((one for one in laws if one.start >= cited.list_end), None)
    if law and (gap := _gap().fullmatch(text[cited.list_end : law.start])):
        return _same(law, laws) if re.search(r"\b(?:same|said|latter)\b", gap[0]) else _Law(law, "after")
    short = _ACRONYM.match(text, cited.list_end)
    return _Law(LawName(*short.span(1), short[1], None), "acronym") if short else None


def _same(law: LawName, laws: Sequence[LawName]) -> _Law:
    """Return the law that "the same Code" points back to."""
    noun = law.text.split()[-1].casefold()
    before = [one for one in laws if one.end <= law.start and one.text.casefold().endswith(noun)]
    return _Law(before[-1] if before else law, "same")


def _before(text: str, cited: Citation, laws: Sequence[LawName]) -> _Law | None:
    for law in reversed(laws):
        if law.end <= cited.list_start:
            gap = text[law.end : cited.list_start]
            close = re.fullmatch(
                r"(?:['’]s?)?[\s,:(–-]*(?:\([A-Z]\w+\))?[\s,:(–-]*(?:(?:in|under|by|at|and)\s+)?(?:its\s+)?", gap
            )
            return _Law(law, "before") if close else None
    return None


def _shared(text: str, i: int, found: Sequence[Citation], own: Sequence[_Law | None]) -> _Law | None:
    """Return the law that a list names at its end: "article 14, article 17 and articles 26 and 27 of the Covenant"."""
    for j in range(i + 1, len(found)):
        gap = text[found[j - 1].end : found[j].start]
        if len(gap) > _LIST_GAP or _END.search(gap):
            return None
        if law := own[j]:
            return None if _END.search(text[found[i].end : found[j].start]) else _Law(law.name, "list")
    return None


def _in_sentence(text: str, cited: Citation, laws: Sequence[LawName]) -> _Law | None:
    """Return the last law named before the citation in its sentence."""
    start = max(
        (m.end() for m in _END.finditer(text, max(0, cited.list_start - 600), cited.list_start)),
        default=max(0, cited.list_start - 600),
    )
    named = [law for law in laws if start <= law.start and law.end <= cited.list_start]
    return _Law(named[-1], "sentence") if named else None


def _carried(i: int, found: Sequence[Citation], own: Sequence[_Law | None]) -> _Law | None:
    """Return the law that the same number, or else the citation before, was said to belong to."""
    cited, keyword = found[i], found[i].keyword[:4]
    akin = [j for j, law in enumerate(own) if law and found[j].keyword[:4] == keyword]
    alike = [j for j in akin if _stem(found[j]) == _stem(cited)]
    before = [j for j in akin if j < i]
    chosen = [*(j for j in reversed(alike) if j < i), *alike, *reversed(before), *akin]
    law = own[chosen[0]] if chosen else None
    return _Law(law.name, "carried") if law else None


def _stem(cited: Citation) -> str:
    """Return the provision of a citation without its parts: 14 of 14(3)(b)."""
    return cited.article.partition("(")[0]


def _mentioned(cited: Citation, laws: Sequence[LawName]) -> _Law | None:
    """Return the law that the sentences just before were about."""
    named = [law for law in laws if cited.list_start - _RECENT <= law.start < cited.list_start]
    return _Law(named[-1], "mentioned") if named else None


def _instrument(known: Instruments, law: _Law | None, state: str | None, cited: Citation, context: Context) -> Instrument | None:
    """Return the instrument of `models/codes/` that the name, the state, the number and the day leave; never a guess."""
    if law is None or state is None:
        return None
    own = _body(context).get(law.name.text.casefold())
    if own:
        return known.by_id.get(own)
    stem = _stem(cited)
    fits = [one for one in known.named(law.name.text) if one.jurisdiction == state and re.fullmatch(one.number, stem)]
    year = re.search(r"(?:1[89]|20)\d\d", law.name.text)
    if year and len(fits) > 1:
        fits = [one for one in fits if one.in_force.from_ and abs(one.in_force.from_.year - int(year[0])) <= 1] or fits
    if len(fits) > 1:
        fits = _in_force(fits, _day(cited, context))
    return fits[0] if len(fits) == 1 else None


def _day(cited: Citation, context: Context) -> datetime.date | None:
    """Return the end of the year last stated near the citation, else the day of publication."""
    near = [y for o, y in context.years if abs(o - context.offset - cited.start) <= _NEAR]
    return datetime.date(near[-1], 12, 31) if near else context.published


def _in_force(found: Sequence[Instrument], day: datetime.date | None) -> list[Instrument]:
    """Return those in force on *day*; without a day, those still in force."""
    if day is None:
        return [one for one in found if one.in_force.to is None]
    begin = datetime.date.min
    return [o for o in found if (o.in_force.from_ or begin) <= day <= (o.in_force.to or datetime.date.max)]


@Language.factory("casefacts_articles", assigns=["doc._.casefacts_drafts", "doc.spans"])
def create_articles(nlp: Language, name: str) -> Articles:
    """Return the component."""
    register()
    return Articles(known_names(), instruments())
