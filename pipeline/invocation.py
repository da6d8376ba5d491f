"""What to type on this machine: the program as it was called, and what installs more of it."""

import os
import shlex
import shutil
import sys
from pathlib import Path

_NAME = "casefacts"


def command(*words: object) -> str:
    """Return a call of this program as it can be typed here: `.venv/bin/casefacts review 'my tables'`.

    A program that the shell does not find by its name is called as it was called now. Words that need quotes get them.
    """
    return " ".join([_program(), *(shlex.quote(str(word)) for word in words)])


def install(extra: str) -> str:
    """Return what installs an extra of this program beside it, whatever `pip` may mean to the shell."""
    folder = Path.cwd()
    python = Path(sys.executable)
    here = python.relative_to(folder) if python.is_relative_to(folder) else python
    return f"{shlex.quote(str(here))} -m pip install '{_NAME}[{extra}]'"


def _program() -> str:
    called = Path(sys.argv[0])
    if called.stem != _NAME:  # the tests, or a program that uses the library
        return _NAME
    found = shutil.which(_NAME)
    return _NAME if found and os.path.realpath(found) == os.path.realpath(called) else shlex.quote(str(called))
