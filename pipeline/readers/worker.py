"""The process that reads documents: what a hostile file does to it, it does to nobody else.

PDFium is not safe in threads, parsers in C crash, a small file can ask for any memory: so each file of a format that is not
plain text is read by a child process under limits, which is ended when it takes too long and started anew. Requests and
results are lines of JSON: whatever takes over the child can send text, but no code.
"""

import base64
import datetime
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from pipeline.errors import ReadError
from pipeline.readers.documents import Attachment, Document, Heading
from pipeline.readers.limits import Limits
from pipeline.readers.rejections import rejected
from pipeline.readers.repair import Repairs
from pipeline.readers.rows import Row
from pipeline.schema import Rejected

Item = Document | Attachment | Row | Rejected
_END = "end"


class Worker:
    """A child process that reads one file after the other; started when first needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, path: Path, kind: str, *, label: str, column: str) -> Iterator[Item]:
        """Yield what a file holds; a `Rejected` comes last if the child ran out of time or memory, or crashed."""
        child = self._started()
        request = {"path": str(path), "kind": kind, "label": label, "column": column}
        try:
            _send(_pipe(child.stdin), {**request, "pages": self._limits.pages, "document": self._limits.document})
            yield from self._results(child, label)
        except BrokenPipeError:
            yield self._lost(child, label)

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            paths = os.pathsep.join(path for path in sys.path if path)
            self._child = subprocess.Popen(  # noqa: S603 - the arguments are ours
                [sys.executable, "-m", "pipeline.readers.worker", str(self._limits.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._child

    def _results(self, child: "subprocess.Popen[bytes]", label: str) -> Iterator[Item]:
        while True:
            late = threading.Event()
            line = self._line(child, late)
            if not line.endswith(b"\n"):
                yield self._late(label) if late.is_set() else self._lost(child, label)
                return
            name, value = json.loads(line)
            if name == _END:
                return
            yield _item(name, value)

    def _line(self, child: "subprocess.Popen[bytes]", late: threading.Event) -> bytes:
        """Return the next result, or what there is of it when the child has ended or was ended."""

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._limits.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return _pipe(child.stdout).readline()
        finally:
            timer.cancel()

    def _late(self, label: str) -> Rejected:
        self.close()
        message = f"took longer than {self._limits.seconds:g} s to read; split it, or allow more by --timeout"
        return Rejected(source=label, reason="too_slow", message=message)

    def _lost(self, child: "subprocess.Popen[bytes]", label: str) -> Rejected:
        code = child.wait()
        self.close()
        return Rejected(
            source=label, reason="failed", message=f"ended the process that read it (code {code}); get it again or convert it"
        )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _send(pipe: IO[bytes], value: object) -> None:
    pipe.write(json.dumps(value, default=_plain).encode("ascii") + b"\n")
    pipe.flush()


def _plain(value: object) -> str:
    """Return what JSON has no type for as a string: days and times of a spreadsheet."""
    return value.isoformat() if isinstance(value, datetime.date | datetime.datetime | datetime.time) else str(value)


def _packed(item: Item) -> tuple[str, dict[str, Any]]:
    if isinstance(item, Rejected):
        return "rejected", item.model_dump()
    if isinstance(item, Attachment):
        return "attachment", {"name": item.name, "data": base64.b64encode(item.data).decode("ascii")}
    return ("document" if isinstance(item, Document) else "row"), asdict(item)


def _item(name: str, value: dict[str, Any]) -> Item:
    if name == "rejected":
        return Rejected(**value)
    if name == "attachment":
        return Attachment(value["name"], base64.b64decode(value["data"]))
    if name == "row":
        return Row(**value)
    days = {key: _day(value[key]) for key in ("published", "created")}
    pages = None if value["pages"] is None else tuple(value["pages"])
    outline = tuple(Heading(*one) for one in value["outline"])
    return Document(**value | days | {"pages": pages, "outline": outline, "repairs": Repairs(**value["repairs"])})


def _day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


def items(path: Path, kind: str, *, label: str, column: str, pages: int, document: int) -> Iterator[Item]:
    """Yield what a file of a kind holds; only libraries that this kind needs are loaded."""
    if kind not in ("mbox", "warc") and path.stat().st_size > document:
        raise ReadError(label, "too_large", f"has more than {document:,} bytes; split it")
    if kind == "pdf":
        from pipeline.readers.pdf import reader

        yield from reader.documents(path, label, pages=pages)
    elif kind == "html":
        from pipeline.readers import html

        yield from html.documents(path, label)
    elif kind in ("docx", "odt"):
        from pipeline.readers import word

        yield from (word.docx if kind == "docx" else word.odt)(path, label)
    elif kind in ("rtf", "markdown"):
        from pipeline.readers import plain

        yield from (plain.rtf if kind == "rtf" else plain.markdown)(path, label)
    elif kind in ("eml", "mbox"):
        from pipeline.readers import mail

        yield from (mail.eml if kind == "eml" else mail.mbox)(path, label)
    elif kind == "warc":
        from pipeline.readers import warc

        yield from warc.documents(path, label, most=document)
    else:
        from pipeline.readers import sheets

        yield from sheets.rows(path, label, column)


def _serve(requests: IO[bytes], results: IO[bytes]) -> None:
    """Answer requests until there are no more. Whatever a file sets off is its rejection."""
    for line in requests:
        request = json.loads(line)
        label = request["label"]
        try:
            for item in items(Path(request.pop("path")), request.pop("kind"), **request):
                _send(results, _packed(item))
        except ReadError as error:
            _send(results, _packed(rejected(error)))
        except MemoryError:
            _send(
                results,
                _packed(Rejected(source=label, reason="too_large", message="needs more memory than is allowed; split it")),
            )
        except Exception as error:  # noqa: BLE001 - a library may raise anything over a broken file
            message = f"could not be read ({type(error).__name__}: {str(error)[:200]}); get it again or convert it"
            _send(results, _packed(Rejected(source=label, reason="unreadable", message=message)))
        _send(results, (_END, None))


def _limit(memory: int) -> None:
    """Bound the memory of this process, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass  # Windows has none: there the time alone is bounded


def main() -> None:
    """Read files as standard input asks; what libraries print goes to standard error, not among the results."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(int(sys.argv[1]))
    _serve(sys.stdin.buffer, results)


if __name__ == "__main__":
    main()
