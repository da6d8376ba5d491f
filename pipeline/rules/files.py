"""Find and read files under `models/`."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import RuleError

Model = TypeVar("Model", bound=BaseModel)
_PACKAGE = Path(__file__).parents[1]


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's booleans: a lawyer who writes the word "on" or the country NO means just that."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def models_dir() -> Path:
    """Return the folder `models/`: inside the installed package, or beside it in a checkout."""
    for folder in (_PACKAGE / "models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    raise RuleError(f"models/: not found beside {_PACKAGE}; install casefacts again")


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; an empty one is an error."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - the safe loader, but for its booleans
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"{name(path)}: {error}") from error
    if not content:
        raise RuleError(f"{name(path)}: empty")
    return content


def validated(model: type[Model], path: Path) -> Model:
    """Return the content of a YAML file as *model*."""
    try:
        return model.model_validate(read_yaml(path))
    except ValidationError as error:
        raise RuleError(f"{name(path)}: {error}") from error


def name(path: Path) -> str:
    """Return *path* as a reader knows it, from `models/` on."""
    parts = path.parts
    return "/".join(parts[parts.index("models") + 1 :]) if "models" in parts else str(path)


def digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 over files, each name before its bytes."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
