"""The examples of the files under `places/`."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from pipeline.checking.example import Example, Tools, Wrong
from pipeline.normalise.place_kinds import kind_by_noun
from pipeline.normalise.place_spans import inside_other_name
from pipeline.normalise.places import Resolved, country_mentions, resolve
from pipeline.normalise.scene import Scene
from pipeline.rules.places import place_rules

_CORRECT = "Correct the list above the example, or what the example says must come out; the gazetteer may know the name too."


def examples() -> Iterator[Example]:
    """Yield the examples of all files of places."""
    for found in FILES.values():
        yield from found()


def _example(file: str, entry: str, text: str, expected: str, found: Callable[[Tools], str]) -> Example:
    def wrong(tools: Tools) -> Wrong | None:
        return None if (got := found(tools)) == expected else Wrong(got, _CORRECT)

    return Example(file, entry, text, expected, wrong)


def _countries() -> Iterator[Example]:
    file = "places/countries.yml"
    for group in place_rules().countries.groups:
        for text, codes in group.match.items():
            yield _example(file, f"{group.id}: match", text, _listed(codes), partial(_mentioned, text))
        for text in group.no_match:
            yield _example(file, f"{group.id}: no_match", text, _listed(()), partial(_mentioned, text))


def _mentioned(text: str, tools: Tools) -> str:
    return _listed(tuple(code for _, code in country_mentions(text, names=tools.atlas.names)))


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(codes) or "no country"


def _regions() -> Iterator[Example]:
    rules, file = place_rules(), "places/regions.yml"
    for group in rules.regions.groups:
        for name, code in group.match.items():
            yield _example(file, f"{group.id}: match", name, f"region of {code or 'no state'}", partial(_region, name))
        for name in group.no_match:
            yield _example(file, f"{group.id}: no_match", name, "no region", partial(_listed_as, name, "region"))
    for name in rules.regions.nouns.match:
        yield _example(file, "nouns: match", name, "region", partial(_kind, name, "region"))
    for name in rules.regions.nouns.no_match:
        yield _example(file, "nouns: no_match", name, "no region", partial(_kind, name, "region"))


def _region(name: str, tools: Tools) -> str:
    found = resolved(name, tools)
    return f"{found.kind} of {found.country or 'no state'}"


def _listed_as(name: str, role: str, tools: Tools) -> str:
    listed = tools.atlas.names.exactly(name)
    return role if listed is not None and listed.role == role else f"no {role}"


def _kind(name: str, kind: str, tools: Tools) -> str:
    return kind if kind_by_noun(name, place_rules()) == kind else f"no {kind}"


def _sites() -> Iterator[Example]:
    """Yield sites with a country, or "city" and a country; null where the name alone tells none."""
    file = "places/sites.yml"
    for group in place_rules().sites.groups:
        for name, told in group.match.items():
            kind, _, code = (told or "").rpartition(" ")
            yield _example(file, f"{group.id}: match", name, _site_of(kind or "site", code), partial(_site, name, code))
        for name in group.no_match:
            yield _example(file, f"{group.id}: no_match", name, "no site", partial(_no_site, name))


def _site_of(kind: str, code: str | None) -> str:
    return f"{kind} of {code}" if code else kind


def _site(name: str, code: str, tools: Tools) -> str:
    found = resolved(name, tools)
    return _site_of(str(found.kind), (found.country or "no state") if code else None)


def _no_site(name: str, tools: Tools) -> str:
    return "no site" if {_kind(name, "site", tools), _listed_as(name, "site", tools)} == {"no site"} else "site"


def _organisations() -> Iterator[Example]:
    words, file = place_rules().organisations, "places/organisations.yml"
    for entry, texts, expected in (("match", words.match, "part of another name"), ("no_match", words.no_match, "a place")):
        for marked in texts:
            yield _example(file, entry, marked, expected, partial(_inside, marked))


def _inside(marked: str, tools: Tools) -> str:
    start, end = marked.index("["), marked.index("]") - 1
    inside = inside_other_name(re.sub(r"[\[\]]", "", marked), start, end, place_rules().organisations)
    return "part of another name" if inside else "a place"


def resolved(name: str, tools: Tools) -> Resolved:
    """Return what a name stands for in a report that holds nothing else."""
    return resolve(name, 1, scene=Scene((), country_mentions(f" {name}", names=tools.atlas.names)), atlas=tools.atlas)


FILES: dict[str, Callable[[], Iterator[Example]]] = {
    "places/countries.yml": _countries,
    "places/regions.yml": _regions,
    "places/sites.yml": _sites,
    "places/organisations.yml": _organisations,
}
