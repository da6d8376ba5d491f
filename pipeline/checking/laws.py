"""The examples of laws under `codes/`, why one does not come out right, and laws that are taken for each other."""

import datetime
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from pipeline.checking.example import Example, Tools, Wrong
from pipeline.components.mentions import Draft
from pipeline.rules.codes import Cited, Instrument, fold_name, instruments
from pipeline.rules.files import files_in, name
from pipeline.schema import ArticleFact


def examples() -> Iterator[Example]:
    """Yield the examples of all laws."""
    for path in files_in("codes"):
        yield from examples_of(path)


def examples_of(path: Path) -> Iterator[Example]:
    """Yield the examples of the law in a file."""
    one, file = instruments().by_id[path.stem], name(path)
    for cited in one.match:
        expected = f"{one.provision} {cited.article}, filed under {one.id}"
        yield Example(file, "match", cited.text, expected, partial(_missed, one, cited))
    for text in one.no_match:
        expected = f"nothing filed under {one.id}"
        yield Example(file, "no_match", text, expected, partial(_taken, one, text))


def rivals() -> Iterator[tuple[Instrument, Instrument, str]]:
    """Yield each two laws of one state that claim a name or an abbreviation for the same time, or for a time not told."""
    first: dict[tuple[str, str], list[Instrument]] = {}
    told = set[tuple[str, str]]()
    for one in instruments().all:
        names = {fold_name(known): known for known in (one.name, *one.names)} | {short: short for short in one.abbreviations}
        for key, known in names.items():
            others = first.setdefault((one.jurisdiction, key), [])
            for other in others:
                if (other.id, one.id) not in told and not _apart(one, other):
                    told.add((other.id, one.id))
                    yield other, one, known
            others.append(one)


def _apart(one: Instrument, other: Instrument) -> bool:
    """Tell laws that were never in force together, or whose numbers never look alike."""
    first, second = sorted((one, other), key=lambda law: law.in_force.from_ or datetime.date.min)
    end, begin = first.in_force.to, second.in_force.from_
    return end is not None and begin is not None and end < begin


def unfiled(fact: ArticleFact) -> str | None:
    """Return why a provision is filed under no law that is known; None if it is."""
    if fact.instrument_id:
        return None
    if fact.instrument is None:
        return "Its law is not named near it."
    known = instruments().named(fact.instrument)
    if fact.jurisdiction is None:
        return f"Nothing tells which state's “{fact.instrument}” it is; a title, a country or a city would."
    same = [one for one in known if one.jurisdiction == fact.jurisdiction]
    if not same:
        return f"No law of {fact.jurisdiction} goes by “{fact.instrument}” in codes/; docs/adding.md tells how to add one."
    ids, number = _and(one.id for one in same), _number(fact.article)
    if not any(re.fullmatch(one.number, number, re.IGNORECASE) for one in same):
        a_range = " A range behind a singular keyword is read as one number." if re.search(r"\d\w*[-–]\d", number) else ""
        return f"{ids} may be meant, but the number does not fit: see “number:” there.{a_range}"
    return f"{ids} may be meant, but the time does not tell which: see “in_force:” there."


def _missed(one: Instrument, cited: Cited, tools: Tools) -> Wrong | None:
    """Tell why a sentence is not filed under its law: no number read, another number, no law, another law."""
    found = tools.cited(cited.text)
    if any(_is(draft, one, cited.article) for draft in found) or _by_a_city(one, cited, found, tools):
        return None
    if not found:
        return Wrong(
            "no numbered provision at all",
            f"A number is read where it stands beside “{one.provision}” (or “art.”, “section”, “§”): “{one.provision} 12 of the "
            f"{one.name}”. Write the sentence so, as a report would.",
        )
    same = [draft for draft in found if draft.values["article"] == cited.article]
    filed = [draft for draft in found if draft.values["instrument_id"] == one.id]
    if same:
        return _not_filed(same[0], one)
    if filed:
        return Wrong(
            f"{one.provision} {_and(str(draft.values['article']) for draft in filed)}, filed under {one.id}",
            "The law is known; only the number comes out otherwise. If that is right too, write it so behind “article:” "
            "(paragraphs in brackets, as 148(2)).",
        )
    return Wrong(
        "; ".join(_filed(draft) for draft in found),
        f"No provision {cited.article} is read here; write behind “article:” the number that comes out, if that is right.",
    )


def _by_a_city(one: Instrument, cited: Cited, found: Iterable[Draft], tools: Tools) -> bool:
    """Tell whether the whole pipeline files it: it knows more cities than the lists of states do ("a court in Osaka")."""
    if not any(draft.values["article"] == cited.article and draft.values["jurisdiction"] is None for draft in found):
        return False
    facts = (fact for fact in tools.facts(cited.text) if isinstance(fact, ArticleFact))
    return any((fact.article, fact.instrument_id) == (cited.article, one.id) for fact in facts)


def _not_filed(draft: Draft, one: Instrument) -> Wrong:
    """Tell why a provision that was read is not filed under its law."""
    law, state, other = (draft.values[key] for key in ("instrument", "jurisdiction", "instrument_id"))
    if law is None:
        do = "No law's name was read beside the number. Name it in the sentence as reports do, and list that name under “names:”."
    elif one not in instruments().named(str(law)):
        add = f"add it to “abbreviations:”, as [{law}]" if str(law).isupper() else f"add a line “- {law}” under “names:”"
        do = f"The law was read as “{law}”. If reports call it so, {add}; else reword the sentence."
    elif state != one.jurisdiction:
        whose = f"as one of {state}" if state else "without a state"
        else_ = f" If the law is one of {state}, correct “jurisdiction:”." if state else ""
        do = (
            f"“{law}” is read {whose}, and this file is for {one.jurisdiction}. Name the state, its people or a city of it in "
            f"the sentence: many states have a law of that name.{else_}"
        )
    elif not re.fullmatch(one.number, number := _number(draft.values["article"]), re.IGNORECASE):
        apart = "" if number == draft.values["article"] else ", as paragraphs are read apart"
        do = (
            f"The pattern behind “number:” ({one.number}) does not allow {number}{apart}. Mend it, if the law has "
            r"such numbers: '\d{1,3}' is one to three figures, '(\.\d{1,2})?' behind it allows 12.1, '[A-Z]?' 12A."
        )
    elif other and other != one.id:
        do = (
            f"{other} goes by the same name, and the days tell it better (“in_force:” here {days(one)}, there "
            f"{days(instruments().by_id[str(other)])}). Correct the days, or let the sentence tell the year."
        )
    else:
        others = [law.id for law in instruments().named(str(law)) if law.jurisdiction == state and law.id != one.id]
        do = (
            f"{_and(others) or 'Another law'} may be meant too, and the sentence does not tell the time. Fill in the days behind "
            f"“in_force:” (here {days(one)}), or let the sentence tell the year. If both are the same law, keep one file; to "
            "correct a shipped one, give yours its name."
        )
    return Wrong(_filed(draft), do)


def _taken(one: Instrument, text: str, tools: Tools) -> Wrong | None:
    found = [draft for draft in tools.cited(text) if draft.values["instrument_id"] == one.id]
    if not found:
        return None
    return Wrong(
        "; ".join(_filed(draft) for draft in found),
        f"“{found[0].values['instrument']}” is among the names of {one.id}. If the sentence does mean this law, it is an "
        "example: move it to “match:”. Else take the name away, or correct “jurisdiction:”, “number:” or “in_force:”.",
    )


def _number(article: object) -> str:
    """Return the number of a provision without its paragraphs, which no pattern is asked for."""
    return str(article).partition("(")[0]


def _is(draft: Draft, one: Instrument, article: str) -> bool:
    return (draft.values["article"], draft.values["instrument_id"]) == (article, one.id)


def _filed(draft: Draft) -> str:
    law = f"“{draft.values['instrument']}”" if draft.values["instrument"] else "no law"
    state = draft.values["jurisdiction"] or "no state"
    under = (
        f"filed under {draft.values['instrument_id']}" if draft.values["instrument_id"] else "filed under no law that is known"
    )
    return f"{draft.values['article']} of {law} ({state}), {under}"


def days(one: Instrument) -> str:
    """Return when a law was in force, in words."""
    return f"{one.in_force.from_ or '?'} to {one.in_force.to or '…'}"


def _and(words: Iterable[str]) -> str:
    return " and ".join(words)
