"""Words that one list claims for two things."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.rules.durations import duration_words
from pipeline.rules.places import place_rules
from pipeline.rules.sentences import sentence_words
from pipeline.rules.status import status_words

_Claims = list[tuple[str, Mapping[Any, Iterable[str]]]]


def overlaps() -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield a file, a phrase, and the two entries of the file that claim it."""
    for file, tables in _tables().items():
        first = dict[str, str]()
        for what, table in tables:
            for entry, phrases in table.items():
                for phrase in phrases:
                    other = first.setdefault(f"{what}\0{phrase.casefold()}", entry)
                    if other != entry:
                        yield file, phrase, (other, entry)


def _tables() -> dict[str, _Claims]:
    """Return by file the tables in which a phrase may stand under one entry alone; those of one name are looked at together."""
    status, sentences, places = status_words(), sentence_words(), place_rules()
    countries = {code: one for group in places.countries.groups for code, one in group.countries.items()}
    shared = places.countries.ambiguous
    return {
        "lang/en/status.yml": [
            ("verb", status.forms),
            ("verb", status.active),
            ("verb", status.intransitive),
            ("noun", status.nouns),
        ],
        "lang/en/sentences.yml": [
            ("penalty", sentences.penalties),
            ("weak", sentences.weak_penalties),
            ("modality", sentences.modalities),
        ],
        "lang/en/durations.yml": [("unit", duration_words().units)],
        "places/countries.yml": [
            ("name", {code: [name for name in one.names if name not in shared] for code, one in countries.items()}),
            ("people", {code: [name for name in one.adjectives if name not in shared] for code, one in countries.items()}),
        ],
        "places/sites.yml": [
            *(("site", group.sites) for group in places.sites.groups),
            *(("city", group.cities) for group in places.sites.groups),
        ],
    }
