"""Stored searches, and which of them a person saw last.

A question does not wait for a page of papers that is being written: what takes longer than PATIENCE is remembered
here until it stands in the file. What a kill loses of that is a list that has to be searched for again.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.conversation import Sort
from bot.errors import Expired, NotFound
from bot.model import ChannelRef
from bot.query import parse
from storage.database import Database
from storage.matching import Compiled, compile_match
from storage.rows import moment

KEPT = timedelta(days=90)
PATIENCE = 0.02
"""Seconds that storing a list may hold up an answer."""

_OVER = "This list is no longer kept (lists live 90 days)."
_COLUMNS = "key, title, query, sort, per_page, change, total, ranked, head, boundary, created"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored search, or a stored list (no query)."""

    key: str
    title: str
    query: str | None
    sort: Sort | None
    per_page: int
    change: int
    total: int
    ranked: int | None
    head: Sequence[int]
    boundary: int | None
    created: datetime

    def compiled(self) -> Compiled:
        """The query for the index, its ages counted from when it was stored."""
        return compile_match(parse(self.query, limited=False).root if self.query else None, self.created.date())


@dataclass(slots=True)
class _Batch:
    """What goes into the file in one transaction, until it stands there."""

    searches: dict[str, Stored] = field(default_factory=dict)
    last: dict[tuple[ChannelRef, str], str] = field(default_factory=dict)
    begun: bool = False


class StoredSearches:
    """The tables ``searches`` and ``last_lists``, and what is on its way there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batches: dict[asyncio.Task[None], _Batch] = {}

    async def keep(self, stored: Stored) -> None:
        """Store a search. Raises StorageError."""
        writing, batch = self._next_batch()
        batch.searches[stored.key] = stored
        await _wait_a_little(writing)

    async def load(self, key: str, now: datetime) -> Stored:
        """A search kept at most KEPT ago. Raises NotFound; Expired, as long as its words are known."""
        for batch in self._batches.values():
            if key in batch.searches:
                return batch.searches[key]
        rows = await self._database.read(f"SELECT {_COLUMNS} FROM searches WHERE key = ?", (key,))
        if not rows:
            raise NotFound(f"{_OVER} Run the search again.")
        *_, created = rows[0]
        if created < moment(now - KEPT):
            _, _, query, sort, *_ = rows[0]
            raise Expired(_OVER, f"search {query} sort:{sort}" if query else "latest" if query == "" else "")
        return _stored_from(rows[0])

    async def remember(self, channel: ChannelRef, user: str, key: str) -> None:
        """Note which list a person saw last. Raises StorageError."""
        writing, batch = self._next_batch()
        batch.last[channel, user] = key
        await _wait_a_little(writing)

    async def last_seen(self, channel: ChannelRef, user: str) -> str | None:
        """The key of the list that the person saw last."""
        for batch in reversed(self._batches.values()):
            if (channel, user) in batch.last:
                return batch.last[channel, user]
        rows = await self._database.read(
            "SELECT search FROM last_lists WHERE platform = ? AND workspace = ? AND channel = ? AND user = ?",
            (channel.platform, channel.workspace, channel.id, user),
        )
        return rows[0][0] if rows else None

    async def settle(self) -> None:
        """Wait until everything stands in the file."""
        await asyncio.gather(*self._batches, return_exceptions=True)

    def _next_batch(self) -> tuple[asyncio.Task[None], _Batch]:
        """The batch that waits for the writer, which takes all that comes meanwhile; else a new one."""
        for writing, batch in self._batches.items():
            if not batch.begun:
                return writing, batch
        batch = _Batch()
        writing = asyncio.create_task(self._write(batch))
        self._batches[writing] = batch
        writing.add_done_callback(self._written)
        return writing, batch

    async def _write(self, batch: _Batch) -> None:
        try:
            async with self._database.transaction():
                batch.begun = True
                await self._database.write_many(
                    f"INSERT INTO searches ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [_row(stored) for stored in batch.searches.values()],
                )
                await self._database.write_many(
                    "INSERT OR REPLACE INTO last_lists VALUES (?, ?, ?, ?, ?)",
                    [(c.platform, c.workspace, c.id, user, key) for (c, user), key in batch.last.items()],
                )
        finally:
            batch.begun = True

    def _written(self, writing: asyncio.Task[None]) -> None:
        del self._batches[writing]
        if not writing.cancelled() and (error := writing.exception()):
            _log.warning("a list could not be stored: %s", error)


async def _wait_a_little(writing: asyncio.Task[None]) -> None:
    """Wait for a write, but for a short time only; raise what it raises by then."""
    await asyncio.wait({writing}, timeout=PATIENCE)
    if writing.done():
        writing.result()


def _row(stored: Stored) -> tuple[Any, ...]:
    return (
        stored.key,
        stored.title,
        stored.query,
        stored.sort.value if stored.sort else None,
        stored.per_page,
        stored.change,
        stored.total,
        stored.ranked,
        zlib.compress(array("q", stored.head).tobytes()),
        stored.boundary,
        moment(stored.created),
    )


def _stored_from(row: tuple[Any, ...]) -> Stored:
    key, title, query, sort, per_page, change, total, ranked, head, boundary, created = row
    positions = array("q")
    positions.frombytes(zlib.decompress(head))
    return Stored(
        key=key,
        title=title,
        query=query,
        sort=Sort(sort) if sort else None,
        per_page=per_page,
        change=change,
        total=total,
        ranked=ranked,
        head=positions,
        boundary=boundary,
        created=datetime.fromisoformat(created),
    )
