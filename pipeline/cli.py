"""The command `casefacts`: it parses, calls one function, and prints.

Nothing heavy is imported before it is needed, so that `--help` comes at once.
"""

import datetime
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from pipeline.errors import CasefactsError

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.batch import Extract, Reading, Summary, Watch

_EXIT = "Exit code: 0 all was read; 1 some was rejected and the rest is done; 2 nothing could be done, or an option is wrong."
_TABLES = "casefacts-tables"

app = typer.Typer(
    name="casefacts",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # rich would be imported to draw the help: three times as slow
    pretty_exceptions_enable=False,
    epilog=_EXIT,
)


def _day(value: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is no day; write it as 2017-10-03"
        raise typer.BadParameter(message) from None


_Published = Annotated[
    datetime.date | None,
    typer.Option(
        parser=_day,
        metavar="DATE",
        help="Day of publication of reports that no column dates, e.g. 2017-10-03.",
    ),
]
_TextColumn = Annotated[
    str,
    typer.Option(metavar="NAME", help="Column of the text in tables and JSON Lines, e.g. body."),
]
_Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        help="Files, folders, glob patterns in quotes, or - for text on standard input.",
    ),
]
_Output = Annotated[
    str,
    typer.Option("-o", "--output", metavar="DIR", help="Folder of the tables; - prints JSON Lines instead."),
]
_Format = Annotated[
    Literal["parquet", "csv", "jsonl"] | None,
    typer.Option(help="Format of the tables: parquet if none is named."),
]
_Duplicates = Annotated[bool, typer.Option("--keep-duplicates", help="Read a text again that was read before.")]
_Ocr = Annotated[bool, typer.Option("--ocr", help="Recognise the text of scanned PDF files; needs casefacts[ocr].")]
_Timeout = Annotated[float, typer.Option(metavar="SECONDS", help="Longest that the reading of one file may take.", min=1)]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Tell only what was rejected.")]


@app.callback()
def main() -> None:
    """Read human-rights reports and write what they state.

    The facts are dates, locations, detainee counts, sentence lengths and cited legal articles.

    \b
    Example: casefacts extract reports/ -o tables
    """  # noqa: D301 - "\b" keeps lines apart


@app.command(epilog=_EXIT)
def extract(
    paths: _Paths,
    output: _Output = _TABLES,
    format: _Format = None,  # noqa: A002 - the name of the option
    published: _Published = None,
    text_column: _TextColumn = "text",
    keep_duplicates: _Duplicates = False,  # noqa: FBT002 - typer makes the flag of it
    ocr: _Ocr = False,  # noqa: FBT002
    timeout: _Timeout = 300.0,
    quiet: _Quiet = False,  # noqa: FBT002 - typer makes the flag of it
) -> None:
    """Extract the facts of reports into tables: reports, facts, rejected, and run.json.

    Reads PDF, HTML, Word, OpenDocument, RTF, mail, Markdown, plain text, JSON Lines, CSV, Excel,
    Parquet, WARC, and zip, tar and gzip of these; what a file is, its content tells. Of tables, the
    columns id, title, published, publisher and url are used where present. The tables of a former
    run in DIR are replaced once all is done.

    \b
    Examples:
      casefacts extract report.txt --published 2017-10-03
      casefacts extract archive/ "more/*.csv.gz" -o tables --format csv
      casefacts extract reports.jsonl --text-column body --format jsonl -o -
      cat report.txt | casefacts extract - -o tables
    """  # noqa: D301 - "\b" keeps lines apart
    if output == "-" and format not in (None, "jsonl"):
        raise typer.BadParameter(f"-o - prints JSON Lines, not {format}; name a folder by -o")
    with _plain_errors():
        reading = _reading(published, text_column, duplicates=keep_duplicates, ocr=ocr, timeout=timeout)
        summary = _extract(paths, output, format or "parquet", reading, quiet=quiet)
    raise typer.Exit(_exit_code(summary))


@app.command(epilog=_EXIT)
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A report, or - for standard input.")],
    html: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="Write a web page instead, e.g. report.html."),
    ] = None,
    published: _Published = None,
    text_column: _TextColumn = "text",
    ocr: _Ocr = False,  # noqa: FBT002
) -> None:
    """Show a report with its facts marked.

    \b
    Examples:
      casefacts show report.txt --published 2017-10-03
      casefacts show report.txt --html report.html
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        summary = _show(file, html, _reading(published, text_column, ocr=ocr))
    raise typer.Exit(_exit_code(summary))


@app.command()
def train(
    gold: Annotated[list[Path], typer.Argument(help="Annotated texts, JSON Lines.", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder of the trained detector.")],
    epochs: Annotated[int, typer.Option(help="How often the texts are read.", min=1)] = 8,
    seed: Annotated[int, typer.Option(help="The same seed gives the same detector on the same machine.")] = 1,
) -> None:
    """Train the detector on annotated texts; needs casefacts[train].

    \b
    Example: casefacts train gold/train.jsonl -o models/trained
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        try:
            from pipeline.training import train as run
        except ImportError as error:
            raise CasefactsError(f"training needs torch and transformers ({error}); install casefacts[train]") from error
        run(gold, output, epochs=epochs, seed=seed, log=lambda line: typer.echo(line, err=True))


@app.command()
def version() -> None:
    """Print the version.

    \b
    Example: casefacts version
    """  # noqa: D301 - "\b" keeps lines apart
    typer.echo(f"casefacts {_version()}")


def _extract(paths: list[str], output: str, kind: Any, reading: "Reading", *, quiet: bool) -> "Summary":
    from pipeline.console import console, next_lines, summary_lines, watching

    screen, started = console(), time.monotonic()
    with watching(screen, quiet=quiet) as watch:
        if output == "-":
            summary = _to_stdout(paths, reading, watch)
        else:
            summary = _to_folder(paths, Path(output), kind, reading, watch)
    lines = summary_lines(summary, time.monotonic() - started)
    if output != "-" and summary.reports:
        lines += next_lines(Path(output), kind)
    for line in lines if not quiet else ():
        screen.print(line, markup=False)
    return summary


def _to_folder(paths: list[str], out: Path, kind: Any, reading: "Reading", watch: "Watch") -> "Summary":
    from pipeline.batch import run

    return run(
        paths,
        out,
        extract=_extractor(),
        clock=_now,
        format=kind,
        reading=reading,
        about=_about,
        watch=watch,
    )


def _to_stdout(paths: list[str], reading: "Reading", watch: "Watch") -> "Summary":
    from pipeline.batch import stream

    summary = stream(paths, _utf8(sys.stdout), extract=_extractor(), reading=reading, watch=watch)
    sys.stdout.flush()
    return summary


def _show(file: str, html: Path | None, reading: "Reading") -> "Summary":
    """Print each report of a file as it is done, or write them all to one page."""
    from pipeline.batch import Summary, results
    from pipeline.console import console, print_report, told
    from pipeline.schema import Extraction
    from pipeline.show import page

    if html:
        _check_page(html, file)
    summary, shown = Summary(), list[Extraction]()
    for item in results([file], extract=_extractor(), reading=reading):
        summary.add(item)
        if not isinstance(item, Extraction):
            console().print(told(item), markup=False)
        elif html:
            shown.append(item)
        else:
            print_report(item)
    if html and shown:
        html.write_text(page(shown), encoding="utf-8")
        typer.echo(f"Wrote {html}; open it in a browser.", err=True)
    return summary


def _check_page(html: Path, file: str) -> None:
    """Refuse a page that cannot be written, or that would take the report's own place, before the work is done."""
    if html.is_dir() or not html.parent.is_dir():
        raise CasefactsError(f"{html}: no page can be written there; name a file in a folder that exists, e.g. report.html")
    if html.exists() and Path(file).exists() and html.samefile(file):
        raise CasefactsError(f"{html}: is the report itself; name another file by --html")


def _extractor() -> "Extract":
    """Return the pipeline as it runs by default; its model is loaded once, by the first report."""
    import pipeline

    @cache
    def nlp() -> "Language":
        from pipeline.gazetteer import open_gazetteer
        from pipeline.nlp import load

        open_gazetteer(announce=lambda line: typer.echo(line, err=True))  # the first run compiles it: say so
        return load()

    return lambda reports: pipeline.extract(reports, nlp=nlp())


def _reading(
    published: datetime.date | None, text_column: str, *, duplicates: bool = False, ocr: bool = False, timeout: float = 300.0
) -> "Reading":
    from pipeline.batch import Reading

    if ocr:
        from pipeline.readers.ocr import check

        check()
    return Reading(text_column=text_column, published=published, duplicates=duplicates, ocr=ocr, timeout=timeout)


def _about() -> dict[str, Any]:
    """Return what the manifest tells of the program."""
    from pipeline.batch import python_version
    from pipeline.nlp import fingerprint

    return {"casefacts": _version(), "python": python_version(), **fingerprint()}


def _version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("casefacts")
    except PackageNotFoundError:
        return "(not installed)"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _utf8(stream: TextIO) -> TextIO:
    """Return *stream* writing UTF-8 with LF, whatever the system's habits."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", newline="\n")
    return stream


def _exit_code(summary: "Summary") -> int:
    if not summary.reports:
        return 2
    return 1 if summary.rejected else 0


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what a user can mend into a message without a traceback."""
    try:
        yield
    except BrokenPipeError:  # the reader of our output has left: `casefacts … -o - | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except (CasefactsError, OSError) as error:
        typer.echo(f"casefacts: {error}", err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    app()
