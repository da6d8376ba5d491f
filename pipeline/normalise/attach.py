"""Say which law each citation belongs to: named beside it, for its list, or earlier in the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.normalise.articles import Citation
from pipeline.normalise.instruments import LawName
from pipeline.normalise.phrases import after_last, one_of
from pipeline.rules.articles import citation_words

_END = re.compile(r"[.!?][”\"’)]?\s+(?=[A-Z“\"\d])|\n\s*\n")
_ACRONYM = re.compile(
    r"\s*,?\s+(?:of|under)\s+(?:the\s+|[A-Z]\w+['’]s\s+)?(?P<name>[A-Z][a-z]?[A-Z][A-Za-z]{0,5})(?![\w-])(?!\s+[A-Z])"
)
_DEFINED = re.compile(r"\s*\(\s*(?:the\s+)?[“\"‘']?(?P<short>[A-Z][a-z]?[A-Z][A-Za-z-]{0,7})[”\"’']?\s*\)")
_SMALL = r"(?:of|and|on|for|the|in|to|against)"
_LONGER = re.compile(rf"\s*,?\s+of\s+(?:the\s+)?(?P<rest>(?:[A-Z][\w’'-]+,?\s+(?:{_SMALL}\s+){{0,3}}){{1,12}})")
_UNDER_TREATY = re.compile(r"Declarations?\s*(?:made\s+)?under\b")  # an act of a state, no law
_ACT_OF_STATE = re.compile(r"(?:declaration|reservation)s?\s*(?:made\s*)?(?:under|to|on)\s*$", re.IGNORECASE)
_LIST_GAP = 90
_RECENT = 500


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a citation: its name, its state, and how it was found."""

    name: LawName
    rule: str


def attach(
    text: str,
    found: Sequence[Citation],
    laws: Sequence[LawName],
    *,
    implied: Callable[[LawName, Citation], bool],
    own_names: frozenset[str] = frozenset(),
) -> list[Law | None]:
    """Return the law of each citation, None where the text never says.

    *implied* tells whether a law may be meant by a provision that stands alone; *own_names* are what the writer calls its
    own treaty, in lower case: there "the Convention" is no short name of another.
    """
    known = _without_aliases(text, laws)
    own = [_after(text, c, known, own_names) or _before(text, c, known) for c in found]
    shared = [law or _shared(text, i, found, own) for i, law in enumerate(own)]
    only = {law.text.casefold() for law in known}
    return [
        law
        or (
            None
            if _of_other(text, c) or is_act_of_state(text, c)
            else _implied(text, i, found, shared, known, only=len(only) == 1, may=implied)
        )
        for i, (c, law) in enumerate(zip(found, shared, strict=True))
    ]


def _implied(
    text: str,
    i: int,
    found: Sequence[Citation],
    own: Sequence[Law | None],
    laws: Sequence[LawName],
    *,
    only: bool,
    may: Callable[[LawName, Citation], bool],
) -> Law | None:
    """Return the law that a provision without one is of: the same number's, the sentence's, the one before's."""
    cited = found[i]
    able = [law for law in laws if may(law, cited)]
    held = [law if law and (may(law.name, cited) or found[j].article == cited.article) else None for j, law in enumerate(own)]
    return (
        _alike(i, found, held)
        or _in_sentence(text, cited, able)
        or _carried(i, found, held)
        or _mentioned(cited, able)
        or (Law(able[0], "only") if able and only else None)
    )


def _without_aliases(text: str, laws: Sequence[LawName]) -> list[LawName]:
    """Return the laws, what stands in brackets behind a name left out, and a short name that it gives read as the name."""
    found = [
        law
        for i, law in enumerate(laws)
        if not (i and _bracketed(text, laws[i - 1], law)) and not _UNDER_TREATY.match(text, law.start)
    ]
    short = {m["short"]: law for law in found if (m := _DEFINED.match(text, law.end))}
    named = [replace(short[law.text], start=law.start, end=law.end) if law.text in short else law for law in found]
    taken = {law.start for law in named}
    further = (
        replace(law, start=m.start(), end=m.end())
        for name, law in short.items()
        for m in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        if m.start() > law.end + 3 and m.start() not in taken
    )
    return sorted([*named, *further], key=lambda law: law.start)


def _bracketed(text: str, before: LawName, law: LawName) -> bool:
    """Tell another name of the law before: "the Penal Code (Law No. 111 of 1969)"."""
    return bool(re.fullmatch(r"\s*\(\s*(?:the\s+)?", text[before.end : law.start])) and text[law.end : law.end + 1] == ")"


@cache
def _gap() -> re.Pattern[str]:
    """Return what may stand between a citation and its law: "of the", "under its own", "(", a quotation mark."""
    words = citation_words()
    before, small = one_of(words.before_name), one_of((*words.inside, *words.joiners))
    return re.compile(
        rf"[\s,]*(?:[“\"(\[]|(?:of|under|in|from|to)\s+(?:(?:the|and|of|{before})\s*)*(?:(?!(?:{small})\s)[a-z-]+\s+){{0,3}}"
        rf"(?:(?:(?:[A-Z][\w-]+|of|on|against|the|for)\s+){{0,6}}[A-Z][\w-]+['’]s\s+)?[“\"]?)",
        re.IGNORECASE,
    )


def _after(text: str, cited: Citation, laws: Sequence[LawName], own_names: frozenset[str]) -> Law | None:
    law = next((one for one in laws if one.start >= cited.list_end), None)
    if law and (gap := _gap().fullmatch(text[cited.list_end : law.start])):
        if re.search(r"\b(?:same|said|latter)\b", gap[0]):
            return _same(law, laws)
        return Law(law if law.text.casefold() in own_names else _in_full(law, laws), "after")
    if law and (longer := _LONGER.fullmatch(text[cited.list_end : law.start])):
        start = cited.list_end + longer.start("rest")
        return Law(replace(law, start=start, text=" ".join(text[start : law.end].split())), "after")
    short = _ACRONYM.match(text, cited.list_end)
    return Law(LawName(*short.span(1), short[1], None), "acronym") if short else None


def _same(law: LawName, laws: Sequence[LawName]) -> Law:
    """Return the law that "the same Code" points back to."""
    noun = law.text.split()[-1].casefold()
    before = [one for one in laws if one.end <= law.start and one.text.casefold().endswith(noun)]
    return Law(before[-1] if before else law, "same")


def _in_full(law: LawName, laws: Sequence[LawName]) -> LawName:
    """Return the law's full name where "the Act" or "the Convention" stands for it."""
    if law.text not in citation_words().short_names or law.country:
        return law
    noun = law.text.casefold()
    full = [one for one in laws if one.end <= law.start and re.search(rf"^{noun}\s|\s{noun}(?:,?\s+\d+)?$", one.text.casefold())]
    return replace(full[-1], start=law.start, end=law.end) if full else law


def _before(text: str, cited: Citation, laws: Sequence[LawName]) -> Law | None:
    for law in reversed(laws):
        if law.end <= cited.list_start:
            gap = text[law.end : cited.list_start]
            close = re.fullmatch(
                r"(?:['’]s?)?[\s,:(–-]*(?:\([A-Z]\w+\))?[\s,:(–-]*(?:(?:in|under|by|at|and)\s+)?(?:its\s+)?", gap
            )
            return Law(law, "before") if close else None
    return None


@cache
def _other() -> re.Pattern[str]:
    words = citation_words()
    laws = {noun.casefold() for noun in words.laws} - set(words.capital_only)
    nouns = one_of({*laws, *words.same, *words.before_name, "person", "people"})
    return re.compile(rf"\s*,?\s+of\s+(?:the|an?)\s+(?!(?:[\w-]+\s+){{0,2}}(?:{nouns})\b)[\w-]+", re.IGNORECASE)


def is_act_of_state(text: str, cited: Citation) -> bool:
    """Tell the article of a treaty by what a state does under it: "Declaration under Article 22"."""
    return bool(_ACT_OF_STATE.search(text, max(0, cited.list_start - 30), cited.list_start))


def _of_other(text: str, cited: Citation) -> bool:
    """Tell a provision of something that is no law known here: "article 23 of the Articles of Association"."""
    return bool(_other().match(text, cited.list_end))


@cache
def _between() -> re.Pattern[str]:
    """Return what stands between two provisions of one list, glosses in brackets left out."""
    words = citation_words()
    keywords = (form for forms in (*words.heads.values(), *words.weak_heads.values()) for form in forms)
    allowed = one_of({*words.between, *words.joiners, *words.parts, *keywords})
    return re.compile(rf"(?:[\s,;\d()–—-]|(?<!\w)(?:{allowed})(?!\w))*", re.IGNORECASE)


def _shared(text: str, i: int, found: Sequence[Citation], own: Sequence[Law | None]) -> Law | None:
    """Return the law that a list names at its end: "article 14, article 17 and articles 26 and 27 of the Covenant"."""
    for j in range(i + 1, len(found)):
        gap = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[“\"][^“”\"]*[”\"]", " ", text[found[j - 1].end : found[j].list_start])
        same_list = found[j].list_start == found[j - 1].list_start
        if not same_list and (len(gap) > _LIST_GAP or _END.search(gap) or not _between().fullmatch(gap)):
            return None
        if law := own[j]:
            return Law(law.name, "list")
    return None


def _in_sentence(text: str, cited: Citation, laws: Sequence[LawName]) -> Law | None:
    """Return the last law named before the citation in its sentence."""
    start = after_last(_END, text, max(0, cited.list_start - 600), cited.list_start)
    named = [law for law in laws if start <= law.start and law.end <= cited.list_start]
    return Law(named[-1], "sentence") if named else None


def _akin(i: int, found: Sequence[Citation], own: Sequence[Law | None]) -> Iterator[int]:
    keyword = found[i].keyword[:4]
    return (j for j, law in enumerate(own) if law and j != i and found[j].keyword[:4] == keyword)


def _nearest(i: int, indices: Iterable[int]) -> int | None:
    """Return the last of *indices* before *i*, else the first behind."""
    ordered = list(indices)
    return max((j for j in ordered if j < i), default=None) if any(j < i for j in ordered) else min(ordered, default=None)


def _alike(i: int, found: Sequence[Citation], own: Sequence[Law | None]) -> Law | None:
    """Return the law that the same number is said to belong to elsewhere."""
    j = _nearest(i, (j for j in _akin(i, found, own) if stem(found[j]) == stem(found[i])))
    law = own[j] if j is not None else None
    return Law(law.name, "carried") if law else None


def _carried(i: int, found: Sequence[Citation], own: Sequence[Law | None]) -> Law | None:
    """Return the law of the citation before, else of the next."""
    j = _nearest(i, _akin(i, found, own))
    law = own[j] if j is not None else None
    return Law(law.name, "carried") if law else None


def stem(cited: Citation) -> str:
    """Return the provision of a citation without its parts: 14 of 14(3)(b)."""
    return cited.article.partition("(")[0]


def _mentioned(cited: Citation, laws: Sequence[LawName]) -> Law | None:
    """Return the law that the sentences just before were about."""
    named = [law for law in laws if cited.list_start - _RECENT <= law.start < cited.list_start]
    return Law(named[-1], "mentioned") if named else None
