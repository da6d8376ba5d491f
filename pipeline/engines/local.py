"""The work in this process, or in several processes of this machine: as many as it has cores."""

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from pipeline.engines.work import Chunk, Done, Engine, T, Work
from pipeline.errors import CasefactsError

_SMALL = 300_000  # characters: to load the model in each of several processes takes longer than to read so much
_AHEAD = 64_000_000  # characters read ahead of the work, so that one knows how much there is to do
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_TRIES = 2  # times that a process may die over a report alone: the first may have been ended for another's memory


def cores() -> int:
    """Return how many processors this process may use: of a container, what it is given, not what its machine has."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(own, allowed(_QUOTA.read_text(encoding="ascii")) or own) if _QUOTA.is_file() else own


def allowed(quota: str) -> int | None:
    """Return the processors of a control group's file `cpu.max`, at least one; None if they are not limited.

    >>> allowed("max 100000"), allowed("250000 100000"), allowed("50000 100000")
    (None, 2, 1)
    """
    most, period = quota.split()
    return None if most == "max" else max(1, int(most) // int(period))


def local(workers: int | None) -> Engine:
    """Return the engine of this machine. Without a number of *workers*, as many as cores; a small job needs one."""

    def run(work: Work[T], chunks: Iterable[Chunk], *, ordered: bool = False) -> Iterator[Done[T]]:
        if workers is not None:
            yield from processes(workers)(work, chunks, ordered=ordered)
            return
        rest = iter(chunks)
        first: list[Chunk] = []
        size = 0
        for chunk in rest:
            first.append(chunk)
            size += _size(chunk)
            if size > _SMALL:
                yield from processes(cores())(work, chain(first, rest), ordered=ordered)
                return
        yield from inline(work, first)

    return run


def inline(work: Work[T], chunks: Iterable[Chunk], *, ordered: bool = True) -> Iterator[Done[T]]:
    """Do the work in this process, in order."""
    loaded = False
    for chunk in chunks:
        if not loaded:
            work.load()
            loaded = True
        yield replace(work(chunk), chunk=chunk)


def processes(workers: int) -> Engine:
    """Return the engine that works in *workers* processes; one that dies costs no more than the report that it died over."""

    def run(work: Work[T], chunks: Iterable[Chunk], *, ordered: bool = False) -> Iterator[Done[T]]:
        work.once()
        with _one_thread_each():
            pool = _Pool(work, chunks, workers, ordered=ordered)
            try:
                yield from pool.run()
            finally:
                pool.close()

    return run


@dataclass(slots=True, eq=False)
class _Piece:
    """A chunk on its way: a process that dies over one of several reports leaves pieces of one report each."""

    chunk: Chunk
    tries: int = 0
    done: Done[Any] | None = None


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with a pipe of its own: which chunk it died over is never in doubt."""

    process: BaseProcess
    pipe: "Connection[Any, Any]"
    ready: bool = False
    piece: _Piece | None = None


class _Reader:
    """Reads ahead while the processes work, in a thread: to wait for a long document must keep no process waiting."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.bell, self._ring = connection.Pipe(duplex=False)
        self.ended = False
        self._error: BaseException | None = None
        self._chunks, self._read = chunks, deque[Chunk]()
        self._size, self._room = 0, threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True, name="casefacts reader")
        self._thread.start()

    def take(self) -> Chunk | None:
        """Return the next chunk that has been read; raise what ended the reading."""
        with self._room:
            if self._read:
                chunk = self._read.popleft()
                self._size -= _size(chunk)
                self._room.notify()
                return chunk
        if self.ended and self._error:
            raise self._error
        return None

    def close(self) -> None:
        """Stop reading, after what is just being read."""
        with self._room:
            self.ended, self._size = True, 0
            self._room.notify()

    def _run(self) -> None:
        try:
            for chunk in self._chunks:
                with self._room:
                    self._room.wait_for(lambda: self._size < _AHEAD)
                    if self.ended:
                        return
                    self._read.append(chunk)
                    self._size += _size(chunk)
                self._ring.send_bytes(b".")
        except BaseException as error:  # noqa: BLE001 - raised where the chunks are taken
            self._error = error
        finally:
            self.ended = True
            with suppress(OSError):  # the other end is closed when the run is broken off
                self._ring.send_bytes(b".")


class _Pool:
    def __init__(self, work: Work[Any], chunks: Iterable[Chunk], workers: int, *, ordered: bool) -> None:
        self._work, self._most, self._ordered = work, workers, ordered
        self._context = get_context("spawn")  # a fork would copy locks that threads of libraries hold
        self._workers: list[_Worker] = []
        self._again: deque[_Piece] = deque()
        self._open: dict[int, _Piece] = {}  # in their order
        self._reader = _Reader(chunks)

    def run(self) -> Iterator[Done[Any]]:
        """Yield the chunks as they are done."""
        while True:
            ended = self._reader.ended
            self._hand_out()
            if ended and not self._open:
                return
            heard = connection.wait([self._reader.bell, *(w.pipe for w in self._workers if w.piece or not w.ready)])
            for pipe in heard:
                if pipe is self._reader.bell:
                    self._reader.bell.recv_bytes()
                else:
                    self._hear(next(worker for worker in self._workers if worker.pipe is pipe))
            yield from self._finished()

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._reader.close()
        for worker in self._workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def _hand_out(self) -> None:
        """Give every free process a chunk, and start those that are missing."""
        while self._room_for_more() and (piece := self._next()):
            worker = next((worker for worker in self._workers if worker.piece is None), None) or self._start()
            worker.piece = piece
            if worker.ready:
                self._send(worker)

    def _room_for_more(self) -> bool:
        """Say whether a process is free; where order is kept, also whether too much waits for what comes before it."""
        held = self._ordered and len(self._open) > 8 * self._most and not self._again
        return not held and (len(self._workers) < self._most or any(worker.piece is None for worker in self._workers))

    def _next(self) -> _Piece | None:
        if self._again:
            return self._again.popleft()
        chunk = self._reader.take()
        if chunk is None:
            return None
        piece = _Piece(chunk)
        self._open[id(piece)] = piece
        return piece

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._work), daemon=True, name="casefacts worker")
        with _deaf():
            process.start()
        theirs.close()  # else its end would not be seen when it dies
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _send(self, worker: _Worker) -> None:
        assert worker.piece is not None
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died: its pipe will say so
            worker.pipe.send(worker.piece.chunk)

    def _hear(self, worker: _Worker) -> None:
        """Take what a process has to say: that it is ready, what it found, what went wrong; or, silent, that it is dead."""
        try:
            told = worker.pipe.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if isinstance(told, BaseException):
            raise told
        if isinstance(told, Done) and worker.piece:
            worker.piece.done = replace(told, chunk=worker.piece.chunk)
            worker.piece = None
        else:
            worker.ready = True
            if worker.piece:
                self._send(worker)

    def _bury(self, worker: _Worker) -> None:
        """Do the chunk of a dead process again, report by report; a report that kills every time is lost."""
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        end = _end(worker.process.exitcode)
        if not worker.ready:
            raise CasefactsError(f"a worker ended while it loaded the model ({end}); try again with fewer --workers")
        piece = worker.piece
        if piece is None:
            return
        piece.tries += 1
        if len(piece.chunk) > 1:
            pieces = [_Piece([task]) for task in piece.chunk]
            self._again.extend(pieces)
            parts = {id(one): one for one in pieces}
            self._open = {k: v for n, one in self._open.items() for k, v in (parts if one is piece else {n: one}).items()}
        elif piece.tries < _TRIES:
            self._again.append(piece)
        else:
            piece.done = Done(chunk=piece.chunk, found=None, lost=end)

    def _finished(self) -> Iterator[Done[Any]]:
        """Yield what is done; in order, what has nothing before it that is not."""
        for piece in list(self._open.values()):
            if piece.done:
                del self._open[id(piece)]
                yield piece.done
            elif self._ordered:
                return


def _serve(pipe: "Connection[Any, Any]", work: Work[Any]) -> None:
    """Be a process that works: load the model once, then a chunk at a time, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # also if it was not started deaf
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            work.load()
            pipe.send(None)
            while True:
                pipe.send(work(pipe.recv()))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
            pipe.send(_portable(error))


def _portable(error: Exception) -> Exception:
    """Return an exception that survives the way to the parent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - an exception may refuse to be copied in any way
        return CasefactsError(f"{type(error).__name__}: {error}")
    return error


def _leave_with_parent() -> None:
    """End this process when its parent has been killed: nobody waits for what it does."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _size(chunk: Chunk) -> int:
    return sum(len(task.report.text) for task in chunk)


def _end(code: int | None) -> str:
    """Return how a process ended, for people.

    >>> _end(-9), _end(3)
    ('killed by SIGKILL, as for want of memory', 'exit code 3')
    """
    if code is not None and code < 0:
        with suppress(ValueError):
            name = signal.Signals(-code).name
            return f"killed by {name}, as for want of memory" if name == "SIGKILL" else f"killed by {name}"
    return f"exit code {code}"


@contextmanager
def _deaf() -> Iterator[None]:
    """Have a process that is started here not hear Ctrl-C: its parent does, and ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's business
        return
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Keep the libraries of each process to one thread: the processes share the cores."""
    former = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
