"""What channels do not want to hear of, and the papers that were kept back for that."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot.errors import NotFound, Refused
from bot.model import ChannelRef, Mute, MuteKind, PaperId
from bot.ports import Muted
from bot.query.tokens import fold
from storage.database import Database
from storage.rows import CHANNEL_ID, channel_key, moment


class SqliteMutes:
    """See bot.ports.Mutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[ChannelRef, list[Mute]]:
        """The mutes of every channel that has any."""
        rows = await self._database.read(
            "SELECT platform, workspace, channel, kind, text FROM mutes JOIN channels ON id = channel_id ORDER BY since"
        )
        mutes: dict[ChannelRef, list[Mute]] = defaultdict(list)
        for *channel, kind, text in rows:
            mutes[ChannelRef(*channel)].append(Mute(MuteKind(kind), text))
        return mutes

    async def of_channel(self, channel: ChannelRef) -> list[Mute]:
        """The channel's mutes, the oldest first."""
        return (await self.all()).get(channel, [])

    async def add(self, mute: Mute, channel: ChannelRef, now: datetime) -> None:
        """Mute from now on; see bot.ports.Mutes."""
        async with self._database.transaction():
            if not await self._database.read(f"SELECT 1 WHERE {CHANNEL_ID} IS NOT NULL", channel_key(channel)):
                raise Refused(
                    "Mutes belong to a channel that the bot posts to. Invite it here first, or mute this one there."
                )
            added = await self._database.write(
                f"INSERT OR IGNORE INTO mutes VALUES ({CHANNEL_ID}, ?, ?, ?, ?)",
                (*channel_key(channel), mute.kind.value, fold(mute.text), mute.text, moment(now)),
            )
        if not added:
            raise Refused(f"{mute} is muted here already.")

    async def remove(self, mute: Mute, channel: ChannelRef) -> Mute:
        """Mute no more; see bot.ports.Mutes."""
        words = (mute.kind, fold(mute.text))
        known = next((one for one in await self.of_channel(channel) if (one.kind, fold(one.text)) == words), None)
        if known is None:
            raise NotFound(f"{mute} is not muted here.")
        await self._database.write(
            f"DELETE FROM mutes WHERE channel_id = {CHANNEL_ID} AND kind = ? AND words = ?",
            (*channel_key(channel), mute.kind.value, fold(mute.text)),
        )
        return known

    async def keep_back(self, muted: Muted, now: datetime) -> None:
        """Keep what is not announced; see bot.ports.Mutes."""
        async with self._database.transaction():
            await self._database.write_many(
                f"INSERT OR REPLACE INTO muted VALUES ({CHANNEL_ID}, ?, ?, ?, ?)",
                [
                    (*channel_key(channel), paper, mute.kind.value, mute.text, moment(now))
                    for (channel, paper), mute in muted.items()
                ],
            )
            await self._database.write_many(
                f"DELETE FROM announcements WHERE delivery_key IS NULL AND channel_id = {CHANNEL_ID} AND paper_id = ?",
                [(*channel_key(channel), paper) for channel, paper in muted],
            )

    async def kept_back(self, channel: ChannelRef, since: datetime) -> dict[Mute, int]:
        """How many papers each mute kept back since then."""
        rows = await self._database.read(
            f"SELECT kind, text, count(*) FROM muted WHERE channel_id = {CHANNEL_ID} AND at >= ? GROUP BY kind, text",
            (*channel_key(channel), moment(since)),
        )
        return {Mute(MuteKind(kind), text): count for kind, text, count in rows}

    async def kept_back_by(self, channel: ChannelRef, paper: PaperId) -> Mute | None:
        """What kept this paper back in the channel."""
        rows = await self._database.read(
            f"SELECT kind, text FROM muted WHERE channel_id = {CHANNEL_ID} AND paper_id = ?",
            (*channel_key(channel), paper),
        )
        return next((Mute(MuteKind(kind), text) for kind, text in rows), None)

    async def channels_without(self, papers: Sequence[PaperId]) -> dict[PaperId, set[ChannelRef]]:
        """Where each of the papers was kept back; see bot.ports.Mutes."""
        rows = await self._database.read(
            "SELECT m.paper_id, c.platform, c.workspace, c.channel FROM json_each(?) AS k "
            "JOIN muted AS m ON m.paper_id = k.value JOIN channels AS c ON c.id = m.channel_id",
            (json.dumps(papers),),
        )
        channels: dict[PaperId, set[ChannelRef]] = defaultdict(set)
        for paper, *channel in rows:
            channels[paper].add(ChannelRef(*channel))
        return channels

    async def posted(self, channel: ChannelRef, since: datetime) -> list[PaperId]:
        """The papers posted in the channel since then."""
        rows = await self._database.read(
            f"SELECT paper_id FROM announcements WHERE channel_id = {CHANNEL_ID} AND delivery_key IS NOT NULL "
            "AND queued >= ?",
            (*channel_key(channel), moment(since)),
        )
        return [paper for (paper,) in rows]
