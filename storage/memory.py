"""What adapters want to know after a restart."""

from __future__ import annotations

from storage.database import Database


class SqliteMemory:
    """See bot.ports.Memory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """The text, if there is one."""
        return await self._database.meta(name)

    async def set(self, name: str, text: str) -> None:
        """Keep a text in place of the one before."""
        await self._database.set_meta(name, text)
