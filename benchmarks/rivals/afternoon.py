"""The rules that one writes in an afternoon around a general tool: what happened to whom, which penalty, which article.

They are given to every rival that finds bare numbers and lengths: alone, it cannot tell a detainee from a bystander.
"""

import re
from collections import Counter
from collections.abc import Iterator

from benchmarks.rivals import values
from benchmarks.rivals.tool import Fact, fact

STATUS = (
    ("released", r"releas\w+|freed|acquit\w+|pardon\w+|amnest\w+"),
    ("sentenced", r"sentenc\w+|convict\w+|fined|execut\w+|jailed for"),
    ("charged", r"charg\w+|indict\w+|prosecut\w+|on trial|under investigation|tried"),
    (
        "detained",
        r"detain\w*|arrest\w*|held|imprison\w*|custody|prison\w*|jail\w*|round\w* up|abduct\w+|disappear\w+|in detention",
    ),
)
PENALTY = (
    ("house_arrest", r"house arrest"),
    ("suspended", r"suspended"),
    ("probation", r"probation"),
    ("administrative_detention", r"administrative"),
    ("pretrial_detention", r"pre-?trial|remand\w*|pending (?:trial|investigation)"),
    ("labour", r"community (?:service|work)|corrective labou?r"),
    ("ban", r"ban(?:ned)?|disqualif\w+"),
    ("imprisonment", r"sentenc\w+|prison\w*|imprison\w+|jail\w*|behind bars|labou?r camp|penalty|punish\w+|detain\w+"),
)
MODALITY = (
    ("requested", r"prosecut\w+ (?:\w+ )?(?:ask|sought|seek|request|demand)\w*|request\w+ by the prosecut\w+"),
    ("possible", r"could|may|might|faces?|facing|punish\w+|carr(?:y|ies|ied)|up to|maximum|risk\w*|liable"),
)
AGREEMENT = re.compile(r"covenant|convention|treaty|declaration|statute|protocol|ICCPR|ECHR|UDHR", re.IGNORECASE)

_QUALIFIER = re.compile(
    r"(?:at least|more than|over|up to|about|some|around|nearly|almost|fewer than|less than|not less than|no more than)\s+$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"'])|\n\s*\n")
_NUMBER = r"(?:\d+[A-Z]?(?:[./-]\d+)*|[IVX]+\b)(?:\s?\(\w{1,3}\))*"
_ARTICLE = re.compile(
    rf"(?:articles?|arts?\.|sections?|sec\.|§+|rules?|chapters?)\s+((?:{_NUMBER}(?:,? (?:and|or) |, | to |[-–](?=\d))?)+)",
    re.IGNORECASE,
)
_WORD = r"(?:[A-Z][\w’'-]+|of|on|and|the|for|against|to)"
_LAW = re.compile(rf"(?:[^.;]{{0,40}}?\b(?:of|under) (?:the |its )?)({_WORD}(?: {_WORD})*)")
_ENDS = re.compile(
    r".*\b(?:Code|Constitution|Act|Law|Convention|Covenant|Ordinance|Decree|Rules|Offen[cs]es|Rights|Procedure|ICCPR)\b"
)
_FOREVER = re.compile(
    r"\b(life)(?: (?:imprisonment|in prison|sentences?|terms?)|(?<=sentenced to life))"
    r"|\b(death) (?:sentences?|penalty|by)|(?<=sentenced to )(death)",
    re.IGNORECASE,
)


def sentence_at(text: str, start: int) -> str:
    """Return the linguistic sentence around a place of the text, as far as full stops tell."""
    begin = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    found = _BREAK.search(text, start)
    return text[begin : found.start() if found else len(text)]


def cue(rules: tuple[tuple[str, str], ...], sentence: str) -> str | None:
    """Return the first label whose words stand in the sentence."""
    return next((label for label, words in rules if re.search(rf"\b(?:{words})\b", sentence, re.IGNORECASE)), None)


def nearest(text: str, start: int, end: int) -> str | None:
    """Return the status whose words stand nearest to *start*:*end* in its sentence."""
    around = sentence_at(text, start)
    shift = text.rfind(around, 0, start + len(around))
    said = ((found, label) for label, words in STATUS for found in re.finditer(rf"\b(?:{words})\b", around, re.IGNORECASE))
    apart = ((max(shift + found.start() - end, start - shift - found.end()), label) for found, label in said)
    return min(apart, default=(0, None))[1]


def count(text: str, start: int, end: int) -> Fact | None:
    """Return a number as a count, where its sentence speaks of arrest, charge, sentence or release."""
    status = nearest(text, start, end)
    if status is None:
        return None
    qualified = _QUALIFIER.search(text[max(0, start - 20) : start])
    return values.people(text, start - len(qualified[0]) if qualified else start, end, status)


def penalty(text: str, start: int, end: int) -> Fact | None:
    """Return a length as a sentence, where its linguistic sentence speaks of a penalty."""
    around = sentence_at(text, start)
    kind = cue(PENALTY, around)
    return values.term(text, start, end, kind, cue(MODALITY, around) or "imposed") if kind else None


def forever(text: str) -> Iterator[Fact]:
    """Yield sentences to life and to death."""
    for found in _FOREVER.finditer(text):
        start, end = next(found.span(n) for n in (1, 2, 3) if found[n])
        word = found[0][start - found.start() : end - found.start()].lower()
        modality = cue(MODALITY, sentence_at(text, start)) or "imposed"
        yield fact("sentence", text, start, end, min=word, max=word, penalty=word, modality=modality)


def articles(text: str, home: str | None) -> Iterator[Fact]:
    """Yield numbered provisions; *home* is the country that the text names most, whose law it is unless it is a treaty."""
    for found in _ARTICLE.finditer(text):
        law = instrument(text, found.end())
        state = "INT" if law and AGREEMENT.search(law) else home
        for number in re.finditer(_NUMBER, found[1]):
            start = found.start(1) + number.start()
            name = "".join(number[0].split())
            yield fact("article", text, start, start + len(number[0]), article=name, instrument=law, jurisdiction=state)


def instrument(text: str, at: int) -> str | None:
    """Return the law that "of the …" names behind an article."""
    named = _LAW.match(text, at)
    ends = _ENDS.match(named[1]) if named else None
    return ends[0].removeprefix("the ") if ends else None


def home(places: list[Fact]) -> str | None:
    """Return the country that most places of a report lie in."""
    known = Counter(place["country"] for place in places if place["country"])
    return known.most_common(1)[0][0] if known else None
