"""The work on a Ray cluster, by Ray Data: chunks go out as Arrow batches, to actors that load the model once each.

The archive is read where the command was started, as on one machine, and what was found comes back there: the order, the
parts and the tables are the same. An actor works through a process of its own, so that what dies is not the actor.
"""

import logging
import os
import pickle
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue
from typing import Any

import pyarrow as pa

from pipeline.engines.local import cores, processes
from pipeline.engines.work import Chunk, Done, Engine, T, Task, Work
from pipeline.errors import CasefactsError
from pipeline.invocation import install
from pipeline.schema import Report

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # before Ray is loaded: it would tell its makers of every run
try:
    import ray
    from ray.data import ActorPoolStrategy, DataContext, Datasource, read_datasource
    from ray.data.block import BlockMetadata
    from ray.data.datasource import ReadTask
    from ray.util.queue import Queue
except ImportError as error:
    raise CasefactsError(f"Ray is not installed ({error}): {install('ray')}") from error

_UNDER_WAY = 4  # chunks for each worker: enough that none waits
_FIELDS: dict[str, Any] = {"chunk": pa.int64(), "keys": pa.list_(pa.binary()), "reports": pa.list_(pa.large_string())}
_FOUND: dict[str, Any] = {"chunk": pa.int64(), "done": pa.large_binary()}


def ray_engine(workers: int | None) -> Engine:
    """Return the engine of the Ray cluster that this machine belongs to, or, if to none, of one that is started here.

    *workers* actors work at once; without a number, as many as the cluster has processors.
    """

    def run(work: Work[T], chunks: Iterable[Chunk], *, ordered: bool = False) -> Iterator[Done[T]]:
        _connect(workers)
        number = workers or int(ray.cluster_resources().get("CPU", 1))
        _quiet(ordered=ordered)
        feed = _Feed(chunks, _UNDER_WAY * number)
        found = read_datasource(_Chunks(feed.queue), override_num_blocks=1, num_cpus=0).map_batches(
            _Actor,
            fn_constructor_args=(work,),
            batch_size=None,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=number, max_tasks_in_flight_per_actor=2),
            num_cpus=1,
        )
        try:
            for batch in found.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
                for row in batch.to_pylist():
                    yield from feed.done(row["chunk"], pickle.loads(row["done"]))  # noqa: S301 - our own actors' bytes
            feed.check()
        finally:
            feed.close()

    return run


def _connect(workers: int | None) -> None:
    """Join the cluster of this machine, or start one on it."""
    if ray.is_initialized():
        return
    try:
        ray.init(address="auto", logging_level=logging.ERROR, log_to_driver=False)
    except ConnectionError:
        number = workers or cores()
        ray.init(address="local", num_cpus=number, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)


def _quiet(*, ordered: bool) -> None:
    """Have Ray Data hand on each chunk as it is, and say nothing: the run tells how far it is."""
    context = DataContext.get_current()
    context.target_max_block_size = 1  # byte: a block is a row, and a row is a chunk
    context.enable_progress_bars = False
    context.execution_options.preserve_order = ordered
    context.execution_options.verbose_progress = False


class _Feed:
    """Hands the chunks to Ray as they are read, in a thread, and knows which are under way."""

    def __init__(self, chunks: Iterable[Chunk], most: int) -> None:
        self.queue: Any = Queue(actor_options={"num_cpus": 0})
        self._chunks, self._most = chunks, most
        self._open: dict[int, dict[bytes, Task]] = {}
        self._room = threading.Condition()
        self._ended = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="casefacts reader")
        self._thread.start()

    def done(self, number: int, found: list[tuple[list[bytes], Done[Any]]]) -> Iterator[Done[Any]]:
        """Yield what an actor made of a chunk, with the reports that it was made of."""
        with self._room:
            tasks = self._open.pop(number)
            self._room.notify()
        for keys, done in found:
            yield replace(done, chunk=[tasks[key] for key in keys])

    def check(self) -> None:
        """Raise what ended the reading."""
        if self._error:
            raise self._error

    def close(self) -> None:
        """Stop reading, after what is just being read."""
        with self._room:
            self._ended = True
            self._room.notify()
        self._thread.join(timeout=5)
        with suppress(Exception):  # the cluster may be gone, which is why we stop
            self.queue.shutdown(force=True)

    def _run(self) -> None:
        try:
            for number, chunk in enumerate(self._chunks):
                with self._room:
                    self._room.wait_for(lambda: self._ended or len(self._open) < self._most)
                    if self._ended:
                        return
                    self._open[number] = {task.key: task for task in chunk}
                self.queue.put(_packed(number, chunk))
        except BaseException as error:  # noqa: BLE001 - raised where the results are taken
            self._error = error
        finally:
            with suppress(Exception):  # the cluster may be gone
                self.queue.put(None)


class _Chunks(Datasource):  # type: ignore[misc, unused-ignore]
    """The chunks as Ray Data reads them: one task that goes on for as long as there are more."""

    def __init__(self, queue: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._queue = queue

    def estimate_inmemory_data_size(self) -> int | None:
        """Return None: nobody knows yet."""
        return None

    def get_read_tasks(self, *_: Any, **__: Any) -> list[Any]:
        """Return the one task."""
        queue = self._queue

        def read() -> Iterator[pa.Table]:
            while (chunk := queue.get()) is not None:
                yield chunk

        return [ReadTask(read, BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None))]


class _Actor:
    """A worker of the cluster: a process of its own loads the model once; if it dies, another takes its place."""

    def __init__(self, work: Work[Any]) -> None:
        self._chunks: SimpleQueue[Chunk] = SimpleQueue()
        self._results = processes(1)(work, iter(self._chunks.get, None))

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Do the chunks of a batch."""
        rows = [{"chunk": row["chunk"], "done": pickle.dumps(self._done(_unpacked(row)))} for row in batch.to_pylist()]
        return pa.Table.from_pylist(rows, schema=pa.schema(_FOUND))

    def _done(self, chunk: Chunk) -> list[tuple[list[bytes], Done[Any]]]:
        """Return what was made of the pieces of a chunk, each with the keys of its reports: their texts need not travel back."""
        self._chunks.put(chunk)
        found: list[tuple[list[bytes], Done[Any]]] = []
        while sum(len(keys) for keys, _ in found) < len(chunk):
            done = next(self._results)
            found.append(([task.key for task in done.chunk], replace(done, chunk=[])))
        return found


def _packed(number: int, chunk: Chunk) -> pa.Table:
    """Return a chunk as an Arrow batch of one row."""
    reports = [task.report.model_dump_json() for task in chunk]
    row = {"chunk": number, "keys": [task.key for task in chunk], "reports": reports}
    return pa.Table.from_pylist([row], schema=pa.schema(_FIELDS))


def _unpacked(row: dict[str, Any]) -> Chunk:
    pairs = zip(row["keys"], row["reports"], strict=True)
    return [Task(key, Report.model_validate_json(report)) for key, report in pairs]
