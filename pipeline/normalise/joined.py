"""Join words that a PDF broke over two lines, and find the way back to the characters of the report."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_BROKEN = re.compile(r"(?<=[a-z])(?:-|\u00ad)[^\S\n]*\n\s*(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Joined:
    """A text without the breaks; `starts` are where its stretches begin in it, `shifts` what was cut before each."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def original(self, offset: int) -> int:
        """Return where the character at *offset* stands in the report."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds in the report of a stretch that is not empty."""
        return self.original(start), self.original(end - 1) + 1


def join_lines(text: str) -> Joined:
    r"""Return *text* with the words joined that end a line with a hyphen and go on in lower case.

    >>> join_lines("the Penal Co-\nde of 1991").text
    'the Penal Code of 1991'
    """
    parts, starts, shifts = [], [0], [0]
    done = 0
    for broken in _BROKEN.finditer(text):
        parts.append(text[done : broken.start()])
        done = broken.end()
        shifts.append(shifts[-1] + len(broken[0]))
        starts.append(done - shifts[-1])
    return Joined("".join((*parts, text[done:])), tuple(starts), tuple(shifts))
