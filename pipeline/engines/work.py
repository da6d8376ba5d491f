"""What an engine does: a chunk of reports goes in, what they state comes out. One bad report costs the others nothing."""

import cProfile
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from pipeline.errors import CasefactsError
from pipeline.schema import Extraction, Rejected, Report

if TYPE_CHECKING:
    from spacy.language import Language

Extract = Callable[[Iterable[Report]], Iterator[Extraction]]
Item = Extraction | Rejected
T = TypeVar("T")


class Task(NamedTuple):
    """A report to be done, and the key under which its result is kept."""

    key: bytes
    report: Report


Chunk = list[Task]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A chunk with what was made of it; or the one report of a chunk whose process was *lost* over it, and how.

    `seconds` is what it took, `loading` what it took to load the model before it, `peak` the most memory, in bytes, that
    the process has had.
    """

    chunk: Chunk
    found: T | None
    lost: str | None = None
    seconds: float = 0.0
    loading: float = 0.0
    peak: int = 0
    profile: dict[Any, Any] | None = None


class Engine(Protocol):
    """What does the work on every chunk, and yields the chunks as they are done; *ordered*, as they came.

    A chunk over which a process dies comes back in pieces.
    """

    def __call__(self, work: "Work[T]", chunks: Iterable[Chunk], *, ordered: bool = False) -> Iterator[Done[T]]:
        """Yield the chunks with what *work* made of them."""


@dataclass(slots=True)
class Work(Generic[T]):
    """The work on a chunk: its facts by *extract*, made into what is asked for by *make*. It travels to other processes."""

    extract: Extract
    make: Callable[[Chunk, list[Item]], T]
    profile: bool = False
    _loading: float = field(default=0.0, init=False)

    def once(self) -> None:
        """Make what a machine needs only once, before its processes start."""
        _call(self.extract, "once")

    def load(self) -> None:
        """Load what a process needs only once."""
        begun = time.perf_counter()
        _call(self.extract, "load")
        self._loading = time.perf_counter() - begun

    def __call__(self, chunk: Chunk) -> Done[T]:
        """Do one chunk."""
        profiler = cProfile.Profile() if self.profile else None
        begun = time.perf_counter()
        if profiler:
            profiler.enable()
        found = self.make(chunk, extracted([task.report for task in chunk], self.extract))
        if profiler:
            profiler.create_stats()
        loading, self._loading = self._loading, 0.0
        return Done(
            chunk=[],
            found=found,
            seconds=time.perf_counter() - begun,
            loading=loading,
            peak=peak_memory(),
            profile=getattr(profiler, "stats", None),
        )


@dataclass(slots=True)
class Extractor:
    """The pipeline as it runs by default. Its model is loaded when first needed, once in each process."""

    detector: Path | None = None
    announce: Callable[[str], None] = field(default=lambda _: None, repr=False)
    _nlp: "Language | None" = field(default=None, init=False, repr=False)

    def __reduce__(self) -> tuple[type["Extractor"], tuple[Path | None]]:
        """Travel to another process without the model: it loads its own."""
        return Extractor, (self.detector,)

    def once(self) -> None:
        """Compile the gazetteer, if this machine has none; that takes a while, so it is announced."""
        from pipeline.gazetteer import open_gazetteer

        open_gazetteer(announce=self.announce)

    def load(self) -> None:
        """Load the model."""
        if self._nlp is None:
            from pipeline.nlp import load

            self.once()
            self._nlp = load(detector=self.detector)

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        """Yield each report with its facts, in order."""
        from pipeline.nlp import extract

        self.load()
        return extract(reports, nlp=self._nlp)


def extracted(reports: list[Report], extract: Extract) -> list[Item]:
    """Return the extraction of each report; those that fail together are done again one by one.

    A CasefactsError or ImportError is no report's fault and is raised; any other exception rejects the report that raised it.
    """
    try:
        return list(_matched(reports, extract))
    except (CasefactsError, ImportError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a report sets off must not end the batch
        if len(reports) == 1:
            return [failed(reports[0], _what(error))]
    return [found for report in reports for found in extracted([report], extract)]


def failed(report: Report, what: str) -> Rejected:
    """Return the rejection of a report that the program itself fails on."""
    message = f"its facts could not be extracted ({what}); please report this with the text"
    safe = message.encode("utf-8", "replace").decode("utf-8")
    return Rejected(source=report.source or report.id, reason="failed", message=safe)


def items(chunk: Chunk, found: list[Item]) -> list[Item]:
    """Make nothing else of a chunk."""
    return found


def peak_memory() -> int:
    """Return the most memory that this process has had, in bytes; 0 where the system does not tell."""
    with suppress(ImportError):  # Windows
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return 0


def _matched(reports: list[Report], extract: Extract) -> Iterator[Extraction]:
    if reports:
        yield from (found for _, found in zip(reports, extract(reports), strict=True))


def _what(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _call(thing: object, name: str) -> None:
    """Call a method that an extraction may have; a plain function needs none."""
    method = getattr(thing, name, None)
    if method:
        method()
