"""Which language a report is in, and whether it is one that the pipeline knows."""

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

READ = frozenset({"en"})
_LEAST = 120  # letters: what is shorter is not sure to be of one language
_PIECE = 1_000  # characters looked at, at up to so many places:
_PLACES = 5
_SURE = 0.9
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\d_]+")


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of *text*, or None where it is too short to be sure, or mixed.

    A text that is in English at one of the places looked at is English: nothing of it is to be lost.
    """
    found = Counter(code for piece in _pieces(text) if (code := _language(piece)))
    if not found:
        return None
    if found["en"]:
        return "en"
    code, count = found.most_common(1)[0]
    return code if count > found.total() / 2 else None


def _pieces(text: str) -> list[str]:
    step = max(len(text) // _PLACES, _PIECE)
    return [text[at : at + _PIECE] for at in range(0, len(text), step)][:_PLACES]


def _language(piece: str) -> str | None:
    letters = _NOISE.sub(" ", piece)
    if sum(map(str.isalpha, letters)) < _LEAST:
        return None
    code, sure = _identifier().classify(letters)
    return str(code) if sure >= _SURE else None
