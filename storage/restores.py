"""What is left to do after the data was put back to an earlier state; ``storage.epoch`` marks it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from bot.model import ChannelRef
from bot.ports import Restored
from storage.database import Database
from storage.rows import CHANNEL_ID, channel_key, to_moment


class SqliteRestores:
    """See bot.ports.Restores. In meta, ``restored_at`` and ``restored_since`` stand until it is over; what was queued
    after ``restored_until`` is in no doubt. ``last_restore`` stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def doubt(self, channel: ChannelRef) -> Restored | None:
        """Whether what waits here may have been posted already; see bot.ports.Restores."""
        rows = await self._database.read(
            "SELECT noticed.value, since.value FROM meta AS noticed JOIN meta AS since ON since.key = 'restored_since' "
            "WHERE noticed.key = 'restored_at' AND EXISTS (SELECT 1 FROM announcements "
            f"WHERE delivery_key IS NULL AND channel_id = {CHANNEL_ID} "
            "AND queued <= coalesce((SELECT value FROM meta WHERE key = 'restored_until'), queued))",
            channel_key(channel),
        )
        return Restored(*map(datetime.fromisoformat, rows[0])) if rows else None

    async def last(self) -> datetime | None:
        """When the data was last put back; see bot.ports.Restores."""
        return to_moment(await self._database.meta("last_restore"))

    async def over(self, sources: Collection[str]) -> bool:
        """Whether a restore is over just now; see bot.ports.Restores."""
        if (at := await self._database.meta("restored_at")) is None:
            return False
        async with self._database.transaction():
            if not await self._caught_up(sources, at):
                return False
            await self._database.write(
                "INSERT OR IGNORE INTO meta SELECT 'restored_until', coalesce(max(queued), '') "
                "FROM announcements WHERE delivery_key IS NULL"
            )
            over = await self._database.write(
                "DELETE FROM meta WHERE key = 'restored_until' "
                "AND NOT EXISTS (SELECT 1 FROM announcements WHERE delivery_key IS NULL AND queued <= value)"
            )
            if over:
                await self._database.write("DELETE FROM meta WHERE key IN ('restored_at', 'restored_since')")
        return bool(over)

    async def _caught_up(self, sources: Collection[str], at: str) -> bool:
        [(complete,)] = await self._database.read(
            "SELECT count(*) FROM sources WHERE last_success > ? AND name IN (SELECT value FROM json_each(?))",
            (at, json.dumps(list(sources))),
        )
        return bool(complete == len(sources))
