"""A source in memory, which brings what it is given and fails for queries it is told to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from bot.errors import SourceError
from bot.model import Identifier, Record
from bot.ports import Page, Probe, SourceHits
from bot.query import Query
from bot.reports import Silence


class FakeSource:
    """``news`` come at the next poll, ``past`` at every first fetch, ``elsewhere`` only when asked for by name;
    ``silent`` is why there are no news."""

    name = "pubmed"
    title = "PubMed"
    acknowledgement = ""

    def __init__(self) -> None:
        self.news: list[Record] = []
        self.past: list[Record] = []
        self.elsewhere: list[Record] = []
        self.failing: set[str] = set()
        self.feeds: dict[str, str] = {}
        self.breaks = False
        self.silent: Silence | None = None
        self.polled = 0

    def compile_query(self, query: Query) -> str | None:
        return str(query)

    async def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        self.polled += 1
        yield Page(tuple(self.news))
        if self.breaks:
            raise SourceError("the second page did not come")
        yield Page((), cursor=f"after {self.polled} rounds")

    async def backfill(self, query: Query, since: datetime, now: datetime) -> AsyncIterator[Page]:
        if str(query) in self.failing:
            raise SourceError("too many to list")
        yield Page(tuple(self.past))

    async def count(self, query: Query, since: date, now: datetime) -> SourceHits | None:
        return SourceHits(len(self.past))

    async def count_own(self, search: str, since: date, now: datetime) -> int:
        return len(self.past)

    async def feed_title(self, address: str) -> str:
        if self.breaks:
            raise SourceError("no answer")
        return self.feeds[address]

    async def fetch(self, identifier: Identifier) -> Record | None:
        if self.breaks:
            raise SourceError("no answer")
        return next((one for one in self.elsewhere if identifier in one.identifiers), None)

    def silence(self, cursor: str | None, now: datetime) -> Silence | None:
        return self.silent

    async def probe(self) -> Probe:
        return Probe("in memory")
