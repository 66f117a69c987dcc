"""How fast new papers meet topics, beside asking each topic of the big index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.model import Change, Topic
from storage import SqliteStorage
from storage.matching import compile_match
from tests.benchmarks.measure import show, timed
from tests.examples import NOW

PAPERS = (1, 100, 1000)
TOPICS = (1000, 10_000)
_ASKED = 200


async def match(storage: SqliteStorage, path: Path, changes: Sequence[Change], topics: Sequence[Topic]) -> None:
    """Each number of papers by each number of topics; the per-topic queries are timed on _ASKED of them."""
    rows = []
    for count in TOPICS:
        for papers in PAPERS:
            compile_match.cache_clear()
            with timed() as first:
                await storage.matcher.match(changes[:papers], topics[:count], NOW)
            with timed() as lap:
                matches = await storage.matcher.match(changes[:papers], topics[:count], NOW)
            one_by_one = _per_topic(path, papers, topics[:_ASKED]) * count / _ASKED
            cells = (first.seconds, lap.seconds, one_by_one)
            ratio = f"{one_by_one / lap.seconds:.1f}"
            rows.append((f"{papers} x {count:,}", f"{len(matches):,}", *(f"{1000 * s:,.0f}" for s in cells), ratio))
    columns = ("papers x topics", "matches", "first ms", "ms", f"per topic, ms (from {_ASKED})", "x")
    show("Matching: a batch's own index, and a query per topic on the big one", columns, rows)


def _per_topic(path: Path, papers: int, topics: Sequence[Topic]) -> float:
    matches = [compile_match(topic.query.root, NOW.date()).match for topic in topics]
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        newest = "SELECT position FROM papers ORDER BY position DESC LIMIT 1 OFFSET ?"
        ((mark,),) = connection.execute(newest, (papers - 1,)).fetchall()
        with timed() as lap:
            for match in matches:
                connection.execute(
                    "SELECT rowid FROM paper_index WHERE paper_index MATCH ? AND rowid >= ?", (match, mark)
                ).fetchall()
    return lap.seconds
