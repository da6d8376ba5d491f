"""The option `--models`, of all commands that read with rules."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.plain_errors import plain_errors


def _use(folder: Path | None) -> Path | None:
    if folder:
        from pipeline.rules.files import use_models

        with plain_errors():
            use_models(folder)
    return folder


Models = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder of rules of your own, laid over those that ship with casefacts; docs/adding.md.",
        envvar="CASEFACTS_MODELS",
        callback=_use,
    ),
]
