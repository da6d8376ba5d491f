"""A real Ray runtime of two workers on this machine: the same tables as without it."""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.batch import Reading, Running, run
from pipeline.engines.local import inline
from pipeline.engines.work import Engine, Extract, Task, Work, items
from pipeline.schema import Report
from tests import dying, stand_in
from tests.stand_in import TEXT

ray = pytest.importorskip("ray", reason="Ray is not installed: casefacts[ray]")

ROOT = Path(__file__).parents[2]
NOW = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    from pipeline.engines.on_ray import ray_engine

    former = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), former)))
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    yield ray_engine(2)
    ray.shutdown()
    os.environ["PYTHONPATH"] = former


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(70):
        (folder / f"{n:02}.txt").write_text("EXPLODE" if n == 21 else f"{TEXT} It was number {n}.", encoding="utf-8")
    (folder / "70.txt").touch()
    return folder


def ran(archive: Path, out: Path, engine: Engine, extract: Extract = stand_in.extract) -> dict[str, bytes]:
    reading, running = Reading(duplicates=True, published=NOW.date()), Running(engine=engine, seconds=0.0)
    run([archive], out, extract=extract, clock=lambda: NOW, reading=reading, running=running)
    return {path.name: path.read_bytes() for path in out.glob("*.parquet")}


def test_the_same_tables_as_on_this_machine(archive: Path, tmp_path: Path, engine: Engine) -> None:
    assert ran(archive, tmp_path / "ray", engine) == ran(archive, tmp_path / "local", inline)


def test_a_report_that_kills_its_process_is_rejected_alone(archive: Path, tmp_path: Path, engine: Engine) -> None:
    (archive / "33.txt").write_text("KILL", encoding="utf-8")
    (archive / "50.txt").write_text("KILL", encoding="utf-8")
    ran(archive, tmp_path / "out", engine, dying.extract)
    told = (tmp_path / "out/run.json").read_text(encoding="utf-8")
    assert '"reports": 67' in told
    assert '"failed": 3' in told


def test_an_interrupted_run_goes_on(archive: Path, tmp_path: Path, engine: Engine) -> None:
    chunks = [[Task(b"%d" % n, Report(id=str(n), text=TEXT))] for n in range(20)]
    broken = engine(Work(stand_in.extract, items), chunks, ordered=True)
    assert [task.report.id for task in next(broken).chunk] == ["0"]
    broken.close()  # type: ignore[attr-defined]
    again = list(engine(Work(stand_in.extract, items), chunks, ordered=True))
    assert [task.report.id for done in again for task in done.chunk] == [str(n) for n in range(20)]
