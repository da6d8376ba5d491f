"""Legal instruments: one file each under `models/codes/`."""

import datetime
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipeline.errors import RuleError
from pipeline.rules.files import digest, files_in, name, rule_files, validated
from pipeline.rules.places import place_rules

Kind = Literal["criminal", "administrative_offences", "criminal_procedure", "constitution", "special", "treaty", "rules"]


_NO_NUMBERS = ("any words", "9999999", "")  # what no law calls a provision


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” is no pattern ({error}); an example: '\\d{{1,3}}(\\.\\d{{1,2}})?'") from error
    if not pattern:
        raise ValueError("must not be empty; an example: '\\d{1,3}'")
    taken = next((told for told in _NO_NUMBERS if re.fullmatch(pattern, told)), None)
    if taken is not None:
        raise ValueError(f"“{pattern}” allows too much, such as “{taken}”; an example: '\\d{{1,3}}' is one to three figures")
    return pattern


def _is_state(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}|INT", code):
        own = _code_of(code) or "its two capital letters of ISO 3166-1, such as AZ, or INT for a treaty"
        raise ValueError(f"{code!r} is no state; write {own}")
    return code


def _code_of(state: str) -> str | None:
    """Return the code of a state that is written by its name or in small letters."""
    known = {code: one for group in place_rules().countries.groups for code, one in group.countries.items()}
    meant = (code for code, one in known.items() if state.casefold() in map(str.casefold, (code, *one.names)))
    return next(meant, None)


class InForce(BaseModel):
    """First and last day in force; null where open or not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    from_: datetime.date | None = Field(alias="from")
    to: datetime.date | None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError(f"the last day, {self.to}, lies before the first, {self.from_}")
        return self


class Cited(BaseModel):
    """An example: a sentence, and one provision that it cites of this instrument."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    article: str


class Instrument(BaseModel):
    """A law or treaty: what it is called, whose it is, and what its provisions look like."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    name: str
    jurisdiction: Annotated[str, AfterValidator(_is_state)]
    kind: Kind
    names: tuple[str, ...] = Field(min_length=1)
    abbreviations: tuple[str, ...]
    in_force: InForce
    provision: Literal["article", "section", "rule", "principle"]
    number: Annotated[str, AfterValidator(_compiles)]
    match: tuple[Cited, ...] = Field(min_length=1)
    no_match: tuple[str, ...] = Field(min_length=1)


def fold_name(text: str) -> str:
    """Return a law's name as it is compared: case, spelling of offence, hyphens and "the" apart.

    >>> fold_name("the Code of Administrative Offenses")
    'code of administrative offence'
    """
    plain = re.sub(r"[^\w ]", " ", text.casefold().replace("offense", "offence").replace("’s", "").replace("'s", ""))
    return " ".join(word.rstrip("s") if len(word) > 3 else word for word in plain.split() if word != "the")


class Instruments:
    """All instruments, by the names and abbreviations that they go by; `rules` is the digest of all rules beside them."""

    def __init__(self, instruments: tuple[Instrument, ...], *, rules: str = "") -> None:
        self.all, self.rules = instruments, rules
        self.by_id = {one.id: one for one in instruments}
        self.by_name: dict[str, list[Instrument]] = {}
        self.abbreviations: dict[str, list[Instrument]] = {}
        for one in instruments:
            for known in dict.fromkeys(fold_name(n) for n in (one.name, *one.names)):
                self.by_name.setdefault(known, []).append(one)
            for short in one.abbreviations:
                self.abbreviations.setdefault(short, []).append(one)

        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for listed in self.by_name:
            words = tuple(listed.split())
            if len(words) > 1:
                self._by_first.setdefault(words[0], []).append(words)

    def named(self, text: str) -> list[Instrument]:
        """Return the instruments that *text* may name; a year at its edge only chooses among them."""
        plain = re.sub(r"^(?:1[89]|20)\d\d\s+|[\s,]+(?:of\s+)?\(?(?:1[89]|20)\d\d\)?$", "", text.strip())
        return self.abbreviations.get(plain) or self.by_name.get(fold_name(text)) or self.by_name.get(fold_name(plain), [])

    def longest(self, words: Sequence[str], i: int) -> int:
        """Return how many of the folded *words* from *i* on the longest listed name takes (empty ones are "the"), or 0."""
        best = 0
        for known in self._by_first.get(words[i], ()):
            position, taken = i, 0
            while taken < len(known) and position < len(words) and words[position] in (known[taken], ""):
                taken += words[position] == known[taken]
                position += 1
            if taken == len(known):
                best = max(best, position - i)
        return best


@cache
def instruments(folder: Path | None = None) -> Instruments:
    """Load `models/codes/`, and the user's own beside it."""
    paths = sorted(folder.glob("*.yml")) if folder else files_in("codes")
    if not paths:
        raise RuleError("codes/: no instrument; the folder is empty")
    loaded = tuple(validated(Instrument, path) for path in paths)
    for path, one in zip(paths, loaded, strict=True):
        if one.id != path.stem:
            raise RuleError(f"{name(path)}: its id is {one.id!r}; it must be the file's name, {path.stem!r}")
    return Instruments(loaded, rules=digest(rule_files()))
