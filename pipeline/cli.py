"""The command `casefacts`: it parses, calls one function, and prints.

Nothing heavy is imported before it is needed, so that `--help` comes at once.
"""

import datetime
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from pipeline.commands.check import register as register_check
from pipeline.commands.export import register as register_export
from pipeline.commands.models_option import Models
from pipeline.commands.plain_errors import plain_errors as _plain_errors
from pipeline.commands.review import review
from pipeline.commands.verdicts import reviewed, verdicts
from pipeline.errors import CasefactsError
from pipeline.invocation import install
from pipeline.schema import FactType

if TYPE_CHECKING:
    from pipeline.batch import Extract, Reading, Running, Summary, Times, Watch
    from pipeline.gold import Gold
    from pipeline.schema import Extraction
    from pipeline.scoring import Compared

_EXIT = "Exit code: 0 all was read; 1 some was rejected and the rest is done; 2 nothing could be done, or an option is wrong."
_TABLES = "casefacts-tables"

app = typer.Typer(
    name="casefacts",
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
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
_Detector = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of another detector, as casefacts train makes one.", exists=True, file_okay=False),
]
_Duplicates = Annotated[bool, typer.Option("--keep-duplicates", help="Read a text again that was read before.")]
_Ocr = Annotated[bool, typer.Option("--ocr", help="Recognise the text of scanned PDF files; needs casefacts[ocr].")]
_Timeout = Annotated[float, typer.Option(metavar="SECONDS", help="Longest that the reading of one file may take.", min=1)]
_Workers = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="Processes that work at once: as many as cores if none is named, one for a small job."),
]
_Engine = Annotated[
    Literal["local", "ray"],
    typer.Option(help="Where the work is done: on this machine, or on a Ray cluster; needs casefacts[ray]."),
]
_Force = Annotated[bool, typer.Option("--force", help="Do again what a former run has done.")]
_Profile = Annotated[bool, typer.Option("--profile", help="Tell where the time went; takes longer.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Tell only what was rejected.")]


def _tell_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: FBT002 - the callback answers
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version.")
    ] = False,
) -> None:
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
    detector: _Detector = None,
    models: Models = None,
    keep_duplicates: _Duplicates = False,  # noqa: FBT002 - typer makes the flag of it
    ocr: _Ocr = False,  # noqa: FBT002
    timeout: _Timeout = 300.0,
    workers: _Workers = None,
    engine: _Engine = "local",
    force: _Force = False,  # noqa: FBT002
    profile: _Profile = False,  # noqa: FBT002
    quiet: _Quiet = False,  # noqa: FBT002 - typer makes the flag of it
) -> None:
    """Extract the facts of reports into tables: reports, facts, rejected, and run.json.

    Reads PDF, HTML, Word, OpenDocument, RTF, mail, Markdown, plain text, JSON Lines, CSV, Excel,
    Parquet, WARC, and zip, tar and gzip of these; what a file is, its content tells. Of tables, the
    columns id, title, published, publisher and url are used where present. The tables of a former
    run in DIR are replaced once all is done. A run that was broken off goes on where it was when it is
    started again; of an archive that has grown, only what is new or changed is done.

    \b
    Examples:
      casefacts extract report.txt --published 2017-10-03
      casefacts extract archive/ "more/*.csv.gz" -o tables --format csv
      casefacts extract archive/ -o tables --workers 8
      casefacts extract reports.jsonl --text-column body --format jsonl -o -
      cat report.txt | casefacts extract - -o tables
    """  # noqa: D301 - "\b" keeps lines apart
    if output == "-" and format not in (None, "jsonl"):
        raise typer.BadParameter(f"-o - prints JSON Lines, not {format}; name a folder by -o")
    with _plain_errors():
        reading = _reading(published, text_column, duplicates=keep_duplicates, ocr=ocr, timeout=timeout)
        running = _running(workers, engine, force=force, profile=profile)
        summary = _extract(paths, output, format or "parquet", reading, detector, running, quiet=quiet)
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
    detector: _Detector = None,
    models: Models = None,
    ocr: _Ocr = False,  # noqa: FBT002
) -> None:
    """Show a report with its facts marked.

    \b
    Examples:
      casefacts show report.txt --published 2017-10-03
      casefacts show report.txt --html report.html
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        summary = _show(file, html, _reading(published, text_column, ocr=ocr), detector)
    raise typer.Exit(_exit_code(summary))


@app.command(epilog=_EXIT)
def explain(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="A report, or - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a report instead.")] = False,  # noqa: FBT002
    published: _Published = None,
    text_column: _TextColumn = "text",
    detector: _Detector = None,
    models: Models = None,
) -> None:
    """Tell for each value of a report by what rule it was found, and from what words.

    Places are characters of the report, counted from 0.

    \b
    Examples:
      casefacts explain report.txt --published 2017-10-03
      casefacts explain report.txt --json
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        summary = _explain(report, _reading(published, text_column), detector, json=json)
    raise typer.Exit(_exit_code(summary))


@app.command()
def score(
    gold: Annotated[
        list[Path] | None, typer.Argument(metavar="GOLD", help="Annotated texts, JSON Lines.", exists=True, dir_okay=False)
    ] = None,
    from_review: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The reports of this run that readers read to the end.", exists=True, file_okay=False),
    ] = None,
    errors: Annotated[int, typer.Option(metavar="N", min=0, help="Show up to N errors of each type and kind.")] = 0,
    type: Annotated[FactType | None, typer.Option(help="Score this type alone.")] = None,  # noqa: A002 - the name of the option
    json: Annotated[bool, typer.Option("--json", help="Print the figures, and the errors, as JSON instead.")] = False,  # noqa: FBT002
    write_confidence: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Measure how often the facts of each rule are right, and keep it in FILE."),
    ] = None,
    detector: _Detector = None,
    models: Models = None,
) -> None:
    """Measure on annotated texts how much is found, and how much of it is right.

    A line of GOLD is a text with its facts: {"id", "title", "published", "text", "facts", "types"};
    docs/accuracy.md tells the fields. Found: a fact of the right type at the right place. Right: all
    its fields are right too. P is precision, R recall, F1 their harmonic mean.

    \b
    Examples:
      casefacts score gold.jsonl --errors 5
      casefacts score gold.jsonl --type count --json
      casefacts score --from-review tables --errors 5
      casefacts score gold.jsonl more.jsonl --write-confidence models/trained/confidence.json
    """  # noqa: D301 - "\b" keeps lines apart
    if bool(gold) == bool(from_review):
        raise typer.BadParameter("name annotated texts, or by --from-review a run that was reviewed")
    if from_review and write_confidence:
        raise typer.BadParameter("--write-confidence needs texts in files: casefacts verdicts DIR --gold FILE writes them")
    if type and write_confidence:
        raise typer.BadParameter("--write-confidence measures all types; leave out --type")
    if detector and write_confidence:
        raise typer.BadParameter("--write-confidence measures the shipped detector; leave out --detector")
    if write_confidence and (write_confidence.is_dir() or not write_confidence.parent.is_dir()):
        raise typer.BadParameter(f"{write_confidence}: no file can be written there; name one in a folder that exists")
    with _plain_errors():
        texts = reviewed(from_review) if from_review else None
        _score(gold or [], errors, (type,) if type else None, detector, texts=texts, json=json, write_confidence=write_confidence)


@app.command()
def link(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run's tables.", exists=True, file_okay=False)],
    span: Annotated[int, typer.Option(metavar="DAYS", help="Days that two tellings of one event may lie apart.", min=0)] = 3,
) -> None:
    """Find the incidents that several reports tell: adds the tables links and events.

    \b
    Example: casefacts link tables
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        from pipeline.archive import link_archive

        links, events = link_archive(folder, span=span)
    several = sum(event.n_reports > 1 for event in events)
    typer.echo(f"{len(events)} events, {several} of them told by several reports ({len(links)} links); in {folder}", err=True)


@app.command(name="train-ties")
def train_ties(
    texts: Annotated[Path, typer.Argument(help="Annotated texts, JSON Lines.", exists=True, dir_okay=False)],
    links: Annotated[Path, typer.Argument(help="Their annotated claims, JSON Lines.", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder of the trained ties.")],
) -> None:
    """Train what ties a count or a penalty to its day, place, people and speaker; needs casefacts[train].

    \b
    Example: casefacts train-ties gold/train.jsonl gold/train.links.jsonl -o models/ties
    """  # noqa: D301 - "\b" keeps lines apart
    with _plain_errors():
        try:
            from pipeline.training.ties import train as run
        except ImportError as error:
            raise CasefactsError(f"training needs torch ({error}): {install('train')}") from error
        run(texts, links, output, log=lambda line: typer.echo(line, err=True))


@app.command()
def train(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="Annotated texts, JSON Lines.", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of the trained detector.")],
    from_base: Annotated[  # noqa: FBT002
        bool, typer.Option("--from-base", help="Start anew instead of going on from the shipped detector.")
    ] = False,
    texts: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Reports without marks: start anew, and learn too from what a teacher finds there."),
    ] = None,
    without: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Texts that must not be seen, such as those measured later.", exists=True),
    ] = None,
    words: Annotated[int, typer.Option(help="Words to draw from --texts.", min=1000)] = 1_000_000,
    epochs: Annotated[int | None, typer.Option(help="How often the texts are read.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same detector on the same machine.")] = 1,
    held_out: Annotated[int, typer.Option(help="Measure on one document in so many; 0 measures nothing.", min=0)] = 5,
    anyway: Annotated[  # noqa: FBT002
        bool, typer.Option("--anyway", help="Write the detector also if it is no better.")
    ] = False,
    text_column: _TextColumn = "text",
) -> None:
    """Improve the detector on annotated texts of your own, and tell by how much; needs casefacts[train].

    It is trained twice: without some of the texts, to measure on them, and then on all. --texts and --without
    may be given several times; --texts needs casefacts[distil].

    Exit code: 0 the detector is written; 1 it is no better and nothing was written; 2 nothing could be done.

    \b
    Examples:
      casefacts train mine.jsonl -o my-detector
      casefacts train gold.jsonl -o other --from-base --epochs 8
      casefacts train gold.jsonl -o other --texts archive/ --without measured.jsonl
    """  # noqa: D301 - "\b" keeps lines apart
    if held_out == 1:
        raise typer.BadParameter("--held-out 1 would hold every document out; name 2 or more, or 0 for none")
    with _plain_errors():
        options = {
            "from_base": from_base,
            "texts": tuple(texts or ()),
            "without": tuple(without or ()),
            "words": words,
            "text_column": text_column,
            "epochs": epochs,
            "seed": seed,
            "held_out": held_out,
            "anyway": anyway,
        }
        written = _train(gold, output, options)
    raise typer.Exit(0 if written else 1)


app.command()(review)
app.command()(verdicts)


@app.command()
def version() -> None:
    """Print the version.

    \b
    Example: casefacts version
    """  # noqa: D301 - "\b" keeps lines apart
    typer.echo(f"casefacts {_version()}")


def _train(gold: list[Path], output: Path, options: dict[str, Any]) -> bool:
    from pipeline.console import console, telling

    try:
        from pipeline.training.train import Options, train
    except ImportError as error:
        raise CasefactsError(f"training needs torch and transformers ({error}): {install('train')}") from error
    with telling(console()) as tell:
        return train(gold, output, Options(**options), tell)


def _extract(
    paths: list[str], output: str, kind: Any, reading: "Reading", detector: Path | None, running: "Running", *, quiet: bool
) -> "Summary":
    from pipeline.batch import Times
    from pipeline.console import console, next_lines, print_profile, summary_lines, watching

    screen, started, times = console(), time.monotonic(), Times()
    with watching(screen, quiet=quiet) as watch, _going_on(output):
        if output == "-":
            summary = _to_stdout(paths, reading, detector, running, watch, times)
        else:
            summary = _to_folder(paths, output, kind, reading, detector, running, watch, times)
    lines = summary_lines(summary, time.monotonic() - started)
    if output != "-" and summary.reports:
        lines += next_lines(output, kind)
    for line in lines if not quiet else ():
        screen.print(line, markup=False)
    if running.profile:
        print_profile(screen, times)
    return summary


@contextmanager
def _going_on(output: str) -> Iterator[None]:
    """Say how to go on after Ctrl-C, or when the system ends the run in order."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        kept = "" if output == "-" else f" What is done is kept in {output}: the same command goes on from there."
        typer.echo(f"casefacts: stopped.{kept}", err=True)
        raise typer.Exit(130) from None
    finally:
        signal.signal(signal.SIGTERM, former)


def _to_folder(
    paths: list[str],
    out: str,
    kind: Any,
    reading: "Reading",
    detector: Path | None,
    running: "Running",
    watch: "Watch",
    times: "Times",
) -> "Summary":
    from pipeline.batch import run

    return run(
        paths,
        out if "://" in out else Path(out),
        extract=_extractor(detector),
        clock=_now,
        format=kind,
        reading=reading,
        running=running,
        about=lambda: _about(detector),
        watch=watch,
        times=times,
    )


def _to_stdout(
    paths: list[str], reading: "Reading", detector: Path | None, running: "Running", watch: "Watch", times: "Times"
) -> "Summary":
    from pipeline.batch import stream

    extract, output = _extractor(detector), _utf8(sys.stdout)
    summary = stream(paths, output, extract=extract, reading=reading, running=running, watch=watch, times=times)
    sys.stdout.flush()
    return summary


def _show(file: str, html: Path | None, reading: "Reading", detector: Path | None) -> "Summary":
    """Print each report of a file as it is done, or write them all to one page."""
    from pipeline.batch import Summary, results
    from pipeline.console import console, print_report, told
    from pipeline.schema import Extraction
    from pipeline.show import page

    if html:
        _check_page(html, file)
    summary, shown = Summary(), list[Extraction]()
    for item in results([file], extract=_extractor(detector), reading=reading):
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


def _explain(file: str, reading: "Reading", detector: Path | None, *, json: bool) -> "Summary":
    """Print the explanations of each report of a file as it is done."""
    from pipeline.batch import Summary, results
    from pipeline.console import console, print_explained, told
    from pipeline.explain import line
    from pipeline.schema import Extraction

    summary, output = Summary(), _utf8(sys.stdout)
    for item in results([file], extract=_extractor(detector), reading=reading):
        summary.add(item)
        if not isinstance(item, Extraction):
            console().print(told(item), markup=False)
        elif json:
            output.write(line(item) + "\n")
        else:
            print_explained(item)
    output.flush()
    return summary


def _score(
    paths: list[Path],
    most: int,
    types: "tuple[FactType, ...] | None",
    detector: Path | None,
    *,
    texts: "list[Gold] | None" = None,
    json: bool,
    write_confidence: Path | None,
) -> None:
    """Run the pipeline on the texts of gold files, or on *texts*, alone, and print how its facts compare."""
    from pipeline.console import console, print_mistakes, print_scores
    from pipeline.gold import read_gold
    from pipeline.scoring import FIELDS, as_json, comparisons, figures, first, mistakes

    gold, kinds = read_gold(paths) if texts is None else texts, types or tuple(FIELDS)
    with console().status(f"Reading {len(gold)} texts"):
        done = list(_extractor(detector)(one.report() for one in gold))
    compared = comparisons(gold, done, kinds=kinds)
    if write_confidence:
        _measure(compared, done, paths, write_confidence)
    found, wrong = figures(compared, kinds=kinds), mistakes(compared)
    if json:
        typer.echo(as_json(found, first(wrong, most)))
    else:
        print_scores(found)
        print_mistakes(list(wrong), most)


def _measure(compared: "list[Compared]", done: "list[Extraction]", paths: list[Path], out: Path) -> None:
    from pipeline.calibration import measured, trials

    kept = measured(trials(compared, done), paths, today=_now().date())
    out.write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
    better, plain = kept.held_out, kept.held_out_by_type_alone
    typer.echo(
        f"Wrote {out}. On texts held out: Brier {better.brier:.3f} (each type's mean alone {plain.brier:.3f}), "
        f"calibration error {better.calibration_error:.3f} ({plain.calibration_error:.3f})",
        err=True,
    )


def _check_page(html: Path, file: str) -> None:
    """Refuse a page that cannot be written, or that would take the report's own place, before the work is done."""
    if html.is_dir() or not html.parent.is_dir():
        raise CasefactsError(f"{html}: no page can be written there; name a file in a folder that exists, e.g. report.html")
    if html.exists() and Path(file).exists() and html.samefile(file):
        raise CasefactsError(f"{html}: is the report itself; name another file by --html")


def _extractor(detector: Path | None = None) -> "Extract":
    """Return the pipeline as it runs by default; its model is loaded once, by the first report."""
    from pipeline.engines.work import Extractor

    return Extractor(detector, lambda line: typer.echo(line, err=True))


def _running(workers: int | None, engine: str, *, force: bool, profile: bool) -> "Running":
    from pipeline.batch import Running
    from pipeline.engines.local import local

    if engine == "ray":
        from pipeline.engines.on_ray import ray_engine

        return Running(engine=ray_engine(workers), force=force, profile=profile, about={"engine": "ray", "workers": workers})
    return Running(engine=local(workers), force=force, profile=profile, about={"engine": "local", "workers": workers})


def _reading(
    published: datetime.date | None, text_column: str, *, duplicates: bool = False, ocr: bool = False, timeout: float = 300.0
) -> "Reading":
    from pipeline.batch import Reading

    if ocr:
        from pipeline.readers.ocr import check

        check()
    return Reading(text_column=text_column, published=published, duplicates=duplicates, ocr=ocr, timeout=timeout)


def _about(detector: Path | None = None) -> dict[str, Any]:
    """Return what the manifest tells of the program."""
    from pipeline.batch import python_version
    from pipeline.fingerprint import fingerprint

    return {"casefacts": _version(), "python": python_version(), **fingerprint(detector)}


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


register_export(app)
register_check(app)

if __name__ == "__main__":
    app()
