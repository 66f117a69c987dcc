"""Deliveries that a person settles, lost channels, and the troubles that managers hear of.

held, dead ── resend, skip ──▶ cancelled        (the other edges: outbox.py)
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from bot.model import Announcement, ChannelRef, Delivery, DeliveryKey, DeliveryKind, DeliveryState, Note
from bot.ports import Watched
from bot.stuck import STUCK, LostChannel, StuckLine
from storage.database import Database, Row
from storage.rows import CHANNEL_COLUMNS, CHANNEL_ID, channel_key, moment, to_channel, to_moment

_STUCK = ", ".join(f"'{state}'" for state in sorted(STUCK))
_LINE = (
    f"SELECT {CHANNEL_COLUMNS}, d.key, d.kind, d.slot, d.state, d.last_at, d.error, d.settled_by, "
    "(SELECT count(*) FROM announcements AS a WHERE a.delivery_key = d.key) "
    "FROM deliveries AS d JOIN channels AS c ON c.id = d.channel_id"
)
_MOST_NAMED = 5


class SqliteTroubles:
    """See bot.ports.Troubles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stuck(self, channel: ChannelRef | None = None) -> list[StuckLine]:
        """Held and refused deliveries, the oldest first. They are few, so they are looked through for a channel's."""
        here, parameters = (f" AND +d.channel_id = {CHANNEL_ID}", channel_key(channel)) if channel else ("", ())
        rows = await self._database.read(
            f"{_LINE} WHERE d.state IN ({_STUCK}) AND c.paused = 0{here} ORDER BY d.opened", parameters
        )
        return [_line(row) for row in rows]

    async def named(self, prefix: str) -> list[StuckLine]:
        """The deliveries whose keys begin so."""
        end = prefix + "\x7f"
        rows = await self._database.read(
            f"{_LINE} WHERE d.key >= ? AND d.key < ? ORDER BY d.key LIMIT ?", (prefix, end, _MOST_NAMED)
        )
        return [_line(row) for row in rows]

    async def announcements(self, key: DeliveryKey) -> list[Announcement]:
        """What a delivery announces."""
        rows = await self._database.read(
            "SELECT c.platform, c.workspace, c.channel, a.paper_id, a.topics, a.note FROM announcements AS a "
            "JOIN channels AS c ON c.id = a.channel_id WHERE a.delivery_key = ? ORDER BY a.paper_id",
            (key,),
        )
        return [Announcement(ChannelRef(*row[:3]), row[3], tuple(json.loads(row[4])), Note(row[5])) for row in rows]

    async def resend(self, old: StuckLine, new: Delivery, by: str, now: datetime) -> bool:
        """Close a stuck delivery for a new one; see bot.ports.Troubles."""
        async with self._database.transaction():
            if not await self._close(old, by, now, error=f"resent as {new.key}"):
                return False
            await self._database.write(
                "INSERT INTO deliveries (key, channel_id, kind, slot, part, payload, state) "
                f"VALUES (?, {CHANNEL_ID}, ?, ?, ?, ?, 'pending')",
                (new.key, *channel_key(new.channel), new.kind.value, new.slot, new.part, new.payload),
            )
            await self._database.write(
                "UPDATE announcements SET delivery_key = ? WHERE delivery_key = ?", (new.key, old.key)
            )
        return True

    async def skip(self, old: StuckLine, by: str, now: datetime) -> bool:
        """Close a stuck delivery; what it announces counts as posted."""
        return await self._close(old, by, now, error=None)

    async def _close(self, old: StuckLine, by: str, now: datetime, *, error: str | None) -> bool:
        closed = await self._database.write(
            "UPDATE deliveries SET state = 'cancelled', error = ?, settled_by = ?, last_at = ? "
            f"WHERE key = ? AND state IN ({_STUCK})",
            (error, by, moment(now), old.key),
        )
        return closed > 0

    async def waiting(self) -> dict[ChannelRef, int]:
        """How many papers wait in each channel."""
        rows = await self._database.read(
            "SELECT c.platform, c.workspace, c.channel, count(*) FROM announcements AS a "
            "JOIN channels AS c ON c.id = a.channel_id WHERE a.delivery_key IS NULL GROUP BY c.id"
        )
        return {ChannelRef(*row[:3]): row[3] for row in rows}

    async def lose(self, channel: ChannelRef, error: str, now: datetime) -> datetime:
        """Note that the platform takes nothing in a channel; see bot.ports.Troubles."""
        async with self._database.transaction():
            await self._database.write(
                f"UPDATE channels SET lost_since = coalesce(lost_since, ?), lost_error = ? WHERE id = {CHANNEL_ID}",
                (moment(now), error, *channel_key(channel)),
            )
            rows = await self._database.read(
                f"SELECT lost_since FROM channels WHERE id = {CHANNEL_ID}", channel_key(channel)
            )
        return datetime.fromisoformat(rows[0][0])

    async def hurry(self, channel: ChannelRef) -> None:
        """Try a lost channel at once; see bot.ports.Troubles."""
        await self._database.write(
            "UPDATE deliveries SET not_before = NULL WHERE state = 'pending' AND channel_id = "
            f"(SELECT id FROM channels WHERE id = {CHANNEL_ID} AND lost_since IS NOT NULL)",
            channel_key(channel),
        )

    async def lost(self) -> list[LostChannel]:
        """The channels where the platform refuses everything."""
        rows = await self._database.read(
            f"SELECT {CHANNEL_COLUMNS}, c.lost_since, c.lost_error, (SELECT count(*) FROM announcements AS a "
            "LEFT JOIN deliveries AS d ON d.key = a.delivery_key "
            "WHERE a.channel_id = c.id AND (d.key IS NULL OR d.state = 'pending')) "
            "FROM channels AS c WHERE c.lost_since IS NOT NULL AND c.paused = 0 ORDER BY c.id"
        )
        return [
            LostChannel(to_channel(row), datetime.fromisoformat(since), error, waiting)
            for *row, since, error, waiting in rows
        ]

    async def watched(self) -> list[Watched]:
        """The troubles that are watched."""
        rows = await self._database.read(
            "SELECT key, since, channels, over, gone, told, open FROM troubles ORDER BY key"
        )
        return [_watched(row) for row in rows]

    async def watch(self, troubles: Iterable[Watched]) -> None:
        """Keep these, and no others."""
        rows = [
            (
                *(one.key, moment(one.since), _moment(one.gone), _moment(one.told), int(one.open), one.over),
                json.dumps([channel_key(channel) for channel in one.channels]),
            )
            for one in troubles
        ]
        async with self._database.transaction():
            await self._database.write("DELETE FROM troubles")
            await self._database.write_many(
                "INSERT INTO troubles (key, since, gone, told, open, over, channels) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )


def _line(row: Row) -> StuckLine:
    key, kind, slot, state, at, error, settled_by, papers = row[7:]
    return StuckLine(
        DeliveryKey(key),
        to_channel(row[:7]),
        DeliveryKind(kind),
        slot,
        DeliveryState(state),
        papers,
        to_moment(at),
        error,
        settled_by,
    )


def _watched(row: Row) -> Watched:
    key, since, channels, over, gone, told, heard = row
    return Watched(
        key,
        datetime.fromisoformat(since),
        tuple(ChannelRef(*channel) for channel in json.loads(channels)),
        over,
        to_moment(gone),
        to_moment(told),
        bool(heard),
    )


def _moment(value: datetime | None) -> str | None:
    return moment(value) if value else None
