"""An archive from end to end: read, extract, write; one bad report never ends the run, and one broken off goes on."""

import dataclasses
import datetime
import hashlib
import json
import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TextIO, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock, Timeout

from pipeline.engines.local import inline
from pipeline.engines.work import Chunk, Done, Engine, Extract, Item, Task, Work, extracted, failed, items
from pipeline.errors import CasefactsError
from pipeline.fingerprint import program
from pipeline.folders import Folder, is_address, shown
from pipeline.parts import HIDDEN, Journal, key, part, part_schema, unpacked
from pipeline.readers import Limits, read
from pipeline.readers.sources import Source, expand
from pipeline.schema import Extraction, Rejected, Report
from pipeline.summary import Progress, Summary, Times, Watch
from pipeline.tables import words
from pipeline.writers import MANIFEST, Format, TableWriter, finish, former, refuse, refuse_file, tables, write_line

__all__ = ["Extract", "Progress", "Reading", "Running", "Summary", "Times", "Watch", "results", "run", "stream"]

T = TypeVar("T")
_LOCK = "lock"
_GROUP = 16  # reports that go through the model together
_GROUP_CHARACTERS = 60_000  # and their size: a long report goes alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a run reads: the options of `readers.read`."""

    text_column: str = "text"
    published: datetime.date | None = None
    duplicates: bool = False
    ocr: bool = False
    timeout: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """How a run works: by which engine, `force` for everything anew, a part every so many `seconds`, `profile` for all calls.

    `about` is what the manifest tells of it.
    """

    engine: Engine = inline
    force: bool = False
    seconds: float = 10.0
    profile: bool = False
    about: Mapping[str, Any] = dataclasses.field(default_factory=lambda: {"engine": "local", "workers": 1})


def run(
    sources: Sequence[str | Path],
    out: str | Path,
    *,
    extract: Extract,
    clock: Callable[[], datetime.datetime],
    format: Format = "parquet",  # noqa: A002 - the name of the option
    reading: Reading = Reading(),
    running: Running = Running(),
    about: Callable[[], Mapping[str, Any]] = dict,
    watch: Watch | None = None,
    times: Times | None = None,
) -> Summary:
    """Write the tables of *sources* and `run.json` to the folder *out*, whole or not at all.

    *extract* turns reports into extractions, in order; *about* tells of the program (versions, hashes); *watch* is called
    as the run goes on, and *times* filled. A CasefactsError or ImportError of *extract* ends the run; any other exception
    rejects the report that raised it (reason "failed"), and so does the end of the process that worked on it.

    What is done is kept in parts in a hidden folder of *out*. A run that was broken off goes on from there when it is
    started again, a grown archive costs what is new in it, and one that is as it was costs nothing.
    """
    told, times, started = dict(about()), times or Times(), clock()
    with _place(out) as (place, hidden):
        refuse(place, format)
        made_by = program(told, str(part_schema()))
        stamp = _stamp(sources, place, reading, [made_by, _plain(reading), format])
        if stamp and not running.force and (done := _unchanged(place, stamp)):
            return done
        if running.force:
            hidden.remove(made_by)
        journal = Journal(hidden.inside(made_by), seconds=running.seconds)
        feed = _Feed(_read(sources, reading, place), journal, times)
        lost = _work(
            feed, _Keeper(journal, shown(out), times), Work(extract, _part, running.profile), running.engine, watch, times
        )
        summary = Summary(kept=feed.kept)
        begun = time.perf_counter()
        with _room(shown(out)), tables(place, format) as writer:
            _assemble(writer, feed.order, journal, lost, summary)
            times.assembling = time.perf_counter() - begun
            arguments = {"sources": [shown(source) for source in sources], "format": format, **_plain(reading)}
            how = {**running.about, "kept": feed.kept, "times": times.told(), "peak_memory": times.peak}
            ended = _times(started, clock())
            inputs = None if lost else stamp
            writer.manifest({**told, "arguments": arguments, "counts": summary.counts(), **ended, **how, "inputs": inputs})
        _forget(hidden, made_by, journal, feed.order)
    return summary


def stream(
    sources: Sequence[str | Path],
    output: TextIO,
    *,
    extract: Extract,
    reading: Reading = Reading(),
    running: Running = Running(),
    watch: Watch | None = None,
    times: Times | None = None,
) -> Summary:
    """Write one line of JSON a report, `{"id": …, "facts": […]}`, to *output* as it goes, in order."""
    times = times or Times()
    feed, summary, words_done = _Feed(_read(sources, reading), (), times), Summary(), 0
    for done in running.engine(Work(extract, items, running.profile), feed.chunks(), ordered=True):
        times.add(done)
        words_done += _words(done.chunk)
        failures = list[Rejected]()
        for item in [_lost(done)] if done.found is None else done.found:
            summary.add(item)
            if isinstance(item, Extraction):
                write_line(output, item)
            else:
                failures.append(item)
        _tell(watch, feed, summary, words_done, failures)
    _tell(watch, feed, summary, words_done)
    return summary


def results(sources: Sequence[str | Path], *, extract: Extract, reading: Reading = Reading()) -> Iterator[Item]:
    """Yield what each report of *sources* states, and what was rejected, in their order."""
    for group in groups(_read(sources, reading)):
        done = iter(extracted([item for item in group if isinstance(item, Report)], extract))
        yield from (next(done) if isinstance(item, Report) else item for item in group)


def groups(read_items: Iterable[T]) -> Iterator[list[T]]:
    """Yield items in order in small groups; a long report makes its group full."""
    group: list[T] = []
    size = 0
    for item in read_items:
        group.append(item)
        report = item.report if isinstance(item, Task) else item
        size += len(report.text) if isinstance(report, Report) else 0
        if len(group) >= _GROUP or size >= _GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def python_version() -> str:
    """Return the version of Python, as the manifest records it."""
    return ".".join(map(str, sys.version_info[:3]))


class _Entry(NamedTuple):
    """A report's place in the order of the tables, and what its row says of other files and reports."""

    key: bytes
    id: str
    source: str | None
    raw_sha256: str | None
    similar_to: str | None


class _Feed:
    """Reads the archive in chunks of what is still to do, and remembers the order of all that is in it."""

    def __init__(self, found: Iterator[Report | Rejected], done: "Journal | tuple[()]", times: Times) -> None:
        self._found, self._done, self._times = found, done, times
        self.order: list[_Entry | Rejected] = []
        self.fresh: deque[Rejected] = deque()  # not yet told to who watches
        self.kept = self.words_kept = self.words_read = 0
        self.all_read = False

    def chunks(self) -> Iterator[Chunk]:
        """Yield what is still to do; an engine may ask for it in a thread of its own."""
        yield from groups(self._to_do())
        self.all_read = True

    def _to_do(self) -> Iterator[Task]:
        while True:
            begun = time.perf_counter()
            item = next(self._found, None)
            self._times.reading += time.perf_counter() - begun
            if item is None:
                return
            if isinstance(item, Rejected):
                self.order.append(item)
                self.fresh.append(item)
                continue
            one = key(item)
            self.order.append(_Entry(one, item.id, item.source, item.raw_sha256, item.similar_to))
            if one in self._done:
                self.kept += 1
                self.words_kept += words(item)
            else:
                self.words_read += words(item)
                yield Task(one, item)


def _read(sources: Sequence[str | Path], reading: Reading, exclude: Path | None = None) -> Iterator[Report | Rejected]:
    return read(
        sources,
        text_column=reading.text_column,
        published=reading.published,
        exclude=exclude,
        duplicates=reading.duplicates,
        ocr=reading.ocr,
        limits=Limits(seconds=reading.timeout),
    )


class _Keeper:
    """Keeps what is done in parts; what stops it leaves what was done before."""

    def __init__(self, journal: Journal, out: str, times: Times) -> None:
        self._journal, self._out, self._times = journal, out, times

    def __enter__(self) -> Callable[[pa.Table], None]:
        return self._add

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._timed(self._journal.flush)
        else:
            with suppress(OSError):  # a full disk stays full
                self._journal.flush()

    def _add(self, done: pa.Table) -> None:
        self._timed(lambda: self._journal.add(done))

    def _timed(self, keep: Callable[[], None]) -> None:
        begun = time.perf_counter()
        with _room(self._out):
            keep()
        self._times.keeping += time.perf_counter() - begun


def _work(
    feed: _Feed, keeper: _Keeper, work: Work[pa.Table], engine: Engine, watch: Watch | None, times: Times
) -> dict[bytes, Rejected]:
    """Do what is still to do, and keep it; return the reports over which processes died."""
    summary, words_done, lost = Summary(), 0, dict[bytes, Rejected]()
    with keeper as keep:
        for done in engine(work, feed.chunks()):
            times.add(done)
            words_done += _words(done.chunk)
            if done.found is None:
                failures = [_lost(done)]
                lost[done.chunk[0].key] = failures[0]
                summary.add(failures[0])
            else:
                keep(done.found)
                new = unpacked(done.found)
                summary.add_tables(new)
                failures = [Rejected(**row) for row in new["rejected"].to_pylist()]
            _tell(watch, feed, summary, words_done, failures)
    _tell(watch, feed, summary, words_done)
    return lost


def _tell(watch: Watch | None, feed: _Feed, summary: Summary, words_done: int, failures: Sequence[Rejected] = ()) -> None:
    """Tell how far a run has come; *failures* are counted already, what was rejected while reading is not."""
    fresh = [feed.fresh.popleft() for _ in range(len(feed.fresh))]
    for one in fresh:
        summary.add(one)
    summary.kept = feed.kept
    if watch:
        watch(Progress(summary, words_done, feed.words_read - words_done, feed.all_read, [*fresh, *failures]))


def _part(chunk: Chunk, found: list[Item]) -> pa.Table:
    return part([task.key for task in chunk], found)


def _lost(done: Done[Any]) -> Rejected:
    return failed(done.chunk[0].report, f"the process that worked on it was {done.lost}")


def _words(chunk: Chunk) -> int:
    return sum(words(task.report) for task in chunk)


def _assemble(
    writer: TableWriter, order: Sequence[_Entry | Rejected], journal: Journal, lost: Mapping[bytes, Rejected], summary: Summary
) -> None:
    """Put the tables together from the parts, in the order in which the archive was read."""
    waiting: list[_Entry] = []
    for item in order:
        rejected = item if isinstance(item, Rejected) else lost.get(item.key)
        if rejected is None and isinstance(item, _Entry):
            waiting.append(item)
            continue
        _add_parts(writer, waiting, journal, summary)
        waiting.clear()
        if rejected:
            writer.add({"rejected": [rejected.model_dump()]})
            summary.add(rejected)
    _add_parts(writer, waiting, journal, summary)


def _add_parts(writer: TableWriter, entries: Sequence[_Entry], journal: Journal, summary: Summary) -> None:
    at = 0
    for span in journal.spans(entry.key for entry in entries):
        new = _presented(span, entries[at : at + len(span)])
        writer.add_tables(new)
        summary.add_tables(new)
        at += len(span)


def _presented(span: pa.Table, entries: Sequence[_Entry]) -> dict[str, pa.Table]:
    """Return rows of a part as tables, with what the archive is now beside what the reports state."""
    new = unpacked(span)
    of = {name: [e for e, n in zip(entries, pc.list_value_length(span[name]).to_pylist(), strict=True) if n] for name in new}
    for column in ("source", "raw_sha256", "similar_to"):
        new["reports"] = _with(new["reports"], column, [getattr(entry, column) for entry in of["reports"]])
    new["rejected"] = _with(new["rejected"], "source", [entry.source or entry.id for entry in of["rejected"]])
    return new


def _with(rows: pa.Table, column: str, values: list[str | None] | list[str]) -> pa.Table:
    at = rows.schema.get_field_index(column)
    return rows.set_column(at, rows.schema.field(at), pa.array(values, pa.string()))


def _stamp(sources: Sequence[str | Path], out: Path, reading: Reading, made_by: list[Any]) -> str | None:
    """Return a hash of all that the tables depend on: the content of the sources, the options, the program."""
    if any(str(source) == "-" or is_address(source) for source in sources):
        return None  # to read it is all the work that there would be
    stamp = hashlib.sha256(json.dumps(made_by).encode())
    for source in expand(sources, exclude=out, column=reading.text_column):
        one = [source.label, source.name, source.sha256()] if isinstance(source, Source) else list(source.model_dump().values())
        stamp.update(json.dumps(one).encode())
    return stamp.hexdigest()


def _unchanged(out: Path, stamp: str) -> Summary | None:
    """Return what the tables in *out* hold, if they are whole and the same again would come of it."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        counts = manifest["counts"]
        if manifest["inputs"] != stamp or not all((out / name).is_file() for name in former(out)):
            return None
        rejected, facts = Counter(counts["rejected"]), Counter(counts["facts"])
        return Summary(counts["reports"], counts["words"], counts["reports"], unchanged=True, rejected=rejected, facts=facts)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _place(out: str | Path) -> Iterator[tuple[Path, Folder]]:
    """Give the folder in which the tables are put together, and the hidden one of the parts."""
    if is_address(out):
        with _mirror(Folder.of(out)) as place:
            yield place, Folder.of(out).inside(HIDDEN)
    else:
        refuse_file(Path(out))
        with _work_folder(Path(out)) as hidden:
            yield Path(out), Folder.of(hidden)


@contextmanager
def _mirror(there: Folder) -> Iterator[Path]:
    """Give a folder of this machine for the tables of a folder elsewhere, to which they go at the end, the manifest last."""
    with TemporaryDirectory(prefix="casefacts-") as name:
        place = Path(name)
        for held in there.names():
            if held == MANIFEST:
                there.fetch(held, place / held)
            elif not held.startswith("."):
                (place / held).touch()  # that it is there is all that matters
        before = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
        yield place
        new = [path for path in place.iterdir() if before.get(path.name) != path.stat().st_mtime_ns]
        for path in sorted(new, key=lambda path: path.name == MANIFEST):
            there.put(path)
        for gone in before.keys() - {path.name for path in place.iterdir()}:
            there.remove(gone)


@contextmanager
def _work_folder(out: Path) -> Iterator[Path]:
    """Give the hidden folder of a run's parts, to this run alone; what a killed run left half done is removed."""
    hidden = out / HIDDEN
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        lock = FileLock(hidden / _LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise CasefactsError(f"{out}: another run is writing there; wait for it, or choose another folder by -o") from error
    except OSError as error:
        raise CasefactsError(f"{out}: no tables can be written there ({error.strerror}); choose another by -o") from error
    try:
        finish(out)  # first: what a killed run left ready is whole
        for left in out.glob(f"{HIDDEN}-*/"):
            shutil.rmtree(left, ignore_errors=True)
        yield hidden
    finally:
        if not any(path.is_dir() for path in hidden.iterdir()):
            shutil.rmtree(hidden, ignore_errors=True)  # nothing is kept
        lock.release()


@contextmanager
def _room(out: str) -> Iterator[None]:
    """Tell people what to do when the disk is full, or the like."""
    try:
        yield
    except OSError as error:
        message = f"{out}: could not be written ({error.strerror or error}); what is done is kept: make room, and start it again"
        raise CasefactsError(message) from error


def _forget(hidden: Folder, made_by: str, journal: Journal, order: Iterable[_Entry | Rejected]) -> None:
    """Remove what no table needs any more: parts of other programs, and of reports that are gone."""
    journal.keep(entry.key for entry in order if isinstance(entry, _Entry))
    for name in hidden.names():
        if name not in (made_by, _LOCK):
            hidden.remove(name)


def _plain(reading: Reading) -> dict[str, Any]:
    published = reading.published.isoformat() if reading.published else None
    return dataclasses.asdict(reading) | {"published": published}


def _times(started: datetime.datetime, finished: datetime.datetime) -> dict[str, Any]:
    seconds = round((finished - started).total_seconds(), 3)
    return {"started": started.isoformat(), "finished": finished.isoformat(), "seconds": seconds}
