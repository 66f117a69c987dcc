"""The archive beside other ways to search, on the same papers and questions in one run."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import geometric_mean, median

from bot.conversation import PageRequest, Sort
from bot.query import parse
from storage import SqliteStorage
from storage.searches import SqliteSearches
from tests.benchmarks.engines import Engine, Filled, Joined, NotInstalled, OurIndex, Postgres, Tantivy, Way
from tests.benchmarks.measure import console, show, timed, timed_call
from tests.examples import NOW

ROUNDS = 3
"""Each question is asked so often, and the median counts; a slow one once."""

_SLOW, _ENOUGH = 0.5, 20.0
"""Seconds of a slow answer, and of a class of questions, after which only its first few are asked."""
_FEW = 3

_SORTS = {Way.NEWEST_AND_TOTAL: Sort.NEWEST, Way.RELEVANT: Sort.RELEVANCE}
Mix = Mapping[str, Sequence[str]]
Column = dict[str, float]
"""Seconds, the median of a class of questions."""


def others(folder: Path) -> list[Filled]:
    """Those of the other engines that are there; says which are not."""
    found: list[Filled] = []
    for make in (Tantivy, Postgres):
        try:
            found.append(make(folder))
        except NotInstalled as reason:
            console.print(f"{make.name}: {reason}")
    return found


async def compare(storage: SqliteStorage, path: Path, mix: Mix, filled: Sequence[Filled], papers: int) -> None:
    """Ask every engine the whole mix in every way that it knows."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        engines: list[Engine] = [OurIndex(connection), *filled, Joined(connection)]
        for way in Way:
            columns = {engine.name: _asked(engine, mix, way) for engine in engines if way in engine.ways}
            if way in _SORTS:
                columns["Paper Round, whole answer"] = await _answered(storage, mix, _SORTS[way])
            _show(way, mix, columns, papers)
        _same_totals(engines, mix)


def _show(way: Way, mix: Mix, columns: dict[str, Column], papers: int) -> None:
    rows = [(kind, *(_cell(column.get(kind)) for column in columns.values())) for kind in mix]
    rows.append(("geometric mean, x the first", *_means(list(columns.values()))))
    show(f"{str(way).capitalize()} of {papers:,} papers, p50 in ms", ("class", *columns), rows)


def _cell(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:,.2f}"


def _means(columns: Sequence[Column]) -> list[str]:
    """How many times the first column's seconds each one takes, over the classes that both know."""
    ours = columns[0]
    return [f"{geometric_mean(seconds / ours[kind] for kind, seconds in column.items()):.2f}" for column in columns]


def _asked(engine: Engine, mix: Mix, way: Way) -> Column:
    column: Column = {}
    for kind, texts in mix.items():
        queries = [engine.write(parse(text).root) for text in texts]
        if all(queries):
            column[kind] = median(_times(engine, [query or "" for query in queries], way))
    return column


def _times(engine: Engine, queries: Sequence[str], way: Way) -> list[float]:
    times: list[float] = []
    with timed() as whole:
        for query in queries:
            if len(times) < _FEW or whole.so_far < _ENOUGH:
                times.append(_seconds(engine, query, way))
    return times


def _seconds(engine: Engine, query: str, way: Way) -> float:
    times: list[float] = []
    while len(times) < ROUNDS and (not times or times[0] < _SLOW):
        with timed() as lap:
            engine.ask(query, way)
        times.append(lap.seconds)
    return median(times)


async def _answered(storage: SqliteStorage, mix: Mix, sort: Sort) -> Column:
    """The bot's own search, which remembers the list for paging; each time by a searcher that knows no totals yet."""
    column: Column = {}
    for kind, texts in mix.items():
        middle = []
        for query in map(parse, texts):
            times: list[float] = []
            for _ in range(ROUNDS):
                searches = SqliteSearches(storage._database, storage.archive)
                await timed_call(lambda: searches.search(query, PageRequest(sort), NOW), times)  # noqa: B023 - awaited at once
                await searches.settle()
            middle.append(median(times))
        column[kind] = median(middle)
    return column


def _same_totals(engines: Sequence[Engine], mix: Mix) -> None:
    ours, *rest = (engine for engine in engines if Way.NEWEST_AND_TOTAL in engine.ways)
    roots = [parse(text).root for texts in mix.values() for text in texts]
    totals = [ours.ask(ours.write(root) or "", Way.NEWEST_AND_TOTAL)[0] for root in roots]
    for engine in rest:
        written = [engine.write(root) for root in roots]
        found = [query and engine.ask(query, Way.NEWEST_AND_TOTAL)[0] for query in written]
        same = sum(theirs == total for theirs, total in zip(found, totals, strict=True))
        console.print(f"{engine.name} finds the same total for {same} of {sum(map(bool, written))} questions")
