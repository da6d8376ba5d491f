"""A folder of this machine, or one on any other filesystem that pyarrow reads, called by an address: `s3://bucket/archive`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs, parquet

from pipeline.errors import CasefactsError


def is_address(where: str | Path) -> bool:
    """Say whether a place is called by an address instead of a path."""
    return "://" in str(where)


def shown(where: str | Path) -> str:
    """Return a place as it may be told: an address without the keys that open it.

    >>> shown("s3://key:secret@bucket/reports?endpoint_override=localhost"), shown("reports")
    ('s3://bucket/reports', 'reports')
    """
    if not is_address(where):
        return str(where)
    parts = urlsplit(str(where))
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, or a file, on a filesystem."""

    files: fs.FileSystem
    path: str

    @classmethod
    def of(cls, where: str | Path) -> "Folder":
        """Return the folder of a path or an address; a CasefactsError says what is wrong with an address."""
        if not is_address(where):
            return cls(fs.LocalFileSystem(), str(where))
        try:
            files, path = fs.FileSystem.from_uri(str(where))
        except (OSError, ValueError) as error:
            why = str(error).replace(str(where), shown(where))  # no keys in what is told
            raise CasefactsError(f"{shown(where)}: is no address that can be read or written ({why})") from None
        return cls(files, path.rstrip("/"))

    def inside(self, name: str) -> "Folder":
        """Return what has that name in it."""
        return Folder(self.files, f"{self.path}/{name}")

    def kind(self) -> fs.FileType:
        """Return whether it is a file, a folder, or nothing."""
        return self.files.get_file_info(self.path).type

    def names(self) -> list[str]:
        """Return the names of what lies in it, in order; none if it is not there."""
        found = self.files.get_file_info(fs.FileSelector(self.path, allow_not_found=True))
        return sorted(info.base_name for info in found)

    def below(self) -> list[str]:
        """Return the paths of the files in it and its subfolders: those of a folder by name, then its subfolders."""
        found = self.files.get_file_info(fs.FileSelector(self.path, recursive=True))
        paths = [info.path[len(self.path) :].lstrip("/") for info in found if info.is_file]
        return sorted(paths, key=_files_first)

    def write(self, name: str, data: pa.Buffer) -> None:
        """Write a file whole or not at all; on this machine it is on the disk when this returns."""
        self.files.create_dir(self.path, recursive=True)
        if not isinstance(self.files, fs.LocalFileSystem):
            with self.files.open_output_stream(f"{self.path}/{name}") as stream:
                stream.write(data)
            return
        hidden, place = Path(self.path, f".{name}"), Path(self.path, name)
        try:
            with hidden.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            hidden.replace(place)
        finally:
            hidden.unlink(missing_ok=True)
        _settle(place.parent)

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Return a Parquet file, or some of its columns."""
        with self.files.open_input_file(f"{self.path}/{name}") as file:
            return parquet.read_table(file, columns=columns)

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file of it to this machine."""
        fs.copy_files(f"{self.path}/{name}", str(to), source_filesystem=self.files, destination_filesystem=fs.LocalFileSystem())

    def put(self, file: Path) -> None:
        """Copy a file of this machine into it."""
        self.files.create_dir(self.path, recursive=True)
        there = f"{self.path}/{file.name}"
        fs.copy_files(str(file), there, source_filesystem=fs.LocalFileSystem(), destination_filesystem=self.files)

    def remove(self, name: str) -> None:
        """Remove a file or a folder, if it is there."""
        path = f"{self.path}/{name}"
        kind = self.files.get_file_info(path).type
        if kind == fs.FileType.Directory:
            self.files.delete_dir(path)
        elif kind == fs.FileType.File:
            self.files.delete_file(path)

    @contextmanager
    def copy(self, name: str) -> Iterator[Path]:
        """Give a copy of a file of it on this machine."""
        with NamedTemporaryFile(prefix="casefacts-") as copy:
            self.fetch(name, Path(copy.name))
            yield Path(copy.name)


def _files_first(path: str) -> list[tuple[bool, str]]:
    parts = path.split("/")
    return [(at < len(parts) - 1, part) for at, part in enumerate(parts)]


def _settle(folder: Path) -> None:
    """Have the disk keep the names in a folder, where the system can."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
