"""What casefacts itself wrote into a folder: it tells of reports and holds none."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_RUN, _VERDICTS = "run.json", "verdicts.jsonl"
_LISTS = ("reviewed.json", "losses.json")  # of casefacts verdicts and casefacts export; of a single file "NAME.losses.json"


def own(folder: Path, names: Iterable[str]) -> frozenset[str]:
    """Return which of the files *names* of a folder a run, a review or an export wrote there, as their own lists tell."""
    return frozenset(made for name in names if name == _RUN or name.endswith(_LISTS) for made in _listed(folder, name))


def _listed(folder: Path, name: str) -> Iterator[str]:
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        files = _of_run(content) if name == _RUN else list(content["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # somebody else's file of that name
    yield from (name, *map(str, files))


def _of_run(content: dict[str, Any]) -> list[str]:
    return [_VERDICTS, *(str(table["file"]) for table in content["tables"].values())]
