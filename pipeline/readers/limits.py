"""What one file may cost: beyond it, the file is rejected and the run goes on."""

from dataclasses import dataclass

_MIB = 1 << 20
BOMB_RATIO = 250  # times what it is packed in: text packs to a fifth, a list of zeros to a thousandth
BOMB_SIZE = 64 * _MIB  # below that, any ratio is harmless
NESTED = 2  # an archive in an archive is read, one in that is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds without a result; bytes of memory of the process that reads, of a document, of all that an archive unpacks to.

    Also files of an archive, and pages of a document.
    """

    seconds: float = 300.0
    memory: int = 2_048 * _MIB
    document: int = 256 * _MIB
    unpacked: int = 16_384 * _MIB
    members: int = 1_000_000
    pages: int = 5_000


DEFAULT = Limits()
