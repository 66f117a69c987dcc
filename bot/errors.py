"""The errors the bot expects, each a class with a policy.

PaperRoundError             anything below; its text may be shown to a person
├── ConfigurationError      the configuration is wrong: say which key, start nothing (exit 2)
├── AnotherInstance         another process holds the data: leave it alone (exit 75)
├── StorageError            the database cannot be used: change nothing, say what was kept
├── QueryError              a query is mistyped: show the column and a suggestion
├── NotFound                what a person named does not exist: name what does
├── Refused                 a person may not or cannot do this: say who or what helps
├── PlatformRefused         a chat platform does not know our token: say what to mend, let the others go on
└── SourceError             a source did not answer properly: keep the cursor, try again later
    ├── SourceBusy          it asked us to wait until a moment: wait exactly that long
    └── SourceIncomplete    it answered less than it promised: keep what came, ask again
"""

from __future__ import annotations

from datetime import datetime


class PaperRoundError(Exception):
    """Something expected went wrong; ``str(error)`` says what, what was kept and what to do."""


class ConfigurationError(PaperRoundError):
    """A key, variable or value of the configuration is wrong."""


class AnotherInstance(PaperRoundError):
    """Another process holds this data file."""


class StorageError(PaperRoundError):
    """The database cannot be opened, read or written."""


class QueryError(PaperRoundError):
    """A query cannot be understood.

    ``column`` counts characters from 0; ``suggestion`` is a whole corrected query, or None.
    """

    def __init__(self, message: str, *, query: str, column: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.query = query
        self.column = column
        self.suggestion = suggestion


class NotFound(PaperRoundError):
    """A paper, topic, search or channel that a person named does not exist."""


class Expired(NotFound):
    """A stored search is over; ``command`` runs it again, "" if it was a list of papers."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.command = command


class Refused(PaperRoundError):
    """The person may not do this, or it cannot be done as asked."""


class PlatformRefused(PaperRoundError):
    """A chat platform refuses the bot as it is configured; only a person can change that."""


class SourceError(PaperRoundError):
    """A source failed. ``str(error)`` names the URL (without keys), what came and what happens next."""


class SourceBusy(SourceError):
    """Wait until ``retry_at`` (aware, UTC): the server said so (``by_server``), or our own back-off does."""

    def __init__(self, message: str, *, retry_at: datetime, by_server: bool = False) -> None:
        super().__init__(message)
        self.retry_at = retry_at
        self.by_server = by_server


class SourceIncomplete(SourceError):
    """A source answered less than it promised; what came is kept, the cursor is not moved."""
