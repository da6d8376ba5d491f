"""One export from end to end: the tables are read, redacted where asked for, written, and what is lost is told."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from pipeline.errors import CasefactsError
from pipeline.exports.formats import FOLDERS, LIBRARIES, TEXTS, To
from pipeline.exports.losses import Loss, write_report
from pipeline.exports.redaction import Redacted, redacted
from pipeline.exports.runs import Run, open_run, with_texts
from pipeline.invocation import install

REPORT = "losses.json"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, what it could not hold, and whom it gave pseudonyms."""

    files: tuple[Path, ...]
    losses: tuple[Loss, ...]
    redacted: Redacted | None


def export(
    folder: Path,
    to: To,
    out: Path,
    *,
    redact: bool = False,
    salt: str | None = None,
    texts: Sequence[str] = (),
    instead: Mapping[str, pa.Table] = MappingProxyType({}),
) -> Exported:
    """Write the tables in *folder* for another tool, and beside them what its format cannot hold.

    With *redact*, persons have pseudonyms, the same in all reports if there is a *salt*. *texts* are files to read the
    reports' texts from, instead of those that the run keeps; *instead* are tables to write in the place of the run's. The
    files are written whole or not at all, and over nothing that no export made; a CasefactsError tells what is in the way.
    """
    write = _writer(to)
    former = _former(out, to)
    run = open_run(folder, texts=to in TEXTS)
    run = replace(run, tables={**run.tables, **instead})
    run = with_texts(run, texts) if to in TEXTS else run
    run, about = redacted(run, salt=salt) if redact else (run, None)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".casefacts-", dir=out.parent) as hidden:
        made = Path(hidden) / out.name
        if to in FOLDERS:
            made.mkdir()
        losses = write(run, made)
        names = sorted(path.name for path in (made if to in FOLDERS else made.parent).iterdir())
        told = {"format": to, "casefacts": run.about["casefacts"], "redacted": redact, "files": names}
        write_report(_report(made, to), told, losses)
        files = _publish(made, out, to, former)
    return Exported(files, tuple(losses), about)


def _report(out: Path, to: To) -> Path:
    """Return where an export tells what it does not hold."""
    return out / REPORT if to in FOLDERS else out.with_name(f"{out.name}.{REPORT}")


def _former(out: Path, to: To) -> list[str]:
    """Return the files of a former export at the same place; a CasefactsError names what no export made."""
    try:
        return [str(name) for name in json.loads(_report(out, to).read_text(encoding="utf-8"))["files"]]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    if to in FOLDERS and out.is_dir() and not any(out.iterdir()):
        return []
    if out.exists():
        raise CasefactsError(f"{out}: is there, and no export made it; choose another place by -o")
    return []


def _publish(made: Path, out: Path, to: To, former: Sequence[str]) -> tuple[Path, ...]:
    """Move the finished files to their places and take a former export's others away."""
    source, target = (made, out) if to in FOLDERS else (made.parent, out.parent)
    target.mkdir(exist_ok=True)
    finished = sorted(source.iterdir())
    for name in set(former) - {path.name for path in finished}:
        if Path(name).name == name:  # a report that somebody edited reaches nothing outside its folder
            (target / name).unlink(missing_ok=True)
    for path in finished:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.replace(target / path.name)
    return tuple(target / path.name for path in finished)


def _writer(to: To) -> Callable[[Run, Path], list[Loss]]:
    """Return what writes a format; a CasefactsError tells what to install for it."""
    try:
        write: Callable[[Run, Path], list[Loss]] = import_module(f"pipeline.exports.{to}").write
    except ModuleNotFoundError as error:
        if error.name != LIBRARIES.get(to):
            raise
        extra = "ftm" if to == "ftm" else "export"
        raise CasefactsError(f"--to {to} needs the package {error.name}: {install(extra)}") from error
    return write
