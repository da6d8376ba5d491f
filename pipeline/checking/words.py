"""The examples of the words of a language under `lang/`, of layouts and of places."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise

from pipeline.checking.example import Example, Tools, Wrong
from pipeline.components.attribution import attribute, goes_on
from pipeline.components.date_forms import places_of
from pipeline.exports.persons import name_of
from pipeline.normalise.dates import Setting, resolve
from pipeline.normalise.durations import Length, length
from pipeline.normalise.numbers import Quantity, quantity
from pipeline.normalise.sents import sent_starts
from pipeline.readers.repair import Repairs, mended, spaces
from pipeline.rules.articles import citation_words
from pipeline.rules.attribution import Cues, attribution_words
from pipeline.rules.claims import claim_words
from pipeline.rules.counts import count_words
from pipeline.rules.dates import Form, date_words
from pipeline.rules.durations import Term, duration_words
from pipeline.rules.explanations import explanations, parts
from pipeline.rules.layouts import layouts
from pipeline.rules.line_ends import Mended, line_ends
from pipeline.rules.numbers import Quantified, number_words
from pipeline.rules.persons import person_words
from pipeline.rules.screen import screen_words
from pipeline.rules.sentences import sentence_words
from pipeline.rules.sents import sent_ends
from pipeline.rules.status import status_words
from pipeline.schema import CountFact, SentenceFact
from pipeline.ties.candidates import courts, dates

_CORRECT = "Correct the words of this entry, or what the example says must come out."
_NONE = "Take away the word that takes this for one; if it is right as it is found, move the text to “match:”."
_NOTHING = "nothing"

Found = Callable[[str, Tools], object]


def examples() -> Iterator[Example]:
    """Yield all examples of words."""
    for found in FILES.values():
        yield from found()


def _pair(
    file: str,
    group: str,
    match: Iterable[tuple[str, object]],
    no_match: Iterable[str],
    found: Found,
    *,
    none: object = None,
    whole: bool = False,
) -> Iterator[Example]:
    """Yield the examples and near misses of an entry; *found* reads a text, *none* is what a near miss must give."""
    at = f"{group}: " if group else ""
    yield from (_example(file, f"{at}match", text, expected, found, whole=whole) for text, expected in match)
    yield from (_example(file, f"{at}no_match", text, none, found, whole=whole) for text in no_match)


def _example(file: str, entry: str, text: str, expected: object, found: Found, *, whole: bool = False) -> Example:
    """Return an example that is right if what is found reads as what is expected."""
    wanted = _said(expected)

    def wrong(tools: Tools) -> Wrong | None:
        got = _said(found(text, tools))
        return None if got == wanted else Wrong(got, _NONE if entry.endswith("no_match") else _CORRECT)

    return Example(file, entry, text, wanted, wrong, whole)


def _said(value: object) -> str:
    """Return a value in words; what is empty is nothing."""
    if value is None or value in ((), [], ""):
        return _NOTHING
    if isinstance(value, tuple | list):
        return ", ".join(map(_said, value))
    return str(value)


def _numbers() -> Iterator[Example]:
    known = number_words()
    match = ((one.text, _bounds(one)) for one in known.match)
    return _pair("lang/en/numbers.yml", "", match, known.no_match, lambda text, _: _bounds(quantity(text)))


def _bounds(found: Quantified | Quantity | None) -> str | None:
    """Return the bounds of a quantity in words."""
    return f"low {found.low}, high {found.high}{', approximate' if found.approx else ''}" if found else None


def _durations() -> Iterator[Example]:
    known = duration_words()
    match = ((one.text, _term(one)) for one in known.match)
    return _pair("lang/en/durations.yml", "", match, known.no_match, lambda text, _: _term(length(text)))


def _term(found: Term | Length | None) -> str | None:
    return f"from {found.min} to {found.max}" if found else None


def _attribution() -> Iterator[Example]:
    words = attribution_words()
    for group in type(words).model_fields:
        cues: Cues = getattr(words, group)
        match = ((one.text, _by(one.source, one.assertion)) for one in cues.match)
        yield from _pair("lang/en/attribution.yml", group, match, cues.no_match, _attributed, none=_by(None, "stated"))


def _attributed(text: str, _: Tools) -> str:
    return _by(*_last_said(text))


def _by(source: str | None, assertion: str) -> str:
    return f"{assertion} by {source or 'the report itself'}"


def _last_said(text: str) -> tuple[str | None, str]:
    """Return who says the last sentence of an example, and how surely."""
    *before, sent = re.split(r"(?<=\.) (?=[A-Z])", text)
    said = attribute(sent)
    if before and said.source is None and goes_on(before[-1], sent):
        return attribute(before[-1]).source, said.assertion
    return said.source, said.assertion


def _dates() -> Iterator[Example]:
    words, file = date_words(), "lang/en/dates.yml"
    for group, known in words.groups().items():
        for one in known.match:
            yield _example(file, f"{group}: match", one.text, one.value, partial(_day, published=one.published))
        for text in known.no_match:
            yield _example(file, f"{group}: no_match", text, None, _day)
    for form in words.forms:
        match = ((one.text, one.dates) for one in form.match)
        yield from _pair(file, form.id, match, form.no_match, partial(_dates_of, form))


def _day(text: str, _: Tools, published: str | None = None) -> str | None:
    found = resolve(text, Setting(published=datetime.date.fromisoformat(published) if published else None))
    return found.value if found else None


def _dates_of(form: Form, text: str, _: Tools) -> list[str]:
    return [text[start:end] for start, end in places_of(form, text)]


def _counts() -> Iterator[Example]:
    known = count_words()
    return _pair("lang/en/counts.yml", "", ((one.text, one.counts) for one in known.match), known.no_match, _counted, whole=True)


def _counted(text: str, tools: Tools) -> list[str]:
    return [fact.text for fact in tools.facts(text) if isinstance(fact, CountFact)]


def _statuses() -> Iterator[Example]:
    known = status_words()
    return _pair("lang/en/status.yml", "", ((one.text, one.status) for one in known.match), known.no_match, _status, whole=True)


def _status(text: str, tools: Tools) -> list[str]:
    return [fact.status for fact in tools.facts(text) if isinstance(fact, CountFact)]


def _sentences() -> Iterator[Example]:
    known = sentence_words()
    match = ((one.text, f"{one.length}: {one.penalty}, {one.modality}") for one in known.match)
    return _pair("lang/en/sentences.yml", "", match, known.no_match, _sentenced, whole=True)


def _sentenced(text: str, tools: Tools) -> list[str]:
    return [f"{fact.text}: {fact.penalty}, {fact.modality}" for fact in tools.facts(text) if isinstance(fact, SentenceFact)]


def _articles() -> Iterator[Example]:
    known = citation_words()
    return _pair("lang/en/articles.yml", "", ((one.text, one.articles) for one in known.match), known.no_match, _cited)


def _cited(text: str, tools: Tools) -> list[str]:
    return [str(draft.values["article"]) for draft in tools.cited(text)]


def _claims() -> Iterator[Example]:
    known = claim_words()
    match, file = ((one.text, one.places) for one in known.match), "lang/en/claims.yml"
    yield from _pair(file, "", match, known.no_match, lambda text, _: [court.value for court in courts(text)])
    days = ((one.text, [one.when.isoformat()]) for one in known.eves)
    yield from _pair(
        file, "eves", days, (), lambda text, tools: [day.value for day in dates(tools.facts(text), text)], whole=True
    )


def _explanations() -> Iterator[Example]:
    """Yield each rule with the words that it finds, and with texts in which it finds nothing."""
    file = "lang/en/explanations.yml"
    for rule, entry in explanations().rules.items():
        for one in entry.match:
            yield _example(file, f"{rule}: match", one.text, rule, partial(_rule_of, rule, one.words), whole=True)
        for text in entry.no_match:
            yield _example(file, f"{rule}: no_match", text, None, partial(_rule_of, rule, None), whole=True)


def _rule_of(rule: str, words: str | None, text: str, tools: Tools) -> str | None:
    """Return the rule if it found the words, or with None any; else the rules that found them."""
    rules = [part for fact in tools.facts(text) if words in (None, fact.text) for part in parts(fact.rule)]
    return rule if rule in rules else (_said(rules) if words else None)


def _line_ends() -> Iterator[Example]:
    known, file = line_ends(), "lang/en/line_ends.yml"
    for one in known.match:
        yield _example(file, "match", one.glued or one.left, one.word, partial(_put_together, one))
    for text in known.no_match:
        yield _example(file, "no_match", text, text, lambda text, _: spaces(text, Repairs(), {}))


def _put_together(one: Mended, text: str, _: Tools) -> str:
    """Return the word if what comes out holds it, else what does."""
    found = spaces(text, Repairs(), {}) if one.glued else mended(text, one.right, {}) + one.right
    return one.word if one.word in found else found


def _layouts() -> Iterator[Example]:
    for stem, layout in layouts().items():
        for one in layout.match:
            yield _example(f"layouts/{stem}.yml", "match", one.text, one.part, partial(_part, layout.part.match))
        for text in layout.no_match:
            yield _example(f"layouts/{stem}.yml", "no_match", text, None, partial(_part, layout.part.search))


def _part(find: Callable[[str], re.Match[str] | None], text: str, _: Tools) -> str | None:
    found = find(text)
    return " ".join(found["part"].split()) if found else None


def _sents() -> Iterator[Example]:
    known = sent_ends()
    match = ((one.text, one.sents) for one in known.match)
    yield from _pair("lang/en/sents.yml", "", match, [], _parted)
    for text in known.no_match:
        yield _example("lang/en/sents.yml", "no_match", text, (text,), _parted)


def _parted(text: str, _: Tools) -> list[str]:
    bounds = [0, *sent_starts(text), len(text)]
    return [text[start:end].strip() for start, end in pairwise(bounds)]


def _screen() -> Iterator[Example]:
    known = screen_words()
    return _pair("lang/en/screen.yml", "", ((text, "may hold a fact") for text in known.match), known.no_match, _screened)


def _screened(text: str, tools: Tools) -> str | None:
    return "may hold a fact" if tools.screened(text) else None


def _persons() -> Iterator[Example]:
    known = person_words()
    match = ((one.text, one.name) for one in known.match)
    return _pair("lang/en/persons.yml", "", match, known.no_match, lambda text, _: name_of(text))


FILES: dict[str, Callable[[], Iterator[Example]]] = {
    "lang/en/numbers.yml": _numbers,
    "lang/en/durations.yml": _durations,
    "lang/en/attribution.yml": _attribution,
    "lang/en/dates.yml": _dates,
    "lang/en/articles.yml": _articles,
    "lang/en/claims.yml": _claims,
    "lang/en/line_ends.yml": _line_ends,
    "lang/en/counts.yml": _counts,
    "lang/en/status.yml": _statuses,
    "lang/en/sentences.yml": _sentences,
    "lang/en/explanations.yml": _explanations,
    "lang/en/sents.yml": _sents,
    "lang/en/screen.yml": _screen,
    "lang/en/persons.yml": _persons,
    "layouts": _layouts,
}
