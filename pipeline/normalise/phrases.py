"""Patterns of phrases that the files under `models/` list."""

import re
from collections.abc import Iterable


def one_of(phrases: Iterable[str]) -> str:
    """Return a pattern of *phrases*, the longest first, any white space between their words."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in ordered)


def after_last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where the last match of *pattern* between two offsets ends: the begin of a sentence or clause; else *start*."""
    return max((found.end() for found in pattern.finditer(text, start, end)), default=start)


def run_together(phrases: Iterable[str]) -> str:
    """Return a pattern of *phrases*, the longest first, their spaces optional: PDFs run words together."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s*") for phrase in ordered)
