"""The examples of the words of a language under `lang/`, of layouts and of places."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pipeline.checking.example import Example, Tools, Wrong
from pipeline.components.attribution import attribute, goes_on
from pipeline.components.date_forms import places_of
from pipeline.normalise.dates import Setting, resolve
from pipeline.normalise.durations import length
from pipeline.normalise.numbers import quantity
from pipeline.readers.repair import Repairs, mended, spaces
from pipeline.rules.articles import citation_words
from pipeline.rules.attribution import attribution_words
from pipeline.rules.claims import claim_words
from pipeline.rules.counts import count_words
from pipeline.rules.dates import date_words
from pipeline.rules.durations import duration_words
from pipeline.rules.explanations import explanations, parts
from pipeline.rules.layouts import layouts
from pipeline.rules.line_ends import line_ends
from pipeline.rules.numbers import number_words
from pipeline.rules.sentences import sentence_words
from pipeline.rules.status import status_words
from pipeline.schema import CountFact, SentenceFact
from pipeline.ties.candidates import courts

_CORRECT = "Correct the words of this entry, or what the example says must come out."
_NONE = "Take away the word that takes this for one; if it is right as it is found, move the text to “match:”."
_NOTHING = "nothing"


def examples() -> Iterator[Example]:
    """Yield all examples of words."""
    for found in FILES.values():
        yield from found()


def _example(
    file: str, entry: str, text: str, expected: object, found: Callable[[Tools], object], *, whole: bool = False
) -> Example:
    """Return an example that is right if what is found reads as what is expected."""
    wanted = _said(expected)

    def wrong(tools: Tools) -> Wrong | None:
        got = _said(found(tools))
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
    known, file = number_words(), "lang/en/numbers.yml"
    for one in known.match:
        yield _example(file, "match", one.text, _bounds(one), lambda _, text=one.text: _bounds(quantity(text)))
    for text in known.no_match:
        yield _example(file, "no_match", text, None, lambda _, text=text: _bounds(quantity(text)))


def _bounds(found: object) -> str | None:
    """Return the bounds of a quantity in words."""
    if found is None:
        return None
    low, high, approx = (getattr(found, name) for name in ("low", "high", "approx"))
    return f"low {low}, high {high}{', approximate' if approx else ''}"


def _durations() -> Iterator[Example]:
    known, file = duration_words(), "lang/en/durations.yml"
    for one in known.match:
        yield _example(file, "match", one.text, _term(one), lambda _, text=one.text: _term(length(text)))
    for text in known.no_match:
        yield _example(file, "no_match", text, None, lambda _, text=text: _term(length(text)))


def _term(found: object) -> str | None:
    return None if found is None else f"from {getattr(found, 'min')} to {getattr(found, 'max')}"  # noqa: B009 - of two classes


def _attribution() -> Iterator[Example]:
    words, file = attribution_words(), "lang/en/attribution.yml"
    for group in type(words).model_fields:
        cues = getattr(words, group)
        for one in cues.match:
            yield _example(
                file, f"{group}: match", one.text, _by(one.source, one.assertion), lambda _, text=one.text: _by(*_last_said(text))
            )
        for text in cues.no_match:
            yield _example(file, f"{group}: no_match", text, _by(None, "stated"), lambda _, text=text: _by(*_last_said(text)))


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
            yield _example(file, f"{group}: match", one.text, one.value, lambda _, one=one: _day(one.text, one.published))
        for text in known.no_match:
            yield _example(file, f"{group}: no_match", text, None, lambda _, text=text: _day(text, None))
    for form in words.forms:
        for shown in form.match:
            yield _example(
                file, f"{form.id}: match", shown.text, shown.dates, lambda _, f=form, t=shown.text: _cut(t, places_of(f, t))
            )
        for text in form.no_match:
            yield _example(file, f"{form.id}: no_match", text, None, lambda _, f=form, t=text: _cut(t, places_of(f, t)))


def _day(text: str, published: str | None) -> str | None:
    found = resolve(text, Setting(published=datetime.date.fromisoformat(published) if published else None))
    return found.value if found else None


def _cut(text: str, places: "Iterator[tuple[int, int]] | Sequence[tuple[int, int]]") -> list[str]:
    return [text[start:end] for start, end in places]


def _counts() -> Iterator[Example]:
    known, file = count_words(), "lang/en/counts.yml"
    for one in known.match:
        yield _example(file, "match", one.text, one.counts, partial(_counted, one.text), whole=True)
    for text in known.no_match:
        yield _example(file, "no_match", text, None, partial(_counted, text), whole=True)


def _counted(text: str, tools: Tools) -> list[str]:
    return [fact.text for fact in tools.facts(text) if isinstance(fact, CountFact)]


def _statuses() -> Iterator[Example]:
    known, file = status_words(), "lang/en/status.yml"
    for one in known.match:
        yield _example(file, "match", one.text, one.status, partial(_status, one.text), whole=True)
    for text in known.no_match:
        yield _example(file, "no_match", text, None, partial(_status, text), whole=True)


def _status(text: str, tools: Tools) -> list[str]:
    return [fact.status for fact in tools.facts(text) if isinstance(fact, CountFact)]


def _sentences() -> Iterator[Example]:
    known, file = sentence_words(), "lang/en/sentences.yml"
    for one in known.match:
        expected = f"{one.length}: {one.penalty}, {one.modality}"
        yield _example(file, "match", one.text, expected, partial(_sentenced, one.text), whole=True)
    for text in known.no_match:
        yield _example(file, "no_match", text, None, partial(_sentenced, text), whole=True)


def _sentenced(text: str, tools: Tools) -> list[str]:
    return [f"{fact.text}: {fact.penalty}, {fact.modality}" for fact in tools.facts(text) if isinstance(fact, SentenceFact)]


def _articles() -> Iterator[Example]:
    known, file = citation_words(), "lang/en/articles.yml"
    for one in known.match:
        yield _example(file, "match", one.text, one.articles, partial(_cited, one.text))
    for text in known.no_match:
        yield _example(file, "no_match", text, None, partial(_cited, text))


def _cited(text: str, tools: Tools) -> list[str]:
    return [str(draft.values["article"]) for draft in tools.cited(text)]


def _claims() -> Iterator[Example]:
    known, file = claim_words(), "lang/en/claims.yml"
    for one in known.match:
        yield _example(file, "match", one.text, one.places, lambda _, text=one.text: [court.value for court in courts(text)])
    for text in known.no_match:
        yield _example(file, "no_match", text, None, lambda _, text=text: [court.value for court in courts(text)])


def _explanations() -> Iterator[Example]:
    """Yield each rule with the words that it finds, and with texts in which it finds nothing."""
    file = "lang/en/explanations.yml"
    for rule, entry in explanations().rules.items():
        for one in entry.match:
            yield _example(file, f"{rule}: match", one.text, rule, partial(_rule_of, one.text, rule, one.words), whole=True)
        for text in entry.no_match:
            yield _example(file, f"{rule}: no_match", text, None, partial(_rule_of, text, rule, None), whole=True)


def _rule_of(text: str, rule: str, words: str | None, tools: Tools) -> str | None:
    """Return the rule if it found the words, or with None any; else the rules that found them."""
    rules = [part for fact in tools.facts(text) if words in (None, fact.text) for part in parts(fact.rule)]
    return rule if rule in rules else (_said(rules) if words else None)


def _line_ends() -> Iterator[Example]:
    known, file = line_ends(), "lang/en/line_ends.yml"
    for one in known.match:
        if one.glued:
            yield _example(
                file, "match", one.glued, one.word, lambda _, one=one: _holding(one.word, spaces(one.glued, Repairs(), {}))
            )
        else:
            yield _example(
                file,
                "match",
                one.left,
                one.word,
                lambda _, one=one: _holding(one.word, mended(one.left, one.right, {}) + one.right),
            )
    for text in known.no_match:
        yield _example(file, "no_match", text, text, lambda _, text=text: spaces(text, Repairs(), {}))


def _holding(word: str, found: str) -> str:
    return word if word in found else found


def _layouts() -> Iterator[Example]:
    for stem, layout in layouts().items():
        file = f"layouts/{stem}.yml"
        for one in layout.match:
            yield _example(
                file, "match", one.text, one.part, lambda _, layout=layout, one=one: _part(layout.part.match(one.text))
            )
        for text in layout.no_match:
            yield _example(file, "no_match", text, None, lambda _, layout=layout, text=text: _part(layout.part.search(text)))


def _part(found: re.Match[str] | None) -> str | None:
    return " ".join(found["part"].split()) if found else None


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
    "layouts": _layouts,
}
