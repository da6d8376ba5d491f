"""What the pipeline starts from: `models/MANIFEST.yml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pipeline.rules.files import models_dir, validated


class SpacyModel(BaseModel):
    """A spaCy pipeline that installs as a package."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    package: str
    version: str
    module: str
    folder: str
    sha256: str
    licence: str
    origin: str
    exclude: tuple[str, ...]
    order: tuple[str, ...]
    alone: tuple[str, ...]


class DetectorBase(BaseModel):
    """The network that the detector was trained from, and the layers that it takes over from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base: str
    version: str
    licence: str
    origin: str
    layers: tuple[int, ...]


class TeacherBase(BaseModel):
    """The larger network that a teacher is fitted from: a zip file that the packages hold in parts, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    base: str
    packages: tuple[str, ...]
    version: str
    sha256: str
    licence: str
    origin: str


class Manifest(BaseModel):
    """The file MANIFEST.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    spacy: SpacyModel
    detector: DetectorBase
    teacher: TeacherBase


@cache
def manifest() -> Manifest:
    """Return the manifest."""
    return validated(Manifest, models_dir() / "MANIFEST.yml")
