"""What the bot remembers, in one SQLite file. ``open_storage`` is the way in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from storage.archive import SqliteArchive
from storage.chat_log import SqliteChatLog
from storage.database import Database, instance_lock
from storage.matching import BatchMatcher
from storage.outbox import SqliteOutbox
from storage.searches import SqliteSearches
from storage.sources import SqliteSourceStates
from storage.topics import SqliteTopics

__all__ = ["SqliteStorage", "instance_lock", "open_storage"]


class SqliteStorage:
    """See bot.ports.Storage; ``chat_log`` is the local chat's memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.archive = SqliteArchive(database)
        self.searches = SqliteSearches(database, self.archive)
        self.matcher = BatchMatcher()
        self.topics = SqliteTopics(database)
        self.sources = SqliteSourceStates(database)
        self.outbox = SqliteOutbox(database)
        self.chat_log = SqliteChatLog(database)

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One write transaction; see bot.ports.Storage."""
        return self._database.transaction()


@asynccontextmanager
async def open_storage(path: Path) -> AsyncIterator[SqliteStorage]:
    """Open the file (made if missing), migrate it, and close it at the end. Raises StorageError."""
    database = await Database.open(path)
    try:
        storage = SqliteStorage(database)
        await storage.archive.check_index()
        yield storage
    finally:
        await database.close()
