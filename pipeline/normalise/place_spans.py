"""Where a place's name begins and ends in a text, and whether it is but a part of another name."""

import re
from collections.abc import Iterator

from pipeline.gazetteer import fold
from pipeline.rules.places import Organisations, PlaceRules

_TRIM = " \t\r\n.,;:!?\"“”‘’'()[]–—-/*•|"
_ARTICLE = re.compile(r"(?:the|The|THE)\s+(?=\S)")
_POSSESSIVE = re.compile(r"['’]s?$")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}[A-Z]$")
_LETTER = r"[\w\u0300-\u036f]"  # reports from PDF files write accents as characters of their own
_WORD_END = re.compile(rf"{_LETTER}*(?:['’](?![sS]\b){_LETTER}+)*")
_PREFIX = re.compile(r"\s+[a-z]+$")
_JOINT = re.compile(r"\s*,\s+|\s*;\s*|\s+(?:and|or)\s+|\s+in\s+(?:the\s+)?|\s+[–—-]\s+")
_NEAR, _WINDOW = 5, 80
_PARAGRAPH = re.compile(r"\s*\n\s*\n\s*")
_REFERENCE = re.compile(r"\b[A-Z]{3} \d\d/\d{2,3}/\d{4}\b")
_CAPITALS = re.compile(r"(?: +(?:[^\W\d_a-z][\w'’-]*|of|for|and|the))*")
_LINK = re.compile(r"((?:[A-Z][\w'’-]+(?: +(?:of|for|and|on|to|the))* +)+)(?:of|for|in|on)(?: +the)? *$")
_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|of|to|outside|around) "
    rf"((?:Sta?\.? )?[A-Z](?:{_LETTER}|['’])+(?:[ -][A-Z](?:{_LETTER}|['’])+){{0,3}})"
)
_HEAD = 600  # characters in which a news report says whence it comes
_NAME = rf"[^\W\d_]{_LETTER}+(?:[ -][^\W\d_]{_LETTER}+){{0,2}}"
_HEADED = re.compile(
    rf"^By [A-Z][^\n,–—]{{3,60}}(?:,| [–—-]| in) (?P<byline>{_NAME})$"
    rf"|^(?P<dateline>{_NAME})(?:, [A-Z][\w. ]{{1,25}}){{0,2}}(?: ?\([^()\n]{{2,40}}\))?(?: ?(?:[–—]|--|- )|(?<=\d):)",
    re.MULTILINE,
)
_ENTRY = re.compile(
    rf"^[ \t]*(?:(?:[-–—•*]|\d{{1,2}}[.)]|\(?[a-zA-Z\d]\))[ \t]+)?(?P<name>{_NAME})(?:\.(?= [A-Z\d])|:(?= )| [–—-](?= )|$)",
    re.MULTILINE,
)
_ABBREVIATED = 5  # letters: a shorter name in capitals that fills a line is an organisation's
_WORD_AFTER = re.compile(r" +([^\W\d_][\w-]*(?: +[^\W\d_][\w-]*){0,2})")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out article, possessive, quotes and points around a name, but the points of initials.

    >>> text = "in the Gaza Strip’s north"
    >>> text[slice(*trimmed(text, 3, 19))]
    'Gaza Strip'
    """
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    if match := _ARTICLE.match(text, start, end):
        start = match.end()
    if match := _POSSESSIVE.search(text[start:end]):
        end = start + match.start()
    if _INITIALS.search(text[start:end]) and text[end : end + 1] == ".":
        end += 1
    return start, end


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words: a network may stop inside one ("Shi" of "Shi’a").

    Half a compound is left out: "Freedom Hall" of "Freedom Hall pro-reform".
    """
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    inside = _WORD_END.match(text, end) if text[end - 1].isalnum() else None
    end = inside.end() if inside else end
    prefix = _PREFIX.search(text, start, end) if text[end : end + 1] == "-" else None
    return start, prefix.start() if prefix else end


def joints(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces of a span between commas, "and" and "in": each may be a place."""
    position = start
    for match in _JOINT.finditer(text, start, end):
        yield position, match.start()
        position = match.end()
    yield position, end


def first_paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a span before a blank line: no name runs across one."""
    match = _PARAGRAPH.search(text, start, end)
    return (start, match.start()) if match else (start, end)


def with_site_noun(text: str, end: int, rules: PlaceRules) -> int:
    """Return the end of a name with the site's noun that follows it ("Ngozi central prison")."""
    match = _WORD_AFTER.match(text, end)
    words = match.group(1).split(" ") if match else []
    for length in range(len(words), 0, -1):
        noun = " ".join(words[:length])
        if fold(noun) in rules.site_nouns:
            return text.index(noun, end) + len(noun)
    return end


def without_region_noun(text: str, start: int, end: int, rules: PlaceRules) -> int:
    """Return the end of a region's name before its noun ("Katanga" of "Katanga province")."""
    words = text[start:end].split(" ")
    plain = words[-1].islower() and fold(words[-1]) in rules.region_after
    return end - len(words[-1]) - 1 if plain and len(words) > 1 else end


def noun_follows(text: str, end: int, rules: PlaceRules) -> bool:
    """Tell whether a region's noun follows the name ("Katanga" in "Katanga province")."""
    match = _WORD_AFTER.match(text, end)
    words = match.group(1).split(" ") if match else []
    return any(fold(" ".join(words[:n])) in rules.region_after for n in range(1, len(words) + 1))


def after_preposition(text: str) -> Iterator[tuple[int, int]]:
    """Yield the capitalised names that follow a preposition of place ("in Port Harcourt")."""
    return (match.span(1) for match in _AFTER_PREPOSITION.finditer(text))


def headed(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield the names where a news report says in its head from where it comes: dateline, byline.

    >>> text = "By Ada Eze, Kano\n\nTUCSON, Ariz. (Agency) – Police held 12."
    >>> [text[slice(*span)] for span in headed(text)]
    ['Kano', 'TUCSON']
    """
    found = (match.span(match.lastgroup or 0) for match in _HEADED.finditer(text, 0, _HEAD))
    return (span for span in found if text[slice(*span)].isupper() or text[span[0] - 1 : span[0]] == " ")


def entries(text: str, words: Organisations) -> Iterator[tuple[int, int]]:
    r"""Yield the names that stand alone in a line or begin an entry: "Sialkot", "- Homel: ten days", "Taraz. 22 men".

    Abbreviations are none, nor are common words that are the name of a town, such as "Police".
    """
    found = list(_ENTRY.finditer(text))
    plain = {word for word in re.findall(r"\w+", text) if word.islower()} if found else set()
    for match in found:
        name = match["name"]
        short = len(name) < _ABBREVIATED and not name.istitle() and match.end() == match.end("name")
        common = name.casefold() in words.after or name.lower() in plain
        if name[0].isupper() and not short and not common:
            yield match.span("name")


def inside_other_name(text: str, start: int, end: int, words: Organisations) -> bool:
    """Tell whether the place at *start*:*end* is part of an organisation's or law's name."""
    return (
        text[end : end + 1] == "$"
        or in_reference(text, start, end)
        or _named_after(text, end, words)
        or _named_before(text, start, words)
        or _stands_directly(text, start, words)
    )


def in_reference(text: str, start: int, end: int) -> bool:
    """Tell whether the line cites a publication by its index ("Kenya: … (AFR 32/004/2009)")."""
    return bool(_REFERENCE.search(_line(text, start, end)))


def _line(text: str, start: int, end: int) -> str:
    first = max(text.rfind("\n", 0, start) + 1, start - 200)
    last = text.find("\n", end)
    return text[first : min(last if last >= 0 else len(text), end + 200)]


def _named_after(text: str, end: int, words: Organisations) -> bool:
    run = _CAPITALS.match(text, end)
    following = run[0].split()[:_NEAR] if run else []
    return any(word[0].isupper() and word.casefold() in words.after for word in following)


def _named_before(text: str, start: int, words: Organisations) -> bool:
    match = _LINK.search(text, max(0, start - _WINDOW), start)
    preceding = match[1].split()[-_NEAR:] if match else []
    return any(word.casefold() in words.before for word in preceding)


def _stands_directly(text: str, start: int, words: Organisations) -> bool:
    before = text[max(0, start - 30) : start].rstrip(" ").split(" ")
    return any(" ".join(before[-n:]).casefold() in words.at_once for n in (1, 2))
