"""Writes commands.md, the help of every command, from the commands themselves."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import typer

from pipeline.cli import app

PAGE = Path(__file__).with_name("commands.md")
_HEAD = """# Commands

`casefacts COMMAND --help` tells the same in the terminal. This page is written by `make docs` from the program; do not edit it.
"""


def page() -> str:
    """Return the text of commands.md."""
    lines = (line for name, command in _commands("casefacts", typer.main.get_command(app)) for line in _section(name, command))
    return "\n".join([_HEAD, *lines]).rstrip() + "\n"


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield each command below a group with its whole name, or the command itself."""
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
    for key, one in (below or {}).items():
        yield from _commands(f"{name} {key}", one)


def _section(name: str, command: click.Command) -> Iterator[str]:
    """Yield the lines on one command: what it does, its examples, its arguments and options."""
    prose, _, examples = inspect.cleandoc(command.help or "").partition("\b\n")
    context = click.Context(command, info_name=name)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from (f"## {name}", "", _code_names(prose.strip()), "", f"    {usage}", "")
    if examples:
        yield from ("Examples:", "", *(f"    {line}" for line in _lines(examples)), "")
    rows = [row for parameter in command.params if (row := _row(parameter, context))]
    if rows:
        yield from ("| argument or option | what it does |", "|---|---|", *rows, "")
    if command.epilog:
        yield from (command.epilog, "")


def _lines(examples: str) -> list[str]:
    """Return the commands of "Example: one" or of "Examples:" and the lines below it."""
    lines = examples.strip().splitlines()
    _, _, only = lines[0].partition(":")
    return [line for line in [only.strip(), *(line.strip() for line in lines[1:])] if line]


def _code_names(prose: str) -> str:
    """Put the options that the prose names into code, so that no dash becomes another."""
    return re.sub(r"(?<![\w`-])--[a-z][a-z-]*", r"`\g<0>`", prose)


def _row(parameter: click.Parameter, context: click.Context) -> str | None:
    """Return the row of an argument or an option; None of one that the help hides."""
    record = parameter.get_help_record(context)
    if record is None or getattr(parameter, "hidden", False):
        return None
    name, text = record
    name = (
        re.sub(r" <(?:list\[)?(?:str|int|float|path|Path|file|dir|directory)(?: range)?\]?>", "", name)
        .replace("|", ", ")
        .replace("<", "")
        .replace(">", "")
    )
    return f"| `{name}` | {' '.join(text.replace('|', ', ').split())} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
