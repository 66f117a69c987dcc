"""Runs every benchmark and prints tables: ``python -m tests.benchmarks --papers 100000``.

The number of papers may also come from the environment variable BENCH.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from storage import open_storage
from tests.benchmarks.comparing import compare, others
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.importing import import_xml
from tests.benchmarks.ingest import arrive, fill
from tests.benchmarks.matching import PAPERS, TOPICS, match
from tests.benchmarks.measure import console
from tests.benchmarks.questions import Questions
from tests.benchmarks.running import run_bot
from tests.benchmarks.searching import search_mix, search_while_ingesting


async def benchmark(papers: int, path: Path, scratch: Path) -> None:
    """Everything, in one run."""
    await import_xml(scratch, papers)
    corpus = Corpus(papers)
    questions = Questions(corpus)
    mix = questions.mix()
    engines = others(path.parent)
    async with open_storage(path) as storage:
        await fill(storage, path, engines, corpus)
        await search_mix(storage, mix)
        await compare(storage, path, mix, engines, papers)
        changes = await arrive(storage, corpus, max(PAPERS))
        await match(storage, path, changes, questions.topics(max(TOPICS)))
        await search_while_ingesting(storage, corpus, mix)
    await run_bot(path, scratch, papers)


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
