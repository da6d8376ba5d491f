"""A run that is broken off goes on, and one over an archive that has grown does what is new: with real kills of real processes."""

import datetime
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.batch import Reading, Running, Summary, Times, run
from pipeline.engines.local import inline, processes
from pipeline.engines.work import Engine
from pipeline.errors import CasefactsError
from pipeline.schema import Extraction, Report
from tests import dying
from tests.recorded import Recorded
from tests.stand_in import TEXT
from tests.stand_in import extract as stand_in

READING = Reading(duplicates=True, published=datetime.date(2017, 10, 3))
NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
ROOT = Path(__file__).parents[1]

Extracting = Callable[[Iterable[Report]], Iterator[Extraction]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Sixty reports, one of which no extraction survives, an empty one, and a table of thirty."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n:02}.txt").write_text("EXPLODE" if n == 21 else f"{TEXT} It was number {n}.", encoding="utf-8")
    (folder / "60.txt").touch()
    write_table(folder, 30)
    return folder


def write_table(folder: Path, rows: int) -> None:
    lines = (json.dumps({"id": f"row-{n}", "text": f"{TEXT} So says row {n}."}) + "\n" for n in range(rows))
    (folder / "table.jsonl").write_text("".join(lines), encoding="utf-8")


def ran(
    archive: Path, out: Path, extract: Extracting = stand_in, *, engine: Engine = inline, force: bool = False, rules: str = "1"
) -> Summary:
    running = Running(engine=engine, force=force, seconds=0.0)
    return run(
        [archive], out, extract=extract, clock=lambda: NOW, reading=READING, running=running, about=lambda: {"rules": rules}
    )


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob("*.parquet")}


def fresh(archive: Path) -> dict[str, bytes]:
    """Return the tables of a run that nothing came before."""
    out = archive.parent / "fresh"
    shutil.rmtree(out, ignore_errors=True)
    ran(archive, out)
    return tables(out)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "notes")


def test_a_second_run_has_nothing_to_do(archive: Path, tmp_path: Path, recorded: Recorded) -> None:
    first = ran(archive, tmp_path / "out", recorded)
    before = tables(tmp_path / "out"), (tmp_path / "out/run.json").read_bytes()
    recorded.ids()
    second = ran(archive, tmp_path / "out", recorded)
    assert (tables(tmp_path / "out"), (tmp_path / "out/run.json").read_bytes()) == before
    assert recorded.ids() == []
    assert second.unchanged
    assert (second.counts(), second.kept, first.kept) == (first.counts(), first.reports, 0)


def grow(archive: Path) -> list[str]:
    (archive / "05a.txt").write_text(f"{TEXT} New.", encoding="utf-8")
    return ["05a.txt"]


def grow_table(archive: Path) -> list[str]:
    write_table(archive, 32)
    return ["row-30", "row-31"]


def change(archive: Path) -> list[str]:
    (archive / "07.txt").write_text(f"{TEXT} Changed.", encoding="utf-8")
    return ["07.txt"]


def remove(archive: Path) -> list[str]:
    (archive / "07.txt").unlink()
    return []


def move(archive: Path) -> list[str]:
    (archive / "07.txt").rename(archive / "99.txt")
    return ["99.txt"]


@pytest.mark.parametrize("alter", [grow, grow_table, change, remove, move], ids=lambda alter: alter.__name__)
def test_only_what_is_new_or_changed_is_done(
    archive: Path, tmp_path: Path, recorded: Recorded, alter: Callable[[Path], list[str]]
) -> None:
    ran(archive, tmp_path / "out", recorded)
    recorded.ids()
    new = alter(archive)
    summary = ran(archive, tmp_path / "out", recorded)
    assert recorded.ids() == new
    assert not summary.unchanged
    assert tables(tmp_path / "out") == fresh(archive)


@pytest.mark.parametrize(("force", "rules"), [pytest.param(True, "1", id="force"), pytest.param(False, "2", id="other rules")])
def test_all_is_done_again(archive: Path, tmp_path: Path, recorded: Recorded, force: bool, rules: str) -> None:
    ran(archive, tmp_path / "out", recorded)
    first = recorded.ids()
    ran(archive, tmp_path / "out", recorded, force=force, rules=rules)
    assert recorded.ids() == first
    assert len(list((tmp_path / "out/.casefacts").glob("*/"))) == 1  # the parts of the other rules are gone


def test_tables_that_were_taken_away_are_made_again(archive: Path, tmp_path: Path, recorded: Recorded) -> None:
    ran(archive, tmp_path / "out", recorded)
    before = tables(tmp_path / "out")
    recorded.ids()
    (tmp_path / "out/claims.parquet").unlink()
    ran(archive, tmp_path / "out", recorded)
    assert (tables(tmp_path / "out"), recorded.ids()) == (before, [])


def test_a_part_that_is_damaged_is_done_again(archive: Path, tmp_path: Path, recorded: Recorded) -> None:
    ran(archive, tmp_path / "out", recorded)
    recorded.ids()
    damaged = sorted((tmp_path / "out/.casefacts").glob("*/*.parquet"))[1]
    damaged.write_bytes(damaged.read_bytes()[:100])
    grow(archive)
    ran(archive, tmp_path / "out", recorded)
    assert len(set(recorded.ids())) == 17  # a group of 16 and the new one
    assert tables(tmp_path / "out") == fresh(archive)


def test_an_interrupt_loses_nothing_that_is_done(archive: Path, tmp_path: Path, recorded: Recorded) -> None:
    def interrupted(reports: Iterable[Report]) -> Iterator[Extraction]:
        for report in reports:
            if report.id == "40.txt":
                raise KeyboardInterrupt
            yield from recorded([report])

    with pytest.raises(KeyboardInterrupt):
        ran(archive, tmp_path / "out", interrupted)
    first = recorded.ids()
    assert not tables(tmp_path / "out")
    summary = ran(archive, tmp_path / "out", recorded)
    assert summary.kept == 32  # two groups of 16
    assert set(recorded.ids()).isdisjoint(first[:32])
    assert tables(tmp_path / "out") == fresh(archive)


def test_two_runs_do_not_write_to_one_folder(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out/.casefacts").mkdir(parents=True)
    with FileLock(tmp_path / "out/.casefacts/lock"), pytest.raises(CasefactsError, match="another run is writing there"):
        ran(archive, tmp_path / "out")


def test_two_workers_give_the_tables_of_one(archive: Path, tmp_path: Path) -> None:
    ran(archive, tmp_path / "out", engine=processes(2))
    assert tables(tmp_path / "out") == fresh(archive)


def test_a_report_that_kills_its_worker_is_rejected_and_tried_again(archive: Path, tmp_path: Path) -> None:
    (archive / "33.txt").write_text("KILL", encoding="utf-8")
    summary = ran(archive, tmp_path / "out", dying.extract, engine=processes(2))
    assert (summary.reports, summary.rejected) == (88, {"failed": 2, "empty": 1})
    again = ran(archive, tmp_path / "out", stand_in, engine=processes(2))
    assert (again.kept, again.reports, again.rejected) == (89, 89, {"failed": 1, "empty": 1})
    assert tables(tmp_path / "out") == fresh(archive)


forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork server")


def begun(what: Callable[[], object]) -> "object":
    """Start a process that does *what*."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.test_resume"])
    process = context.Process(target=what)
    process.start()
    return process


def fast(archive: Path, out: Path) -> None:
    ran(archive, out, Recorded(out.parent / "notes", 0.01))


def parallel(archive: Path, out: Path) -> None:
    ran(archive, out, Recorded(out.parent / "notes", 0.05), engine=processes(2))


@forking
@pytest.mark.parametrize(
    ("work", "kills", "longest"),
    [pytest.param(fast, 20, 0.25, id="one process"), pytest.param(parallel, 4, 4.0, id="two workers")],
)
def test_killed_at_random_moments(
    archive: Path, tmp_path: Path, work: Callable[[Path, Path], None], kills: int, longest: float
) -> None:
    moments = random.Random(work.__name__)
    out, ended = tmp_path / "out", []
    for _ in range(kills):
        process = begun(partial(work, archive, out))
        time.sleep(moments.uniform(0.01, longest))
        process.kill()
        process.join()
        ended.append(process.exitcode)
        assert not tables(out) or tables(out) == fresh(archive)  # whole or not at all
    assert -signal.SIGKILL in ended
    work(archive, out)
    assert tables(out) == fresh(archive)
    assert [path.name for path in out.glob(".*")] == [".casefacts"]


def killed_at(archive: Path, out: Path, moment: int) -> None:
    """Run, but die of SIGKILL before the *moment*th time that a file takes its place."""
    moments, replace = count(), Path.replace

    def replacing(path: Path, target: Path) -> Path:
        if next(moments) == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(path, target)

    Path.replace = replacing  # type: ignore[method-assign] - this process is about to end
    ran(archive, out)


@forking
def test_killed_at_each_moment_at_which_a_file_takes_its_place(archive: Path, tmp_path: Path) -> None:
    wanted = fresh(archive)
    for moment in range(99):
        out = tmp_path / f"out-{moment}"
        process = begun(partial(killed_at, archive, out, moment))
        process.join()
        if process.exitcode == 0:
            break
        ran(archive, out)
        assert tables(out) == wanted
    assert moment == 14  # six parts, the tables together, six tables, the manifest


def with_small_files(archive: Path, out: Path) -> None:
    """Run where no file may have more than 12 KB, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, resource.RLIM_INFINITY))
    try:
        ran(archive, out)
    except CasefactsError as error:
        (out.parent / "said").write_text(str(error), encoding="utf-8")


@forking
def test_a_file_that_cannot_be_written(archive: Path, tmp_path: Path) -> None:
    process = begun(partial(with_small_files, archive, tmp_path / "out"))
    process.join()
    assert "what is done is kept: make room, and start it again" in (tmp_path / "said").read_text(encoding="utf-8")
    assert not tables(tmp_path / "out")
    ran(archive, tmp_path / "out")
    assert tables(tmp_path / "out") == fresh(archive)


def test_a_full_disk(archive: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.decode().strip()}")
    try:
        with pytest.raises(CasefactsError, match="No space left on device"):
            ran(archive, disk / "out")
        kept = len(list((disk / "out/.casefacts").glob("*/*.parquet")))
        assert kept
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        summary = ran(archive, disk / "out")
        assert summary.kept >= 16 * (kept - 1)
        assert tables(disk / "out") == fresh(archive)
    finally:
        subprocess.run(["umount", disk], check=True)


_COMMAND = """
from pathlib import Path
from pipeline import cli
from tests.recorded import Recorded
cli._extractor = lambda _: Recorded(Path("notes"), 0.2)
cli._about = lambda _: {}
cli.app()
"""


@pytest.mark.parametrize(("how", "workers"), [(signal.SIGINT, "1"), (signal.SIGTERM, "2")], ids=["Ctrl-C", "ended by the system"])
def test_the_command_says_how_to_go_on(archive: Path, tmp_path: Path, how: signal.Signals, workers: str) -> None:
    command = [sys.executable, "-c", _COMMAND, "extract", str(archive), "-o", "out", "--workers", workers]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "notes").exists():
        time.sleep(0.05)
        assert process.poll() is None
    time.sleep(4)
    process.send_signal(how)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "casefacts: stopped. What is done is kept in out: the same command goes on from there." in said
    assert "Traceback" not in said


def test_where_the_time_went(archive: Path, tmp_path: Path) -> None:
    times = Times()
    running = Running(seconds=0.0, profile=True, about={"engine": "local", "workers": 1})
    run([archive], tmp_path / "out", extract=stand_in, clock=lambda: NOW, reading=READING, running=running, times=times)
    told = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert set(told["times"]) == {"reading", "loading", "extracting", "keeping", "assembling"}
    assert (told["engine"], told["workers"], told["kept"]) == ("local", 1, 0)
    assert all(seconds > 0 for name, seconds in told["times"].items() if name != "loading")
    assert told["peak_memory"] > 10_000_000
    assert any(name == "extract" for profile in times.profiles for _, _, name in profile)
