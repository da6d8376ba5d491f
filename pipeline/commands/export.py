"""The commands `export`, `import-labels` and `schema`: tables to other tools, and labels back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.commands.plain_errors import plain_errors
from pipeline.exports.formats import TEXTS, To

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.exports.write import Exported

_Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run's tables.", exists=True, file_okay=False)]
_To = Annotated[To, typer.Option("--to", help="The format; docs/exports.md tells of each what it holds.")]
_Out = Annotated[Path, typer.Option("-o", "--output", metavar="PATH", help="The file; for geojson, excel and uwazi the folder.")]
_Redact = Annotated[
    Literal["persons"] | None, typer.Option("--redact", help="Give persons pseudonyms, in every column; docs/safety.md first.")
]
_Salt = Annotated[
    str | None,
    typer.Option(
        metavar="SECRET",
        envvar="CASEFACTS_SALT",
        help="With --redact: a person has the same pseudonym in all reports, made with this secret.",
    ),
]
_Reviewed = Annotated[
    bool, typer.Option("--reviewed", help="With the verdicts of casefacts review: verdict, corrected values, facts added.")
]
_Texts = Annotated[
    list[str] | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="For labelstudio and docbin: where the reports lie, if the run kept no texts; may be given several times.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(export)
    app.command(name="import-labels")(import_labels)
    app.command()(schema)


def export(
    folder: _Folder,
    to: _To,
    output: _Out,
    reviewed: _Reviewed = False,  # noqa: FBT002 - typer makes the flag of it
    redact: _Redact = None,
    salt: _Salt = None,
    texts: _Texts = None,
) -> None:
    """Write the tables of a run for another tool, and tell what its format cannot hold.

    sqlite (opens in Datasette), duckdb, geojson, excel (CSV), uwazi (CSV), ftm (FollowTheMoney), labelstudio (tasks),
    docbin (spaCy). What is lost is listed in losses.json, beside the file or in the folder.

    \b
    Examples:
      casefacts export tables --to sqlite -o cases.db
      casefacts export tables --to excel -o for-the-office --reviewed
      casefacts export tables --to labelstudio -o tasks.json --texts archive/
      casefacts export tables --to excel -o for-the-office --redact persons
    """  # noqa: D301 - "\b" keeps lines apart
    if salt is not None and not redact:
        raise typer.BadParameter("--salt (CASEFACTS_SALT) is for --redact persons: without it, all names are exported")
    if texts and to not in TEXTS:
        raise typer.BadParameter(f"--texts is for labelstudio and docbin; {to} holds no texts")
    with plain_errors():
        from pipeline.exports.write import export as run

        instead = _with_verdicts(folder) if reviewed else {}
        _tell(run(folder, to, output, redact=bool(redact), salt=salt, texts=texts or (), instead=instead))


def _with_verdicts(folder: Path) -> "dict[str, pa.Table]":
    from pipeline.commands.verdicts import index
    from pipeline.review import outcome

    return outcome.reviewed(index(folder, None), folder)


def _tell(done: "Exported") -> None:
    from pipeline.exports.losses import lines

    for line in lines(done.losses):
        typer.echo(f"Not held, or not as it was: {line}", err=True)
    if done.redacted:
        about = done.redacted
        shared = f"{about.shared:,} words of their names are also a place or a month there, and stay. " if about.shared else ""
        typer.echo(
            f"{about.persons:,} persons of {about.reports:,} reports have pseudonyms. {shared}Names that were not recognised are "
            "still there: read the export before you publish it (docs/safety.md).",
            err=True,
        )
    typer.echo(f"Wrote {', '.join(map(str, done.files))}", err=True)


def import_labels(
    tasks: Annotated[Path, typer.Argument(metavar="TASKS", help="A project of Label Studio, exported as JSON.", exists=True)],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The gold, JSON Lines.", dir_okay=False)],
) -> None:
    """Turn texts annotated in Label Studio into gold that casefacts score and casefacts train read.

    \b
    Example: casefacts import-labels project-1.json -o gold.jsonl
    """  # noqa: D301 - "\b" keeps lines apart
    with plain_errors():
        from pipeline.exports.labelstudio import gold

        texts, undone = gold(tasks)
        output.write_text("".join(one.model_dump_json() + "\n" for one in texts), encoding="utf-8", newline="\n")
    typer.echo(f"{len(texts)} annotated texts in {output}; {undone} tasks without an annotation left out", err=True)


def schema() -> None:
    """Print the JSON Schema of every record and of every row of the tables.

    \b
    Example: casefacts schema > casefacts.schema.json
    """  # noqa: D301 - "\b" keeps lines apart
    import json

    from pipeline.exports.json_schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
