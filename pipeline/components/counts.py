"""Counts of a Doc: how many people, what happened to them, and who they are."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from pipeline.components.mentions import Clue, Detected, Draft, detected, drafts, guess, register, set_drafts, text_of
from pipeline.normalise.numbers import negated, quantity
from pipeline.normalise.phrases import one_of
from pipeline.normalise.status import others, stated, together
from pipeline.rules.counts import count_words
from pipeline.rules.durations import duration_words
from pipeline.rules.numbers import number_words
from pipeline.rules.places import place_rules

Span = tuple[int, int]

_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_INNER = frozenset({"JJ", "JJR", "VBN", "VBG", "HYPH", "POS", "CC"})
_REACH = 12  # tokens after a number in which its noun phrase ends

_BROKEN_OFF = re.compile(r"(?<![\w-])[A-Za-z]+-$")
_NUMBER_GOES_ON = re.compile(r"(?:-[a-z]+|,\d{3})+(?![\w])")
_NUMBER = r"(?:\d[\d,.]*|[A-Za-z]+(?:-[a-z]+)?)"


class Counts:
    """spaCy component: adds a draft for each number of people arrested, charged, sentenced or released."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the counts of *doc* and add their drafts."""
        return set_drafts(doc, self.match(doc))

    def match(self, doc: Doc) -> list[Draft]:
        """Return the drafts of the counts of *doc*, in the order of the text."""
        text = text_of(doc)
        taken = [(draft.start, draft.end) for draft in drafts(doc)]
        found: list[Draft] = []
        for start, end, marked in sorted(_spans(text, detected(doc, "count"), taken), key=lambda s: s[:2]):
            draft = _draft(doc, text, start, end, marked=marked)
            if draft and (not found or draft.start >= found[-1].end):
                found.append(draft)
        return found


def _spans(text: str, marked: Sequence[Detected], taken: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """Yield the spans that the network marked, and the numbers that a verb or noun beside them makes a count."""
    grown = (bounds(text, *_part_of(text, span.start, span.end, marked)) for span in marked)
    found = [(start, end) for start, end in grown if quantity(text[start:end])]  # the network may mark "At" of "At least 48"
    yield from ((start, end, True) for start, end in found)
    for number in _number().finditer(text):
        start, end = bounds(text, *number.span())
        if _apart(start, end, (*found, *taken)) and is_closed(text, start, end):
            yield start, end, False


def _part_of(text: str, start: int, end: int, marked: Sequence[Detected]) -> Span:
    """Return the part before a marked whole, where the whole is no count itself.

    Of "eleven of the 14 were released" that is the eleven; in "eleven of the 14 in jail are under 25" both are counts.
    """
    part = _part_before(text, start)
    if part is None:
        return start, end
    both = any(span.start <= part[0] < span.end for span in marked)
    said = stated(text, start, end)
    return (start, end) if both and not (said and said.by == "passive") else part


def _apart(start: int, end: int, others: Iterable[Span]) -> bool:
    return all(end <= first or last <= start for first, last in others)


def _draft(doc: Doc, text: str, start: int, end: int, *, marked: bool) -> Draft | None:
    bounded = quantity(text[start:end])
    if bounded is None or is_no_count(text, start, end):
        return None
    status, by, clue = _status(doc, text, start, end)
    values = {
        "low": bounded.low,
        "high": bounded.high,
        "approx": bounded.approx,
        "status": status,
        "who": None,  # the component casefacts_people tells, by the grammar of the sentence
    }
    return Draft("count", start, end, f"count.{'detector' if marked else 'closed'}.{by}", values, clue)


def _status(doc: Doc, text: str, start: int, end: int) -> tuple[str, str, tuple[Clue, ...]]:
    """Return the status and what settled it: a verb of which the number is subject or object, else the network."""
    said = stated(text, start, end)
    opinion = guess(doc, "status", start, end)
    if opinion and (said is None or said.by == "noun"):
        return opinion[0], "network", (Clue("status", "network", certainty=opinion[1]),)
    return (said.status, said.by, (Clue("status", "words", *said.words),)) if said else ("detained", "default", ())


@cache
def _number() -> re.Pattern[str]:
    """Return the numbers that may count people; "both" and "one" are left to the network."""
    known = number_words()
    plain = [w for w, n in known.words.items() if n > 1]
    words = one_of([*plain, *known.scales, *known.vague])
    return re.compile(
        rf"(?<![\w.,/$€£#-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{words})(?:[- ](?:and\s+)?(?:{words}))*)(?![\w/%-]|[.,]\d)",
        re.IGNORECASE,
    )


def is_closed(text: str, start: int, end: int) -> bool:
    """Tell a number that is surely a count: "12 people were arrested", "police arrested 12 people", "12 detainees"."""
    if is_no_count(text, start, end) or not (stated(text, start, end) or together(text, start, end)):
        return False
    # what is said of "eleven of the 14" is not said of the 14
    return _part_before(text, start) is None and quantity(text[start:end]) is not None


@cache
def _part() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<part>{_NUMBER})\s+(?:{one_of(count_words().parts)})\s+$", re.IGNORECASE)


def _part_before(text: str, start: int) -> Span | None:
    """Return the number before a whole, of which it is a part: "eleven" of "eleven of the" 14."""
    part = _part().search(text, max(0, start - 40), start)
    return part.span("part") if part and quantity(part["part"]) else None


@cache
def _qualifier() -> re.Pattern[str]:
    phrases = (*number_words().qualifiers.all, "between", "several", "tens of", "hundreds of", "a few")
    return re.compile(rf"(?<!\w)(?:{one_of(phrases)}),?\s+$", re.IGNORECASE)


@cache
def _behind() -> re.Pattern[str]:
    """Return the qualifiers behind a number: "two or more"."""
    phrases = (phrase for phrase in number_words().qualifiers.all if phrase.startswith("or "))
    return re.compile(rf"\s+(?:{one_of(phrases)})(?!\w)", re.IGNORECASE)


@cache
def _whole() -> re.Pattern[str]:
    """Return the whole behind a part: "of the 83", "out of at least 38"."""
    return re.compile(
        rf"\s+(?:{one_of(count_words().parts)})\s+(?:at\s+least\s+|some\s+)?(?P<whole>{_NUMBER})(?!\w)", re.IGNORECASE
    )


@cache
def _further() -> re.Pattern[str]:
    return re.compile(rf"(?:\s+(?:to|or)\s+|[-–]){_NUMBER}(?![\w-])", re.IGNORECASE)


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)between\s+{_NUMBER}\s+and\s+$", re.IGNORECASE)


def bounds(text: str, start: int, end: int) -> Span:
    """Grow a span to the whole number or range and its qualifiers; cut it to the part ("11" of "11 of the 14")."""
    while start < end and text[start] in " \n,;:(":
        start += 1
    if number := _BROKEN_OFF.search(text, max(0, start - 15), start):  # "four" of "Twenty-four"
        start = number.start() if quantity(text[number.start() : end]) else start
    end -= text[start:end].endswith("-")
    if number := _NUMBER_GOES_ON.match(text, end):
        end = number.end() if quantity(text[start : number.end()]) else end
    if whole := _whole().search(text, start, end):
        end = whole.start()
    if (more := _further().match(text, end)) and _is_range(text[start : more.end()]):
        end = more.end()
    if (lower := _between().search(text, max(0, start - 40), start)) and _is_range(text[lower.start() : end]):
        start = lower.start()
    if qualifier := _behind().match(text, end):
        end = qualifier.end()
    while before := _qualifier().search(text, max(0, start - 30), start):
        start = before.start()
    return negated(text, start), end


def _is_range(text: str) -> bool:
    bounded = quantity(text)
    return bounded is not None and None not in (bounded.low, bounded.high) and bounded.low != bounded.high


@cache
def _not_people() -> re.Pattern[str]:
    words = count_words()
    kinds = rf"(?:(?:{one_of(words.not_people_by_kind)})(?![\w]))"
    # behind a part plurals alone: "three of the cases", but "three of the prison officers"
    part = rf"\s+(?:{one_of(words.parts)})\s+(?:{_NUMBER}\s+)?(?=\w+s(?!\w))"
    whole = rf"\s+of\s+(?:his|her|their)\s+|{part}"
    return re.compile(
        rf"(?:{whole}|[\s-]*)(?:(?:{one_of(words.not_people)})(?![\w])|(?!(?:{one_of(words.prepositions)})\s)[\w-]+\s+{kinds})",
        re.IGNORECASE,
    )


@cache
def _naming() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\w)|(?<=[(]))(?:{one_of(count_words().naming)})\s*$", re.IGNORECASE)


@cache
def _one() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(count_words().one_is_no_count)})(?!\w)", re.IGNORECASE)


@cache
def _peoples() -> frozenset[str]:
    return frozenset(name.text for name in place_rules().names if name.role == "people")


@cache
def _time() -> re.Pattern[str]:
    units = one_of(unit for unit in duration_words().unit_of() if "'" not in unit)
    return re.compile(rf"\s+(?:{one_of(count_words().time_of)})\s+(?:{_NUMBER}\s+)?(?:{units})(?!\w)", re.IGNORECASE)


@cache
def _body() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(count_words().bodies)})\s+\([^()]*$", re.IGNORECASE)


def is_no_count(text: str, start: int, end: int) -> bool:
    """Tell a number that cannot count people: it numbers a thing, measures time, or names a person."""
    after, before = text[end : end + 40], text[max(0, start - 14) : start]
    if before.endswith("-"):  # "a mother-of-one"
        return True
    if _not_people().match(after) or _naming().search(before) or others(text, start, end):
        return True
    if _time().match(text, end) or (_body().search(text, max(0, start - 80), start) and not stated(text, start, end)):
        return True
    # An age behind a name: in brackets, or between commas.
    age = re.search(r"[A-Z][\w’'-]+(?:\s\(|,\s)$", before) and after[:1] in (")", ",") and re.fullmatch(r"\d\d", text[start:end])
    if age or re.search(r"\baged?\s+\d+\s+(?:to|and|or)\s+$", text[max(0, start - 20) : start]):
        return True
    if text[start:end].casefold() != "one":
        return False
    name = re.match(r"\s+(?P<first>[A-Z][a-z]+)(?:\s+[A-Z][a-z]+|,)", after)
    named = name and name["first"] not in _peoples()
    return bool(named or _one().search(text[max(0, start - 4) : end + 12]))


def who(doc: Doc, text: str, end: int) -> str | None:
    """Return the noun phrase of the people counted, the number left out, or None where none follows.

    Needs a tagger; in a pipeline without one it is None.
    """
    if not doc.has_annotation("TAG"):
        return None
    first = bisect_left(doc, end, key=lambda token: token.idx)
    words = _phrase(list(doc[first : first + _REACH]))
    return " ".join(text[words[0].idx : words[-1].idx + len(words[-1])].split()) if words else None


def _phrase(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens from the first word of the noun phrase to its last noun, "and" with a second plural included."""
    fillers = {word for filler in count_words().fillers for word in filler.split()}
    begin = next((i for i, t in enumerate(tokens) if t.lower_ not in fillers and t.tag_ != "CD" and not t.is_space), len(tokens))
    if _is_offence(tokens):
        return []
    last = begin
    for i, token in enumerate(tokens[begin:], begin):
        if _ends_line(token):
            break
        if token.tag_ == "CC" and not _joins_plural(token):
            break
        if token.tag_ not in _NOUNS and token.tag_ not in _INNER and not token.is_space:
            break
        if token.tag_ in _NOUNS:
            last = i + 1
    return tokens[begin:last]


def _is_offence(tokens: Sequence[Token]) -> bool:
    """Tell "convicted four of trafficking children" from "four of the children" and "dozens of children"."""
    if len(tokens) < 2 or tokens[0].i == 0 or tokens[0].lower_ != "of":
        return False
    return tokens[0].nbor(-1).like_num and tokens[1].tag_ in {*_NOUNS, "VBG"}


def _ends_line(token: Token) -> bool:
    """Tell the end of a heading or a list's entry from a line broken in the middle of a phrase."""
    following = token.doc[token.i + 1 : token.i + 2].text
    return token.is_space and "\n" in token.text and (token.text.count("\n") > 1 or following[:1].isupper())


def _joins_plural(joiner: Token) -> bool:
    """Tell "men and women" (one group) from "people and injured 12" (another clause)."""
    following = joiner.doc[joiner.i + 1 : joiner.i + 2]
    return joiner.lower_ in ("and", "or") and any(token.tag_ == "NNS" for token in following)


@Language.factory("casefacts_counts", assigns=["doc._.casefacts_drafts", "doc.spans"])
def create_counts(nlp: Language, name: str) -> Counts:
    """Return the component."""
    register()
    return Counts()
