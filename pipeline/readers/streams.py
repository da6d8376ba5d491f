"""Open a file, compressed or not, so that a break in it loses nothing of what stands before."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pipeline.errors import ReadError
from pipeline.readers.limits import BOMB_RATIO, BOMB_SIZE

if TYPE_CHECKING:
    from typing_extensions import Buffer


_CHUNK = 1 << 16
_PACKED: tuple[tuple[bytes, Callable[[BinaryIO], io.BufferedIOBase]], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)


class Stream(io.RawIOBase):
    """A stream of bytes that ends where reading fails, and remembers in `error` why."""

    def __init__(self, inner: io.BufferedIOBase, packed: io.BufferedReader | None = None) -> None:
        super().__init__()
        self.inner = inner
        self.error: Exception | None = None
        self._packed, self._size = packed, 0

    def readable(self) -> bool:
        """Return True, as `io` asks."""
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill *buffer* with what comes next; 0 bytes at the end or at the first failure."""
        view = memoryview(buffer)
        try:
            data = b"" if self.error else self.inner.read1(len(view))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            self.error, data = error, b""
        self._size += len(data)
        if self._packed and self._size > BOMB_SIZE and self._size > BOMB_RATIO * self._packed.tell():
            message = f"unpacks to more than {BOMB_RATIO} times its size: it is made to fill the memory"
            self.error, data = ReadError("", "too_large", message), b""
        view[: len(data)] = data
        return len(data)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        while chunk := self.read(_CHUNK):
            yield chunk


@contextmanager
def opened(file: Path | BinaryIO) -> Iterator[Stream]:
    """Open *file*; gzip, bzip2 and xz are told by their first bytes, not by a name."""
    with file.open("rb") if isinstance(file, Path) else file as raw:
        buffered = raw if isinstance(raw, io.BufferedReader) else _buffered(raw)
        head = buffered.peek(6)
        unpack = next((found for mark, found in _PACKED if head.startswith(mark)), None)
        if unpack:
            with unpack(cast("BinaryIO", buffered)) as unpacked:
                yield Stream(unpacked, buffered)
        else:
            yield Stream(buffered)


def _buffered(raw: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", raw))
