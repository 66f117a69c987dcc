"""Runs every benchmark and prints tables: ``python -m tests.benchmarks --papers 100000``.

The number of papers may also come from the environment variable BENCH.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from storage import SqliteStorage, open_storage
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import COMPARED, compare
from tests.benchmarks.importing import import_xml
from tests.benchmarks.ingest import SLICE, arrive, ingest, show_slices
from tests.benchmarks.matching import PAPERS, TOPICS, match
from tests.benchmarks.measure import console
from tests.benchmarks.questions import Questions
from tests.benchmarks.searching import search_mix, search_while_ingesting


async def benchmark(papers: int, path: Path, scratch: Path) -> None:
    """Everything, in one run."""
    await import_xml(scratch)
    compared = Corpus(min(papers, COMPARED))
    await compare(compared, Questions(compared).mix(), scratch)
    corpus = Corpus(papers)
    questions = Questions(corpus)
    mix = questions.mix()
    async with open_storage(path) as storage:
        await _fill(storage, corpus, path)
        await search_mix(storage, mix)
        changes = await arrive(storage, corpus, max(PAPERS))
        await match(storage, path, changes, questions.topics(max(TOPICS)))
        await search_while_ingesting(storage, corpus, mix)


async def _fill(storage: SqliteStorage, corpus: Corpus, path: Path) -> None:
    slices = []
    for start in range((await storage.archive.summary()).papers, corpus.total, SLICE):
        end = min(start + SLICE, corpus.total)
        rate = (end - start) / await ingest(storage, corpus, start, end)
        slices.append((end, rate, path.stat().st_size))
        console.print(f"{end:,} papers, {rate:,.0f} papers/s")
    if slices:
        show_slices(slices)


def main() -> None:
    """Read the command line and run in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--papers", type=int, default=int(os.environ.get("BENCH", "100000")))
    parser.add_argument("--data", type=Path, help="a folder to keep the archive in; what is there is used again")
    arguments = parser.parse_args()
    console.print(f"{arguments.papers:,} papers")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        path = (arguments.data or scratch) / "papers.sqlite3"
        asyncio.run(benchmark(arguments.papers, path, scratch))


if __name__ == "__main__":
    main()
