"""What kind of file it is, told by its content; a name decides only between kinds of plain text."""

import json
import re
import zipfile
from pathlib import PurePath
from typing import IO

from pipeline.readers.encoding import decode, signature

_HEAD = 1 << 16
TABLES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
_NAMES = TABLES | {".md": "markdown", ".markdown": "markdown", ".parquet": "parquet", ".txt": "text", ".text": "text"}
READ = (
    "PDF, HTML, Word (.docx), OpenDocument (.odt), RTF, e-mail (.eml, .mbox), Markdown, plain text, JSON Lines, CSV, "
    "Excel (.xlsx), Parquet, WARC, and zip, tar and gzip of these"
)
# Text by its content, but none that a person wrote to be read.
_MACHINE = frozenset(
    ".css .js .mjs .ts .json .map .xml .xsl .xsd .dtd .svg .rdf .rss .py .rb .pl .php .c .h .cpp .java .sh .bat .sql .ini .cfg "
    ".toml .yml .yaml .log .lock .bib .tex .ics .vcf .srt .po".split()
)
_OFFICE = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("content.xml", "odt"),
    ("ppt/presentation.xml", "unsupported"),
    ("xl/workbook.bin", "unsupported"),
)
# Bytes, between which offsets of a file they stand, and what it then is.
_MARKS = (
    (b"PK\x03\x04", 0, 4, "zip"),
    (b"PK\x05\x06", 0, 4, "zip"),
    (b"%PDF-", 0, 1024, "pdf"),
    (b"PAR1", 0, 4, "parquet"),
    (b"{\\rtf", 0, 5, "rtf"),
    (b"ustar", 257, 262, "tar"),
    (b"WARC/", 0, 5, "warc"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|main|div|p|h1|table|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*(?:<\?xml\b|<!DOCTYPE\b|<!ENTITY\b)", re.IGNORECASE)
_MBOX = re.compile(r"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*\d{4}.*\n[!-9;-~]+:")
_FIELD = re.compile(r"([!-9;-~]+):(?: .*)?(?:\r?\n[ \t].*)*(?:\r?\n|$)")
_MAIL = frozenset("received return-path message-id mime-version content-type delivered-to x-mailer dkim-signature".split())
_ADDRESS = frozenset("from sender to".split())


def kind(head: bytes, name: PurePath, column: str = "text") -> str | None:
    """Return the kind of a file that begins with *head*, or None if it is none that is read.

    *column* is that of the text in tables: a header that has it makes a table of a file of any name.
    """
    marked = next((found for mark, start, end, found in _MARKS if mark in head[start:end]), None)
    if marked:
        return marked
    suffix = name.suffix.lower()
    text = None if signature(head) else decode(head)
    if text is None:
        return _NAMES.get(suffix) if not signature(head) else None  # a reader sees all of the file, this is its head
    return _written(text, suffix, column)


def unread(head: bytes, name: PurePath) -> tuple[str, str]:
    """Return the reason why a file that begins with *head* is not read, and what to do about it."""
    if head.startswith(_OLD_OFFICE):
        if _LOCKED_OFFICE in head:
            return "encrypted", "is an Office document locked by a password; save it without one"
        return "unsupported", "is a document of an old Office; open it and save it as .docx, .xlsx or PDF"
    what = signature(head) or ("binary data" if decode(head) is None else None)
    if what and what.endswith("archive"):
        return "unsupported", f"is {what}; unpack it, or pack it as zip or tar"
    if what:
        return "not_text", f"is {what}, no text; convert it to text first"
    if name.suffix.lower() in _MACHINE or _XML.match(decode(head) or ""):
        return "unsupported", f"holds no report that is read as it is; casefacts reads {READ}"
    return "unsupported", f"is of no kind that is read; casefacts reads {READ}"


def packed(file: IO[bytes]) -> str:
    """Return what kind of document a ZIP file is, or "zip"; BadZipFile if it is damaged."""
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            stated = archive.read("mimetype").decode("ascii", "replace")
            if "opendocument" in stated and "text" not in stated:
                return "unsupported"
    return next((found for inside, found in _OFFICE if inside in names), "zip")


def _written(text: str, suffix: str, column: str) -> str | None:
    """Return the kind of a text: by its first lines, then by its name."""
    if _MBOX.match(text):
        return "mbox"
    if _is_mail(text):
        return "eml"
    if _HTML.match(text):
        return "html"
    if suffix in _MACHINE or _XML.match(text):
        return None
    if suffix in _NAMES and _NAMES[suffix] != "text":
        return _NAMES[suffix]
    return _table(text, column) or "text"


def _is_mail(text: str) -> bool:
    """Say whether *text* begins with the fields of a mail, one of them set by machines: a memo has "To:" and "Date:" too."""
    names, at = set[str](), 0
    while found := _FIELD.match(text, at):
        names.add(found[1].lower())
        at = found.end()
    return bool(names & _MAIL) and bool(names & _ADDRESS) and text[at : at + 1] in ("", "\n", "\r")


def _table(text: str, column: str) -> str | None:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.startswith("{"):
        try:
            return "jsonl" if isinstance(json.loads(first), dict) else None
        except (ValueError, RecursionError):
            return None
    names = [cell.strip(" \"'\ufeff") for cell in re.split(r"[,;\t|]", first)]
    return "csv" if len(names) > 1 and column in names and all(len(cell) <= 40 for cell in names) else None
