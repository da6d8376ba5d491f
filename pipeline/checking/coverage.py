"""What the rules know, type by type, and which states' laws are missing."""

from collections import Counter
from dataclasses import dataclass

from pipeline.rules.attribution import attribution_words
from pipeline.rules.codes import instruments
from pipeline.rules.counts import count_words
from pipeline.rules.dates import Phrases, date_words
from pipeline.rules.durations import duration_words
from pipeline.rules.numbers import number_words
from pipeline.rules.places import place_rules
from pipeline.rules.sentences import sentence_words
from pipeline.rules.status import status_words

_KINDS = {
    "criminal": "criminal codes",
    "administrative_offences": "codes of administrative offences",
    "criminal_procedure": "of criminal procedure",
    "constitution": "constitutions",
    "special": "other laws",
    "treaty": "treaties",
    "rules": "declarations and rules",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """For each type of fact what there is, in words; and the states without a criminal code, by their ISO codes."""

    known: dict[str, str]
    without_code: dict[str, str]


def coverage() -> Coverage:
    """Return what the rules hold that are in use."""
    return Coverage(
        {"articles": _laws(), "dates": _dates(), "locations": _places(), "counts": _counts(), "sentences": _sentences()},
        _missing(),
    )


def state_names() -> dict[str, str]:
    """Return the states by their codes, each with its usual name."""
    groups = place_rules().countries.groups
    return {code: one.names[0].removeprefix("=") for group in groups for code, one in sorted(group.countries.items())}


def _missing() -> dict[str, str]:
    have = {one.jurisdiction for one in instruments().all if one.kind == "criminal"}
    return {code: told for code, told in sorted(state_names().items(), key=lambda item: item[1]) if code not in have}


def _laws() -> str:
    known = instruments().all
    kinds = Counter[str](one.kind for one in known)
    states = len({one.jurisdiction for one in known} - {"INT"})
    return f"{len(known)} laws and treaties, of {states} states: " + ", ".join(
        f"{kinds[kind]} {told}" for kind, told in _KINDS.items()
    )


def _dates() -> str:
    words = date_words()
    groups = words.groups().values()
    entries = sum(len(group.phrases if isinstance(group, Phrases) else group.words) for group in groups)
    return f"{entries} words in {len(groups)} groups, {len(words.forms)} forms of dates that are certain"


def _places() -> str:
    rules = place_rules()
    roles = Counter(one.role for one in rules.names)
    own = f"{roles['region']} regions and {roles['site']} sites beside the gazetteer"
    return f"{len(state_names())} countries, {own}, {len(rules.site_nouns)} nouns of sites"


def _counts() -> str:
    words, status = number_words(), status_words()
    tables = (status.forms, status.active, status.intransitive, status.nouns)
    forms = sum(len(set(forms)) for table in tables for forms in table.values())
    numbers = len(words.words) + len(words.vague)
    return (
        f"{numbers} number words, {forms} forms that tell what happened, {len(count_words().not_people)} nouns that are no people"
    )


def _sentences() -> str:
    words, units = sentence_words(), len(duration_words().unit_of())
    cues = sum(len(cues) for table in (words.penalties, words.weak_penalties, words.modalities) for cues in table.values())
    sayings = sum(len(group.words) for group in attribution_words().groups)
    return f"{cues} cues of penalty and stage, {units} words of units; {sayings} cues of who says so, for all types"
