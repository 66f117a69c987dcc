"""The full-text index: where a paper stands in it, and how it gets in and out.

The index is contentless, so taking a paper out needs the very text that went in: ``index_row`` is pure and
versioned, and the archive rebuilds the index when its version changes.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from bot.model import Paper
from storage.database import Database
from storage.index_rows import DAY_BITS, index_row

_COLUMNS = "rowid, title, abstract, authors, journal, category, tokens"


def day_of(position: int) -> int:
    """The day ordinal of a position."""
    return position >> DAY_BITS


async def free_positions(database: Database, days: Sequence[date]) -> list[int]:
    """A free position on each of the days, in order."""
    rows = await database.read(
        "SELECT k.value, (SELECT max(position) FROM papers "
        f"WHERE position BETWEEN k.value << {DAY_BITS} AND ((k.value + 1) << {DAY_BITS}) - 1) "
        "FROM json_each(?) AS k",
        (json.dumps(sorted({day.toordinal() for day in days})),),
    )
    following = {day: (day << DAY_BITS if last is None else last + 1) for day, last in rows}
    taken: dict[int, int] = defaultdict(int)
    positions = []
    for day in (day.toordinal() for day in days):
        positions.append(following[day] + taken[day])
        taken[day] += 1
    return positions


async def add(database: Database, papers: Iterable[tuple[int, Paper]]) -> None:
    """Put papers into the index at their positions."""
    await database.write_many(
        f"INSERT INTO paper_index ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        await _rows(papers),
    )


async def remove(database: Database, papers: Iterable[tuple[int, Paper]]) -> None:
    """Take papers out; each must be exactly what went in at its position."""
    await database.write_many(
        f"INSERT INTO paper_index (paper_index, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)",
        await _rows(papers),
    )


async def _rows(papers: Iterable[tuple[int, Paper]]) -> list[tuple[int | str, ...]]:
    """Made in a thread: a page of papers takes longer than a question should wait."""
    return await asyncio.to_thread(lambda: [(position, *index_row(paper)) for position, paper in papers])
