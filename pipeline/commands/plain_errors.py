"""What a user can mend, told without a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from pipeline.errors import CasefactsError


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a user can mend into a message without a traceback, and exit code 2."""
    try:
        yield
    except BrokenPipeError:  # the reader of our output has left: `casefacts … -o - | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except CasefactsError as error:
        _end(str(error), error)
    except OSError as error:
        _end(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error), error)


def _end(message: str, error: Exception) -> NoReturn:
    typer.echo(f"casefacts: {message}", err=True)
    raise typer.Exit(2) from error
