"""Asking the index, and the index alone: first matches, counts, ranks, positions."""

from __future__ import annotations

from collections.abc import Sequence
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

_RANK = "bm25(paper_index, 8, 1, 2, 1, 1, 0)"
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
    """How many match; without dates there are no bounds to compare each position with."""
    if compiled.first_day is None and compiled.end_day is None:
        rows = await fetch(connection, "SELECT count(*) FROM paper_index WHERE paper_index MATCH ?", (compiled.match,))
    else:
        rows = await fetch(connection, f"SELECT count(*) {FOUND}", (compiled.match, *bounds(compiled)))
    return int(rows[0][0])


async def rank(connection: aiosqlite.Connection, compiled: Compiled, probe: Sequence[int]) -> list[int]:
    """The newest HEAD matches, the most relevant first."""
    if not probe:
        return []
    rows = await fetch(
        connection,
        f"SELECT rowid {FOUND} ORDER BY {_RANK}, rowid DESC LIMIT {HEAD}",
        (compiled.match, probe[-1], probe[0]),
    )
    return [position for (position,) in rows]


def bounds(compiled: Compiled) -> tuple[int, int]:
    """The lowest and highest position that the query's dates allow."""
    low = _position(compiled.first_day) if compiled.first_day else _FIRST
    high = _position(compiled.end_day) - 1 if compiled.end_day else _LAST
    return low, high


def _position(day: date) -> int:
    return day.toordinal() << DAY_BITS
