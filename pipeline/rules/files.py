"""Find and read files under `models/`, with the user's own laid over those that ship with casefacts."""

import datetime
import hashlib
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import RuleError
from pipeline.rules.wrong import of_values, of_yaml

Model = TypeVar("Model", bound=BaseModel)
VARIABLE = "CASEFACTS_MODELS"  # an environment variable, so that processes which this one starts know it too
PARTS = ("codes", "lang", "layouts", "places")
_PACKAGE = Path(__file__).parents[1]


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's booleans: a lawyer who writes the word "on" or the country NO means just that."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _day(loader: _Loader, node: yaml.ScalarNode) -> datetime.date:
    """Return a day; one that no calendar has is an error that tells its line: 1968-02-30."""
    try:
        return yaml.constructor.SafeConstructor.construct_yaml_timestamp(loader, node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, f"{node.value} is no day ({error})", node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def models_dir() -> Path:
    """Return the folder `models/`: inside the installed package, or beside it in a checkout."""
    for folder in (_PACKAGE / "models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    raise RuleError(f"models/: not found beside {_PACKAGE}; install casefacts again")


def use_models(folder: Path | str | None) -> None:
    """Lay the rules in *folder* over the shipped ones from now on, here and in processes started later; None takes them away.

    All that was read before is forgotten, also where *folder* is the same: call it again after a change of its files.
    A pipeline that was loaded before must be loaded again. A folder that holds no rules is a RuleError.
    """
    if folder is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(_of_rules(Path(folder).expanduser().resolve()))
    _forget()


def layer() -> Path | None:
    """Return the folder of the user's own rules; None if there is none."""
    named = os.environ.get(VARIABLE)
    folder = _of_rules(Path(named).expanduser().resolve()) if named else None
    return None if folder == models_dir() else folder


def rule_files() -> list[Path]:
    """Return all files of rules: those that ship with casefacts, and then the user's own."""
    own = layer()
    return sorted(models_dir().rglob("*.yml")) + (sorted(own_files(own)) if own else [])


def own_files(folder: Path) -> list[Path]:
    """Return the files of a folder of own rules that are read."""
    return [path for part in PARTS for path in (folder / part).rglob("*.yml")]


def files_in(part: str) -> list[Path]:
    """Return the files of a folder such as `codes`, in the order of their names; one of the user's replaces its namesake."""
    folders = [models_dir() / part, *([own / part] if (own := layer()) else [])]
    return [path for _, path in sorted({path.name: path for folder in folders for path in folder.glob("*.yml")}.items())]


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; an empty one is an error."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - the safe loader, but for its booleans
    except yaml.YAMLError as error:
        raise RuleError(f"{name(path)}, {of_yaml(error)}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{name(path)}: not saved as UTF-8; save it again with that encoding") from error
    except OSError as error:
        raise RuleError(f"{name(path)}: {error.strerror}") from error
    if not content:
        raise RuleError(f"{name(path)}: empty")
    return content


def validated(model: type[Model], path: Path) -> Model:
    """Return the content of a YAML file as *model*; what the user's file of the same path adds is in it."""
    content, last = read_yaml(path), path
    if own := _own(path):
        content, last = merged(content, read_yaml(own)), own
    try:
        return model.model_validate(content)
    except ValidationError as error:
        told = of_values(error, model, last.read_text(encoding="utf-8"))
        raise RuleError("\n".join(f"{name(last)}{one}" for one in told)) from error


def merged(shipped: Any, own: Any) -> Any:
    """Return *shipped* with *own* laid over it: lists grow, tables grow key by key, any other value is replaced.

    Own entries of a list stand first; one whose `id` is there already goes into its namesake.

    >>> merged({"a": [1, 2], "b": {"x": 1}}, {"a": [3, 2], "b": {"y": 2}})
    {'a': [3, 1, 2], 'b': {'x': 1, 'y': 2}}
    """
    if isinstance(shipped, dict) and isinstance(own, dict):
        return shipped | {key: merged(shipped[key], value) if key in shipped else value for key, value in own.items()}
    if not (isinstance(shipped, list) and isinstance(own, list)):
        return own
    namesakes = {one["id"]: one for one in own if _id(one)}
    ids = {_id(one) for one in shipped if _id(one)}
    new = [one for one in own if one not in shipped and _id(one) not in ids]
    return new + [merged(one, namesakes[one["id"]]) if _id(one) in namesakes else one for one in shipped]


def _id(entry: Any) -> Any:
    return entry.get("id") if isinstance(entry, dict) else None


def name(path: Path) -> str:
    """Return *path* as a reader knows it, from `models/` on; a file of the user's as the user would call it."""
    near = next((folder for folder in (models_dir(), Path.cwd()) if path.is_relative_to(folder)), None)
    return path.relative_to(near).as_posix() if near else str(path)


def digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 over files, each name before its bytes."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _own(path: Path) -> Path | None:
    """Return the user's file that adds to a shipped one."""
    own = layer()
    if own is None or not path.is_relative_to(models_dir()):
        return None
    found = own / path.relative_to(models_dir())
    return found if found.is_file() and found != path else None


def _of_rules(folder: Path) -> Path:
    if not folder.is_dir():
        raise RuleError(f"{folder}: no such folder; it is named as one of own rules")
    if not any((folder / part).is_dir() for part in PARTS):
        raise RuleError(f"{folder}: holds no rules; they lie in folders called {', '.join(PARTS)}, as in {folder / 'codes'}")
    return folder


def _forget() -> None:
    """Clear what the package keeps from its rules: many a pattern is made of them once."""
    package = __name__.partition(".")[0]
    for module in [module for known, module in sys.modules.items() if known.partition(".")[0] == package]:
        for thing in list(vars(module).values()):
            if clear := getattr(thing, "cache_clear", None):
                clear()
