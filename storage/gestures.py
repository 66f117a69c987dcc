"""What people did on chat platforms, each thing once."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from bot.errors import StorageError
from storage.database import Database
from storage.rows import moment

_MOST_UNWRITTEN = 10_000


class SqliteGestures:
    """See bot.ports.Gestures. While nothing can be written, as on a full disk, they are remembered here only: nobody is
    kept from asking."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: OrderedDict[str, None] = OrderedDict()

    async def first(self, gesture: str, now: datetime) -> bool:
        """Whether it comes for the first time; see bot.ports.Gestures."""
        if gesture in self._unwritten:
            return False
        sql = "INSERT OR IGNORE INTO gestures VALUES (?, ?)"
        try:
            return await self._database.write(sql, (gesture, moment(now))) > 0
        except StorageError:
            self._unwritten[gesture] = None
            if len(self._unwritten) > _MOST_UNWRITTEN:
                self._unwritten.popitem(last=False)
            return True
