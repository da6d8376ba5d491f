"""What a run is pointed at (files, folders, patterns, `-`) becomes sources, each of one format."""

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader, BytesIO
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from pyarrow.fs import FileType

from pipeline.errors import CasefactsError, ReadError
from pipeline.folders import Folder, is_address, shown
from pipeline.readers.kinds import READ, kind, unread
from pipeline.readers.own import own
from pipeline.readers.rejections import rejected
from pipeline.readers.streams import Stream, opened
from pipeline.schema import Rejected

_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """One file: `label` names it to people, `name` is what the ids of its reports begin with.

    `data` are the bytes of standard input. `named` is the name that a file of an archive has there.
    """

    path: Path | None
    label: str
    name: str
    format: str
    data: bytes | None = None
    named: PurePath | None = None

    def open(self) -> AbstractContextManager[Stream]:
        """Return the file's bytes, decompressed; OSError if it cannot be opened."""
        return opened(BytesIO(self.data or b"") if self.path is None else self.path)

    @contextmanager
    def local(self, most: int) -> Iterator[Path]:
        """Give a file that holds the bytes, decompressed; a copy, where the file itself does not. At most *most* bytes."""
        with self.open() as stream:
            if self.path is not None and isinstance(stream.inner, BufferedReader):
                yield self.path
                return
            with NamedTemporaryFile(prefix="casefacts-") as copy:
                size = 0
                for chunk in stream.chunks():
                    size += len(chunk)
                    if size > most:
                        raise ReadError(self.label, "too_large", f"unpacks to more than {most:,} bytes; unpack and split it")
                    copy.write(chunk)
                if stream.error:
                    raise broken_off(self.label, stream.error)
                copy.flush()
                yield Path(copy.name)

    def sha256(self) -> str:
        """Return the hash of the file's own bytes, packed as they are."""
        if self.path is None:
            return hashlib.sha256(self.data or b"").hexdigest()
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def unreadable(self, error: BaseException) -> Rejected:
        """Return the rejection of this file for an error of the system or of its compression."""
        return rejected(broken_off(self.label, error))


def told(source: Source, column: str) -> Source | Rejected:
    """Return *source* with its format, as its content tells it, or the reason why it is not read."""
    try:
        with source.open() as stream:
            head = BufferedReader(stream, _HEAD).read(_HEAD)
            error = stream.error
    except OSError as failed:
        return source.unreadable(failed)
    name = source.named or source.path or PurePath(source.name)
    name = name.with_suffix("") if name.suffix.lower() in (".gz", ".bz2", ".xz") else name
    if error and not head:
        return source.unreadable(error)
    found = kind(head, name, column)
    if found:
        return replace(source, format=found)
    reason, message = unread(head, name)
    return Rejected(source=source.label, reason=reason, message=message)


def expand(
    paths: Iterable[str | Path], *, stdin: BinaryIO | None = None, exclude: Path | None = None, column: str = "text"
) -> Iterator[Source | Rejected]:
    """Yield the files that *paths* stand for, and a `Rejected` for each that stands for none."""
    for path in paths:
        if str(path) == "-":
            yield told(Source(None, "-", "stdin", "", (stdin or sys.stdin.buffer).read()), column)
        elif is_address(path):
            yield from _expand_address(str(path), column)
        else:
            yield from _expand_one(Path(path), exclude, column)


def _expand_address(address: str, column: str) -> Iterator[Source | Rejected]:
    """Yield the files of a folder elsewhere, each from a copy that is there for as long as it is the last one yielded."""
    label = shown(address).rstrip("/")
    try:
        place = Folder.of(address)
        kind = place.kind()
        if kind == FileType.NotFound:
            yield Rejected(source=label, reason="missing", message="no such file or folder; check the address")
            return
        folder = Folder(place.files, place.path.rpartition("/")[0]) if kind == FileType.File else place
        names = [place.path.rpartition("/")[2]] if kind == FileType.File else [name for name in place.below() if _shown(name)]
        for name in names:
            with folder.copy(name) as copy:
                where = label if kind == FileType.File else f"{label}/{name}"
                yield told(Source(copy, where, name, "", named=PurePath(name)), column)
        if not names:
            yield Rejected(source=label, reason="no_reports", message=f"holds no report; casefacts reads {READ}")
    except CasefactsError as error:
        yield Rejected(source=label, reason="unreadable", message=str(error).removeprefix(f"{label}: "))
    except OSError as error:
        yield _unreadable(label, error)


def _shown(name: str) -> bool:
    return all(_visible(part) for part in PurePath(name).parts)


def display(path: PurePath) -> str:
    """Return *path* with forward slashes, and what no table can hold (lone surrogates) replaced."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _expand_one(path: Path, exclude: Path | None, column: str) -> Iterator[Source | Rejected]:
    try:
        found = path.exists()
    except OSError as error:
        yield _unreadable(display(path), error)
        return
    if found:
        yield from _expand_existing(path, path.parent, exclude, column)
    elif glob.has_magic(str(path)):
        yield from _expand_pattern(path, exclude, column)
    else:
        yield _missing(path, "no such file or folder; check the path")


def _expand_existing(path: Path, root: Path, exclude: Path | None, column: str) -> Iterator[Source | Rejected]:
    if path.is_dir():
        yield from _expand_folder(path, exclude, column)
    else:
        yield _source(path, root, column)


def _expand_pattern(pattern: Path, exclude: Path | None, column: str) -> Iterator[Source | Rejected]:
    """Yield what a glob pattern matches; ids begin at the last folder without a wildcard."""
    matches = sorted(glob.glob(str(pattern), recursive=True))
    root = _fixed_part(pattern)
    for match in map(Path, matches):
        if not (match.is_dir() and "**" in pattern.parts):
            yield from _expand_existing(match, root, exclude, column)
    if not matches:
        yield _missing(pattern, "no file matches this pattern; check it, and put it in quotes")


def _fixed_part(pattern: Path) -> Path:
    return next(folder for folder in pattern.parents if not glob.has_magic(str(folder)))


def _expand_folder(folder: Path, exclude: Path | None, column: str) -> Iterator[Source | Rejected]:
    readable = False
    for item in _walk(folder, exclude):
        source = _source(item, folder, column) if isinstance(item, Path) else item
        readable = readable or isinstance(source, Source)
        yield source
    if not readable:
        message = f"holds no report; casefacts reads {READ}"
        yield Rejected(source=display(folder), reason="no_reports", message=message)


def _walk(folder: Path, exclude: Path | None) -> Iterator[Path | Rejected]:
    """Yield the visible files under *folder* by name, without tables of casefacts; reject a folder that cannot be listed."""
    left_out = exclude.resolve() if exclude else None
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        here = Path(parent)
        folders[:] = sorted(f for f in folders if _visible(f) and (here / f).resolve() != left_out)
        made = own(here, files)
        yield from (here / f for f in sorted(files) if _visible(f) and f not in made and (here / f).is_file())
        yield from (_unreadable(display(Path(str(e.filename))), e) for e in errors)
        errors.clear()
    yield from (_unreadable(display(Path(str(e.filename))), e) for e in errors)


def _visible(name: str) -> bool:
    return not name.startswith(".")


def _source(path: Path, root: Path, column: str) -> Source | Rejected:
    return told(Source(path, display(path), display(path.relative_to(root)), ""), column)


def _missing(path: Path, message: str) -> Rejected:
    return Rejected(source=display(path), reason="missing", message=message)


def broken_off(label: str, error: BaseException) -> ReadError:
    """Return the error of a file that the system, or its compression, gives up."""
    if isinstance(error, ReadError):
        return ReadError(label, error.reason, error.message)
    what = getattr(error, "strerror", None) or str(error) or type(error).__name__
    message = f"could not be read to its end ({what}); check the file and its permissions"
    return ReadError(label, "truncated" if isinstance(error, EOFError) else "unreadable", message)


def _unreadable(label: str, error: BaseException) -> Rejected:
    return rejected(broken_off(label, error))
