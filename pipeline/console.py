"""What the command line tells people while it works and when it is done, on standard error."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.batch import Progress, Summary, Times, Watch
from pipeline.explain import explained, rows
from pipeline.invocation import command
from pipeline.schema import Extraction, Rejected
from pipeline.scoring import Figures, Mistake
from pipeline.show import COLOURS, heading, legend, terminal, visible
from pipeline.tables import FACT_TYPES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Progress_
    from rich.table import Table

_SHOWN = 20  # rejections told one by one; the table holds them all
_EVERY = 10.0  # seconds between lines where there is no terminal to draw on
_MOST = 5
_CALLS = 25
_SHARES = ("found_p", "found_r", "found_f1", "right_p", "right_r", "right_f1")
_NAMES = {"count": "detainee count"}


def console() -> "Console":
    """Return what writes to standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def watching(screen: "Console", *, quiet: bool) -> Iterator[Watch]:
    """Give a function that shows how far a run has come; without a terminal, by a line at times."""
    if quiet:
        yield _Rejections(screen)
    elif screen.is_terminal:
        with _bar(screen) as bar:
            yield _Moving(bar, _Rejections(screen))
    else:
        screen.print("Reading; the first report waits for the model to load.")
        yield _Lines(screen, _Rejections(screen))


def told(rejected: Rejected) -> str:
    """Return a rejected source as a line for people."""
    return visible(f"Rejected ({rejected.reason}): {rejected.source}: {rejected.message}")


def print_report(extraction: Extraction) -> None:
    """Print a report with its facts marked to standard output."""
    from rich.console import Console
    from rich.text import Text

    screen = Console(highlight=False)
    screen.rule(Text(heading(extraction)), align="left")
    for part in (legend(extraction), "", terminal(extraction), ""):
        screen.print(part)


def print_explained(extraction: Extraction) -> None:
    """Print each value of a report with its rule and the words that settled it to standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    screen = Console(highlight=False)
    screen.rule(Text(heading(extraction)), align="left")
    for one in explained(extraction):
        fact = one.fact
        screen.print(Text(f"\n{fact.type} “{visible(' '.join(fact.text.split()))}” ({fact.start} to {fact.end})", style="bold"))
        table = Table.grid(padding=(0, 2), pad_edge=True)
        for name, told in rows(one, extraction.report):
            table.add_row(Text(name, style="dim"), Text(told))
        screen.print(table)
    screen.print()


def print_scores(figures: Figures) -> None:
    """Print the figures of a scoring as a table to standard output."""
    from rich.table import Table

    table = Table("type", *(f"[right]{name}" for name in ("gold", "predicted")), box=None)
    for what in ("found", "right"):
        table.add_column(f"{what} P", justify="right")
        table.add_column("R", justify="right")
        table.add_column("F1", justify="right", style="bold")
    table.add_column("right of those found")
    for kind, row in figures.items():
        counts = [str(row.get(name, "")) for name in ("gold", "predicted")]
        shares = [f"{row[name]:.3f}" if name in row else "" for name in _SHARES]
        fields = ", ".join(f"{name} {share:.2f}" for name, share in row.get("fields", {}).items())
        table.add_row(kind, *counts, *shares, fields)
    _wide().print(table)


def print_mistakes(mistakes: Sequence[Mistake], most: int) -> None:
    """Print up to *most* mistakes of each type and kind to standard output: gold against predicted, in their words."""
    from rich.text import Text

    screen = _wide()
    for (kind, what), count in sorted(Counter((one.type, one.what) for one in mistakes).items() if most else ()):
        screen.print(Text(f"\n{kind}, {what}: {count}", style=f"bold {COLOURS[kind][0]}"))
        for one in [one for one in mistakes if (one.type, one.what) == (kind, what)][:most]:
            screen.print(Text(visible(mistake_line(one))), soft_wrap=True)
            screen.print(Text(visible(f"    … {one.context} …"), style="dim"), soft_wrap=True)


def mistake_line(one: Mistake) -> str:
    """Return a mistake in a line: the words, and their values in the gold, in the prediction, or where the two differ."""
    told = one.gold or one.predicted or {}
    if one.gold and one.predicted:
        values = "; ".join(f"{n}: gold {_value(one.gold[n])}, predicted {_value(one.predicted[n])}" for n in one.fields)
    else:
        values = ", ".join(f"{name} {_value(value)}" for name, value in told.items() if name != "text")
    return f"{one.report_id}: “{' '.join(str(told['text']).split())}” {values}"


def _value(value: object) -> str:
    return "–" if value is None else str(value)


def _wide() -> "Console":
    """Return what writes to standard output; where that is no terminal, no line is broken."""
    from rich.console import Console

    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=200)


def summary_lines(summary: Summary, seconds: float) -> list[str]:
    """Return what a run found, for people."""
    read, words = _number(summary.reports, "report"), _number(summary.words, "word")
    if summary.unchanged:
        why = "neither they nor the program have changed (--force does them again)"
        lines = [f"Nothing to do: {read}, {words}, done before, and {why}"]
    else:
        before = f"; {summary.kept:,} were done before" if summary.kept else ""
        lines = [f"{read} read, {words}, in {seconds:.0f} s{before}"]
    if summary.rejected:
        lines.append(f"{summary.rejected.total():,} rejected: {_listed(summary.rejected)}")
    facts = ", ".join(_number(summary.facts[t], _NAMES.get(t, t)) for t in FACT_TYPES)
    lines.append(f"{_number(summary.facts.total(), 'fact')}: {facts}")
    for what, seen in (("Countries", _countries(summary)), ("Years", summary.years)):
        if seen:
            lines.append(f"{what} most seen: {_listed(seen)}")
    if summary.undated:
        undated, lost = _number(summary.undated, "report"), _number(summary.yearless, "date")
        lines.append(
            f"{undated} without a day of publication: {lost} there without a year, words like “yesterday” left out;"
            " name the day by --published, or in a column published"
        )
    return lines


def next_lines(out: str | Path, format: str) -> list[str]:  # noqa: A002 - the name of the option
    """Return where the tables of a run are, and what to do with them."""
    from pipeline.folders import shown
    from pipeline.tables import RUN_TABLES  # here: it takes pyarrow along, and --help needs none

    files = ", ".join(f"{name}.{format}" for name in RUN_TABLES)
    reader = {"parquet": "read_parquet('{}')", "csv": "read_csv('{}')"}
    call = reader.get(format, "read_json('{}', lines=True)").format(f"{shown(out)}/facts.{format}")
    return [f"Tables in {shown(out)}: {files}, run.json", f"Next: pandas.{call}, or {command('review', shown(out))}"]


@dataclass(frozen=True, slots=True)
class Telling:
    """How long work speaks: `say` a line, `show` a table, `step` what goes on, how much of it is done, and of how much."""

    say: Callable[[str], None]
    show: Callable[[Any], None]
    step: Callable[[str, int, int], None]


@contextmanager
def telling(screen: "Console") -> Iterator[Telling]:
    """Give what shows how far long work has come: a bar with the time left, or without a terminal a line at times."""

    def say(line: str) -> None:
        screen.print(line, markup=False)

    if not screen.is_terminal:
        yield Telling(say, screen.print, _StepLines(say))
        return
    with _step_bar(screen) as bar:
        yield Telling(say, screen.print, _StepBar(bar))


class Row(Protocol):
    """The figures of one type."""

    gold: int

    def figures(self) -> dict[str, float]:
        """Return `precision`, `recall`, `found_f1`, `right_f1`, and the share right of each attribute."""


def figures_table(before: Mapping[Any, Row] | None, after: Mapping[Any, Row]) -> "Table":
    """Return a table of what is found: precision, recall, F1; `right`, the F1 of facts with every attribute right."""
    from rich.table import Table

    table = Table(title="Found in the texts held out", box=None, padding=(0, 2, 0, 0))
    for column in ("type", "", "facts", "P", "R", "F1", "right", "attributes"):
        table.add_column(column, justify="left" if column in ("type", "", "attributes") else "right")
    for kind, row in after.items():
        if row.gold and before:
            table.add_row(kind, "before", f"{row.gold:,}", *_shares(before[kind]))
        if row.gold:
            table.add_row("" if before else kind, "after", f"{row.gold:,}", *_shares(row))
    return table


def _shares(row: Row) -> list[str]:
    figures = row.figures()
    names = ("precision", "recall", "found_f1", "right_f1")
    others = [name for name in figures if name not in (*names, "gold", "predicted")]
    return [*(f"{figures[name]:.2f}" for name in names), ", ".join(f"{name} {figures[name]:.2f}" for name in others)]


class _StepBar:
    """Moves a bar; each new task takes the place of the one before."""

    def __init__(self, bar: "Progress_") -> None:
        self._bar, self._task = bar, bar.add_task("Loading")

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self._bar.tasks[0].description:
            self._bar.reset(self._task, description=what)
        self._bar.update(self._task, completed=done, total=total)


class _StepLines:
    """Prints a line when a task begins, now and then, and when it is done."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._what = say, ""
        self._began = self._last = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != self._what or not done:
            self._what, self._began, self._last = what, now, now
            self._say(f"{what} …")
        elif done == total:
            self._say(f"{what}: done in {_span(now - self._began)}")
        elif now - self._last >= _EVERY:
            self._last = now
            self._say(f"{what}: {done:,} of {total:,}, about {_span((now - self._began) / done * (total - done))} left")


def _span(seconds: float) -> str:
    """Return a length of time for people.

    >>> _span(42.3), _span(150)
    ('42 s', '2 min')
    """
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _step_bar(screen: "Console") -> "Progress_":
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} of {task.total}"))
    return Bar(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=screen, transient=True)


class _Rejections:
    """Tells the first rejections, one a line."""

    def __init__(self, screen: "Console") -> None:
        self._screen, self._told = screen, 0

    def __call__(self, progress: Progress) -> None:
        for one in progress.rejected:
            self._told += 1
            if self._told <= _SHOWN:
                self._screen.print(told(one), markup=False)
            elif self._told == _SHOWN + 1:
                self._screen.print("More are rejected; the table of rejected sources has them all.")


class _Moving:
    """Moves the line of a terminal."""

    def __init__(self, bar: "Progress_", rejections: _Rejections) -> None:
        self._bar, self._rejections, self._began = bar, rejections, time.monotonic()
        self._task = bar.add_task("Reading; loading the model", total=None)

    def __call__(self, progress: Progress) -> None:
        self._rejections(progress)
        total = progress.words_done + progress.words_left if progress.all_read else None
        line = so_far(progress, time.monotonic() - self._began)
        self._bar.update(self._task, description=line, completed=progress.words_done, total=total)


class _Lines:
    """Prints a line now and then."""

    def __init__(self, screen: "Console", rejections: _Rejections) -> None:
        self._screen, self._rejections = screen, rejections
        self._began = self._last = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        self._rejections(progress)
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            self._screen.print(so_far(progress, now - self._began), markup=False)


def _bar(screen: "Console") -> "Progress_":
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    return Bar(*columns, console=screen, transient=True)


def so_far(progress: Progress, seconds: float) -> str:
    """Return how far a run has come after so many seconds: reports, words, words a second, time left, rejected."""
    summary, rate = progress.summary, progress.words_done / seconds if seconds else 0.0
    parts = [_number(summary.reports, "report"), _number(progress.words_done, "word"), f"{rate:,.0f} words/s"]
    if rate and progress.words_left:
        parts.append(f"{'' if progress.all_read else 'more than '}{_span(progress.words_left / rate)} left")
    parts.append(f"{summary.rejected.total():,} rejected")
    return ", ".join([*parts, f"{summary.kept:,} done before"] if summary.kept else parts)


def print_profile(screen: "Console", times: Times) -> None:
    """Print the seconds of each stage, and the calls in which the workers spent their time."""
    from rich.table import Table

    title = "Where the time went (loading and extracting: all workers together)"
    stages = Table("stage", "[right]seconds", title=title, box=None)
    for name, seconds in times.told().items():
        stages.add_row(name, f"{seconds:.1f}")
    calls = Table("[right]own seconds", "[right]with what it calls", "[right]calls", "function", title="Slowest calls", box=None)
    for own, whole, count, name in slowest(times, _CALLS):
        calls.add_row(f"{own:.2f}", f"{whole:.2f}", f"{count:,}", name)
    screen.print(stages)
    screen.print(calls)


def slowest(times: Times, most: int) -> list[tuple[float, float, int, str]]:
    """Return the calls with the most time of their own: seconds, seconds with what they call, how often, where."""
    found: dict[tuple[str, int, str], list[float]] = {}
    for profile in times.profiles:
        for place, (_, count, own, whole, _) in profile.items():
            one = found.setdefault(place, [0.0, 0.0, 0.0])
            one[:] = one[0] + own, one[1] + whole, one[2] + count
    ordered = sorted(found.items(), key=lambda item: -item[1][0])[:most]
    return [(own, whole, int(count), _place(place)) for place, (own, whole, count) in ordered]


def _place(place: tuple[str, int, str]) -> str:
    """Return where a function stands, for people.

    >>> _place(("/x/pipeline/components/dates.py", 12, "read")), _place(("~", 0, "<method 'run' of 'X'>"))
    ('components/dates.py:12 read', "<method 'run' of 'X'>")
    """
    file, line, name = place
    return name if file == "~" else f"{'/'.join(Path(file).parts[-2:])}:{line} {name}"


def _countries(summary: Summary) -> Counter[str]:
    return Counter({_country(c): n for c, n in summary.countries.most_common(_MOST)})


def _country(code: str) -> str:
    """Return the name of an ISO 3166-1 country, or the code itself where ISO has no name (XK)."""
    import pycountry

    found = pycountry.countries.get(alpha_2=code)
    return getattr(found, "common_name", found.name) if found else code


def _listed(seen: Counter[str]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in seen.most_common(_MOST))


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
