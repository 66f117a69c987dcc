"""Announcements that wait, and deliveries with their states.

             claim             sent
    pending ───────▶ sending ───────▶ sent
       ▲ ▲            │   │ ╲
       │ └─ not_sent ─┘   │  ╲ dead, held ──▶ cancelled (trouble.py)
       │                  ▼
       └── absent ×2 ── unknown ──▶ sent, held

    after a restore, what waits ── settle ──▶ sent (the channel shows it), held

``sending`` is committed before the call. Whatever is ``sending`` when a process starts belongs to a dead one and
becomes ``unknown``; only reading the channel back resolves an ``unknown``. ``sent`` is final.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from bot.errors import StorageError
from bot.model import (
    ABSENCES_NEEDED,
    Announcement,
    ChannelRef,
    Delivery,
    DeliveryKey,
    DeliveryKind,
    DeliveryState,
    Note,
    PaperId,
)
from bot.ports import Shown
from bot.reports import Announced, History
from storage.database import Database, Row
from storage.rows import CHANNEL_ID, channel_key, moment, to_moment

_DELIVERY = (
    "SELECT d.key, c.platform, c.workspace, c.channel, d.kind, d.slot, d.part, d.payload, d.state, d.attempts, "
    "d.first_at, d.last_at, d.not_before, d.absences, d.message_id, d.error "
    "FROM deliveries AS d JOIN channels AS c ON c.id = d.channel_id "
)
_NEVER = "9999"
S = DeliveryState


class SqliteOutbox:
    """See bot.ports.Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def install_id(self) -> str:
        """The random name of this installation, made once."""
        if known := await self._database.meta("install_id"):
            return known
        await self._database.write("INSERT OR IGNORE INTO meta VALUES ('install_id', ?)", (secrets.token_hex(8),))
        return await self.install_id()

    async def queue(self, announcements: Sequence[Announcement], now: datetime) -> int:
        """Keep announcements that are new for their channel; see bot.ports.Outbox."""
        queued = 0
        async with self._database.transaction():
            for a in announcements:
                queued += await self._database.write(
                    "INSERT OR IGNORE INTO announcements (channel_id, paper_id, topics, note, queued) "
                    f"SELECT id, ?, ?, ?, ? FROM channels WHERE id = {CHANNEL_ID}",
                    (a.paper_id, json.dumps(a.topics), a.note.value, moment(now), *channel_key(a.channel)),
                )
        return queued

    async def waiting(self, channel: ChannelRef, queued_until: datetime | None = None) -> list[Announcement]:
        """Announcements in no delivery yet, oldest first; see bot.ports.Outbox."""
        rows = await self._database.read(
            "SELECT paper_id, topics, note FROM announcements "
            "JOIN papers AS p ON p.id = paper_id "
            f"WHERE delivery_key IS NULL AND channel_id = {CHANNEL_ID} AND queued <= ? ORDER BY queued, p.position",
            (*channel_key(channel), moment(queued_until) if queued_until else _NEVER),
        )
        return [Announcement(channel, paper, tuple(json.loads(topics)), Note(note)) for paper, topics, note in rows]

    async def open(self, parts: Sequence[Delivery], now: datetime) -> Delivery | None:
        """Freeze a message's parts and claim the first, in one commit; see bot.ports.Outbox."""
        async with self._database.transaction():
            return await self.claim(parts[0].key, now) if await self._keep(parts) else None

    async def add(self, delivery: Delivery) -> bool:
        """Keep a message that announces nothing, to be sent; see bot.ports.Outbox."""
        async with self._database.transaction():
            taken = await self.taken(delivery.channel, delivery.kind, delivery.slot)
            return not taken and await self._keep([delivery])

    async def taken(self, channel: ChannelRef, kind: DeliveryKind, slot: str) -> bool:
        """Whether there is a message for this slot already."""
        rows = await self._database.read(
            f"SELECT 1 FROM deliveries WHERE channel_id = {CHANNEL_ID} AND (kind, slot) = (?, ?) LIMIT 1",
            (*channel_key(channel), kind.value, slot),
        )
        return bool(rows)

    async def shown(self, channel: ChannelRef, paper: PaperId) -> Shown | None:
        """The last message that announced or shared the paper; see bot.ports.Outbox."""
        rows = await self._database.read(
            "SELECT message_id, last_at FROM deliveries WHERE state = 'sent' AND message_id <> '' AND opened IN ("
            "SELECT d.opened FROM announcements AS a JOIN deliveries AS d ON d.key = a.delivery_key "
            f"WHERE a.channel_id = {CHANNEL_ID} AND a.paper_id = ? "
            f"UNION ALL SELECT opened FROM deliveries WHERE channel_id = {CHANNEL_ID} AND kind = 'share' "
            "AND (slot = ? OR slot GLOB ?)) ORDER BY opened DESC LIMIT 1",
            (*channel_key(channel), paper, *channel_key(channel), f"P{paper}", f"P{paper}.*"),
        )
        return Shown(rows[0][0], datetime.fromisoformat(rows[0][1])) if rows else None

    async def settle(self, delivery: Delivery) -> bool:
        """Keep a delivery that is not to be sent; see bot.ports.Outbox."""
        async with self._database.transaction():
            return await self._keep([delivery])

    async def _keep(self, parts: Sequence[Delivery]) -> bool:
        """Store deliveries with what they announce, unless some of it waits no more."""
        still = {a.paper_id for a in await self.waiting(parts[0].channel)}
        if not still.issuperset(paper for part in parts for paper in part.paper_ids):
            return False
        for part in parts:
            await self._database.write(
                "INSERT INTO deliveries "
                "(key, channel_id, kind, slot, part, payload, state, last_at, message_id, error) "
                f"VALUES (?, {CHANNEL_ID}, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(part.key, *channel_key(part.channel), part.kind.value, part.slot, part.part, part.payload),
                    *(part.state.value, moment(part.last_at) if part.last_at else None, part.message_id, part.error),
                ),
            )
            await self._database.write(
                "UPDATE announcements SET delivery_key = ? WHERE delivery_key IS NULL "
                f"AND channel_id = {CHANNEL_ID} AND paper_id IN (SELECT value FROM json_each(?))",
                (part.key, *channel_key(part.channel), json.dumps(part.paper_ids)),
            )
        return True

    async def unfinished(self, channel: ChannelRef) -> list[Delivery]:
        """Deliveries that still need something done, in the order they were opened."""
        rows = await self._database.read(
            f"{_DELIVERY} WHERE d.channel_id = {CHANNEL_ID} AND d.state IN ('pending', 'sending', 'unknown') "
            "ORDER BY d.opened",
            channel_key(channel),
        )
        return [_delivery(row) for row in rows]

    async def busy_channels(self, now: datetime) -> list[ChannelRef]:
        """Channels with something to do that waits for no slot; see bot.ports.Outbox."""
        rows = await self._database.read(
            "SELECT platform, workspace, channel FROM channels AS c WHERE paused = 0 AND ("
            "id IN (SELECT channel_id FROM deliveries WHERE state IN ('pending', 'sending', 'unknown')) "
            "OR id IN (SELECT channel_id FROM announcements INDEXED BY announcements_to_start "
            f"WHERE delivery_key IS NULL AND note = '{Note.TO_START}') "
            "OR schedule = 'now' AND coalesce(snoozed_until <= ?, 1) AND EXISTS ("
            "SELECT 1 FROM announcements AS a WHERE a.delivery_key IS NULL AND a.channel_id = c.id)) ORDER BY id",
            (moment(now),),
        )
        return [ChannelRef(*row) for row in rows]

    async def claim(self, key: DeliveryKey, now: datetime) -> Delivery:
        """From pending to sending."""
        await self._move(
            key,
            {S.PENDING},
            S.SENDING,
            "attempts = attempts + 1, first_at = coalesce(first_at, ?), last_at = ?, absences = 0",
            moment(now),
            moment(now),
        )
        rows = await self._database.read(f"{_DELIVERY} WHERE d.key = ?", (key,))
        return _delivery(rows[0])

    async def sent(self, key: DeliveryKey, message_id: str, now: datetime) -> None:
        """From sending or unknown to sent."""
        await self._move(
            key,
            {S.SENDING, S.UNKNOWN},
            S.SENT,
            "message_id = ?, last_at = ?, not_before = NULL, error = NULL",
            message_id,
            moment(now),
        )

    async def not_sent(self, key: DeliveryKey, error: str, now: datetime, not_before: datetime) -> None:
        """From sending to pending: proven not sent, to be tried again with the same bytes."""
        await self._move(
            key,
            {S.SENDING},
            S.PENDING,
            "error = ?, last_at = ?, not_before = ?",
            error,
            moment(now),
            moment(not_before),
        )

    async def unknown(self, key: DeliveryKey, error: str, now: datetime) -> None:
        """From sending to unknown: it may have arrived."""
        await self._move(key, {S.SENDING}, S.UNKNOWN, "error = ?, last_at = ?", error, moment(now))

    async def absent(self, key: DeliveryKey, now: datetime) -> None:
        """Count a complete read without the message; the second makes it pending again."""
        async with self._database.transaction():
            await self._move(key, {S.UNKNOWN}, S.UNKNOWN, "absences = absences + 1, last_at = ?", moment(now))
            rows = await self._database.read("SELECT absences FROM deliveries WHERE key = ?", (key,))
            if rows[0][0] >= ABSENCES_NEEDED:
                await self._move(key, {S.UNKNOWN}, S.PENDING, "not_before = NULL")

    async def held(self, key: DeliveryKey, error: str, now: datetime) -> None:
        """From unknown to held: only a person can tell whether it arrived."""
        await self._move(key, {S.UNKNOWN}, S.HELD, "error = ?, last_at = ?", error, moment(now))

    async def dead(self, key: DeliveryKey, error: str, now: datetime) -> None:
        """From sending to dead: the platform will never take these bytes."""
        await self._move(key, {S.SENDING}, S.DEAD, "error = ?, last_at = ?", error, moment(now))

    async def announced(self, channel: ChannelRef, paper: PaperId) -> Announced | None:
        """What this channel was told of a paper."""
        rows = await self._database.read(
            "SELECT a.topics, a.queued, d.state, d.last_at, d.error, d.message_id, d.settled_by "
            "FROM announcements AS a LEFT JOIN deliveries AS d ON d.key = a.delivery_key "
            f"WHERE a.channel_id = {CHANNEL_ID} AND a.paper_id = ?",
            (*channel_key(channel), paper),
        )
        if not rows:
            return None
        topics, queued, state, at, error, message_id, settled_by = rows[0]
        return Announced(
            tuple(json.loads(topics)),
            datetime.fromisoformat(queued),
            DeliveryState(state) if state else None,
            to_moment(at),
            error,
            message_id,
            settled_by,
        )

    async def histories(self, channel: ChannelRef | None = None) -> dict[tuple[ChannelRef, str], History]:
        """The last post and trouble of each topic; see bot.ports.Outbox."""
        where, parameters = (f"WHERE c.id = {CHANNEL_ID}", channel_key(channel)) if channel else ("", ())
        rows = await self._database.read(
            "SELECT c.platform, c.workspace, c.channel, t.value, max(d.last_at) FILTER (WHERE d.state = 'sent'), "
            "max(json_array(d.last_at, d.error)) FILTER (WHERE d.error IS NOT NULL) "
            "FROM channels AS c JOIN announcements AS a ON a.channel_id = c.id "
            f"JOIN deliveries AS d ON d.key = a.delivery_key JOIN json_each(a.topics) AS t "
            f"{where} GROUP BY c.id, t.value",
            parameters,
        )
        return {(ChannelRef(*place), topic): _history(post, failure) for *place, topic, post, failure in rows}

    async def recover(self) -> int:
        """From sending to unknown for all: their process is dead."""
        return await self._database.write(
            "UPDATE deliveries SET state = 'unknown', error = 'the bot stopped while sending' WHERE state = 'sending'"
        )

    async def counts(self) -> dict[str, int]:
        """Deliveries by state, and waiting announcements."""
        rows = await self._database.read(
            "SELECT state, count(*) FROM deliveries GROUP BY state "
            "UNION ALL SELECT 'waiting', count(*) FROM announcements WHERE delivery_key IS NULL"
        )
        return dict(rows)

    async def _move(
        self, key: DeliveryKey, origins: set[DeliveryState], to: DeliveryState, changes: str, *values: str | None
    ) -> None:
        moved = await self._database.write(
            f"UPDATE deliveries SET state = ?, {changes} WHERE key = ? AND state IN (SELECT value FROM json_each(?))",
            (to.value, *values, key, json.dumps(sorted(origins))),
        )
        if not moved:
            raise StorageError(f"delivery {key} is not {' or '.join(sorted(origins))}, so it cannot become {to}.")


def _history(post: str | None, failure: str | None) -> History:
    at, error = json.loads(failure) if failure else (None, None)
    return History(to_moment(post), to_moment(at), error)


def _delivery(row: Row) -> Delivery:
    return Delivery(
        key=DeliveryKey(row[0]),
        channel=ChannelRef(*row[1:4]),
        kind=DeliveryKind(row[4]),
        slot=row[5],
        part=row[6],
        payload=row[7],
        state=DeliveryState(row[8]),
        attempts=row[9],
        first_at=to_moment(row[10]),
        last_at=to_moment(row[11]),
        not_before=to_moment(row[12]),
        absences=row[13],
        message_id=row[14],
        error=row[15],
    )
