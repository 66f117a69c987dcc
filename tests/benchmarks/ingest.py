"""How fast records come into the archive."""

from __future__ import annotations

from bot.model import Change
from storage import SqliteStorage
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import show, timed
from tests.examples import NOW

BATCH = 500
SLICE = 100_000


async def ingest(storage: SqliteStorage, corpus: Corpus, start: int, end: int) -> float:
    """Store the records from ``start`` to ``end`` in batches; gives the seconds that storing them took."""
    seconds = 0.0
    for first in range(start, end, BATCH):
        records = list(corpus.records(first, min(first + BATCH, end)))
        with timed() as lap:
            await storage.archive.upsert(records, NOW)
        seconds += lap.seconds
    return seconds


async def arrive(storage: SqliteStorage, corpus: Corpus, count: int) -> list[Change]:
    """Store so many new papers of today; gives the changes."""
    known = (await storage.archive.summary()).papers
    return await storage.archive.upsert(list(corpus.records(known, known + count)), NOW)


def show_slices(slices: list[tuple[int, float, int]]) -> None:
    """``slices`` are (papers after it, papers a second, bytes of the file)."""
    first = slices[0][1]
    rows = [
        (f"{papers:,}", f"{rate:,.0f}", f"{rate / first:.2f}", f"{size / 1e6:,.0f}", f"{size / papers:,.0f}")
        for papers, rate, size in slices
    ]
    columns = ("papers after it", "papers/s", "x first", "file MB", "bytes/paper")
    show(f"Ingest in batches of {BATCH}", columns, rows)
