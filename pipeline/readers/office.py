"""What the files of office programs have in common: ZIP archives of XML."""

from pathlib import Path
from zipfile import ZipFile

from pipeline.errors import ReadError

_ENTITIES = (b"<!ENTITY", b"<!DOCTYPE")  # no office program writes them: entities that multiply are an attack


def check_office(path: Path, label: str) -> None:
    """Refuse a document that is locked, or whose XML defines entities of its own: no office program writes such."""
    with ZipFile(path) as archive:
        for item in archive.infolist():
            if item.flag_bits & 1:
                raise ReadError(label, "encrypted", "is locked by a password; save it without one")
            if item.filename.endswith((".xml", ".rels")):
                with archive.open(item) as file:
                    if any(mark in file.read(4096) for mark in _ENTITIES):
                        raise ReadError(
                            label,
                            "unsafe",
                            "its XML defines entities, as attacks do and office programs do not; it is left unread",
                        )
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise ReadError(label, "encrypted", "is locked by a password; save it without one")
