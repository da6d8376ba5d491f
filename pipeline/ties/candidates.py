"""What a count or a penalty may be tied to: the report's dates, its places and courts, its people."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from itertools import accumulate, pairwise

from pipeline.normalise.names import known_names
from pipeline.normalise.phrases import one_of
from pipeline.outline import Outline
from pipeline.rules.claims import claim_words
from pipeline.schema import CountFact, DateFact, Fact, LocationFact

_JOINED = re.compile(r"\s+and\s+(?:(?:in|on|early|late)\s+)?$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of the text, the value it stands for, its kind within its field, its country, and the facts it came from."""

    start: int
    end: int
    value: str
    kind: str
    country: str | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def means(self) -> str:
        """Return what the words mean: their value, of a country its code, however the text writes its name."""
        return self.country if self.kind == "country" and self.country else self.value


@dataclass(frozen=True, slots=True)
class Naming:
    """Where a text names a country, or a people or a place that tells one: the country's code, and whose name it is."""

    start: int
    end: int
    code: str
    role: str


@dataclass(frozen=True)
class Offered:
    """The candidates of one field in the order of the text, indexed once: a pair costs no walk through the whole report."""

    all: tuple[Candidate, ...]

    @cached_property
    def starts(self) -> list[int]:
        """Return where they begin."""
        return [one.start for one in self.all]

    def inside(self, low: int, high: int) -> tuple[Candidate, ...]:
        """Return those that begin at *low* or behind it, and before *high*."""
        found = within(self.starts, low, high)
        return self.all[found.start : found.stop]


def offered(candidates: Iterable[Candidate]) -> Offered:
    """Return candidates as what is offered of one field."""
    return Offered(tuple(sorted(candidates, key=lambda one: one.start)))


def within(starts: Sequence[int], low: int, high: int) -> range:
    """Return the indexes of the offsets in *starts*, which are in order, from *low* to before *high*."""
    return range(bisect_left(starts, low), bisect_left(starts, high))


def clear_of(spans: Iterable[tuple[int, int]]) -> Callable[[Candidate], bool]:
    """Return what tells a candidate that overlaps none of *spans*."""
    ordered = sorted(spans)
    starts, ends = [start for start, _ in ordered], list(accumulate((end for _, end in ordered), max))

    def clear(one: Candidate) -> bool:
        before = bisect_left(starts, one.end)
        return not before or ends[before - 1] <= one.start

    return clear


def dates(facts: Sequence[Fact], text: str) -> list[Candidate]:
    """Return the dates; of "October and November" each stands for both, because what happened, happened in both."""
    told = [fact for fact in facts if isinstance(fact, DateFact)]
    found = [_before(fact, text, last.end if last else 0) for last, fact in pairwise([None, *told]) if fact]
    spans = [(fact,) for fact in found]
    for i, (one, other) in enumerate(pairwise(found)):
        if _JOINED.fullmatch(text[one.end : other.start]) and _extends(one.value, other.value):
            spans[i] = spans[i + 1] = (one, other)  # type: ignore[assignment]
    return [
        Candidate(
            fact.start, fact.end, "/".join(dict.fromkeys((both[0].value, both[-1].value))), _precision(fact.value), None, both
        )
        for fact, both in zip(found, spans, strict=True)
    ]


@cache
def _eve() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(claim_words().eve)})\s(?!and\b|but\b|or\b)(?:(?!\.\s)[^;,\n]){{0,80}}$", re.IGNORECASE)


def _before(fact: DateFact, text: str, last: int) -> DateFact:
    """Return a day, or where the text speaks of its eve the day before; *last* is where the date before it ends."""
    if fact.first is None or fact.first != fact.last or not _eve().search(text, max(last, fact.start - 100), fact.start):
        return fact
    eve = fact.first - timedelta(days=1)
    return fact.model_copy(update={"value": eve.isoformat(), "first": eve, "last": eve})


def _extends(one: str, other: str) -> bool:
    """Tell two points of equal precision in order."""
    return len(one) == len(other) and "/" not in one + other and "X" not in one + other and one < other


def _precision(value: str) -> str:
    """Return how a date is marked; a day whose year is unknown is a day."""
    if "/" in value:
        return "range"
    known = {10: "day", 7: "month", 4: "year"}.get(len(value), "year")
    return "vague" if "X" in value.removeprefix("XXXX-") else known


def places(facts: Sequence[Fact], text: str, namings: Sequence[Naming]) -> list[Candidate]:
    """Return the places, those that courts are named after, and each naming of a country: in a heading, in another's name."""
    told = (fact for fact in facts if isinstance(fact, LocationFact))
    found = [Candidate(fact.start, fact.end, fact.text, fact.kind, fact.country, (fact,)) for fact in told]
    countries = (Candidate(n.start, n.end, text[n.start : n.end], "country", n.code) for n in namings if n.role == "country")
    for more in (courts(text), countries):
        found += filter(clear_of((one.start, one.end) for one in found), more)
    return sorted((one for one in found if not _owns_institution(one, text)), key=lambda candidate: candidate.start)


_INSTITUTION = re.compile(r"[’']s?\s+(?:[a-z]+\s+)?[A-Z]")


def _owns_institution(one: Candidate, text: str) -> bool:
    """Tell a country that only says whose an institution is: "Azerbaijan's Ministry of Internal Affairs"."""
    return one.kind == "country" and bool(_INSTITUTION.match(text, one.end))


@cache
def _court() -> re.Pattern[str]:
    nouns = one_of(claim_words().courts)
    words = one_of(word for word in claim_words().court_words if len(word) > len("the"))
    return re.compile(rf"(?<![\w’'-])(?P<name>(?:[A-Z‘’'][\w’'‘-]*\s+){{1,6}})(?:(?:{words})\s+){{0,3}}(?i:{nouns})(?!\w)")


@cache
def _court_of() -> re.Pattern[str]:
    nouns, words = one_of(claim_words().courts), one_of(word for word in claim_words().court_words if word != "of")
    kinds = rf"(?:\s+(?:of\s+)?(?i:{words}))*"
    return re.compile(rf"(?<![\w’'-])(?i:{nouns}){kinds}\s+of\s+(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){{0,3}})")


def courts(text: str) -> Iterator[Candidate]:
    """Yield the places that courts are named after: "Narimanov District" of the Narimanov District Court, the court of Nema."""
    for found in _court_of().finditer(text):
        if not _is_court_word(found["name"].split()[0]):
            yield Candidate(*found.span("name"), found["name"], "court")
    for found in _court().finditer(text):
        words = list(re.finditer(r"\S+", found["name"]))
        proper = [word for word in words if not _is_court_word(word[0])]
        if proper and proper[0].start() <= words[min(1, len(words) - 1)].start():
            start, end = found.start() + proper[0].start(), found.start() + _with_kind(words, proper[-1])
            if not _is_nobodys(text[start:end]):
                yield Candidate(start, end, text[start:end], "court")


def _is_court_word(word: str) -> bool:
    return (
        word.casefold().strip("’'‘") in claim_words().court_words
        or word.casefold().replace("’", "'") in claim_words().court_words
    )


def _is_nobodys(name: str) -> bool:
    """Tell what names no place: a people ("an Iranian court"), a judge ("Judge Hasani's court")."""
    named = known_names().exactly(name)
    return name.endswith(("'s", "’s")) or (named is not None and named.role == "people")


def _with_kind(words: Sequence[re.Match[str]], last: re.Match[str]) -> int:
    """Return where the name ends, "District" or "City" behind it included."""
    after = next((word for word in words if word.start() > last.start()), None)
    return after.end() if after and after[0] in ("District", "City", "County", "Province") else last.end()


_PERSON = frozenset({"PERSON"})


def people(facts: Sequence[Fact], outline: Outline) -> list[Candidate]:
    """Return who may be the one punished: named persons, groups counted, and subjects and objects of verbs."""
    named = [Candidate(a, b, _clean(outline.text[a:b]), "person") for a, b, label in outline.entities if label in _PERSON]
    groups = [
        Candidate(fact.start, fact.end, fact.who, "group", None, (fact,))
        for fact in facts
        if isinstance(fact, CountFact) and fact.who
    ]
    others = filter(clear_of((one.start, one.end) for one in (*named, *groups)), _nouns(outline))
    return sorted([*named, *groups, *others], key=lambda candidate: candidate.start)


_ROLES = frozenset({"nsubjpass", "nsubj", "dobj", "pobj", "dative", "appos"})


def _nouns(outline: Outline) -> Iterator[Candidate]:
    """Yield the noun phrases that stand as subject or object, without their articles."""
    for i, (dep, tag) in enumerate(zip(outline.deps, outline.tags, strict=True)):
        if dep in _ROLES and tag in ("NN", "NNS", "NNP") and outline.word(i) not in claim_words().nobody:
            first = i
            while first and outline.heads[first - 1] == i and outline.deps[first - 1] in ("compound", "amod"):
                first -= 1
            start, end = outline.starts[first], outline.ends[i]
            yield Candidate(start, end, _clean(outline.text[start:end]), dep)


def _clean(text: str) -> str:
    return re.sub(r"[’']s?$", "", " ".join(text.split()))


def full_names(candidates: Iterable[Candidate]) -> dict[str, str]:
    """Return for each person's name, or last name, the fullest form of the report: "Fetullayev" -> "Eynulla Fetullayev"."""
    names = sorted({one.value for one in candidates if one.kind == "person"}, key=len)
    return {name: next((full for full in reversed(names) if _is_part(name, full)), name) for name in names}


def _is_part(name: str, full: str) -> bool:
    return len(full.split()) <= 5 and set(name.casefold().split()) <= set(full.casefold().split())
