"""Names of persons: found by spaCy's recogniser, grouped into persons, and put out of a text wherever they stand."""

import hashlib
import hmac
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from pipeline.rules.persons import person_words

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

Name = tuple[str, ...]
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_GAP = 4  # characters that are no letters between two words of a name: "Petrov,\n  Ivan" are two things
_LATIN = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")


@cache
def recogniser() -> Callable[[Iterable[str]], Iterator[list[str]]]:
    """Return what yields for each text the words that spaCy takes for a person; loaded once."""
    import spacy

    from pipeline.nlp import spacy_folder
    from pipeline.rules.manifest import manifest

    model = manifest().spacy
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=re.escape("[W095]"))  # as in nlp: trained under 3.7, run under 3.8
        nlp = spacy.load(spacy_folder(model), exclude=[*model.exclude, "tagger", "parser", "senter"])

    def found(texts: Iterable[str]) -> Iterator[list[str]]:
        waiting = iter(texts)
        while group := list(islice(waiting, _AT_ONCE)):
            told: list[list[str]] = [[] for _ in group]
            with nlp.memory_zone():
                pieces = ((piece, told[i]) for i, text in enumerate(group) for piece in _pieces(text))
                for doc, entities in nlp.pipe(pieces, as_tuples=True):
                    entities += [_whole(entity) for entity in doc.ents if entity.label_ == "PERSON"]
            yield from told

    return found


_AT_ONCE = 128
_PIECE, _OVERLAP = 20_000, 500  # characters read at once; a name that a piece cuts stands whole in the next


def _whole(entity: "Span") -> str:
    """Return a name with the capitalised words beside it that the recogniser took for nothing: Vadzim in "Vadzim Łapicki"."""
    doc, start, end = entity.doc, entity.start, entity.end
    while start > 1 and _belongs(doc[start - 1], doc[start - 1]) and not _ends(doc[start - 2]):
        start -= 1
    while end < len(doc) and _belongs(doc[end], doc[end - 1]):
        end += 1
    return doc[start:end].text


def _belongs(token: "Token", before: "Token") -> bool:
    """Tell whether a word beside a name, parted by a space, may be a part of it."""
    key = _key(token.text)
    named = token.text[:1].isupper() and token.is_alpha and not token.ent_type_ and before.whitespace_ == " "
    return named and telling(key) and key not in person_words().no_persons


def _ends(token: "Token") -> bool:
    """Tell whether a sentence, or what stands like one, may end with a token: the next has a capital letter anyhow."""
    return token.is_space or token.text[-1:] in '.!?:;•–—“"('


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + _PIECE] for start in range(0, len(text), _PIECE - _OVERLAP))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and its key: lower case, without accents."""

    start: int
    end: int
    key: str


def words(text: str) -> list[Word]:
    """Return the words of a text.

    >>> [word.key for word in words("Đà Nẵng, ivan_petrov2.txt")]
    ['da', 'nang', 'ivan', 'petrov', 'txt']
    """
    return [Word(*match.span(), _key(match.group())) for match in _WORD.finditer(text)]


def _key(word: str) -> str:
    return "".join(map(_letter, word))


@cache
def _letter(letter: str) -> str:
    """Return a letter in lower case without its accents, or nothing for an accent."""
    if unicodedata.combining(letter):
        return ""
    latin = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return latin[1].lower() if latin else unicodedata.normalize("NFKD", letter.casefold())[0]


def name_of(entity: str) -> Name | None:
    """Return the words of the name that an entity is, without title; None for what is no person.

    >>> name_of("Judge Karim Wahbi"), name_of("Criminal Code")
    (('karim', 'wahbi'), None)
    """
    known = person_words()
    keys = [word.key for word in words(re.sub(r"['’]s?$", "", entity.strip()))]
    while keys and keys[0] in known.titles:
        keys = keys[1:]
    while keys and keys[-1] in known.titles:
        keys = keys[:-1]
    if known.no_persons.intersection(keys) or not any(telling(key) for key in keys):
        return None
    return tuple(keys)


@cache
def telling(key: str) -> bool:
    """Tell whether a word of a name points to somebody where it stands alone: no initial, no particle, no plain word."""
    from spacy.lang.en.stop_words import STOP_WORDS

    known = person_words()
    return len(key) > 1 and key not in STOP_WORDS and key not in known.particles and key not in known.titles


def grouped(names: Iterable[Name]) -> dict[Name, Name]:
    """Return for each name the fullest name of that person: "Petrov" is Ivan Petrov if no other Petrov is there.

    >>> grouped([("petrov",), ("ivan", "petrov")])[("petrov",)]
    ('ivan', 'petrov')
    """
    every = list(dict.fromkeys(names))
    with_word: dict[str, set[Name]] = {}
    for one in every:
        for key in one:
            with_word.setdefault(key, set()).add(one)
    fuller = {one: [o for o in set.intersection(*(with_word[k] for k in one)) if set(one) < set(o)] for one in every}
    fullest = {one: [other for other in fuller[one] if not fuller[other]] for one in every}
    return {one: fullest[one][0] if len(fullest[one]) == 1 else one for one in every}


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names with their pseudonyms, by their first word, the longest first; and single words that stand for them."""

    by_first: Mapping[str, Sequence[tuple[Name, str]]]

    def places(self, text: str, *, any_case: bool = False) -> list[tuple[int, int, str]]:
        """Return where names stand in a text, with their pseudonyms: those of one word capitalised, unless in *any_case*."""
        told, found, i = words(text), [], 0
        while i < len(told):
            match = self._at(text, told, i, any_case=any_case)
            if match:
                found.append((told[i].start, told[i + match[0] - 1].end, match[1]))
            i += match[0] if match else 1
        return found

    def _at(self, text: str, told: list[Word], i: int, *, any_case: bool) -> tuple[int, str] | None:
        for name, pseudonym in self.by_first.get(told[i].key, ()):
            run = told[i : i + len(name)]
            near = all(b.start - a.end <= _GAP for a, b in pairwise(run))
            cased = any_case or len(name) > 1 or not text[told[i].start].islower()
            if near and cased and tuple(word.key for word in run) == name:
                return len(name), pseudonym
        return None


def pseudonyms(named: Mapping[Name, str], *, kept: frozenset[str] = frozenset()) -> Pseudonyms:
    """Return what puts names out: whole, written as one word, and each of their telling words but those *kept*.

    A word of several persons gets the pseudonym of none: "one of" them.
    """
    alone: dict[Name, set[str]] = {}
    for name, pseudonym in named.items():
        for key in (*(key for key in name if telling(key) and key not in kept), "".join(name)):
            alone.setdefault((key,), set()).add(pseudonym)
    entries = {name: pseudonym for name, pseudonym in named.items() if len(name) > 1 or name[0] not in kept}
    for name, found in alone.items():
        if name not in entries:
            entries[name] = min(found) if len(found) == 1 else "/".join(sorted(found, key=_number))
    return indexed(entries)


def indexed(entries: Mapping[Name, str]) -> Pseudonyms:
    """Return names with their pseudonyms as they are looked for: these and no parts of them."""
    by_first: dict[str, list[tuple[Name, str]]] = {}
    for name, pseudonym in sorted(entries.items(), key=lambda one: (-len(one[0]), one[0])):
        by_first.setdefault(name[0], []).append((name, pseudonym))
    return Pseudonyms(by_first)


def _number(pseudonym: str) -> tuple[int, str]:
    return len(pseudonym), pseudonym


def numbered(names: Sequence[Name], *, salt: str | None) -> dict[Name, str]:
    """Return a pseudonym for each name, the same for all forms of one person's name.

    Without a *salt* persons are numbered as they come: "Person 1". With one it is made of the name and the salt, the same
    in every report and every export: "Person 7c1f09ab".
    """
    fullest = grouped(names)
    order = {name: str(i) for i, name in enumerate(dict.fromkeys(fullest[name] for name in names), 1)}
    return {name: f"Person {order[full] if salt is None else _keyed(full, salt)}" for name, full in fullest.items()}


def _keyed(name: Name, salt: str) -> str:
    return hmac.new(salt.encode(), " ".join(name).encode(), hashlib.sha256).hexdigest()[:8]
