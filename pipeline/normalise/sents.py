"""Sentences by their signs alone: linear in the text, no network."""

import re
from collections.abc import Iterator

from pipeline.rules.sents import SentEnds, sent_ends

_PARAGRAPH = r"[^\S\n]*\n\s*\n\s*"
_BULLET = r"[^\S\n]*\n[^\S\n]*(?=[^\w\s\"“‘'(\[.,;:!?&$%)\]”’]\s+[A-ZÀ-Þ])"
_CLOSED, _OPENED = r"(?:[\"”’')\]]|\[\d+\])*", r"(?:(?:b|[^\w\s])[^\S\n]+)?[^\w\s]*"
_STOP = rf"(?P<stop>[.!?…]){_CLOSED}\s+(?={_OPENED}(?P<next>(?:[A-ZÀ-Þ]|\d)[\w’'-]*))"
_GLUED = r"(?<=[a-z]{3})\.(?=[A-Z][a-z])"  # "of children.The law": a page badly scanned
_EDGE = re.compile(rf"{_PARAGRAPH}|{_BULLET}|{_STOP}|{_GLUED}")
_LAST_WORD = re.compile(r"(?:[A-Za-z]+\.)*[A-Za-z]+$")
_REACH = 20


def sent_starts(text: str) -> Iterator[int]:
    """Yield the offsets at which the sentences of *text* begin, behind the first.

    >>> list(sent_starts("Mr. Aliyev was held. He was freed."))
    [21]
    """
    known = sent_ends()
    for edge in _EDGE.finditer(text):
        if edge["stop"] is None or _ends(text, edge, known):
            yield edge.end()


def _ends(text: str, edge: re.Match[str], known: SentEnds) -> bool:
    """Tell the end of a sentence from an abbreviation before a name or a number."""
    if edge["stop"] != ".":
        return True
    stop, following = edge.start("stop"), edge["next"]
    last = _LAST_WORD.search(text, max(0, stop - _REACH), stop)
    word = last[0].casefold() if last else ""
    if last and len(word) == 1 and text[last.start() - 1 : last.start()] in ("\n", ""):  # "c. Freedom of Religion", a heading
        return False
    if word in known.titles or (word in known.before_number and following[0].isdigit()):
        return False
    initial = len(word) == 1 and text[stop - 1].isupper()
    return not (initial or word in known.perhaps) or following.casefold() in known.starters
