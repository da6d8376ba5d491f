"""What a run is pointed at (files, folders, patterns, `-`) becomes sources, each of one format."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO

from pipeline.errors import ReadError
from pipeline.readers.streams import Stream, opened
from pipeline.schema import Rejected

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
FORMATS = f"casefacts reads {', '.join(SUFFIXES)}, each also as .gz"


@dataclass(frozen=True, slots=True)
class Source:
    """One file: `label` names it to people, `name` is what the ids of its reports begin with."""

    path: Path | None
    label: str
    name: str
    format: str
    stdin: BinaryIO | None = None

    def open(self) -> AbstractContextManager[Stream]:
        """Return the file's bytes, decompressed; OSError if it cannot be opened."""
        if self.path is None:
            return opened(self.stdin or BytesIO(sys.stdin.buffer.read()))
        return opened(self.path)

    def unreadable(self, error: BaseException) -> Rejected:
        """Return the rejection of this file for an error of the system or of its compression."""
        return _unreadable(self.label, error)


def expand(
    paths: Iterable[str | Path], *, stdin: BinaryIO | None = None, exclude: Path | None = None
) -> Iterator[Source | Rejected]:
    """Yield the files that *paths* stand for, and a `Rejected` for each that stands for none."""
    for path in paths:
        if str(path) == "-":
            yield Source(None, "-", "stdin", "text", stdin)
        else:
            yield from _expand_one(Path(path), exclude)


def rejected(error: ReadError) -> Rejected:
    """Return an error of reading as a row of the table of rejected sources."""
    return Rejected(source=error.source, reason=error.reason, message=error.message)


def display(path: PurePath) -> str:
    """Return *path* with forward slashes, and what no table can hold (lone surrogates) replaced."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _expand_one(path: Path, exclude: Path | None) -> Iterator[Source | Rejected]:
    try:
        found = path.exists()
    except OSError as error:
        yield _unreadable(display(path), error)
        return
    if found:
        yield from _expand_existing(path, path.parent, exclude)
    elif glob.has_magic(str(path)):
        yield from _expand_pattern(path, exclude)
    else:
        yield _missing(path, "no such file or folder; check the path")


def _expand_existing(path: Path, root: Path, exclude: Path | None) -> Iterator[Source | Rejected]:
    if path.is_dir():
        yield from _expand_folder(path, exclude)
    else:
        yield _source(path, root, explicit=True)


def _expand_pattern(pattern: Path, exclude: Path | None) -> Iterator[Source | Rejected]:
    """Yield what a glob pattern matches; ids begin at the last folder without a wildcard."""
    matches = sorted(glob.glob(str(pattern), recursive=True))
    root = _fixed_part(pattern)
    for match in map(Path, matches):
        if not (match.is_dir() and "**" in pattern.parts):
            yield from _expand_existing(match, root, exclude)
    if not matches:
        yield _missing(pattern, "no file matches this pattern; check it, and put it in quotes")


def _fixed_part(pattern: Path) -> Path:
    return next(folder for folder in pattern.parents if not glob.has_magic(str(folder)))


def _expand_folder(folder: Path, exclude: Path | None) -> Iterator[Source | Rejected]:
    readable = False
    for item in _walk(folder, exclude):
        source = _source(item, folder) if isinstance(item, Path) else item
        readable = readable or isinstance(source, Source)
        yield source
    if not readable:
        message = f"holds no report; {FORMATS}"
        yield Rejected(source=display(folder), reason="no_reports", message=message)


def _walk(folder: Path, exclude: Path | None) -> Iterator[Path | Rejected]:
    """Yield the visible files under *folder* by name; reject a folder that cannot be listed."""
    left_out = exclude.resolve() if exclude else None
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        here = Path(parent)
        folders[:] = sorted(f for f in folders if _visible(f) and (here / f).resolve() != left_out)
        yield from (here / f for f in sorted(files) if _visible(f) and (here / f).is_file())
        yield from (_unreadable(display(Path(str(e.filename))), e) for e in errors)
        errors.clear()
    yield from (_unreadable(display(Path(str(e.filename))), e) for e in errors)


def _visible(name: str) -> bool:
    return not name.startswith(".")


def _source(path: Path, root: Path, *, explicit: bool = False) -> Source | Rejected:
    """Return *path* as a source.

    A file without a suffix is plain text if it was named, and unsupported in a folder.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    suffix = next((s for s in suffixes[-1:] if s != ".gz"), suffixes[-2] if suffixes[1:] else "")
    kind = SUFFIXES.get(suffix) or ("text" if explicit and not suffix else None)
    if kind:
        return Source(path, display(path), display(path.relative_to(root)), kind)
    what = f"files of type {suffix}" if suffix else "files without a suffix in a folder"
    message = f"{what} are not read; {FORMATS}; convert or rename it"
    return Rejected(source=display(path), reason="unsupported", message=message)


def _missing(path: Path, message: str) -> Rejected:
    return Rejected(source=display(path), reason="missing", message=message)


def _unreadable(label: str, error: BaseException) -> Rejected:
    what = getattr(error, "strerror", None) or str(error) or type(error).__name__
    message = f"could not be read to its end ({what}); check the file and its permissions"
    return Rejected(source=label, reason="unreadable", message=message)
