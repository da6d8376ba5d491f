"""A pipeline that takes its time and notes what it did, in a file: for the tests of what is done again, and what is not."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.schema import Extraction, Report
from tests.stand_in import extract


@dataclass(frozen=True)
class Recorded:
    """Notes the id of each report in *file*, after so many seconds."""

    file: Path
    seconds: float = 0.0

    def __call__(self, reports: Iterable[Report]) -> Iterator[Extraction]:
        for report in reports:
            time.sleep(self.seconds)
            with self.file.open("a", encoding="utf-8") as notes:
                notes.write(report.id + "\n")
            yield from extract([report])

    def ids(self) -> list[str]:
        """Return what was done since the last time that this was asked."""
        found = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        self.file.unlink(missing_ok=True)
        return sorted(found)
