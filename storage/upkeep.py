"""The data as a whole: how it stands, its daily copies, and what is forgotten."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from bot.ports import Perishable
from bot.reports import DataLine
from storage import daily
from storage.database import Database
from storage.rows import moment

_FORGET = {
    Perishable.LISTS: (
        """UPDATE searches SET head = x'' WHERE key IN (SELECT key FROM searches
        WHERE created < ? AND length(head) > 0 LIMIT ?)""",
        """DELETE FROM last_lists WHERE search IN (SELECT search FROM last_lists
        WHERE search NOT IN (SELECT key FROM searches WHERE created >= ?) LIMIT ?)""",
    ),
    Perishable.SEARCHES: ("DELETE FROM searches WHERE key IN (SELECT key FROM searches WHERE created < ? LIMIT ?)",),
    Perishable.REFUSED: (
        "DELETE FROM refused WHERE (source, record) IN (SELECT source, record FROM refused WHERE at < ? LIMIT ?)",
    ),
    Perishable.PAYLOADS: (
        """UPDATE deliveries SET payload = x'' WHERE opened IN (SELECT opened FROM deliveries
        WHERE state IN ('sent', 'dead', 'cancelled') AND last_at < ? AND length(payload) > 0 LIMIT ?)""",
    ),
    Perishable.ANSWERS: (
        "DELETE FROM chat_messages WHERE n IN (SELECT n FROM chat_messages WHERE user IS NOT NULL AND at < ? LIMIT ?)",
    ),
    Perishable.GESTURES: ("DELETE FROM gestures WHERE id IN (SELECT id FROM gestures WHERE at < ? LIMIT ?)",),
}


class SqliteUpkeep:
    """See bot.ports.Upkeep. ``backups`` is the folder of the daily copies, or None."""

    def __init__(self, database: Database, backups: Path | None) -> None:
        self._database = database
        self._backups = backups

    async def data(self) -> DataLine:
        """How the file, its disk and its copies stand; see bot.ports.Upkeep."""
        path, folder = self._database.path, self._backups
        try:
            return DataLine(
                size=daily.size(path),
                log=daily.size(path) - path.stat().st_size,
                free=shutil.disk_usage(path.parent).free,
                backed_up=folder is not None,
                last_backup=daily.newest(path, folder) if folder else None,
            )
        except OSError as error:
            raise StorageError(f"cannot look at {path}: {error}.") from error

    async def try_writing(self) -> None:
        """Begin to write; see bot.ports.Upkeep. Only a statement that would write is refused by a read-only file."""
        await self._database.write("DELETE FROM meta WHERE key = ''")

    async def forget(self, what: Perishable, before: datetime, at_most: int) -> int:
        """Delete some of what is older; see bot.ports.Upkeep."""
        async with self._database.transaction():
            return sum([await self._database.write(sql, (moment(before), at_most)) for sql in _FORGET[what]])

    async def back_up(self, now: datetime) -> Path:
        """Make today's copy in a thread of its own; see bot.ports.Upkeep."""
        if self._backups is None:
            raise StorageError("There is no folder for copies. Set [storage] backups.")
        return await asyncio.to_thread(daily.back_up_into, self._database.path, self._backups, now)
