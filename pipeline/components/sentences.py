"""Sentence lengths of a Doc: the term, the penalty, and whether it was imposed, possible or requested."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.components.mentions import Clue, Draft, detected, guess, register, set_drafts, text_of
from pipeline.normalise.durations import Length, days, length, ordered, rank
from pipeline.normalise.numbers import negated
from pipeline.normalise.phrases import after_last, one_of
from pipeline.rules.durations import Unit, duration_words
from pipeline.rules.numbers import number_words
from pipeline.rules.sentences import sentence_words
from pipeline.schema import Penalty

_CLAUSE = re.compile(r"[.;:!?]\s|\n")
_SURE = 0.9
_TO_LIFE = re.compile(r"(?:[’']s?)?(?:\s+(?:imprisonment|in\s+prison|behind\s+bars))?\s+to\s+(?:life|death)(?!\w)", re.IGNORECASE)
_TO_DEATH = re.compile(
    r"(?:beat|beaten|stabbed|shot|tortured|burned|burnt|starved|hacked|frozen|bled|trampled|crushed)\s+(?:\w+\s+){0,4}to\s+$",
    re.IGNORECASE,
)
_OWN_DEATH = re.compile(r"\b(?:his|her|their|whose)\s+death$", re.IGNORECASE)
_DEATH_OF_LAW = re.compile(r"\s+(?:penalty|penalties|sentence|sentences|row|warrant|warrants|verdict|verdicts)\b")
_FROM_TO = re.compile(r".*?\s(?:to|and)\s+")
_OF_PEOPLE = re.compile(r"\s+(?:of\s+(?:them|the|whom|those|these)|people|men|women|persons|others)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    """A span of a term, and its bounds."""

    start: int
    end: int
    length: Length


class Sentences:
    """spaCy component: adds a draft for each term of punishment or detention."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the terms of *doc* and add their drafts."""
        return set_drafts(doc, self.match(doc))

    def match(self, doc: Doc) -> list[Draft]:
        """Return the drafts of the terms of *doc*, in the order of the text."""
        text = text_of(doc)
        marked = {(span.start, span.end) for span in detected(doc, "sentence")}
        found: list[Draft] = []
        for span in sorted({*marked, *closed_forms(text)}):
            read = _read(text, *span)
            if read and (not found or read.start >= found[-1].end) and not is_no_sentence(text, read.start, read.end):
                found.append(_draft(doc, text, read, "detector" if span in marked else "closed"))
        return found


def _draft(doc: Doc, text: str, read: _Read, found_by: str) -> Draft:
    penalty, by, of_penalty = _penalty(doc, text, read)
    modality, of_modality = _modality(doc, text, read)
    values = {
        "min": read.length.min,
        "max": read.length.max,
        "min_days": days(read.length.min),
        "max_days": days(read.length.max),
        "penalty": penalty,
        "modality": modality,
    }
    return Draft("sentence", read.start, read.end, f"sentence.{found_by}.{by}", values, (*of_penalty, *of_modality))


@cache
def _number() -> str:
    """Return a pattern of one number: "10", "twenty-five", "three and a half"."""
    numbers = number_words()
    words = one_of([*numbers.words, *numbers.scales])
    half = r"(?:(?:\s+and|-and)(?:\s+|-)(?:a(?:\s+|-)|one-)?half|\s+1/2)?"
    return rf"(?:\d+(?:\.\d)?|(?:{words})(?:[- ](?:{words}))*){half}"


@cache
def _length() -> str:
    """Return a pattern of a length: "10 to 20 days", "between two and five years", "two-year", "eight years and six months"."""
    units = one_of([unit for unit in duration_words().unit_of() if "'" not in unit])
    number, own = _number(), r"(?:[’']s?)?"
    first = rf"{number}(?:{own}(?:\s+(?:{units})|-)?{own}"
    return (
        rf"(?<![\w.,/-])(?:between\s+{first}\s+and\s+{number})|{first}\s*(?:-|–|\bto\b)\s*{number})?)[\s-]*(?:{units})"
        rf"(?:{own}\s*,?\s+(?:and\s+)?{number}\s+(?:{units}))?(?![^\W\d_])"
    )


@cache
def _closed() -> tuple[re.Pattern[str], ...]:
    """Return the closed forms; group 1 of each is the length."""
    forms = sentence_words().closed
    lead = r"(?:(?:an?|between|from|up\s+to|at\s+least|a\s+total\s+of|a\s+maximum\s+of|additional|another|more\s+than)\s+)*"
    to = rf"(?:{one_of(forms.to)})\s+(?:[\w’'-]+\s+){{0,7}}?to\s+"
    life, death = (one_of(words) for words in (forms.life, forms.death))
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"({_length()})(?:[’']s?)?[\s-]+(?:{one_of(forms.behind)})(?!\w)",
            rf"(?<!\w)(?:{to}|(?:{one_of(forms.before)})\s+){lead}({_length()})",
            # the shorter terms of "sentenced to eight, nine and 10 years"
            rf"(?<!\w){to}({_number()})(?=,\s+(?:{_number()},?\s+)?(?:and\s+)?{_length()}|\s+and\s+{_length()})",
            rf"(?<!\w){to}{_number()},\s+({_number()})(?=,?\s+and\s+{_length()})",
            rf"(?<!\w){to}(death|life)(?!\w)",
            rf"(?<!\w)(?=(?:{life})(?!\w))(life)",
            rf"(?<!\w)(?=(?:{death})(?!\w))(death)",
        )
    )


@cache
def _spent() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{one_of(sentence_words().closed.spent)})(?:\s+(?:almost|nearly|over|about|more\s+than|around|a|an|the))*\s+$",
        re.IGNORECASE,
    )


def closed_forms(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lengths whose words leave no doubt that they are a penalty; time already spent is none."""
    for form in _closed():
        for found in form.finditer(text):
            if not _spent().search(text, max(0, found.start() - 30), found.start(1)):
                yield found.span(1)


@cache
def _qualifier() -> re.Pattern[str]:
    known = number_words().qualifiers
    phrases = (
        *known.at_least,
        *known.more_than,
        *known.at_most,
        *known.fewer_than,
        "about",
        "approximately",
        "between",
        "nearly",
    )
    return re.compile(rf"(?<!\w)(?:{one_of(phrases)})\s+(?:an?\s+)?$", re.IGNORECASE)


@cache
def _unit() -> re.Pattern[str]:
    words = one_of(sorted(duration_words().unit_of()))
    return re.compile(rf"(?P<gap>[^.;\n]{{0,60}}?)(?<![^\W\d_])(?P<unit>{words})(?!\w)", re.IGNORECASE)


@cache
def _unit_behind() -> re.Pattern[str]:
    return re.compile(rf"[\s-]+(?:{one_of(sorted(duration_words().unit_of()))})(?!\w)", re.IGNORECASE)


@cache
def _whole_length() -> re.Pattern[str]:
    return re.compile(_length(), re.IGNORECASE)


def _read(text: str, start: int, end: int) -> _Read | None:
    """Return the term at a span, grown to its qualifier and its unit; a bare number takes the unit of its neighbour."""
    while before := _qualifier().search(text, max(0, start - 30), start):
        start = before.start()
    start = negated(text, start)
    if unit_right := _unit_behind().match(text, end):
        end = unit_right.end()
    whole = _whole_length().match(text, start)
    if whole and whole.end() > end and _is_compound(whole[0]):
        end = whole.end()
    if to_life := _TO_LIFE.match(text, end):
        end = to_life.end()
    if (reduced := _FROM_TO.match(text, start, end)) and _falls(length(text[start:end])):
        start = reduced.end()
    bounded = length(text[start:end])
    if bounded is None and not _OF_PEOPLE.match(text, end):
        bounded = length(text[start:end], unit=_neighbour(text, end))
    if bounded is None:
        return None
    return _Read(start, end, _limited(text, start, end, ordered(bounded)))


def _falls(bounded: Length | None) -> bool:
    """Tell a change from a range: a term "reduced from nine to seven years" is one of seven."""
    return bool(bounded and bounded.min and bounded.max and rank(bounded.min) > rank(bounded.max))


def _is_compound(text: str) -> bool:
    """Tell "two years and eight months", one term, from "two years and three years", two."""
    one = length(text)
    return one is not None and one.min == one.max and one.min is not None


def _neighbour(text: str, end: int) -> Unit | None:
    """Return the unit that "eight" shares with its list: "sentenced to eight, nine and 10 years"."""
    later = _unit().match(text, end)
    return duration_words().unit_of().get(later["unit"].casefold()) if later else None


def _clause_before(text: str, start: int, reach: int) -> str:
    """Return what the clause says before a position, at most *reach* characters."""
    return text[after_last(_CLAUSE, text, max(0, start - reach), start) : start]


@cache
def _cue(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(phrases)})(?!\w)", re.IGNORECASE)


def _limited(text: str, start: int, end: int, bounded: Length) -> Length:
    """Open the lower end of a term that the clause calls the maximum, and the upper end of a minimum."""
    if bounded.min is None or bounded.min != bounded.max or bounded.min in ("life", "death"):
        return bounded
    before = _clause_before(text, start, 140) + re.split(r"[.;,]", text[end : end + 45])[0]
    words = sentence_words()
    highest = list(_cue(words.maximum).finditer(before))
    lowest = list(_cue(words.minimum).finditer(before))
    if highest and (not lowest or lowest[-1].start() < highest[-1].start()):
        return Length(None, bounded.max)
    return Length(bounded.min, None) if lowest else bounded


def is_no_sentence(text: str, start: int, end: int) -> bool:
    """Tell an age, a time gone by or a section's heading from a term."""
    if _line(text, start, end) in sentence_words().headings:
        return True
    if _TO_DEATH.search(text, max(0, start - 60), start) and text[start:end].casefold() == "death":
        return True
    if _OWN_DEATH.search(text, max(0, start - 12), end) and not _DEATH_OF_LAW.match(text, end):
        return True
    if _measured().search(text, max(0, start - 80), start):
        return True
    before, after = _no_sentence()
    return bool(after.match(text[end : end + 30]) or before.search(text[max(0, start - 60) : start]))


def _line(text: str, start: int, end: int) -> str:
    """Return the words of the line that holds a span, folded, without a bullet before them."""
    last = text.find("\n", end)
    line = text[text.rfind("\n", 0, start) + 1 : last if last >= 0 else len(text)]
    return " ".join(re.sub(r"^\W+", "", line).casefold().split())


@cache
def _measured() -> re.Pattern[str]:
    """Return a pattern of what has a length and is no penalty: "life expectancy there is", "the presidential term from"."""
    judged = r"(?:sentence|jail|prison|convict)"
    return re.compile(rf"(?<!\w)(?:{one_of(sentence_words().measured)})(?!\w)(?:(?!{judged})[^,.;:\n]){{0,30}}$", re.IGNORECASE)


@cache
def _no_sentence() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what before a length, and what behind it, makes it an age or a time gone by."""
    words = sentence_words()
    before = rf"(?<!\w)(?:{one_of(words.no_sentence_before)})\s*(?:\w+\s+(?:to|and|or)\s+)?$"
    after = rf"[\s-]*(?:{one_of(words.no_sentence_after)})(?!\w)"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


def _penalty(doc: Doc, text: str, read: _Read) -> tuple[str, str, tuple[Clue, ...]]:
    """Return the penalty and what settled it: the term itself, the network where it is sure, a word beside it."""
    low, high = read.length.min, read.length.max
    itself = (Clue("penalty", "words", read.start, read.end),)
    if low == high and low in ("life", "death"):
        return str(low), "term", itself
    opinion = guess(doc, "penalty", read.start, read.end)
    name, sure = opinion or ("imprisonment", 0.0)
    beside = _beside(text, read.start, read.end)
    for by, cues in (("cue", sentence_words().penalties), ("weak-cue", sentence_words().weak_penalties)):
        if (by == "cue" or sure < _SURE) and (cued := _first(cues, beside)):
            return cued[0], by, (_beside_clue(cued[1], beside, read),)
    if name == "pretrial_detention":
        if told := _punished(text, read):
            return told[0], "cue", (told[1],)
        if _is_too_long(text, read):
            return "imprisonment", "term", itself
    clue = (Clue("penalty", "network", certainty=sure),) if opinion else ()
    return ("imprisonment" if name in ("life", "death") else name), "network", clue


_YEARS = 3 * 365  # days
_FOR_ACT = re.compile(r"(?:\s+(?:in|of)\s+(?:detention|custody|arrest))?\s+for\s+\w+ing\b")
_ADMINISTRATIVE = re.compile(r"\badministrative\s+(?:detention|arrest)\b", re.IGNORECASE)


def _punished(text: str, read: _Read) -> tuple[Penalty, Clue] | None:
    """Return what a term is that an act is punished with, and the words that say so: nobody is remanded "for resisting"."""
    carried = _cue(sentence_words().carried).search(before := _clause_before(text, read.start, 40))
    act = _FOR_ACT.match(text, read.end)
    if not carried and not act:
        return None
    first = read.start - len(before) + carried.start() if carried else read.start
    sentence = _clause_before(text, read.start, 200)
    named = _ADMINISTRATIVE.search(sentence)
    penalty: Penalty = "administrative_detention" if named else "imprisonment"
    return penalty, Clue("penalty", "words", first, act.end() if act else read.end)


def _is_too_long(text: str, read: _Read) -> bool:
    """Tell years on remand in a sentence that speaks of nobody held: they are a punishment."""
    longest = max(days(read.length.min) or 0, days(read.length.max) or 0)
    around = f"{_clause_before(text, read.start, 200)} {_BESIDE_ENDS.split(text[read.end : read.end + 80])[0]}"
    return longest >= _YEARS and not _cue(sentence_words().held).search(around)


def _first(cues: Mapping[Penalty, tuple[str, ...]], beside: tuple[str, str]) -> tuple[Penalty, re.Match[str]] | None:
    around = " ".join(beside)
    return next(((penalty, found) for penalty, words in cues.items() if (found := _cue(words).search(around))), None)


_SUSPENDED = r"(?:and\s+)?(?:conditionally\s+|wholly\s+|partly\s+)?suspended"
_BESIDE_ENDS = re.compile(rf"(?:[.;!?]|,(?!\s+{_SUSPENDED}))\s|\n|\b(?:followed|and)\b")


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words of the clause before a length and those behind it; ", suspended" is of them."""
    return _clause_before(text, start, 40), _BESIDE_ENDS.split(text[end : end + 50])[0]


def _beside_clue(found: re.Match[str], beside: tuple[str, str], read: _Read) -> Clue:
    """Return a cue among the words beside a length at its place; one over both sides holds the length too."""
    before = len(beside[0])
    first, last = (at + (read.start - before if at <= before else read.end - before - 1) for at in found.span())
    return Clue("penalty", "words", first, last)


def _modality(doc: Doc, text: str, read: _Read) -> tuple[str, tuple[Clue, ...]]:
    """Return how far the penalty has come: the nearest cue before it in its clause, else the network's opinion."""
    before = _clause_before(text, read.start, 100)
    cues = [
        (found.end(), modality, -found.start())
        for modality, phrases in sentence_words().modalities.items()
        for found in _cue(phrases).finditer(before)
    ]
    if cues:
        end, modality, start = max(cues)  # of those that end together the longest
        offset = read.start - len(before)
        return modality, (Clue("modality", "words", offset - start, offset + end),)
    opinion = guess(doc, "modality", read.start, read.end)
    return (opinion[0], (Clue("modality", "network", certainty=opinion[1]),)) if opinion else ("imposed", ())


@Language.factory("casefacts_sentences", assigns=["doc._.casefacts_drafts", "doc.spans"])
def create_sentences(nlp: Language, name: str) -> Sentences:
    """Return the component."""
    register()
    return Sentences()
