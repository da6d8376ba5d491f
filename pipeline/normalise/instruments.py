"""Find the names of laws in a text: "the Criminal Code of Azerbaijan" is the Criminal Code, of AZ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.normalise.names import Named, NameIndex
from pipeline.normalise.phrases import one_of
from pipeline.rules.articles import citation_words
from pipeline.rules.codes import Instruments, fold_name
from pipeline.rules.places import place_rules

_YEAR = r"(?:1[89]|20)\d\d"
_OF_DAY = rf",?\s+of\s+\d{{1,2}}\s+[A-Z][a-z]+\s+{_YEAR}"
_NUMBERED = re.compile(
    rf"(?:,?\s+(?:[Nn]os?\.?\s*)?\d[\d/-]*(?:(?<=-)[A-Z]\b)?(?:\s+of\s+{_YEAR})?)?(?:{_OF_DAY}|,?\s+(?:of\s+)?{_YEAR}(?!\w)|\s+\({_YEAR}\))?"
)
_SMALL = r"(?:of|on|and|the|for|against|to|in|or|from|other|all|forms|with|by|their|its|a|an)"
# A capitalised word, also one broken over two lines.
_WORD = r"(?!(?:Articles?|Sections?|Rules?|Part|Chapter)\s[\dIVX])[A-Z][\w’'-]*(?:(?<=-)\s*\n\s*[a-z]+)?"
_REST = rf"(?:\s+{_SMALL})*\s+{_WORD}(?:(?:,(?=\s+(?:and\s+)?[A-Z]))?(?:\s+{_SMALL})*\s+{_WORD})*"
_CAPITAL_TAIL = re.compile(rf"\s+(?:of|on|for|against|to|concerning|relating\s+to|regarding|governing){_REST}")
_SUBJECT = re.compile(rf"\s+(?:on|concerning|regarding|governing){_REST}")
# An Act, a Code, a Constitution goes on with "of" or "on": not "the Constitution in Catalonia".
_NEAR = r"(?:of|on|and|the|against|other)"
_SHORT_TAIL = re.compile(rf"\s+(?:of|on)(?:\s+{_NEAR})*\s+{_WORD}(?:(?:,(?=\s+(?:and\s+)?[A-Z]))?(?:\s+{_NEAR})*\s+{_WORD})*")
_LOWER_TAIL = re.compile(
    r"\s+(?:of|on|against|for|to)\s+(?:the\s+)?[a-z][a-z-]+(?:\s+(?:and\s+|of\s+(?:the\s+)?|against\s+(?:the\s+)?)?[a-z][a-z-]+){0,5}"
)


_OF_STATE = re.compile(
    r",?\s+(?:of|in|for)\s+(?:the\s+)?(?:\w+\s+)?(?:Republic|Kingdom|Federation|State)?(?:\s+of)?\s*(?:the\s+)?$"
)


@dataclass(frozen=True, slots=True)
class LawName:
    """A law's name where it stands; `text` is the name without the country, `country` the state named in it."""

    start: int
    end: int
    text: str
    country: str | None


@cache
def _nouns(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{one_of(citation_words(language).laws)})(?![\w-])", re.IGNORECASE)


def law_names(text: str, *, names: NameIndex, known: Instruments, language: str = "en") -> list[LawName]:
    """Return the laws that *text* names, in order, none overlapping another."""
    found: list[LawName] = []
    spelled = (*_listed(text, names, known), *_spelled(text, names, known, language), *_abbreviated(text, names, known))
    for name in sorted(spelled, key=lambda n: n.start - n.end):
        if all(name.end <= other.start or other.end <= name.start for other in found):
            found.append(name)
    return sorted(found, key=lambda n: n.start)


def _listed(text: str, names: NameIndex, known: Instruments) -> Iterator[LawName]:
    """Yield the names that `models/codes/` lists, the longest at each place: also those that no rule of English would find."""
    words = [(m[0], *m.span()) for m in re.finditer(r"[^\W_]+(?:['’](?!s\b)[^\W_]+)*", text)]
    folded = ["" if word == "s" and text[start - 1 : start] in ("'", "’") else fold_name(word) for word, start, _ in words]
    for i, (word, start, _) in enumerate(words):
        if word[0].isupper() and (taken := known.longest(folded, i)):
            begin = _left_state(text, start, start, 0, names)
            if name := _without_country(text, begin, words[i + taken - 1][2], names, known):
                yield name


def _abbreviated(text: str, names: NameIndex, known: Instruments) -> Iterator[LawName]:
    for m in _abbreviations(known).finditer(text) if known.abbreviations else ():
        laws = known.abbreviations[m[0]]
        owner = next(filter(_is_state, names.found_in(text[_left_state(text, m.start(), m.start(), 0, names) : m.start()])), None)
        if owner:  # "Nepal's CPA" is not South Africa's
            yield LawName(m.start(), m.end(), m[0], owner.name.codes[0])
        else:
            treaty = laws[0].name if laws[0].jurisdiction == "INT" else m[0]
            yield LawName(m.start(), m.end(), treaty, laws[0].jurisdiction if len(laws) == 1 else None)


@cache
def _abbreviations(known: Instruments) -> re.Pattern[str]:
    """Return a pattern of all abbreviations; one followed by "Committee" names the body, not the treaty."""
    return re.compile(rf"(?<!\w)(?:{one_of(known.abbreviations)})(?!\w)(?!\s+(?:Committee|Rules))")


def _spelled(text: str, names: NameIndex, known: Instruments, language: str) -> Iterator[LawName]:
    general = frozenset(citation_words(language).general)
    capital_only = frozenset(citation_words(language).capital_only)
    done = 0
    for noun in _nouns(language).finditer(text):
        capital = noun[0][0].isupper()
        start = (_left_capital if capital else _left_lower)(text, noun.start(), done)
        start = _left_state(text, start, noun.start(), done, names)
        start = _unowned(text, start, noun.end(), names, known)
        end = _right(text, noun, capital=capital)
        if noun.start() < done or noun[0] in capital_only or (noun[0] in general and (start, end) == noun.span()):
            continue
        end = _whole_state(text, start, end, names)
        if _not_laws().match(text, start) or _not_law_nouns().match(text, noun.start()):
            continue
        if name := _without_country(text, start, end, names, known):
            done = end
            yield name


@cache
def _not_laws() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(citation_words().not_laws)})(?![\w-])(?!\s+(?:on|of|No|\d))", re.IGNORECASE)


@cache
def _not_law_nouns() -> re.Pattern[str]:
    """Return those that begin with the noun itself, whatever stands before: "gave law enforcement"."""
    phrases = [phrase for phrase in citation_words().not_laws if " " in phrase]
    return re.compile(rf"(?:{one_of(phrases)})(?![\w-])", re.IGNORECASE)


@cache
def _before_capital() -> re.Pattern[str]:
    """Return what a capitalised name may begin with: capitalised words, years, brackets, and small words between them."""
    inside = one_of(citation_words().inside)
    word = rf"(?:(?![IVXLC]+\s)[A-Z](?:[\w’'.-]*[\w’'-]|\w{{1,2}}\.)|{_YEAR}(?=\s+(?:[A-Z]|$))|\([A-Z]\w+\)|draft)"
    return re.compile(rf"(?<![\w.-]){word}(?:\s+(?:(?:{inside})\s+){{0,3}}{word})*\s+$")


@cache
def _openers() -> re.Pattern[str]:
    """Return the words that may open a sentence or phrase in front of a name."""
    words = citation_words()
    return re.compile(rf"(?:(?:{one_of(w.capitalize() for w in (*words.inside, *words.opening))}),?\s+)+")


def _left_capital(text: str, start: int, floor: int) -> int:
    """Return where the name begins, the words that only open its sentence or phrase left out."""
    found = _before_capital().search(text, max(floor, start - 120), start)
    if not found:
        return start
    lead = _openers().match(found[0])
    bare = re.compile(r"(?:the\s+)?").match(found[0], lead.end() if lead else 0)
    return found.start() + (bare.end() if bare else 0)


def _left_lower(text: str, start: int, floor: int) -> int:
    """Return where a lower-case name begins: at most three words back, none of them a function word."""
    words = citation_words()
    stops = {*words.inside, *words.before_name, *words.not_in_name, *words.opening}
    begin = start
    for _ in range(3):
        found = re.search(r"(?<![\w’'])([a-z][a-z-]+)\s$", text[max(floor, begin - 40) : begin])
        if not found or found[1] in stops or found[1].endswith(("ed", "ing")):
            break
        begin -= len(found[0])
    return begin


def _unowned(text: str, start: int, end: int, names: NameIndex, known: Instruments) -> int:
    """Return where a listed name begins behind its owner: "Beijing's 2015 National Security Law"; a state stays with it."""
    owner = re.match(r"([A-Z]\w+)['’]s\s+", text[start:end])
    if not owner or any(map(_is_state, names.found_in(owner[1]))):
        return start
    return start + owner.end() if known.named(text[start + owner.end() : end]) else start


def _left_state(text: str, start: int, noun: int, floor: int, names: NameIndex) -> int:
    """Return where the state's name or adjective before the law's begins: "Morocco's criminal code"."""
    low = max(floor, start - 60)
    for named in names.found_in(text[low:noun]):
        end = low + named.end
        if _is_state(named) and (re.fullmatch(r"(?:['’]s?)?\s+", text[end:start]) or low + named.start <= start < end):
            return low + named.start
    return start


@cache
def _further_noun() -> re.Pattern[str]:
    """Return the rest of a name whose first law noun is not its last: "Public Order and Security Act"."""
    nouns = one_of(n for n in citation_words().laws if n[0].isupper())
    return re.compile(
        rf"(?:\s+(?:and|of|for|the|on|against)\b)*(?:\s+(?:(?:and|of|for|the|on|against)\s+)*[A-Z][\w’'-]+){{0,6}}?\s+(?:{nouns})(?![\w-])"
    )


def _right(text: str, noun: re.Match[str], *, capital: bool) -> int:
    """Return where the name ends: on over "of Administrative Offences", "on the Rights of the Child", "1958"."""
    end = noun.end()
    word = noun[0].casefold()
    if (
        capital
        and word in ("order", "law", "treaty", "decree", "rules", "charter")
        and (more := _further_noun().match(text, end))
    ):
        end, word = more.end(), more[0].split()[-1].casefold()
    narrow = word in citation_words().short_tail
    if capital and (tail := (_SHORT_TAIL if narrow else _CAPITAL_TAIL).match(text, end)):
        end = tail.end()
    elif (
        word in citation_words().with_tail
        and (tail := _LOWER_TAIL.match(text, end))
        and tail[0].split()[0] in _tail_openers(word, capital=capital)
    ):
        end = _cut(text, end, tail.end(), most=2 if word == "code" else 4)
    number = _NUMBERED.match(text, end) if capital else None
    if not number or number.end() == end:
        return end
    subject = _SUBJECT.match(text, number.end())  # "Decree No. 18 of 1973 on Public Meetings"
    return subject.end() if subject else number.end()


def _tail_openers(noun: str, *, capital: bool) -> tuple[str, ...]:
    """Return the words with which a lower-case tail may begin: "code of", "Law on", "law on", "rules of"."""
    if noun == "code":
        return () if capital else ("of",)
    return ("on",) if capital else ("of", "on", "against", "for")


def _cut(text: str, start: int, end: int, *, most: int) -> int:
    """Return where a lower-case tail stops being a name: at the first verb or connective, or after *most* words."""
    words = citation_words()
    last, taken = start, 0
    for word in re.finditer(r"[\w-]+", text[start:end]):
        if word[0] in words.not_in_name or taken == most:
            break
        if word[0] not in words.inside:
            last, taken = start + word.end(), taken + 1
    return last


def _whole_state(text: str, start: int, end: int, names: NameIndex) -> int:
    """Return where a state's name ends that the law's name was cut within ("of Côte" of "of Côte d'Ivoire")."""
    for named in names.found_in(text[start : end + 40]):
        if named.start < end - start < named.end:
            return start + named.end
    return end


def _without_country(text: str, start: int, end: int, names: NameIndex, known: Instruments) -> LawName | None:
    """Return the name less the state's name or adjective at its edges; the American Convention keeps its own."""
    whole = text[start:end]
    if any(one.jurisdiction == "INT" for one in known.by_name.get(fold_name(whole), ())):
        return LawName(start, end, " ".join(whole.split()), None)
    country = None
    first, last = 0, len(whole)
    for named in filter(_is_state, names.found_in(whole)):
        before = _OF_STATE.search(whole, 0, named.start)
        if not whole[: named.start].strip("“\"‘' "):
            after = re.match(r"(?:['’]s?)?\s+", whole[named.end :])
            first, country = named.end + (after.end() if after else 0), named.name.codes[0]
        elif before and not whole[named.end :].strip(" ."):
            last, country = before.start(), named.name.codes[0]
    body = " ".join(re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", whole[first:last]).split())
    body = re.sub(r"^the\s+", "", body.strip(' ,.“”"'))
    return LawName(start, end, body, country) if body else None


@cache
def _territories() -> frozenset[str]:
    """Return the regions that are listed as states too: they have laws of their own."""
    return frozenset(name.text for name in place_rules().names if name.role == "country")


def _is_state(named: Named) -> bool:
    """Tell a state, its people, or a territory with laws of its own (Hong Kong) from a region of a state."""
    region = named.name.role == "region" and named.name.text in _territories()
    return named.name.codes[0] is not None and (region or named.name.role in ("country", "people"))
