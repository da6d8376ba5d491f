"""`casefacts review`: the page on which people read what the program found."""

import datetime
import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.plain_errors import plain_errors
from pipeline.errors import CasefactsError
from pipeline.invocation import install

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run's tables.", exists=True, file_okay=False)]
Verdicts = Annotated[
    Path | None, typer.Option("--verdicts", metavar="FILE", help="Where verdicts are kept: DIR/verdicts.jsonl.", dir_okay=False)
]


def review(
    folder: Folder,
    reader: Annotated[str | None, typer.Option(metavar="NAME", help="Who signs the verdicts: your user name.")] = None,
    verdicts: Verdicts = None,
    blind: Annotated[bool, typer.Option("--blind", help="Do not show the verdicts of others.")] = False,  # noqa: FBT002
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address only.")] = False,  # noqa: FBT002
) -> None:
    """Read what was found, in a browser on this machine: accept, reject, correct, add; needs casefacts[review].

    Opens the tables that casefacts extract wrote. Verdicts go to a file of their own, a line each with
    name and time; the tables stay as they are. Nothing leaves this machine. Ctrl-C ends it.

    \b
    Examples:
      casefacts review tables
      casefacts review tables --reader "A. Mammadova" --blind
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        name = _name(reader or _user())
        try:
            from pipeline.review.serve import serve
        except ImportError as error:
            raise CasefactsError(f"reviewing needs starlette, uvicorn and jinja2 ({error}): {install('review')}") from error
        from pipeline.review.index import Index
        from pipeline.review.verdicts import FILE, VerdictFile

        file = VerdictFile(_writable(verdicts or folder / FILE))
        typer.echo(f"Reading {folder}", err=True)
        index = Index(folder, file, reader=name, blind=blind)
        serve(index, port=port, clock=_now, opened=lambda address, once: _tell(address, once, file.path, no_browser=no_browser))


def _tell(address: str, once: str, file: Path, *, no_browser: bool) -> None:
    import webbrowser

    typer.echo(f"Open {address}\nVerdicts go to {file}. Ctrl-C ends.", err=True)
    if not no_browser:
        webbrowser.open(once)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):  # a container whose user has no name
        raise typer.BadParameter("who signs the verdicts? Name yourself", param_hint="--reader") from None


def _writable(path: Path) -> Path:
    """Return where verdicts are to be kept; a CasefactsError before any is given if they cannot be."""
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise CasefactsError(f"{path}: verdicts cannot be written there; name another file by --verdicts")
    return path


def _name(reader: str) -> str:
    name = " ".join(reader.split())
    if not name or len(name) > 80 or "|" in name or not name.isprintable():
        raise typer.BadParameter(f"{reader!r} is no name to sign with: up to 80 characters, without |", param_hint="--reader")
    return name


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
