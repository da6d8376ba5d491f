"""What a report states of its own time: its dateline, and the years that it names."""

import datetime
import re
from functools import lru_cache

from pipeline.normalise.days import stated_day
from pipeline.normalise.expressions import grammar

_HEAD = 1_200  # characters in which a dateline may stand
_LINE = 160  # characters: a longer line is prose, and the head of the report ends there
_PLACE_WORDS = 8


@lru_cache
def _year_pattern() -> re.Pattern[str]:
    """Return a pattern for years that leave no doubt: after a month, a day or a word as "in"."""
    month = rf"{grammar().month}\.?"
    lead = rf"(?:in|since|of|until|till|by|from|during|between|and|to|early|late|mid|year|{month},?)"
    year = r"((?:1[89]|20)\d\d)"
    people = r"(?:people|men|women|persons|detainees|prisoners)"
    return re.compile(
        rf"\b(?:{lead}[ \n-]|{month} \d{{1,2}}(?:st|nd|rd|th)?,? ){year}"
        rf"(?![\d,.:/]\d|\d|%| {people})|\b{year}(?=-\d\d-\d\d\b)",
        re.IGNORECASE,
    )


def stated_years(text: str) -> tuple[tuple[int, int], ...]:
    """Return the years that *text* states, each with its offset; the time is linear.

    >>> stated_years("In 2008, 2000 people were held; on 3 May 2009, 12 more.")
    ((3, 2008), (41, 2009))
    """
    found = _year_pattern().finditer(text)
    return tuple((m.start(m.lastindex or 0), int(m[m.lastindex or 0])) for m in found)


@lru_cache
def _day_pattern() -> str:
    month = rf"{grammar().month}\.?"
    number = r"\d{1,2}(?:st|nd|rd|th)?"
    named = rf"{number} {month},? \d{{4}}|{month} {number}, ?\d{{4}}"
    day = rf"(?P<day>{named}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})"
    clock = r"(?:,? (?:at )?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?)?"
    return rf"(?:{grammar().weekday},? )?{day}{clock}"


@lru_cache
def _full_day() -> re.Pattern[str]:
    return re.compile(_day_pattern(), re.IGNORECASE)


def full_days(text: str) -> tuple[tuple[int, int], ...]:
    """Return the years of the days that *text* states in full, each with the day's offset; the time is linear.

    >>> full_days("On 2 May 2016 he left; on 3 May he came back.")
    ((3, 2016),)
    """
    return tuple((m.start(), int(year[0])) for m in _full_day().finditer(text) if (year := re.search(r"\d{4}", m["day"])))


def day_end(text: str, start: int) -> int | None:
    """Return where the day stated in full at *start* ends; None if none stands there."""
    found = _full_day().match(text, start)
    return found.end("day") if found else None


@lru_cache
def _labelled() -> re.Pattern[str]:
    """Return a pattern for a day with a label: "Date: 3 October 2017".

    At the head of a line or with a capital: "arrest date", "released on" tell of a prisoner.
    """
    head = r"^(?i:publication date|published|posted|issued)(?i: on)?\s*[:,–-]?"
    label = rf"{head}|\b(?:Date|DATE):"
    return re.compile(rf"(?:{label})\s*(?i:{_day_pattern()})(?!\w)")


@lru_cache
def _placed() -> re.Pattern[str]:
    """Return a pattern for a day that fills its line, or stands between a place and a dash.

    "BAKU, 3 October 2017 –", "(New York, October 3, 2017) –", "GENEVA (3 October 2017) –". A colon
    would open an entry of a chronology.
    """
    words = r"[^\n,.;:()]{2,60}"
    place = rf"(?P<place>{words}(?:, {words})?(?: \([A-Za-z ]{{2,30}}\))?)"
    agency = r"(?: ?\([A-Z][A-Za-z ]{1,20}\)| ?/[A-Za-z ]+/)?"
    after = r"\s*(?:[–—|]|--|- |$)"
    return re.compile(
        rf"(?:\(?{place}(?:,\s?|\s?[–—-]+\s?| \())?\(?{_day_pattern()}\)?{agency}{after}",
        re.IGNORECASE,
    )


def dateline(text: str) -> datetime.date | None:
    """Return the day on which a report says in its first lines that it was published, if sure.

    >>> dateline("BAKU, 3 October 2017 – Police held 83 people.")
    datetime.date(2017, 10, 3)
    >>> dateline("On 3 October 2017 police held 83 people.") is None
    True
    """
    for line in text[:_HEAD].splitlines():
        if day := _line_date(line.strip()[:_LINE]):
            return datetime.date.fromisoformat(day)
        if len(line) > _LINE:
            return None
    return None


def _line_date(line: str) -> str | None:
    placed = _placed().match(line)
    found = placed if placed and _is_head(placed["place"] or "") else _labelled().search(line)
    return stated_day(_comparable(found["day"])) if found else None


def _comparable(day: str) -> str:
    """Return a day as `stated_day` reads it: "Oct. 3" without its full stop."""
    return day.replace(".", " ").casefold() if re.search(r"[A-Za-z]", day) else day


def _is_head(place: str) -> bool:
    """Say whether the words before the day are a place or a kind of document, and no prose.

    "The trial began in Baku, 3 October 2017 – the day of the protests –" is prose.
    """
    words = place.split()
    if not words:
        return True
    prose = words[0].casefold() in {
        "on",
        "in",
        "at",
        "by",
        "since",
        "the",
        "until",
        "from",
        "after",
    }
    return len(words) <= _PLACE_WORDS and not prose
