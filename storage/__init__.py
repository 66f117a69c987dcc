"""What the bot remembers, in one SQLite file. ``open_storage`` is the way in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from storage.archive import SqliteArchive
from storage.chat_log import SqliteChatLog
from storage.database import Database, instance_lock, is_held, versions
from storage.gestures import SqliteGestures
from storage.ledger import SqliteLedger
from storage.managers import SqliteManagers
from storage.matching import BatchMatcher
from storage.memory import SqliteMemory
from storage.mutes import SqliteMutes
from storage.outbox import SqliteOutbox
from storage.people import SqlitePeople
from storage.restores import SqliteRestores
from storage.schedules import SqliteSchedules
from storage.searches import SqliteSearches
from storage.sources import SqliteSourceStates
from storage.topics import SqliteTopics
from storage.trouble import SqliteTroubles
from storage.upkeep import SqliteUpkeep

__all__ = ["SqliteStorage", "instance_lock", "is_held", "open_storage", "versions"]


class SqliteStorage:
    """See bot.ports.Storage; ``chat_log`` is the local chat's memory, ``backups`` the folder of the daily copies."""

    def __init__(self, database: Database, backups: Path | None = None) -> None:
        self._database = database
        self.archive = SqliteArchive(database)
        self.searches = SqliteSearches(database, self.archive)
        self.matcher = BatchMatcher()
        self.topics = SqliteTopics(database)
        self.sources = SqliteSourceStates(database)
        self.outbox = SqliteOutbox(database)
        self.schedules = SqliteSchedules(database)
        self.restores = SqliteRestores(database)
        self.ledger = SqliteLedger(database)
        self.people = SqlitePeople(database)
        self.managers = SqliteManagers(database)
        self.gestures = SqliteGestures(database)
        self.memory = SqliteMemory(database)
        self.mutes = SqliteMutes(database)
        self.troubles = SqliteTroubles(database)
        self.chat_log = SqliteChatLog(database)
        self.upkeep = SqliteUpkeep(database, backups)

    async def damage(self) -> str | None:
        """What is wrong with the file, or None."""
        return await self._database.quick_check()

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One write transaction; see bot.ports.Storage."""
        return self._database.transaction()


@asynccontextmanager
async def open_storage(
    path: Path, *, exclusive: bool = True, backups: Path | None = None
) -> AsyncIterator[SqliteStorage]:
    """Open the file (made if missing) and close it at the end. Only a process that holds the instance lock is
    ``exclusive``: it brings schema and index up to date. Raises StorageError."""
    database = await Database.open(path, migrate=exclusive)
    try:
        storage = SqliteStorage(database, backups)
        if exclusive:
            await storage.archive.check_index()
        try:
            yield storage
        finally:
            await storage.searches.settle()
    finally:
        await database.close()
