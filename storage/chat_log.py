"""The local chat's messages."""

from __future__ import annotations

from datetime import datetime

from bot.ports import ChatMessage
from storage.database import Database, Row
from storage.rows import moment

AT_ONCE = 500
_MESSAGE = "SELECT n, channel, user, key, body, at FROM chat_messages "


class SqliteChatLog:
    """See bot.ports.ChatLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self, channel: str, body: bytes, now: datetime, *, user: str | None = None, key: str | None = None
    ) -> ChatMessage:
        """Add a message, or return the one with this key."""
        async with self._database.transaction():
            if key is not None and (known := await self.with_key(channel, key)):
                return known
            n = await self._database.insert(
                "INSERT INTO chat_messages (channel, user, key, body, at) VALUES (?, ?, ?, ?, ?)",
                (channel, user, key, body, moment(now)),
            )
        return ChatMessage(n, channel, user, key, body, now)

    async def replace(self, n: int, body: bytes) -> ChatMessage:
        """Change what a message says."""
        async with self._database.transaction():
            await self._database.write("UPDATE chat_messages SET body = ? WHERE n = ?", (body, n))
            rows = await self._database.read(f"{_MESSAGE} WHERE n = ?", (n,))
        return _message(rows[0])

    async def get(self, n: int) -> ChatMessage | None:
        """One message."""
        rows = await self._database.read(f"{_MESSAGE} WHERE n = ?", (n,))
        return _message(rows[0]) if rows else None

    async def since(self, channel: str, after: int | None, user: str | None) -> list[ChatMessage]:
        """What everyone, or this user, may see; see bot.ports.ChatLog."""
        order = "DESC" if after is None else "ASC"
        rows = await self._database.read(
            f"{_MESSAGE} WHERE channel = ? AND n > ? AND (user IS NULL OR user = ?) ORDER BY n {order} LIMIT ?",
            (channel, after or 0, user, AT_ONCE),
        )
        return [_message(row) for row in (rows if after is not None else reversed(rows))]

    async def newest(self, channel: str, user: str | None) -> int:
        """The last message that everyone, or this user, may see; see bot.ports.ChatLog."""
        rows = await self._database.read(
            "SELECT n FROM chat_messages WHERE channel = ? AND (user IS NULL OR user = ?) ORDER BY n DESC LIMIT 1",
            (channel, user),
        )
        return rows[0][0] if rows else 0

    async def with_key(self, channel: str, key: str) -> ChatMessage | None:
        """The message that carries this delivery key."""
        rows = await self._database.read(f"{_MESSAGE} WHERE channel = ? AND key = ?", (channel, key))
        return _message(rows[0]) if rows else None


def _message(row: Row) -> ChatMessage:
    n, channel, user, key, body, at = row
    return ChatMessage(n, channel, user, key, body, datetime.fromisoformat(at))
