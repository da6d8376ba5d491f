"""Citations of provisions: "articles 14, paragraphs 1 and 3 (b), and 26" is 14(1), 14(3)(b) and 26."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pipeline.normalise.phrases import one_of
from pipeline.rules.articles import citation_words

_BRACKETS = r"(?:\s?\(\s?(?:[a-z]{1,2}|[ivx]{1,5}|bis|ter|[A-Z]|[IVX]{1,4}|\d{1,3}[A-Z]?)\s?\))+"
_DIGITS = (
    r"\d{1,4}(?:[-‑]?[A-Z]{1,4}\d?(?![^\W\d_])|[a-z](?![^\W\d_])|\s?(?:bis|ter|quater)\b(?:\s\d\b)?)?"
    r"(?:[./‑-](?:\d{1,4}|[A-Z])[a-z]?(?![^\W\d_]))*"
)
_ROMAN = r"(?:[IVXLC]+|[A-Z])(?![^\W\d_])(?:[.-]\d+)*"
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN})(?!\w)"
_ITEM = re.compile(
    rf"(?P<number>{_NUMBER})(?P<loose>\s\d{{1,2}}(?=\s?\([a-z]\)))?(?P<brackets>{_BRACKETS})?|(?P<only>{_BRACKETS})"
)
_PARAGRAPHS = 12
_FOOTNOTE = re.compile(r"\[\[?(?:fn:)?\d{1,3}\]\]?")
_GLUED = re.compile(r",\d{1,2}(?=\s)")  # "section 218,3 of the Code" has the mark of note 3; in a list a space follows the comma
_INNER = r"(?:[^()\[\]]|\([^()]*\)|\[[^\[\]]*\])"
_GLOSS = re.compile(
    rf"\s*[(\[]\s*(?P<gloss>[“\"‘']?[^\W\d_]{_INNER}{{3,600}}?)\s*[)\]](?!\w)"
    r"|\s*,?\s*(?P<quoted>[“\"][^”\"]{4,160}[”\"])(?=\s*(?:,|and\b|or\b|of\b|\.|;|\())"
)
# A section of the report itself, by the letter of its subsection: "in section 2.d."
_OWN_SECTION = re.compile(r"\d\.[a-z]\b")
# The number of a regulation as a whole: "Regulation 604/2013".
_WHOLE_REGULATION = re.compile(r"regulations?\s+(?:nos?\.?\s*)?\d+/\d+(?!\w)", re.IGNORECASE)
_NEXT_GLOSSED = re.compile(r"\s+(?=\d[\d.-]*\s*\([^\W\d_])")


@dataclass(frozen=True, slots=True)
class Citation:
    """One number: where it stands, its value, the list it belongs to, and the gloss beside it."""

    start: int
    end: int
    article: str
    keyword: str
    list_start: int
    list_end: int
    offence: str | None = None


@dataclass(frozen=True, slots=True)
class _Grammar:
    head: re.Pattern[str]
    part: re.Pattern[str]
    join: re.Pattern[str]
    part_of: re.Pattern[str]
    not_after: re.Pattern[str]
    self_reference: re.Pattern[str]
    plural: frozenset[str]
    strong: frozenset[str]
    own: frozenset[str]


@cache
def _grammar(language: str) -> _Grammar:
    known = citation_words(language)
    strong = frozenset(form for forms in known.heads.values() for form in forms)
    heads = one_of([*strong, *(form for forms in known.weak_heads.values() for form in forms)])
    parts = one_of(known.parts)
    join = rf"\s*(?:[,;]\s*(?:(?:{one_of(known.joiners)})\s+)?|\s(?:{one_of(known.joiners)})\s+|[–—-]\s*(?=\d))"
    return _Grammar(
        # "underArticle 124": a PDF that lost its spaces; "sub-article 2 of Article 393": the part's number comes first.
        head=re.compile(
            rf"(?:(?<![\w.-])|(?<=[a-z])(?=(?-i:Arti|Sect)))(?P<head>{heads})(?:\s+|(?<=[.§])|(?=\d))(?:nos?\.?\s*)?(?=[\dIVXLCA-Z(])",
            re.IGNORECASE,
        ),
        part=re.compile(rf"\s?[,-]?\s*(?P<keyword>{parts})(?:\s+|(?<=\.)|(?=[\d(]))(?=[\d(a-zIVX])", re.IGNORECASE),
        join=re.compile(join, re.IGNORECASE),
        part_of=re.compile(
            rf"(?<![\w.-])(?P<keyword>{parts})(?:\s+|(?<=\.)|(?=[\d(]))(?P<numbers>(?:\d+|\([a-z\d]{{1,4}}\)|(?<!\w)[a-z](?!\w)|\s|,|and|or|&)+)\s+of\s+(?:the\s+)?(?=(?:{one_of(strong)})\b)",
            re.IGNORECASE,
        ),
        not_after=re.compile(rf"\s+(?:{one_of(known.not_after)})\b", re.IGNORECASE),
        self_reference=re.compile(rf"(?<!\w)(?:{one_of(known.self_reference)})[\s(\[]*$|\(see\b[^()]*$", re.IGNORECASE),
        plural=frozenset(known.plural),
        strong=strong,
        own=frozenset(known.heads["section"]),
    )


def gloss_at(text: str, position: int) -> str | None:
    """Return the words in brackets at *position*, but no abbreviation, year or number."""
    gloss = _GLOSS.match(text, position)
    words = gloss["gloss"] if gloss else None
    return words.strip("“”\"‘’' ") if words and " " in words and words[0].islower() else None


def citations(text: str, *, language: str = "en") -> list[Citation]:
    """Return every numbered provision that *text* cites, in its order.

    >>> [c.article for c in citations("under Articles 206 (2), 213-1 and 228.3 of the Code")]
    ['206(2)', '213-1', '228.3']
    """
    grammar = _grammar(language)
    found: list[Citation] = []
    done = 0
    for head in grammar.head.finditer(text):
        if head.start() < done:
            continue
        if head["head"] == "S." or (head["head"] == "s." and not text[head.end()].isdigit()):
            continue  # initials, as decisions name their authors: "S.M.R."
        if _OWN_SECTION.match(text, head.end()) or _WHOLE_REGULATION.match(text, head.start()):
            continue
        items = list(_items(text, head, grammar))
        if items and (_is_of_law(text, head, grammar) or _names_law(text, items[-1].end)):
            done = items[-1].end
            found += _with_parts_before(text, head, items, grammar)
    return found


def _is_of_law(text: str, head: re.Match[str], grammar: _Grammar) -> bool:
    """Tell a provision of a law by its keyword alone; "see section 4" points into the report."""
    keyword = _keyword(head["head"])
    pointer = grammar.self_reference.search(text[max(0, head.start() - 120) : head.start()])
    return keyword in grammar.strong and not (pointer and (keyword in grammar.own or pointer[0].rstrip(" ([").endswith("this")))


def _keyword(word: str) -> str:
    return word.casefold()


def _names_law(text: str, position: int) -> bool:
    laws = one_of(citation_words().laws)
    return bool(
        re.match(
            rf"\s*,?\s*(?:(?:sections?|articles?|rules?|paragraphs?)\s[\w\s,()]{{1,40}}?\s)?of\s+(?!(?:article|section|rule)s?\s)(?:the\s+|its\s+)?(?:[\w’'()-]+\s+){{0,6}}?(?:{laws})\b",
            text[position : position + 120],
            re.IGNORECASE,
        )
    )


def _items(text: str, head: re.Match[str], grammar: _Grammar) -> Iterator[Citation]:
    """Read the list after a keyword. `base` is the provision whose parts are being listed, if any."""
    position, base, previous = head.end(), "", ""
    many = _keyword(head["head"]) in grammar.plural
    first: list[Citation] = []
    listing = False
    while item := _ITEM.match(text, position):
        if item["only"] and not previous:
            break
        if grammar.not_after.match(text, item.end()) or (first and not item["only"] and not _fits(item, many, listing, text)):
            break
        start, end = item.span()
        if item["only"]:
            value = _sibling(previous, _squeeze(item["only"]))
        elif listing and not (many and _is_article(item)):
            value = base + _bracketed(item)
        else:
            base, listing = _value(item), False
            value = base
        glued = None if many else _GLUED.match(text, end)
        value, end, listing, base = _parts(text, value, glued.end() if glued else end, listing, base, grammar)
        if glued and end == glued.end():
            end = glued.start()
        mark = _FOOTNOTE.match(text, end) or (glued if glued and end == glued.start() else None)
        gloss = _GLOSS.match(text, mark.end() if mark else end)
        offence = (gloss["gloss"] or gloss["quoted"]) if gloss else None
        first.append(Citation(start, end, value, _keyword(head["head"]), head.start(), 0, offence and offence.strip("“”\"‘’' ")))
        previous = value
        if closing := gloss or mark:
            end = closing.end()
        joiner = grammar.join.match(text, end) or (_NEXT_GLOSSED.match(text, end) if gloss else None)
        if not joiner:
            break
        position = joiner.end()
    yield from (replace(c, list_end=end) for c in first)


def _fits(item: re.Match[str], many: bool, listing: bool, text: str) -> bool:
    """Tell a further number of the list from a number that begins something else ("Article 19 and 15 men")."""
    if not item["number"][0].isdigit() and not many:
        return False
    return (
        many
        or listing
        or bool(re.search(r"\D", item["number"]) or item["brackets"])
        or bool(re.match(r"\s+of\s+(?:the|its)\b|\s*[(]", text[item.end() :]))
    )


def _is_article(item: re.Match[str]) -> bool:
    """Tell a number too high for a paragraph: "articles 14, paragraphs 1 and 3 (b), and 26"."""
    return item["number"].isdigit() and int(item["number"]) > _PARAGRAPHS


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _value(item: re.Match[str]) -> str:
    loose = f"({item['loose'].strip()})" if item["loose"] else ""
    return _squeeze(item["number"]) + loose + _squeeze(item["brackets"] or "")


def _bracketed(item: re.Match[str]) -> str:
    return f"({_squeeze(item['number'])})" + _squeeze(item["brackets"] or "")


def _parts(text: str, value: str, end: int, listing: bool, base: str, grammar: _Grammar) -> tuple[str, int, bool, str]:
    """Read ", paragraph 3 (b)" behind a number; a plural keyword opens a list of parts of the same provision."""
    while part := grammar.part.match(text, end):
        item = re.compile(
            rf"(?P<number>\d+|[a-z](?!\w)|[ivx]+(?!\w)|[IVX]+(?!\w))(?P<brackets>{_BRACKETS})?|(?P<only>{_BRACKETS})"
        ).match(text, part.end())
        if not item:
            break
        stem = value
        value = stem + (_squeeze(item["only"]) if item["only"] else _bracketed(item))
        end = item.end()
        if _keyword(part["keyword"]) in grammar.plural:
            listing, base = True, stem
    return value, end, listing, base


def _sibling(previous: str, brackets: str) -> str:
    """Return "14(3)(d)" for "(d)" after 14(3)(b), "14(5)" for "(5)" after 14(1)."""
    groups = re.findall(r"\([^)]*\)", previous)
    stem = previous[: previous.index("(")] if groups else previous
    digit = brackets[1].isdigit()
    for i in range(len(groups) - 1, -1, -1):
        if groups[i][1].isdigit() == digit:
            return stem + "".join(groups[:i]) + brackets
    return previous + brackets


def _with_parts_before(text: str, head: re.Match[str], items: list[Citation], grammar: _Grammar) -> list[Citation]:
    """Read "part 2 of Article 148": the part's number comes first, and the span runs from it."""
    found = list(grammar.part_of.finditer(text, max(0, head.start() - 80), head.end()))
    if not found or found[-1].end() != head.start():
        return items
    before = found[-1]
    base = items[0]
    numbers = list(
        re.finditer(rf"(?P<number>\d+|(?<!\w)[a-z](?!\w))(?P<brackets>{_BRACKETS})?|(?P<only>{_BRACKETS})", before["numbers"])
    )
    shift = before.start("numbers")
    parts = [
        replace(
            base,
            start=shift + n.start(),
            end=shift + n.end(),
            article=base.article + (_squeeze(n["only"]) if n["only"] else _bracketed(n)),
        )
        for n in numbers
    ]
    return [*parts[:-1], replace(parts[-1], end=base.end), *items[1:]] if parts else items
