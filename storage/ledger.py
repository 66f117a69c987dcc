"""What polling found and who followed what then, and the results of the daily check."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.model import ChannelRef, DeliveryState, PaperId
from bot.ports import Found
from bot.reports import Account, LedgerLine
from storage.database import Database, Row
from storage.rows import moment

KEPT = timedelta(days=30)
"""How long finds and results are kept."""

_ACTIVE = "SELECT channel_id, topic_id FROM active_follows"
_FOUND = (
    "SELECT ifnull(survivor, paper_id), source, iif(survivor IS NULL, at, min(at, first_seen)), matched_before "
    "FROM found LEFT JOIN merged ON loser = paper_id LEFT JOIN papers ON id = survivor "
)
_COLUMNS = f"day, source, {', '.join(account.name.lower() for account in Account)}, papers"
_LINE = f"SELECT {_COLUMNS} FROM ledger "


class SqliteLedger:
    """See bot.ports.Ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, finds: Sequence[Found], now: datetime) -> None:
        """Note what a page made new or changed, and who follows what; see bot.ports.Ledger."""
        if not finds:
            return
        async with self._database.transaction():
            await self._database.write("DELETE FROM found WHERE at < ?", (_oldest(now),))
            await self._database.write_many(
                "INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?)",
                [(moment(f.at), f.source, f.paper, json.dumps(sorted(f.matched_before))) for f in finds],
            )
            await self._database.write(f"DELETE FROM followed WHERE (channel_id, topic_id) NOT IN ({_ACTIVE})")
            await self._database.write(
                f"INSERT OR IGNORE INTO followed SELECT channel_id, topic_id, ? FROM ({_ACTIVE})", (moment(now),)
            )

    async def unchecked(self, before: date) -> list[date]:
        """Days with finds and without a result; see bot.ports.Ledger."""
        rows = await self._database.read(
            "SELECT DISTINCT substr(at, 1, 10) AS day FROM found WHERE at < ? "
            "AND day NOT IN (SELECT ledger.day FROM ledger) ORDER BY day",
            (before.isoformat(),),
        )
        return [date.fromisoformat(day) for (day,) in rows]

    async def finds(self, day: date) -> list[Found]:
        """What was found on a day."""
        days = (day.isoformat(), (day + timedelta(days=1)).isoformat())
        return [_found(row) for row in await self._database.read(f"{_FOUND} WHERE at >= ? AND at < ?", days)]

    async def finds_of(self, paper: PaperId) -> list[Found]:
        """When this paper was found."""
        rows = await self._database.read(f"{_FOUND} WHERE ifnull(survivor, paper_id) = ?", (paper,))
        return [_found(row) for row in rows]

    async def watched(self) -> dict[tuple[str, int], dict[ChannelRef, datetime]]:
        """Since when each source's papers are announced; see bot.ports.Ledger."""
        rows = await self._database.read(
            "SELECT b.source, b.topic_id, c.platform, c.workspace, c.channel, max(f.since, b.completed) "
            "FROM followed AS f JOIN baselines AS b USING (topic_id) JOIN channels AS c ON c.id = f.channel_id"
        )
        watched: dict[tuple[str, int], dict[ChannelRef, datetime]] = defaultdict(dict)
        for source, topic, *channel, since in rows:
            watched[source, topic][ChannelRef(*channel)] = datetime.fromisoformat(since)
        return watched

    async def announced(self, papers: Sequence[PaperId]) -> dict[PaperId, dict[ChannelRef, DeliveryState | None]]:
        """Where the papers' announcements stand; see bot.ports.Ledger."""
        rows = await self._database.read(
            "SELECT a.paper_id, c.platform, c.workspace, c.channel, d.state FROM json_each(?) AS k "
            "JOIN channels AS c JOIN announcements AS a ON a.channel_id = c.id AND a.paper_id = k.value "
            "LEFT JOIN deliveries AS d ON d.key = a.delivery_key",
            (json.dumps(papers),),
        )
        announced: dict[PaperId, dict[ChannelRef, DeliveryState | None]] = defaultdict(dict)
        for paper, *channel, state in rows:
            announced[paper][ChannelRef(*channel)] = DeliveryState(state) if state else None
        return announced

    async def keep(self, lines: Sequence[LedgerLine], now: datetime) -> None:
        """Keep results, in place of earlier ones."""
        async with self._database.transaction():
            await self._database.write_many(
                f"INSERT OR REPLACE INTO ledger ({_COLUMNS}) VALUES ({', '.join('?' * (len(Account) + 3))})",
                [
                    (line.day.isoformat(), line.source, *map(line.accounts.get, Account), json.dumps(line.missing))
                    for line in lines
                ],
            )
            await self._database.write("DELETE FROM ledger WHERE day < ?", (_oldest(now),))

    async def lines(self) -> list[LedgerLine]:
        """The last result of each source, and those with missing papers; see bot.ports.Ledger."""
        rows = await self._database.read(
            f"{_LINE} AS l WHERE missing > 0 OR day = (SELECT max(day) FROM ledger WHERE source = l.source) "
            "ORDER BY source, day"
        )
        return [_line(row) for row in rows]


def _oldest(now: datetime) -> str:
    """The first day that is kept."""
    return (now - KEPT).date().isoformat()


def _found(row: Row) -> Found:
    paper, source, at, matched_before = row
    return Found(paper, source, datetime.fromisoformat(at), frozenset(json.loads(matched_before)))


def _line(row: Row) -> LedgerLine:
    day, source, *counts, missing = row
    accounts = dict(zip(Account, counts, strict=True))
    return LedgerLine(date.fromisoformat(day), source, accounts, tuple(json.loads(missing)))
