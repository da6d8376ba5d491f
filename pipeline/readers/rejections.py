"""An error of reading as a row of the table of what was rejected."""

from pipeline.errors import ReadError
from pipeline.schema import Rejected


def rejected(error: ReadError) -> Rejected:
    """Return an error of reading as a row of the table of rejected sources."""
    return Rejected(source=error.source, reason=error.reason, message=error.message)
