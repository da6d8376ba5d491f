"""Runs the tutorial and writes under every command what it printed."""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("tutorial.md")
_SO_FAR = re.compile(r"^[\d,]+ reports?, [\d,]+ words?, .*\n", re.MULTILINE)  # told every few seconds
_BLOCK = re.compile(r"```console\n(?P<console>.*?)```|```python\n(?P<python>.*?)```\n\n```text\n.*?```", re.DOTALL)


def told(text: str) -> str:
    """Return *text* with the outputs that its commands and its Python give now, run in a folder that has the samples alone."""
    names: dict[str, Any] = {}

    def again(block: re.Match[str]) -> str:
        if block["python"] is None:
            shown = (f"$ {command}\n{_shell(command)}" for command in re.findall(r"^\$ (.*)$", block["console"], re.MULTILINE))
            return f"```console\n{''.join(shown)}```"
        return f"```python\n{block['python']}```\n\n```text\n{_python(block['python'], names)}```"

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("data").symlink_to(PAGE.parents[1] / "data")
        return _BLOCK.sub(again, text)


def _shell(command: str) -> str:
    """Return what a command prints; one that fails is an error with its output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise RuntimeError(f"tutorial: {command!r} ended with {done.returncode}: {done.stdout}")
    return _SO_FAR.sub("", _plain(done.stdout))


def _python(code: str, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, PAGE.name, "exec"), names)
    return _plain(out.getvalue())


def _plain(printed: str) -> str:
    """Return lines without spaces at their ends, or the space that to_string puts before all of them."""
    return "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())


if __name__ == "__main__":
    PAGE.write_text(told(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
