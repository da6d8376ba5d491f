"""The commands `check`, `try` and `new-code`: help for those who add rules."""

import datetime
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.models_option import Models
from pipeline.commands.plain_errors import plain_errors

if TYPE_CHECKING:
    from pipeline.checking.run import Checked, Problem

_WIDTH = 110


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Exit code: 0 all is right; 1 something is to be mended; 2 nothing could be checked.")(check)
    app.command(name="try")(try_)
    app.command(name="new-code")(new_code)


def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Rule files; without any, all are checked.")] = None,
    models: Models = None,
) -> None:
    """Check rules: can they be read, do their examples come out right, does anything contradict.

    FILE lies in a folder laid out as models/ is, such as mine/codes/xx-cc.yml. Without FILE, the rules that ship
    with casefacts are checked, with those of --models, and what they cover is told.

    \b
    Examples:
      casefacts check
      casefacts check mine/codes/xx-cc.yml
      casefacts check --models mine
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        from pipeline.checking.run import check as run

        done = run(files or (), progress=lambda line: typer.echo(line, err=True))
        for problem in done.problems:
            typer.echo(told(problem) + "\n")
        typer.echo(summary(done))
        if not files and not done.problems:
            typer.echo(_coverage())
    raise typer.Exit(1 if done.problems else 0)


def try_(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="A sentence, in quotes; - reads standard input.")],
    published: Annotated[
        datetime.datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Day of publication, e.g. 2017-10-03."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the report; it may name the country.")] = None,
    models: Models = None,
) -> None:
    """Tell what a sentence gives, by which rule and from what words.

    \b
    Examples:
      casefacts try "He was charged under Article 318 of Russia's Criminal Code."
      casefacts try "Police held 12 students last Friday." --published 2017-10-03 --models mine
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        import pipeline
        from pipeline.checking.laws import unfiled
        from pipeline.console import print_explained
        from pipeline.schema import ArticleFact, Report

        text = typer.get_text_stream("stdin").read() if sentence == "-" else sentence
        day = published.date() if published else None
        report = Report(id="the sentence", text=text, title=title, published=day, published_basis="option" if day else None)
        (done,) = pipeline.extract([report])
        print_explained(done)
        for fact in done.facts:
            if isinstance(fact, ArticleFact):
                why = unfiled(fact)
                typer.echo(f"{fact.text} is filed under {f'no known law. {why}' if why else f'{fact.instrument_id}.'}")
        if not done.facts:
            typer.echo("Nothing was found: no date, place, count of people, penalty or numbered provision.")


def new_code(
    state: Annotated[str, typer.Argument(metavar="STATE", help="Its two letters of ISO 3166-1, or its name: mn, Mongolia.")],
    models: Annotated[Path, typer.Option(metavar="DIR", help="Folder of your own rules; it is made if need be.")] = Path(
        "my-models"
    ),
) -> None:
    """Write the beginning of a state's criminal code, to be filled in: DIR/codes/xx-cc.yml.

    \b
    Example: casefacts new-code Mongolia --models mine
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        from pipeline.checking.template import write

        path = write(state, models)
    typer.echo(f"Wrote {path}. Replace every FILL IN, then: casefacts check {path}")


def told(problem: "Problem") -> str:
    """Return a problem for people: where and what in the first line, then the example and what to do."""
    lines = [f"{problem.where}: {problem.what}" if problem.where else problem.what]
    if problem.text is not None:
        lines += _indented(f"“{' '.join(problem.text.split())}”")
        lines += _indented(f"must give:  {problem.expected}", 12)
        lines += _indented(f"gives:      {problem.found}", 12)
    if problem.do:
        lines += _indented(f"→ {problem.do}", 2)
    return "\n".join(lines)


def _indented(text: str, hanging: int = 0) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="    ", subsequent_indent=" " * (4 + hanging), break_on_hyphens=False)


def summary(done: "Checked") -> str:
    """Return in a line what a check found."""
    from pipeline.rules.files import name

    what = name(done.files[0]) if len(done.files) == 1 else f"{len(done.files)} files"
    replaced = "".join(f"\nNote: your {file} stands for the shipped file of that name." for file in done.replaced)
    if not done.problems:
        others = f", and {done.others} of other files still do" if done.others else ""
        return f"{what}: right. {done.own} examples and near misses come out as they must{others}.{replaced}"
    here = len(done.problems) - done.elsewhere
    many = f"{_things(here)} to mend" + (f", and {_things(done.elsewhere)} in other files" if done.elsewhere else "")
    rest = "" if done.own else " No example was tried: that is done once all files can be read."
    return f"{what}: {many}.{rest}{replaced}"


def _things(count: int) -> str:
    return {0: "nothing", 1: "1 thing"}.get(count, f"{count} things")


def _coverage() -> str:
    from pipeline.checking.coverage import coverage

    found = coverage()
    rows = [f"  {kind:<11}{known}" for kind, known in found.known.items()]
    missing = ", ".join(f"{told} ({code})" for code, told in found.without_code.items())
    wrapped = textwrap.wrap(missing, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(
        [
            "\nWhat there is:",
            *rows,
            f"\nNo criminal code of these {len(found.without_code)}; casefacts new-code begins one:",
            *wrapped,
        ]
    )
