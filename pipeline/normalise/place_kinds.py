"""Tell a site or a region by the generic nouns of its name, and part them from the proper name."""

import re
from collections.abc import Iterator

from pipeline.gazetteer import fold
from pipeline.rules.places import PlaceRules
from pipeline.schema import PlaceKind

_LONGEST, _PAIR = 3, 2
_INNER = re.compile(r"\s(?:of|for|No\.?|Nr\.?|№|at|in|\d+)(?!\w)")


def kind_by_noun(text: str, rules: PlaceRules) -> PlaceKind | None:
    """Return the kind that a name's own nouns tell, or None."""
    words = fold(text).split()
    head = _INNER.split(text)[0]
    if head != text and _is_site_noun(head, rules):
        return "site"
    for last in _endings(words):
        if last in rules.site_nouns:
            return "site"
        if last in rules.region_after:
            return "region"
    if len(words) > _PAIR and " ".join(words[:2]) in rules.region_before:
        return "region"
    return "site" if any(first in rules.site_heads for first in _beginnings(words)) else None


def _is_site_noun(head: str, rules: PlaceRules) -> bool:
    """Read "Headquarters of the Third Division" and "Remand Centre No. 4" as sites."""
    words = fold(head).removeprefix("the ").split()
    return " ".join(words) in rules.site_nouns or any(last in rules.site_nouns for last in _endings(words))


def region_name(text: str, rules: PlaceRules) -> str:
    """Return a region's name without its generic noun ("Katanga province" is Katanga)."""
    words = text.split()
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if fold(" ".join(words[-length:])) in rules.region_after:
            return " ".join(words[:-length])
    if len(words) > _PAIR and fold(" ".join(words[:2])) in rules.region_before:
        return re.sub(r"^the ", "", " ".join(words[2:]), flags=re.IGNORECASE)
    return text


def parts(text: str, rules: PlaceRules) -> Iterator[str]:
    """Yield the runs of words in a facility's name that may name its place, the longest first.

    A word that opens the names of many places names none alone: "San" of "San Sebastian prison" is not San Diego.
    """
    words = [word for word in re.split(r"[\s/(),]+", text) if word]
    generic = {word for noun in rules.site_nouns for word in noun.split()}
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            name = fold(" ".join(run))
            if run[0][0].isupper() and name not in rules.sites.opens and not generic.issuperset(name.split()):
                yield " ".join(run)


def _endings(words: list[str]) -> list[str]:
    return [" ".join(words[-n:]) for n in range(min(_LONGEST, len(words) - 1), 0, -1)]


def _beginnings(words: list[str]) -> list[str]:
    return [" ".join(words[:n]) for n in range(1, min(_LONGEST + 1, len(words)))]
