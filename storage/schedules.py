"""When channels are posted to, and how far they got."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from bot.model import Announcement, ChannelRef, DeliveryKind, Note
from bot.ports import Plan, Progress
from storage.database import Database
from storage.rows import CHANNEL_ID, channel_key, moment, to_day, to_moment

_PLAN = (
    "SELECT c.platform, c.workspace, c.channel, c.schedule, c.zone, c.recap, c.snoozed_until, c.managed, "
    "d.rule, d.since, d.last_day, d.last_end, r.rule, r.since, r.last_day, r.last_end FROM channels AS c "
    "LEFT JOIN timetables AS d ON d.channel_id = c.id AND d.kind = 'digest' "
    "LEFT JOIN timetables AS r ON r.channel_id = c.id AND r.kind = 'recap' WHERE c.paused = 0 AND "
)


class SqliteSchedules:
    """See bot.ports.Schedules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plans(self) -> list[Plan]:
        """Those of all channels that have slots."""
        rows = await self._database.read(f"{_PLAN} (c.schedule <> 'now' OR c.recap <> '')")
        return [_plan(*row) for row in rows]

    async def plan(self, channel: ChannelRef) -> Plan | None:
        """That of one channel."""
        rows = await self._database.read(f"{_PLAN} c.id = {CHANNEL_ID}", channel_key(channel))
        return _plan(*rows[0]) if rows else None

    async def set_schedule(self, channel: ChannelRef, schedule: str, zone: str) -> None:
        """When the channel is posted to."""
        await self._database.write(
            f"UPDATE channels SET schedule = ?, zone = ? WHERE id = {CHANNEL_ID}",
            (schedule, zone, *channel_key(channel)),
        )

    async def set_recap(self, channel: ChannelRef, recap: str) -> None:
        """When the channel gets recaps; "" for never."""
        await self._database.write(
            f"UPDATE channels SET recap = ? WHERE id = {CHANNEL_ID}", (recap, *channel_key(channel))
        )

    async def snooze(self, channel: ChannelRef, until: datetime) -> None:
        """Until when nothing is posted."""
        await self._database.write(
            f"UPDATE channels SET snoozed_until = ? WHERE id = {CHANNEL_ID}", (moment(until), *channel_key(channel))
        )

    async def begin(self, rules: Iterable[tuple[ChannelRef, DeliveryKind, str]], now: datetime) -> None:
        """Which rules hold from now on; see bot.ports.Schedules."""
        async with self._database.transaction():
            for channel, kind, rule in rules:
                await self._database.write(
                    f"INSERT INTO timetables (channel_id, kind, rule, since) VALUES ({CHANNEL_ID}, ?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET rule = excluded.rule, since = excluded.since",
                    (*channel_key(channel), kind.value, rule, moment(now)),
                )

    async def use(self, channel: ChannelRef, kind: DeliveryKind, day: date, end: datetime) -> None:
        """A slot is done; see bot.ports.Schedules."""
        await self._database.write(
            f"UPDATE timetables SET last_day = ?, last_end = ? WHERE channel_id = {CHANNEL_ID} AND kind = ?",
            (day.isoformat(), moment(end), *channel_key(channel), kind.value),
        )

    async def shown(self, channel: ChannelRef, begin: datetime, end: datetime) -> list[Announcement]:
        """What was posted in a period; see bot.ports.Schedules."""
        rows = await self._database.read(
            "SELECT a.paper_id, a.topics, a.note FROM deliveries AS d "
            "JOIN announcements AS a ON a.delivery_key = d.key JOIN papers AS p ON p.id = a.paper_id "
            f"WHERE d.channel_id = {CHANNEL_ID} AND d.state = 'sent' AND d.last_at > ? AND d.last_at <= ? "
            "ORDER BY d.opened, p.position",
            (*channel_key(channel), moment(begin), moment(end)),
        )
        return [Announcement(channel, paper, tuple(json.loads(topics)), Note(note)) for paper, topics, note in rows]


@lru_cache(maxsize=10_000)
def _plan(*row: str | None) -> Plan:
    """Read a row; most are the same each second."""
    platform, workspace, channel, schedule, zone, recap, snoozed_until, managed = row[:8]
    return Plan(
        ChannelRef(platform or "", workspace or "", channel or ""),
        schedule or "",
        zone or "",
        recap or "",
        to_moment(snoozed_until),
        bool(managed),
        _progress(*row[8:12]),
        _progress(*row[12:16]),
    )


def _progress(rule: str | None, since: str | None, last_day: str | None, last_end: str | None) -> Progress | None:
    if rule is None or since is None:
        return None
    return Progress(rule, datetime.fromisoformat(since), to_day(last_day), to_moment(last_end))
