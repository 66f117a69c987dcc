"""What people did on chat platforms, each thing once."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.rows import moment


class SqliteGestures:
    """See bot.ports.Gestures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self, gesture: str, now: datetime) -> bool:
        """Whether it comes for the first time; see bot.ports.Gestures."""
        return await self._database.write("INSERT OR IGNORE INTO gestures VALUES (?, ?)", (gesture, moment(now))) > 0
