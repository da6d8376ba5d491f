"""A row of any format (text, id, title, date) becomes a report, or is rejected with the reason."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.errors import ReadError
from pipeline.readers.encoding import decode
from pipeline.readers.rejections import rejected
from pipeline.readers.sources import Source
from pipeline.schema import PublishedBasis, Rejected, Report

_SURROGATE = re.compile("[\ud800-\udfff]")
_NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
_Basis = PublishedBasis | None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one report, by column, and its row (or line) in the file.

    `number` is None where the file is the report.
    """

    number: int | None
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Options:
    """Where the text stands, and what dates a report whose row does not."""

    text_column: str
    published: datetime.date | None
    dateline: Callable[[str], datetime.date | None]


def default_dateline(text: str) -> datetime.date | None:
    """Return the day that the report's own dateline states."""
    from pipeline.normalise.datelines import dateline  # here: a run with dated rows never needs it

    return dateline(text)


def report_of(row: Row, source: Source, options: Options) -> Report | Rejected:
    """Return *row* as a report."""
    where = label(source, row.number)
    try:
        text = _text(row.cells.get(options.text_column), where)
        published, basis = _published(row, text, source, options)
    except ReadError as error:
        return rejected(error)
    return Report(
        id=_name(row.cells.get("id")) or _numbered(source.name, row.number),
        text=text,
        title=_name(row.cells.get("title")),
        published=published,
        published_basis=basis,
        source=where,
        publisher=_name(row.cells.get("publisher")),
        url=_name(row.cells.get("url")),
    )


def label(source: Source, number: int | None) -> str:
    """Return how a row is named to people: `folder/file.csv:12`."""
    return _numbered(source.label, number)


def clean(text: str) -> str:
    r"""Return *text* as reports hold it: lines ended by LF, nothing that a table cannot hold.

    A byte order mark goes. NUL becomes a space and a lone surrogate U+FFFD, each one character for
    one: tools written in C stop reading at a NUL, and UTF-8 has no surrogates.

    >>> clean("\ufeffOne\r\nTwo\rThree\0four\ud800")
    'One\nTwo\nThree four\ufffd'
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", text.replace("\0", " "))


def day(value: object) -> datetime.date | None:
    """Return the ISO date of a cell (a date, a time or a string), or None if it is no whole day.

    >>> day("2017-10-03T08:00:00Z")
    datetime.date(2017, 10, 3)
    >>> day("2017")
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.datetime.fromisoformat(str(value).strip()).date()
    except ValueError:
        return None


def blank(value: object) -> bool:
    """Return whether a cell holds nothing: null, not-a-number, or white space."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())  # noqa: PLR0124 - NaN


def _text(value: object, where: str) -> str:
    if isinstance(value, bytes):
        value = decode(value)
        if value is None:
            raise ReadError(where, "not_text", "its bytes are no text; convert them to text first")
    if not isinstance(value, str) and not blank(value):
        kind = type(value).__name__
        raise ReadError(where, "bad_row", f"its text is of type {kind}; write it as a string")
    text = clean(value) if isinstance(value, str) else ""
    if not text.strip():
        raise ReadError(where, "empty", "holds no text; fill it in or leave it out")
    return text


def _published(row: Row, text: str, source: Source, options: Options) -> tuple[datetime.date | None, _Basis]:
    value = row.cells.get("published")
    if not blank(value):
        return _column_day(value, label(source, row.number)), "column"
    if options.published:
        return options.published, "option"
    return dated(text, source, options, number=row.number, url=_name(row.cells.get("url")))


def dated(
    text: str, source: Source, options: Options, *, number: int | None = None, url: str | None = None
) -> tuple[datetime.date | None, _Basis]:
    """Return the day of a text by its dateline, else by its address, else, where the file is the report, by the file's name."""
    found = _dateline(text, label(source, number), options)
    if found:
        return found, "dateline"
    addressed = url_day(url) if url else None
    if addressed:
        return addressed, "url"
    named = name_day((source.named or source.path or PurePath()).name) if number is None else None
    return named, "file_name" if named else None


def url_day(url: str) -> datetime.date | None:
    """Return the day that the address of a page gives.

    >>> url_day("https://example.org/news/2017/10/03/raids")
    datetime.date(2017, 10, 3)
    """
    found = _URL_DAY.search(url)
    return whole_day(*found.groups()) if found else None


def name_day(name: str) -> datetime.date | None:
    """Return the day that the name of a file gives, if it is a whole one.

    >>> name_day("2017-10-03 raids.txt"), name_day("report-2017.txt")
    (datetime.date(2017, 10, 3), None)
    """
    found = _NAME_DAY.search(name)
    return whole_day(found[1], found[3], found[4]) if found else None


def whole_day(year: str, month: str, day: str) -> datetime.date | None:
    """Return a day of the calendar, or None if there is none such.

    >>> whole_day("2017", "10", "03"), whole_day("2017", "13", "03")
    (datetime.date(2017, 10, 3), None)
    """
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _dateline(text: str, where: str, options: Options) -> datetime.date | None:
    try:
        return options.dateline(text)
    except Exception as error:  # whatever a text sets off must not end the run
        message = f"its dateline cannot be read ({error!r}); give its day in a column `published`"
        raise ReadError(where, "failed", clean(message)) from error


def _column_day(value: object, where: str) -> datetime.date:
    found = day(value)
    if found is None:
        message = f"published {str(value)[:80]!r} is no day; write it as 2017-10-03 or leave it out"
        raise ReadError(where, "bad_date", clean(message))
    return found


def _name(value: object) -> str | None:
    """Return an id or a title as a string; 12 and "12" are the same id."""
    return None if blank(value) else clean(str(value)).strip() or None


def _numbered(name: str, number: int | None) -> str:
    return name if number is None else f"{name}:{number}"
