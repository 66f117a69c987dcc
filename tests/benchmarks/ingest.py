"""How fast records come into the archive, and into the other engines beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.model import Change
from storage import SqliteStorage
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import Filled
from tests.benchmarks.measure import console, show, timed
from tests.examples import NOW

BATCH = 500
SLICE = 100_000
_NOTHING = 0.1


async def fill(storage: SqliteStorage, path: Path, others: Sequence[Filled], corpus: Corpus) -> None:
    """Store the whole corpus wherever it is not yet, batch by batch in turns; shows the rates of each slice."""
    held = [(await storage.archive.summary()).papers, *(engine.held() for engine in others)]
    rows = []
    for start in range(min(held) // SLICE * SLICE, corpus.total, SLICE):
        end = min(start + SLICE, corpus.total)
        seconds = [0.0] * len(held)
        for first in range(start, end, BATCH):
            records = list(corpus.records(first, min(first + BATCH, end)))
            with timed() as lap:
                if first >= held[0]:
                    await storage.archive.upsert(records, NOW)
            seconds[0] += lap.seconds
            for number, engine in enumerate(others, 1):
                with timed() as lap:
                    if first >= held[number]:
                        engine.add(first, records)
                seconds[number] += lap.seconds
        rows.append((f"{end:,}", *_rates(seconds, end - start), f"{path.stat().st_size / 1e6:,.0f}"))
        console.print(*rows[-1])
    for engine in others:
        engine.settle()
    if rows:
        columns = ("papers after it", "Paper Round, papers/s", *(f"{engine.name}, papers/s" for engine in others))
        show(f"Ingest in batches of {BATCH}", (*columns, "file MB"), rows)


def _rates(seconds: Sequence[float], papers: int) -> list[str]:
    return [f"{papers / spent:,.0f}" if spent > _NOTHING else "-" for spent in seconds]


async def arrive(storage: SqliteStorage, corpus: Corpus, count: int) -> list[Change]:
    """Store so many new papers of today; gives the changes."""
    known = (await storage.archive.summary()).papers
    return await storage.archive.upsert(list(corpus.records(known, known + count)), NOW)
