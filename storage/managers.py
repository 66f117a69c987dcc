"""Who may administer which channel."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Refused
from bot.model import Channel, ChannelRef, Member
from storage.database import Database
from storage.rows import CHANNEL_COLUMNS, CHANNEL_ID, channel_key, moment, to_channel


class SqliteManagers:
    """See bot.ports.Managers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_channel(self, channel: ChannelRef) -> list[str]:
        """The channel's managers, the longest-standing first."""
        rows = await self._database.read(
            f"SELECT user FROM managers WHERE channel_id = {CHANNEL_ID} ORDER BY since, user", channel_key(channel)
        )
        return [user for (user,) in rows]

    async def managed_by(self, member: Member) -> list[Channel]:
        """The channels that somebody manages, by name."""
        rows = await self._database.read(
            f"SELECT {CHANNEL_COLUMNS} FROM channels AS c "
            "JOIN managers AS m ON m.channel_id = c.id "
            "WHERE m.user = ? AND c.platform = ? AND c.workspace = ? AND c.paused = 0 ORDER BY c.name",
            (member.user, member.platform, member.workspace),
        )
        return [to_channel(row) for row in rows]

    async def add(self, user: str, channel: ChannelRef, now: datetime) -> bool:
        """Make somebody a manager; see bot.ports.Managers."""
        async with self._database.transaction():
            if not await self._database.read(f"SELECT 1 WHERE {CHANNEL_ID} IS NOT NULL", channel_key(channel)):
                raise Refused("Only a channel that the bot posts to has managers. Invite it here first.")
            added = await self._database.write(
                f"INSERT OR IGNORE INTO managers VALUES ({CHANNEL_ID}, ?, ?)",
                (*channel_key(channel), user, moment(now)),
            )
        return added > 0

    async def remove(self, user: str, channel: ChannelRef) -> bool:
        """Let somebody be a manager no more; see bot.ports.Managers."""
        removed = await self._database.write(
            f"DELETE FROM managers WHERE channel_id = {CHANNEL_ID} AND user = ?", (*channel_key(channel), user)
        )
        return removed > 0

    async def greet(self, channel: ChannelRef) -> bool:
        """Whether it was not greeted before; see bot.ports.Managers."""
        greeted = await self._database.write(
            f"UPDATE channels SET greeted = 1 WHERE id = {CHANNEL_ID} AND greeted = 0", channel_key(channel)
        )
        return greeted > 0
