"""Plain text in any encoding: the file is the report."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import chain

from pipeline.errors import ReadError
from pipeline.readers.encoding import encoding_of, signature
from pipeline.readers.rows import Row
from pipeline.readers.sources import Source, broken_off
from pipeline.readers.streams import Stream
from pipeline.schema import Rejected


def rows(source: Source, column: str) -> Iterator[Row | Rejected]:
    """Yield the one row of a plain text; of one cut off, what stands before."""
    with source.open() as stream:
        chunks = list(stream.chunks())
    if isinstance(stream.error, ReadError):
        raise broken_off(source.label, stream.error)  # a bomb: what stands before is of no use
    if chunks or not stream.error:
        text = b"".join(chunks).decode(_codec(chunks, source), "replace")
        yield Row(None, {column: text})
    yield from broken(stream, source)


@contextmanager
def decoded(source: Source, *, newline: str | None = None) -> Iterator[tuple[TextIOWrapper, Stream]]:
    """Open a file as text, in the encoding that a first pass over all of it finds."""
    with source.open() as stream:
        codec = _codec(stream.chunks(), source)
    with source.open() as stream:
        yield TextIOWrapper(BufferedReader(stream), codec, "replace", newline), stream


def broken(stream: Stream, source: Source) -> Iterator[Rejected]:
    """Yield the rejection of the rest, if *stream* broke off."""
    if stream.error:
        yield source.unreadable(stream.error)


def _codec(chunks: Iterable[bytes], source: Source) -> str:
    """Return the encoding of a file; ReadError if it is no text."""
    pieces = iter(chunks)
    head = next(pieces, b"")
    codec = encoding_of(chain([head], pieces))
    if codec is None:
        what = signature(head) or "binary data"
        raise ReadError(source.label, "not_text", f"is {what}, no text; convert it to text first")
    return codec
