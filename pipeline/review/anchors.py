"""Find words again in a text that was read anew: by what they are and what stands around them, else not at all."""

import re
from functools import lru_cache
from itertools import takewhile

from pipeline.review.verdicts import Place

_LEAST = 12  # characters around the words that must agree


def find(place: Place, text: str) -> tuple[int, int] | None:
    r"""Return where the words of *place* stand in *text*; None if they do not, or if two places fit as well.

    White space and soft hyphens may differ: another release may join lines that this one breaks.

    >>> from pipeline.review.verdicts import place
    >>> find(place("He got two years. She got two years.", 26, 35), "Update. He got two\nyears. She got two\nyears.")
    (34, 43)
    """
    folded, offsets = _folded(text)
    words, before, after = (_folded(part)[0] for part in (place.text, place.before, place.after))
    words = words.strip()
    fits = [(_around(folded, m.start(), m.end(), before, after), m.start()) for m in re.finditer(re.escape(words), folded)]
    best = sorted(fits, reverse=True)[:2]
    if not words or not best or best[0][0] < min(_LEAST, len(before + after)):
        return None
    if len(best) == 2 and best[0][0] == best[1][0]:
        return None
    start = best[0][1]
    return offsets[start], offsets[start + len(words) - 1] + 1


def _around(text: str, start: int, end: int, before: str, after: str) -> int:
    """Return how many characters around a place agree."""
    return _common(text[max(0, start - len(before)) : start][::-1], before[::-1]) + _common(text[end : end + len(after)], after)


def _common(one: str, other: str) -> int:
    """Return how many characters two strings begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@lru_cache(maxsize=4)
def _folded(text: str) -> tuple[str, list[int]]:
    """Return *text* with single spaces and no soft hyphens, and the offset of each character that is left."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        plain = " " if character.isspace() else character
        if plain == "\u00ad" or (plain == " " and kept and kept[-1] == " "):
            continue
        kept.append(plain)
        offsets.append(offset)
    return "".join(kept), offsets
