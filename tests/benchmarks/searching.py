"""How fast questions are answered: the whole mix, alone and while papers come in."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.conversation import PageRequest, Sort
from bot.query import parse
from storage import SqliteStorage
from storage.searches import SqliteSearches
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.ingest import arrive
from tests.benchmarks.measure import milliseconds, percentile, show, timed_call
from tests.examples import NOW

KINDS = (
    "cold: newest",
    "newest",
    "page 173",
    "last page",
    "relevance, first",
    "relevance, known",
    "newest, filter",
    "newest, 90 days",
    "relevance, 90 days",
)
_FILTER, _RECENT = " source:pubmed type:journal", " after:90d"
_ASKERS = 4
_POLLED = 100
Times = dict[str, list[float]]


async def ask(storage: SqliteStorage, text: str, times: Times) -> None:
    """Ask one query in every way, the first time with a cold cache. A new SqliteSearches knows no totals yet."""
    database, archive = storage._database, storage.archive
    searches = SqliteSearches(database, archive)

    async def search(kind: str, text: str, sort: Sort) -> str:
        query, request = parse(text), PageRequest(sort)
        return (await timed_call(lambda: searches.search(query, request, NOW), times[kind])).key

    await search("cold: newest", text, Sort.NEWEST)
    await searches.settle()
    searches = SqliteSearches(database, archive)
    key = await search("newest", text, Sort.NEWEST)
    await searches.settle()
    searches = SqliteSearches(database, archive)
    await search("relevance, first", text, Sort.RELEVANCE)
    await search("relevance, known", text, Sort.RELEVANCE)
    await timed_call(lambda: searches.turn(key, 173, NOW), times["page 173"])
    await timed_call(lambda: searches.turn(key, 1_000_000, NOW), times["last page"])
    grouped = f"({text})"
    await search("newest, filter", grouped + _FILTER, Sort.NEWEST)
    await search("newest, 90 days", grouped + _RECENT, Sort.NEWEST)
    await search("relevance, 90 days", f"{grouped} before:2026-11-20{_RECENT}", Sort.RELEVANCE)


async def search_mix(storage: SqliteStorage, mix: Mapping[str, Sequence[str]]) -> None:
    """The whole mix, one question at a time."""
    whole: Times = defaultdict(list)
    rows = []
    for name, queries in mix.items():
        times: Times = defaultdict(list)
        hits = []
        for text in queries:
            await ask(storage, text, times)
            hits.append((await storage.searches.newest(parse(text), 1, NOW))[0])
        rows.append((name, f"{sorted(hits)[len(hits) // 2]:,}", *(milliseconds(times[kind]) for kind in KINDS)))
        for kind in KINDS:
            whole[kind] += times[kind]
    rows.append(("whole mix", "", *(milliseconds(whole[kind]) for kind in KINDS)))
    show("Searches with total and ten papers, p50 / p95 / max in ms", ("class", "median hits", *KINDS), rows)


async def search_while_ingesting(storage: SqliteStorage, corpus: Corpus, mix: Mapping[str, Sequence[str]]) -> None:
    """Newest-first searches of four people at once: alone, then while pages of papers are stored one after another."""
    idle = await _four_people(storage, mix)
    stored = 0

    async def poll() -> None:
        nonlocal stored
        while True:
            await arrive(storage, corpus, _POLLED)
            stored += _POLLED

    polling = asyncio.create_task(poll())
    busy = await _four_people(storage, mix)
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    ratio = percentile(busy, 95) / percentile(idle, 95)
    rows = [("idle", milliseconds(idle), ""), ("while ingesting", milliseconds(busy), f"{ratio:.1f}")]
    rate = stored * _ASKERS / sum(busy)
    show(f"Four people searching, pages of {_POLLED}, {rate:,.0f} papers/s", ("", "ms", "p95 x idle"), rows)


async def _four_people(storage: SqliteStorage, mix: Mapping[str, Sequence[str]]) -> list[float]:
    searches = SqliteSearches(storage._database, storage.archive)
    questions = [parse(text) for queries in mix.values() for text in queries]
    random.Random(1).shuffle(questions)
    waiting, times = iter(questions), list[float]()

    async def person() -> None:
        for query in waiting:
            await timed_call(lambda query=query: searches.search(query, PageRequest(), NOW), times)  # type: ignore[misc]

    await asyncio.gather(*(person() for _ in range(_ASKERS)))
    await searches.settle()
    return times
