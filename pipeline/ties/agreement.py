"""When a value of a claim is what the gold says: as the annotation guidelines count it."""

from typing import Any

_SMALL = frozenset("the a an of and or in on at for to by his her their its other others several some all who were was".split())


def agree(field: str, gold: Any, told: Any) -> bool:
    """Tell equal days, countries and sets of articles; a place's name within the other, a word that people or speakers share.

    >>> agree("where", "Ganja", "Ganja prison"), agree("who", "the students", "law students"), agree("when", None, "2017")
    (True, True, False)
    """
    if not gold:
        return False
    if field in ("when", "country"):
        return bool(gold == told)
    if field == "articles":
        return {_unspaced(one) for one in gold} == {_unspaced(one) for one in told}
    if field == "where":
        one, other = gold.casefold().strip(), told.casefold().strip()
        return one in other or other in one
    return bool(_content(gold) & _content(told))


def _unspaced(article: str) -> str:
    return "".join(article.casefold().split())


def _content(text: str) -> set[str]:
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return {word.rstrip("s") for word in words} - _SMALL
