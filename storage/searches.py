"""Searching by the index alone, and result pages that do not shift.

A stored search keeps the positions of its first HEAD results and the archive's change number. Pages inside the
head are read off it, so they stay as they were shown; deeper ones go on by date from the boundary, leaving out
what was placed after that change. Relevance ranks the newest HEAD matches only (measured: all of them cost
hundreds of milliseconds for common words), and older ones follow by date.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import aiosqlite

from bot.conversation import PageRequest, Sort
from bot.errors import NotFound, StorageError
from bot.model import ChannelRef, Paper, PaperId
from bot.ports import SearchPage
from bot.query import Query
from storage import lookup
from storage.archive import SqliteArchive
from storage.database import Database, fetch
from storage.index_rows import DAY_BITS
from storage.matching import Compiled, compile_match
from storage.stored import Stored, StoredSearches

_STREAMED = 500
_TOTALS = 1000


class SqliteSearches:
    """See bot.ports.Searches."""

    def __init__(self, database: Database, archive: SqliteArchive) -> None:
        self._database = database
        self._archive = archive
        self._stored = StoredSearches(database)
        self._totals: dict[tuple[int, Compiled], int] = {}

    async def search(self, query: Query | None, request: PageRequest, now: datetime, *, title: str = "") -> SearchPage:
        """Run a query, store it, and give its page; see bot.ports.Searches."""
        compiled = compile_match(query.root if query else None, now.date())
        async with self._database.snapshot() as connection:
            change = await lookup.last_change(connection)
            if request.sort is Sort.RELEVANCE:
                head = await lookup.most_relevant(connection, compiled)
            else:
                head = await lookup.first_matches(connection, compiled, request.sort)
            total = await self._total(connection, compiled, change, len(head))
        stored = Stored(
            key=_new_key(),
            title=title,
            query=str(query) if query else "",
            sort=request.sort,
            per_page=request.per_page,
            change=change,
            total=total,
            ranked=len(head) if request.sort is Sort.RELEVANCE and total > len(head) else None,
            head=head,
            boundary=_last_by_date(head, request.sort) if total > len(head) else None,
            created=now,
        )
        try:
            await self._stored.keep(stored)
        except StorageError:  # a full disk must not keep anybody from reading
            stored = replace(stored, key="")
        return await self._page(stored, request.page)

    async def _total(self, connection: aiosqlite.Connection, compiled: Compiled, change: int, probed: int) -> int:
        """How many match; of a long list it is known until the archive changes."""
        if probed < lookup.HEAD:
            return probed
        if (change, compiled) not in self._totals:
            if len(self._totals) >= _TOTALS:
                self._totals.clear()
            self._totals[change, compiled] = await lookup.count(connection, compiled)
        return self._totals[change, compiled]

    async def newest(self, query: Query, count: int, now: datetime) -> tuple[int, list[Paper]]:
        """How many match, and the newest of them; see bot.ports.Searches."""
        compiled = compile_match(query.root, now.date())
        async with self._database.snapshot() as connection:
            total = await lookup.count(connection, compiled)
            rows = await fetch(
                connection,
                "SELECT id FROM papers WHERE position IN "
                f"(SELECT rowid {lookup.FOUND} ORDER BY rowid DESC LIMIT ?) ORDER BY position DESC",
                (compiled.match, *lookup.bounds(compiled), count),
            )
        return total, await self._archive.papers([paper for (paper,) in rows])

    async def per_day(self, query: Query, now: datetime) -> dict[date, int]:
        """How many match, by their date; see bot.ports.Searches."""
        compiled = compile_match(query.root, now.date())
        rows = await self._database.read(
            f"SELECT rowid >> {DAY_BITS} AS day, count(*) {lookup.FOUND} GROUP BY day",
            (compiled.match, *lookup.bounds(compiled)),
        )
        return {date.fromordinal(day): number for day, number in rows}

    async def finds(self, query: Query, now: datetime) -> bool:
        """Whether any paper matches; see bot.ports.Searches."""
        compiled = compile_match(query.root, now.date())
        rows = await self._database.read(
            f"SELECT rowid {lookup.FOUND} LIMIT 1", (compiled.match, *lookup.bounds(compiled))
        )
        return bool(rows)

    async def store_list(self, title: str, papers: Sequence[PaperId], now: datetime) -> str:
        """Keep a fixed list; see bot.ports.Searches."""
        async with self._database.snapshot() as connection:
            change = await lookup.last_change(connection)
            rows = await fetch(
                connection,
                "SELECT p.position FROM json_each(?) AS k JOIN papers AS p ON p.id = k.value ORDER BY k.key",
                (json.dumps(papers),),
            )
        head = [position for (position,) in rows]
        stored = Stored(_new_key(), title, None, None, 10, change, len(head), None, head, None, now)
        await self._stored.keep(stored)
        return stored.key

    async def turn(self, key: str, page: int, now: datetime) -> SearchPage:
        """A page of a stored search; see bot.ports.Searches."""
        stored = await self._stored.load(key, now)
        newer = await self._newer(stored) if stored.query is not None else 0
        return await self._page(stored, page, newer)

    async def stream(self, query: Query | None, now: datetime) -> AsyncIterator[Paper]:
        """Every match, the newest first; see bot.ports.Searches."""
        compiled = compile_match(query.root if query else None, now.date())
        low, high = lookup.bounds(compiled)
        while rows := await self._database.read(
            "SELECT position, id FROM papers WHERE position IN "
            f"(SELECT rowid {lookup.FOUND} ORDER BY rowid DESC LIMIT {_STREAMED}) ORDER BY position DESC",
            (compiled.match, low, high),
        ):
            for paper in await self._archive.papers([paper for _, paper in rows]):
                yield paper
            high = rows[-1][0] - 1

    async def listed(self, key: str, now: datetime) -> AsyncIterator[Paper]:
        """Every paper of a stored search or list; see bot.ports.Searches."""
        stored = await self._stored.load(key, now)
        for start in range(0, stored.total, _STREAMED):
            positions = await self._positions(stored, start, min(start + _STREAMED, stored.total))
            for paper in await self._archive.papers(await self._papers_at(stored, positions)):
                yield paper

    async def remember_list(self, channel: ChannelRef, user: str, key: str) -> None:
        """Note which list a person saw last."""
        await self._stored.remember(channel, user, key)

    async def settle(self) -> None:
        """Wait until every list stands in the file."""
        await self._stored.settle()

    async def paper_on_line(self, channel: ChannelRef, user: str, line: int, now: datetime) -> PaperId | None:
        """The paper on that line of the list last seen; see bot.ports.Searches."""
        key = await self._stored.last_seen(channel, user)
        if key is None:
            return None
        try:
            stored = await self._stored.load(key, now)
        except NotFound:
            return None
        if not 1 <= line <= stored.total:
            return None
        return next(iter(await self._papers_at(stored, await self._positions(stored, line - 1, line))), None)

    # ------------------------------------------------------------ pages

    async def _page(self, stored: Stored, page: int, newer: int = 0) -> SearchPage:
        pages = max(1, -(-stored.total // stored.per_page))
        page = min(max(page, 1), pages)
        start = (page - 1) * stored.per_page
        positions = await self._positions(stored, start, min(start + stored.per_page, stored.total))
        ids = dict.fromkeys(await self._papers_at(stored, positions))
        return SearchPage(
            key=stored.key,
            title=stored.title,
            query=stored.query,
            sort=stored.sort,
            page=page,
            pages=pages,
            per_page=stored.per_page,
            total=stored.total,
            newer=newer,
            papers=tuple({paper.id: paper for paper in await self._archive.papers(list(ids))}.values()),
            ranked=stored.ranked,
        )

    async def _positions(self, stored: Stored, start: int, end: int) -> list[int]:
        """The positions of the results from ``start`` to ``end`` (exclusive, at most total)."""
        positions = list(stored.head[start:end])
        wanted = end - max(start, len(stored.head))
        if wanted > 0 and stored.boundary is not None:
            positions += await self._tail(stored, max(start, len(stored.head)) - len(stored.head), wanted)
        return positions

    async def _tail(self, stored: Stored, offset: int, wanted: int) -> list[int]:
        """What follows the head, by date, counted from whichever end is nearer."""
        compiled = stored.compiled()
        low, high = lookup.bounds(compiled)
        boundary = stored.boundary or 0
        low, high = (boundary + 1, high) if stored.sort is Sort.OLDEST else (low, boundary - 1)
        rest = stored.total - len(stored.head)
        from_end = offset > rest // 2
        descending = (stored.sort is not Sort.OLDEST) != from_end
        rows = await self._database.read(
            f"SELECT rowid {lookup.FOUND} AND rowid NOT IN (SELECT position FROM papers WHERE placed > ?) "
            f"ORDER BY rowid {'DESC' if descending else 'ASC'} LIMIT ? OFFSET ?",
            (compiled.match, low, high, stored.change, wanted, rest - offset - wanted if from_end else offset),
        )
        positions = [position for (position,) in rows]
        return positions[::-1] if from_end else positions

    async def _papers_at(self, stored: Stored, positions: Sequence[int]) -> list[PaperId]:
        """Who stood at these positions when the search was stored."""
        rows = await self._database.read(
            "SELECT coalesce((SELECT paper_id FROM moves WHERE old_position = k.value AND change > ? "
            "ORDER BY change LIMIT 1), (SELECT id FROM papers WHERE position = k.value)) "
            "FROM json_each(?) AS k ORDER BY k.key",
            (stored.change, json.dumps(list(positions))),
        )
        return [paper for (paper,) in rows if paper is not None]

    async def _newer(self, stored: Stored) -> int:
        """How many of the newest HEAD matches came after the search was stored."""
        async with self._database.snapshot() as connection:
            if await lookup.last_change(connection) == stored.change:
                return 0
            probe = await lookup.first_matches(connection, stored.compiled(), Sort.NEWEST)
            rows = await fetch(
                connection,
                "SELECT count(*) FROM papers WHERE placed > ? AND position IN (SELECT value FROM json_each(?)) "
                "AND id NOT IN (SELECT paper_id FROM moves WHERE change > ?)",
                (stored.change, json.dumps(list(probe)), stored.change),
            )
        return int(rows[0][0])


def _last_by_date(head: Sequence[int], sort: Sort) -> int:
    return max(head) if sort is Sort.OLDEST else min(head)


def _new_key() -> str:
    return secrets.token_urlsafe(9)
