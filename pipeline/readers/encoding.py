"""Tell text from other things, and which encoding it is in."""

import codecs
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet table"),
    (b"SQLite format 3\0", "a database"),
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\x1b") + b"\x7f"
_FEW, _MANY = (
    0.05,
    0.30,
)  # shares of control bytes: text has hardly any, wide or binary data has many
_SAMPLE = 1 << 16
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# What archives of reports are written in; the detector guesses among these alone, since on a short
# text it else prefers the exotic (a page with one "é" is no Urdu).
_LEGACY = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8_r koi8_u cp866 cp850 "
    "mac_roman iso8859_2 iso8859_5 iso8859_6 gb18030 big5 shift_jis euc_jp euc_kr cp874"
).split()
_WESTERN = "cp1252"


@dataclass(slots=True)
class _Census:
    """What a pass over the bytes counts."""

    head: bytes = b""
    size: int = 0
    controls: int = 0
    foreign: int = 0  # characters beyond ASCII, if it is UTF-8
    broken: int = 0  # bytes that are not UTF-8
    lines: list[bytes] = field(default_factory=list)  # a sample of lines beyond ASCII
    sampled: int = 0


def signature(head: bytes) -> str | None:
    """Return what kind of file begins with *head*, if it is a known one that is not text."""
    return next((what for magic, what in _SIGNATURES if head.startswith(magic)), None)


def encoding_of(chunks: Iterable[bytes]) -> str | None:
    """Return the codec that reads these bytes as text, or None if they are no text.

    A byte order mark decides. Else, where control bytes abound, it is UTF-16 or UTF-32 without a
    mark, or no text. Else it is UTF-8, if all or most of it fits; else the best guess of
    charset-normalizer, Western European where others read no better.
    """
    census = _take(chunks)
    if signature(census.head):
        return None
    marked = next((codec for mark, codec in _BOMS if census.head.startswith(mark)), None)
    if marked:
        return marked
    share = census.controls / max(census.size, 1)
    wide = _wide(census.head) if share > _FEW else None
    if wide or share > _MANY:
        return wide
    if census.broken < max(census.foreign, 1):
        return "utf-8"
    return _guess(b"\n".join(census.lines)) if share <= _FEW else None


def decode(data: bytes) -> str | None:
    """Return *data* as text, what is broken replaced by U+FFFD; None if it is no text."""
    codec = encoding_of([data])
    return data.decode(codec, "replace") if codec else None


def declared(data: bytes, codec: str) -> str | None:
    r"""Return *data* in the encoding that its file says it is in; where that cannot be, as `decode` does.

    What says Latin-1 or ASCII is read as Windows-1252, as browsers do (WHATWG): it has the same letters, and quotation marks
    and dashes where Latin-1 has characters that nobody sees.

    >>> declared(b"\x93no\x94", "iso-8859-1")
    '“no”'
    """
    try:
        name = codecs.lookup(codec).name
        return data.decode(_WESTERN if name in ("iso8859-1", "ascii") else name)
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _take(chunks: Iterable[bytes]) -> _Census:
    census, decoder = _Census(), codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in chunks:
        census.head += chunk[: _SAMPLE - len(census.head)]
        census.size += len(chunk)
        census.controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
        _count_characters(census, decoder.decode(chunk), chunk)
        _sample(census, chunk)
    _count_characters(census, decoder.decode(b"", final=True), b"")
    return census


def _count_characters(census: _Census, text: str, chunk: bytes) -> None:
    if not text.isascii():
        replaced = text.count("\ufffd")
        broken = max(replaced - chunk.count(b"\xef\xbf\xbd"), 0)
        census.broken += broken
        census.foreign += len(text) - len(text.encode("ascii", "ignore")) - broken


def _sample(census: _Census, chunk: bytes) -> None:
    if census.sampled < _SAMPLE and not chunk.isascii():
        lines = [line for line in chunk.splitlines() if not line.isascii()]
        census.lines += lines
        census.sampled += sum(map(len, lines))


def _wide(head: bytes) -> str | None:
    """Return the wide codec under which *head* looks like text: words with spaces between."""
    return next((codec for codec in _WIDE if _reads_well(head, codec)), None)


def _reads_well(head: bytes, codec: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(codec)().decode(head)
    except UnicodeDecodeError:
        return False
    kinds = Counter("space" if c in " \n\r\t、。，" else "other" if c < " " else "word" for c in text)
    return kinds["space"] > len(text) / 100 and kinds["other"] < len(text) / 100


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # here: it is seldom needed

    matches = from_bytes(sample[:_SAMPLE], cp_isolation=list(_LEGACY))
    best = matches.best()
    western = next((m for m in matches if _WESTERN in m.could_be_from_charset), None)
    if best is None or western is None:
        return best.encoding if best else _WESTERN
    as_good = western.chaos <= best.chaos and western.coherence >= best.coherence - 0.03
    return _WESTERN if as_good else best.encoding
