"""Several processes: the same results as one, in order where asked, and a process that dies costs one report."""

import os
import signal
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from pipeline.engines import local
from pipeline.engines.local import processes
from pipeline.engines.work import Chunk, Done, Task, Work, items
from pipeline.errors import CasefactsError
from pipeline.schema import Extraction, Report
from tests import dying, stand_in
from tests.stand_in import TEXT


def chunks(*texts: str, size: int = 3) -> list[Chunk]:
    tasks = [Task(b"%d" % n, Report(id=str(n), text=text)) for n, text in enumerate(texts)]
    return [tasks[start : start + size] for start in range(0, len(tasks), size)]


def told(done: list[Done[list[Extraction]]]) -> list[str]:
    """Return what was found in their order: the id of a report, or how the process that had it was lost."""
    return [name for one in done for name in ([one.lost or ""] if one.found is None else [x.report.id for x in one.found])]


def test_in_order_as_one_process_does() -> None:
    work = Work(stand_in.extract, items)
    several = list(processes(2)(work, chunks(*[TEXT] * 20), ordered=True))
    one = list(local.inline(work, chunks(*[TEXT] * 20)))
    assert [done.found for done in several] == [done.found for done in one]
    assert [done.chunk for done in several] == [done.chunk for done in one]


@pytest.mark.parametrize(
    ("word", "end"),
    [
        pytest.param("KILL", "killed by SIGKILL, as for want of memory", id="killed"),
        pytest.param("EXIT", "exit code 7", id="a fault"),
    ],
)
def test_a_report_that_ends_its_process_is_lost_alone(word: str, end: str) -> None:
    texts = [TEXT, TEXT, word, TEXT, word, TEXT, TEXT]
    done = list(processes(2)(Work(dying.extract, items), chunks(*texts), ordered=True))
    assert told(done) == ["0", "1", end, "3", end, "5", "6"]


def test_a_process_ended_for_another_s_fault_costs_nothing(tmp_path: Path) -> None:
    done = list(processes(1)(Work(dying.extract, items), chunks(f"ONCE {tmp_path / 'mark'}", TEXT, size=1), ordered=True))
    assert told(done) == ["0", "1"]


def test_a_model_that_cannot_be_loaded_ends_the_run() -> None:
    with pytest.raises(CasefactsError, match="while it loaded the model \\(exit code 3\\)"):
        list(processes(2)(Work(dying.Unloadable(), items), chunks(TEXT)))


def test_an_error_of_reading_is_raised_where_the_chunks_are_asked_for() -> None:
    def broken() -> Iterator[Chunk]:
        yield from chunks(TEXT)
        raise CasefactsError("boom")

    with pytest.raises(CasefactsError, match="boom"):
        list(processes(1)(Work(stand_in.extract, items), broken()))


def test_a_run_that_is_left_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    running = processes(2)(Work(stand_in.extract, items), chunks(*[TEXT] * 20, size=1))
    next(iter(running))
    running.close()  # type: ignore[attr-defined]
    assert not active_children()


@pytest.mark.parametrize(
    ("characters", "workers"), [pytest.param(10, None, id="a small job"), pytest.param(200_000, 2, id="a large one")]
)
def test_how_many_processes(characters: int, workers: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(number: int) -> local.Engine:
        asked.append(number)
        return local.inline

    monkeypatch.setattr(local, "processes", counted)
    monkeypatch.setattr(local, "cores", lambda: 2)
    list(local.local(None)(Work(stand_in.extract, items), chunks("x" * characters, "y" * characters, size=1)))
    assert asked == ([] if workers is None else [workers])


def test_one_thread_for_each_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    engine = processes(1)(Work(stand_in.extract, items), chunks(TEXT, TEXT, size=1))
    next(iter(engine))
    assert os.environ["OMP_NUM_THREADS"] == "1"
    list(engine)
    assert os.environ["OMP_NUM_THREADS"] == "4"
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
