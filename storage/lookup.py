"""Asking the index, and the index alone: first matches, counts, ranks, positions."""

from __future__ import annotations

from datetime import date

import aiosqlite

from bot.conversation import Sort
from storage.database import fetch
from storage.index_rows import DAY_BITS
from storage.matching import Compiled

HEAD = 2000
"""How many results are looked at one by one; beyond, they are only counted."""

FOUND = "FROM paper_index WHERE paper_index MATCH ? AND rowid BETWEEN ? AND ?"
"""Takes ``compiled.match`` and ``bounds(compiled)``."""

COUNT = "SELECT count(*) FROM paper_index WHERE paper_index MATCH ?"
"""Without dates there are no bounds to compare each position with."""

RELEVANT = (
    f"SELECT rowid FROM (SELECT rowid, bm25(paper_index, 8, 1, 2, 1, 1, 0) AS rank {FOUND} "
    f"ORDER BY rowid DESC LIMIT {HEAD}) ORDER BY rank, rowid DESC"
)
_FIRST, _LAST = 0, 2**63 - 1


async def last_change(connection: aiosqlite.Connection) -> int:
    """The archive's change number."""
    rows = await fetch(connection, "SELECT value FROM meta WHERE key = 'change'")
    return int(rows[0][0]) if rows else 0


async def first_matches(connection: aiosqlite.Connection, compiled: Compiled, sort: Sort) -> list[int]:
    """The first HEAD matches by date."""
    order = "ASC" if sort is Sort.OLDEST else "DESC"
    rows = await fetch(
        connection, f"SELECT rowid {FOUND} ORDER BY rowid {order} LIMIT {HEAD}", (compiled.match, *bounds(compiled))
    )
    return [position for (position,) in rows]


async def count(connection: aiosqlite.Connection, compiled: Compiled) -> int:
    """How many match."""
    if compiled.first_day is None and compiled.end_day is None:
        rows = await fetch(connection, COUNT, (compiled.match,))
    else:
        rows = await fetch(connection, f"SELECT count(*) {FOUND}", (compiled.match, *bounds(compiled)))
    return int(rows[0][0])


async def most_relevant(connection: aiosqlite.Connection, compiled: Compiled) -> list[int]:
    """The newest HEAD matches, the most relevant first; found and ranked in one walk of the index."""
    rows = await fetch(connection, RELEVANT, (compiled.match, *bounds(compiled)))
    return [position for (position,) in rows]


def bounds(compiled: Compiled) -> tuple[int, int]:
    """The lowest and highest position that the query's dates allow."""
    low = _position(compiled.first_day) if compiled.first_day else _FIRST
    high = _position(compiled.end_day) - 1 if compiled.end_day else _LAST
    return low, high


def _position(day: date) -> int:
    return day.toordinal() << DAY_BITS
