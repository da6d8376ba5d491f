"""`casefacts verdicts`: what reading has brought, as tables, annotated texts and regression cases."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands.plain_errors import plain_errors
from pipeline.commands.review import Folder, Verdicts
from pipeline.errors import CasefactsError
from pipeline.invocation import command

if TYPE_CHECKING:
    from pipeline.gold import Gold
    from pipeline.review.index import Index
    from pipeline.review.outcome import Read

_New = Path | None


def verdicts(
    folder: Folder,
    output: Annotated[
        _New, typer.Option("-o", "--output", metavar="OUT", help="Write the tables with verdicts to a folder.", file_okay=False)
    ] = None,
    format: Annotated[  # noqa: A002 - the name of the option
        Literal["parquet", "csv", "jsonl"], typer.Option(help="Format of the tables.")
    ] = "parquet",
    gold: Annotated[
        _New, typer.Option(metavar="FILE", help="Write the reports read to the end as annotated texts.", dir_okay=False)
    ] = None,
    cases: Annotated[
        _New, typer.Option(metavar="FILE", help="Write every judged place as a regression case.", dir_okay=False)
    ] = None,
    verdicts: Verdicts = None,
) -> None:
    """Tell what readers have judged, and write it out.

    OUT gets reports, facts and claims with the columns verdict, verdict_by, corrected_… and more;
    docs/review.md tells them all. FILE holds texts for casefacts score and casefacts train.

    \b
    Examples:
      casefacts verdicts tables
      casefacts verdicts tables -o reviewed --format csv
      casefacts verdicts tables --gold gold.jsonl --cases cases.jsonl
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        from pipeline.review import outcome

        read = index(folder, verdicts)
        if output:
            outcome.write_tables(read, folder, output, format)
            typer.echo(f"Wrote reports, facts and claims to {output}", err=True)
        if gold:
            count = outcome.write_gold(gold, outcome.gold(read))
            typer.echo(f"Wrote {count} reports that were read to the end to {gold}", err=True)
        if cases:
            count = outcome.write_gold(cases, outcome.cases(read))
            typer.echo(f"Wrote the judged places of {count} reports to {cases}", err=True)
        for line in _lines(outcome.told(read), read):
            typer.echo(line)


def reviewed(folder: Path) -> "list[Gold]":
    """Return the reports of a run that were read to the end, as annotated texts; a CasefactsError if there are none."""
    from pipeline.review import outcome

    found = list(outcome.gold(index(folder, None)))
    if not found:
        raise CasefactsError(f"{folder}: no report was read to the end yet; {command('review', folder)}, and d when one is")
    return found


def index(folder: Path, verdicts: Path | None) -> "Index":
    """Return a run with the verdicts on it; a CasefactsError says where they are given if there are none."""
    from pipeline.review.index import Index
    from pipeline.review.verdicts import FILE, VerdictFile

    path = verdicts or folder / FILE
    if not path.exists():
        raise CasefactsError(f"{path}: there are no verdicts; they are given by {command('review', folder)}")
    return Index(folder, VerdictFile(path), reader="")


def _lines(read: "Read", index: "Index") -> list[str]:
    """Return what to tell of the verdicts."""
    judged = sum(read.outcomes.values())
    told = [f"{judged:,} of {read.facts:,} facts judged; {read.whole:,} reports read to the end"]
    told += [f"  {name}: {count:,}" for name, count in sorted(read.outcomes.items())]
    told += [f"  by {name}: {count:,}" for name, count in sorted(read.readers.items())]
    if read.both:
        told.append(f"Of {read.both:,} facts that two or more have judged, they agree on {read.agreed:,}")
    told += [
        f"Words gone: {line.report_id}: {line.reader}, {line.act} {line.type} “{line.place.text}”"
        for line in read.lost
        if line.place
    ]
    unread = index.verdicts.unread
    return told + ([f"Lines that cannot be understood: {', '.join(map(str, unread))}"] if unread else [])
