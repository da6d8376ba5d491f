"""A pipeline that dies of some texts, as libraries do: for the tests of what a dead worker costs."""

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.schema import Extraction, Report
from tests.stand_in import extract as sound


def extract(reports: Iterable[Report]) -> Iterator[Extraction]:
    """Die of SIGKILL over KILL, by a fault over EXIT, and once alone over the file that ONCE names."""
    for report in reports:
        if "KILL" in report.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "EXIT" in report.text:
            os._exit(7)
        if "ONCE " in report.text and not (mark := Path(report.text.split("ONCE ")[1])).exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from sound([report])


class Unloadable:
    """An extraction whose model ends the process that loads it."""

    def load(self) -> None:
        os._exit(3)

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        return sound(reports)
