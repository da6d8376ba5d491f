"""The project's exceptions: each says where, what is wrong, and what is known."""


class CasefactsError(Exception):
    """Anything that a user can mend; the command line prints its message and no traceback."""


class RuleError(CasefactsError):
    """A file under `models/` is missing, empty or wrong."""


class ReadError(CasefactsError):
    """A source cannot be read as reports.

    `source` names the file (with the row, where it has rows), `reason` is a short stable code, the message is for people.
    """

    def __init__(self, source: str, reason: str, message: str) -> None:
        super().__init__(f"{source}: {message}")
        self.source, self.reason, self.message = source, reason, message
