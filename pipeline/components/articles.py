"""Legal articles of a Doc: each number, the law it belongs to, and the state whose law that is."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Clue, Draft, context_of, drafts, register, set_drafts, text_of
from pipeline.context import Context
from pipeline.normalise.articles import Citation, citations, gloss_at
from pipeline.normalise.attach import Law, attach, is_act_of_state, stem
from pipeline.normalise.instruments import LawName, law_names
from pipeline.normalise.joined import Joined, join_lines
from pipeline.normalise.names import NameIndex, known_names
from pipeline.normalise.phrases import one_of
from pipeline.normalise.places import country_mentions
from pipeline.rules.articles import citation_words
from pipeline.rules.codes import Instrument, Instruments, instruments

_RANGE = re.compile(r"(?P<low>\d{1,4})-(?P<high>\d{1,4})")
_PLURAL = re.compile(r"(?:[^s]s|men|women)$")
_PERSON = re.compile(r"\s+(?:m[ae]n|wom[ae]n|nationals?|girls?|boys?|migrants?|refugees?|asylum|workers?|tourists?)\b")
_CONVENTION = re.compile(r"\b(?:Convention|Covenant)(?:,?\s+\(?\d{4}\)?)?$")  # states agree on them; no state has one alone
_TREATY = ("covenant", "convention")
_TREATY_ARTICLES = 60
_JUST_NAMED = 600
_NEAR = 160
_SHORT_NAME = 2  # words; every state has a Press Law
_DISTINCTIVE = 5  # a name that so few states share tells which they may be; every state has a Penal Code


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
        return self.read(text_of(doc), replace(context, countries=tuple(told)))

    def read(self, text: str, context: Context) -> list[Draft]:
        """Return the drafts of the articles that *text* cites."""
        joined = join_lines(text)
        return [
            self._draft(text, _moved(cited, joined), _moved_law(law, joined), context, body=body, offence=offence)
            for cited, law, body, offence, context in self._cited(joined.text, context)
        ]

    def _cited(self, text: str, context: Context) -> list[tuple[Citation, Law | None, bool, str | None, Context]]:
        """Return each citation with its law, whether a treaty body speaks, the gloss behind the law, and what tells its state."""
        found = [c for c in citations(text) if not self._is_no_law(text, c)]
        if not found:
            return []
        laws = law_names(text, names=self.names, known=self.known)
        told = self._with_laws(laws, _without_persons(text, context, self.names))
        context = told if told.spoken_of else context
        body = _is_treaty_body(text, context)
        named = any(map(partial(self._is_treaty_of, context), laws))
        implied = partial(self._may_be_meant, context=context, body=body, named=named)
        of = attach(text, found, laws, implied=implied, own_names=_own_names(context, body=body))
        return [
            (one, law, body, _behind(text, c, law, found), context)
            for c, law in zip(found, of, strict=True)
            for one in (_ends(c) if self._is_range(text, c, law, context, body=body) else (c,))
        ]

    def _is_range(self, text: str, cited: Citation, law: Law | None, context: Context, *, body: bool) -> bool:
        """Tell "Articles 146-148", a range, from "Articles 110-1 and 282-1": such are the numbers of that law."""
        ends = _RANGE.fullmatch(cited.article)
        if not ends or cited.keyword not in citation_words().plural or int(ends["low"]) >= int(ends["high"]):
            return False
        state, _ = self._jurisdiction(text, cited, law, context, body=body)
        own = [one for one in self.known.named(law.name.text) if one.jurisdiction == state] if law else []
        return not any(re.fullmatch(one.number, cited.article, re.IGNORECASE) for one in own)

    def _with_laws(self, laws: Sequence[LawName], context: Context) -> Context:
        """Return the context with the states whose laws are named: one state alone has a Kidnapping Act 1961."""
        told = {(context.offset + law.start, state) for law in laws if (state := self._own_state(law))}
        return replace(context, countries=tuple(sorted({*context.countries, *told})))

    def _own_state(self, law: LawName) -> str | None:
        states = {one.jurisdiction for one in self.known.named(law.text)} if _is_telling(law.text) else set()
        only = next(iter(states)) if len(states) == 1 else None
        return None if only == "INT" else only

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

    def _is_treaty_of(self, context: Context, law: LawName) -> bool:
        """Tell the treaty that the body of a decision watches over."""
        treaties = set(_body(context).values())
        return law.text.casefold() in _TREATY or any(one.id in treaties for one in self.known.named(law.text))

    def _may_be_meant(self, law: LawName, cited: Citation, *, context: Context, body: bool, named: bool) -> bool:
        """Tell whether a provision that stands alone may be of *law*; in a decision of a treaty body it is of the treaty.

        *named*: whether the text names the treaty; if not, the law just named may be meant.
        """
        name = law.text.casefold()
        if (name in citation_words().never_implied) or (cited.keyword.startswith("rule") != ("rules" in name)):
            return False
        if not body or not cited.keyword.startswith("art") or not _may_be_of_treaty(cited):
            return True
        return self._is_treaty_of(context, law) or (not named and 0 <= cited.list_start - law.end <= _JUST_NAMED)

    def _draft(self, text: str, cited: Citation, law: Law | None, context: Context, *, body: bool, offence: str | None) -> Draft:
        state, told = self._jurisdiction(text, cited, law, context, body=body)
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
        self, text: str, cited: Citation, law: Law | None, context: Context, *, body: bool
    ) -> tuple[str | None, tuple[Clue, ...]]:
        """Return whose law it is, and what tells: named with it, the law of nations, or the state that the report is about."""
        named = (Clue("jurisdiction", "words", law.name.start, law.name.end),) if law else ()
        if law and law.name.country:
            return law.name.country, named
        if law and self._is_international(law.name.text):
            return "INT", named
        if law is None and is_act_of_state(text, cited):
            return "INT", (Clue("jurisdiction", "words", cited.list_start, cited.list_end),)
        if law is None and body:
            return "INT", (Clue("jurisdiction", "title"),)
        states = {one.jurisdiction for one in self.known.named(law.name.text)} if law else set()
        spoken_of = context.country_at(cited.start)
        if (
            law
            and (0 < len(states) <= _DISTINCTIVE)
            and (spoken_of is None or states & context.spoken_of or _is_telling(law.name.text))
        ):
            state = context.likeliest(cited.start, states)
            return state, _told(state, cited, context) or (named if state in states else ())
        return spoken_of, _told(spoken_of, cited, context)

    def _is_international(self, name: str) -> bool:
        known = self.known.named(name)
        if known and all(one.jurisdiction == "INT" for one in known):
            return True
        return bool(_international().match(name) or _CONVENTION.search(name))


def _ends(cited: Citation) -> tuple[Citation, Citation]:
    """Return the first and the last provision of a range."""
    low, _, high = cited.article.partition("-")
    first = replace(cited, end=cited.start + len(low), article=low, offence=None)
    return first, replace(cited, start=cited.end - len(high), article=high)


def _without_persons(text: str, context: Context, names: NameIndex) -> Context:
    """Return the context without the peoples that only say who somebody is: "four Bangladeshis" may be tried anywhere."""
    persons = {context.offset + start for start in _persons(text, names)}
    countries = tuple((at, code) for at, code in context.countries if at not in persons)
    title, told = context.title or "", country_mentions(context.title or "", names=names)
    strangers = set(_persons(title, names))
    named = tuple(dict.fromkeys(code for at, code in told if at not in strangers))
    return replace(context, countries=countries, title_countries=named if strangers else context.title_countries)


def _persons(text: str, names: NameIndex) -> Iterator[int]:
    for named in names.found_in(text):
        if named.name.role == "people" and (_PLURAL.search(text[named.start : named.end]) or _PERSON.match(text, named.end)):
            yield named.start


def _is_telling(name: str) -> bool:
    """Tell a name so much a law's own that it may be meant in a report which never mentions its state."""
    return any(letter.isupper() for letter in name) and (len(name.split()) > _SHORT_NAME or any(map(str.isdigit, name)))


def _moved(cited: Citation, joined: Joined) -> Citation:
    """Return the citation at its place in the report."""
    (start, end), (first, last) = joined.span(cited.start, cited.end), joined.span(cited.list_start, cited.list_end)
    return replace(cited, start=start, end=end, list_start=first, list_end=last)


def _moved_law(law: Law | None, joined: Joined) -> Law | None:
    """Return the law with its name at its place in the report."""
    if law is None:
        return None
    start, end = joined.span(law.name.start, law.name.end)
    return replace(law, name=replace(law.name, start=start, end=end))


def _told(state: str | None, cited: Citation, context: Context) -> tuple[Clue, ...]:
    """Return the mention of a state that is nearest to a citation, or the title that has it."""
    at = context.told_by(state, cited.start) if state else None
    if at is not None:
        return (Clue("jurisdiction", "words", at),)
    return (Clue("jurisdiction", "title"),) if state in context.title_countries else ()


def _places(doc: Doc, context: Context) -> tuple[tuple[int, str], ...]:
    """Return where the places found so far lie: they tell the state in a report that names none.

    A place that was put in the report's own country tells nothing more.
    """
    found = (d for d in drafts(doc, "location") if d.values["country"] and d.rule != "places.report")
    return tuple((context.offset + d.start, d.values["country"]) for d in found)


@cache
def _international() -> re.Pattern[str]:
    words = citation_words()
    before = r"(?:(?:UN|U\.N\.|ILO|(?:1[89]|20)\d\d|draft|first|second|revised)\s+|United\s+Nations\s+)*(?:[A-Z][\w’']+\s+){0,3}?"
    return re.compile(rf"{before}(?:{one_of(words.international)})(?!\w)|(?:{one_of(words.international_alone)})$", re.IGNORECASE)


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


def _own_names(context: Context, *, body: bool) -> frozenset[str]:
    """Return what a treaty body calls its treaty; one that is not told may have any."""
    return frozenset(_body(context) or (_TREATY if body else ()))


def _may_be_of_treaty(cited: Citation) -> bool:
    """No treaty that a body watches over has as many as sixty articles."""
    number = stem(cited)
    return number.isdecimal() and int(number) < _TREATY_ARTICLES


def _is_treaty_body(text: str, context: Context) -> bool:
    """Tell a decision of a treaty body, in which a bare "article 7" is the treaty's."""
    cues = citation_words().treaty_body
    return bool(_body(context)) or sum(cue in text or cue in (context.title or "") for cue in cues) > 1


def _behind(text: str, cited: Citation, law: Law | None, found: Sequence[Citation]) -> str | None:
    """Return the gloss behind the law, where one provision stands before it: "Article 299 of the Penal Code (insult)"."""
    alone = sum(other.list_start == cited.list_start for other in found) == 1
    return gloss_at(text, law.name.end) if law and law.rule == "after" and alone else None


def _instrument(known: Instruments, law: Law | None, state: str | None, cited: Citation, context: Context) -> Instrument | None:
    """Return the instrument of `models/codes/` that the name, the state, the number and the day leave; never a guess."""
    if law is None or state is None:
        return None
    own = _body(context).get(law.name.text.casefold())
    if own:
        return known.by_id.get(own)
    number = stem(cited)
    fits = [
        one for one in known.named(law.name.text) if one.jurisdiction == state and re.fullmatch(one.number, number, re.IGNORECASE)
    ]
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
