"""The archive beside other ways to search, on the same papers and questions in one run.

Tantivy and PostgreSQL take part if they are there: ``PYTHONPATH`` leads to the packages tantivy and psycopg, and the
environment variable BENCH_POSTGRES holds the connection string of an empty database. The project needs neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.query import Node, parse
from storage import SqliteStorage, open_storage
from storage.matching import compile_match
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.ingest import BATCH, ingest
from tests.benchmarks.measure import percentile, show, timed, timed_call
from tests.benchmarks.others import Engine, NotInstalled, Postgres, Tantivy, plain
from tests.examples import NOW, TODAY

COMPARED = 50_000
"""How many papers at most; each engine has to index all of them."""

_JOINED = (
    "SELECT r.paper_id FROM paper_index JOIN papers AS p ON p.position = paper_index.rowid "
    "JOIN records AS r ON r.paper_id = p.id WHERE paper_index MATCH ? ORDER BY r.published DESC LIMIT 10"
)
_LIKE = "SELECT count(*) FROM records WHERE title LIKE ?1 OR abstract LIKE ?1"
T = TypeVar("T")
Mix = Mapping[str, Sequence[str]]


async def compare(corpus: Corpus, mix: Mix, folder: Path) -> None:
    """Fill each engine, then ask each the whole mix: the total and the newest ten."""
    path = folder / "compared.sqlite3"
    async with open_storage(path) as storage:
        seconds = await ingest(storage, corpus, 0, corpus.total)
        rate = corpus.total / seconds
        columns = {"Paper Round": await _archive(storage, mix), **_baselines(path, mix)}
    rates = [("Paper Round (the whole archive)", f"{rate:,.0f}", "1.0")]
    for name, make in (("tantivy", Tantivy), ("PostgreSQL", Postgres)):
        try:
            engine = make(folder)
        except NotInstalled as reason:
            rates.append((name, str(reason), ""))
            continue
        theirs = corpus.total / _fill(engine, corpus)
        rates.append((name, f"{theirs:,.0f}", f"{theirs / rate:.1f}"))
        engine.settle()
        columns[name] = [_ask(engine, queries) for queries in mix.values()]
    show(f"Ingest of {corpus.total:,} papers in batches of {BATCH}", ("engine", "papers/s", "x ours"), rates)
    rows = [(kind, *(_cell(column[n]) for column in columns.values())) for n, kind in enumerate(mix)]
    show(f"Total and newest ten of {corpus.total:,} papers, p50 in ms", ("class", *columns), rows)


def _cell(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:,.2f}"


async def _archive(storage: SqliteStorage, mix: Mix) -> list[float | None]:
    column: list[float | None] = []
    for queries in mix.values():
        times: list[float] = []
        for query in map(parse, queries):
            await timed_call(lambda query=query: storage.searches.newest(query, 10, NOW), times)  # type: ignore[misc]
        column.append(percentile(times, 50))
    return column


def _baselines(path: Path, mix: Mix) -> dict[str, list[float | None]]:
    """The same index joined with the records and sorted by their date; and LIKE, for words and phrases only."""
    with sqlite3.connect(path) as connection:

        def joined(text: str) -> object:
            return connection.execute(_JOINED, (compile_match(parse(text).root, TODAY).match,)).fetchall()

        def like(text: str) -> object:
            return connection.execute(_LIKE, (f"%{plain(parse(text).root)}%",)).fetchall()

        return {
            "JOIN, ORDER BY date (no total)": [_median(joined, queries) for queries in mix.values()],
            "LIKE (total only)": [
                _median(like, queries[:3]) if plain(parse(queries[0]).root) else None for queries in mix.values()
            ],
        }


def _fill(engine: Engine, corpus: Corpus) -> float:
    seconds = 0.0
    for first in range(0, corpus.total, BATCH):
        records = list(corpus.records(first, min(first + BATCH, corpus.total)))
        with timed() as lap:
            engine.add(first, records)
        seconds += lap.seconds
    return seconds


def _ask(engine: Engine, queries: Sequence[str]) -> float | None:
    roots: list[Node] = [parse(text).root for text in queries]
    return _median(engine.ask, roots) if engine.write(roots[0]) else None


def _median(ask: Callable[[T], object], questions: Sequence[T]) -> float:
    times = []
    for question in questions:
        with timed() as lap:
            ask(question)
        times.append(lap.seconds)
    return percentile(times, 50)
