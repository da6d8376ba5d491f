"""Zip, tar and gzip: the files inside come as sources of their own; nothing is written where an archive says."""

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO

from pipeline.errors import ReadError
from pipeline.readers.limits import BOMB_RATIO, BOMB_SIZE, Limits
from pipeline.readers.rejections import rejected
from pipeline.readers.sources import Source, display
from pipeline.schema import Rejected

_CHUNK = 1 << 20
_OF_SYSTEMS = (("Thumbs.db",), ("desktop.ini",), ("mimetype",))
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class _Budget:
    """What an archive may still unpack to."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.bytes, self.files = limits, limits.unpacked, limits.members


def members(source: Source, limits: Limits) -> Iterator[Source | Rejected]:
    """Yield each file of an archive as a source, its bytes in a temporary file for as long as it is the last one yielded."""
    budget = _Budget(limits)
    try:
        with source.local(limits.unpacked) as path:
            inside = {"zip": _zip, "tar": _tar}[source.format](path, source, budget)
            yield from inside
    except ReadError as error:
        yield rejected(error)
    except _DAMAGED as error:
        message = f"is a damaged or unfinished archive ({error}); what could be unpacked is read; get it again"
        yield Rejected(source=source.label, reason="truncated" if _cut(error) else "unreadable", message=message)


def _cut(error: Exception) -> bool:
    """Say whether an archive ends too early: a zip file has its list of contents at the end."""
    return isinstance(error, EOFError | tarfile.ReadError) or "not a zip file" in str(error) or "end" in str(error).lower()


def _zip(path: Path, source: Source, budget: _Budget) -> Iterator[Source | Rejected]:
    with zipfile.ZipFile(path) as archive:
        for item in archive.infolist():
            if item.is_dir() or _unseen(item.filename):
                continue
            where = f"{source.label}/{_shown(item.filename)}"
            if item.flag_bits & 1:
                yield rejected(ReadError(where, "encrypted", "is locked by a password; unpack it first"))
            elif _unsafe(item.filename) or stat.S_ISLNK(item.external_attr >> 16):
                yield _unsafe_name(where)
            else:
                yield from _member(partial(archive.open, item), item.filename, item.compress_size, source, budget)


def _tar(path: Path, source: Source, budget: _Budget) -> Iterator[Source | Rejected]:
    with tarfile.open(path, "r:*") as archive:
        for item in archive:
            if item.isdir() or _unseen(item.name):
                continue
            where = f"{source.label}/{_shown(item.name)}"
            if not item.isfile() or _unsafe(item.name):
                yield _unsafe_name(where)
            else:
                yield from _member(partial(archive.extractfile, item), item.name, item.size, source, budget)


def _member(
    unpack: Callable[[], IO[bytes] | None], name: str, packed: int, source: Source, budget: _Budget
) -> Iterator[Source | Rejected]:
    """Yield one file of an archive, unpacked beside it; one that is damaged or too large is rejected, the others go on."""
    where = f"{source.label}/{_shown(name)}"
    budget.files -= 1
    if budget.files < 0:
        raise ReadError(source.label, "too_large", f"holds more than {budget.limits.members:,} files; unpack it first")
    with NamedTemporaryFile(prefix="casefacts-") as copy:
        try:
            _copy(unpack(), copy, packed, where, budget)
        except ReadError as error:
            yield rejected(error)
            return
        except _DAMAGED as error:
            yield rejected(ReadError(where, "unreadable", f"could not be unpacked ({error}); get the archive again"))
            return
        copy.flush()
        inner = f"{source.name}/{_shown(name)}"
        yield Source(Path(copy.name), where, inner, "", named=PurePosixPath(_shown(name)))


def _copy(file: IO[bytes] | None, copy: IO[bytes], packed: int, where: str, budget: _Budget) -> None:
    size = 0
    while chunk := file.read(_CHUNK) if file else b"":
        size += len(chunk)
        budget.bytes -= len(chunk)
        if size > BOMB_SIZE and size > BOMB_RATIO * max(packed, 1):
            raise ReadError(where, "too_large", f"unpacks to more than {BOMB_RATIO} times its size: it is made to fill the disk")
        if budget.bytes < 0:
            raise ReadError(where, "too_large", "its archive unpacks to more than is allowed; unpack it first")
        copy.write(chunk)


def _shown(name: str) -> str:
    return display(PurePosixPath(name.replace("\\", "/").replace("\0", "")))


def _unseen(name: str) -> bool:
    """Say whether a file is one that systems put into archives for themselves."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return (
        "__MACOSX" in parts
        or parts[-1:] in _OF_SYSTEMS
        or any(part.startswith(".") and part not in (".", "..") for part in parts)
    )


def _unsafe(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"


def _unsafe_name(where: str) -> Rejected:
    message = "is a link or has a name that leads out of the archive, as attacks have; it is left unread"
    return Rejected(source=where, reason="unsafe", message=message)
