"""A source of papers, as polling and answering see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.model import Identifier, Record
from bot.query import Query
from bot.reports import Silence


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read: what it was, why, and the start of its text for quarantine."""

    record: str
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a source: what it held, what was refused, and the cursor to keep once all this is stored
    (None: keep the old one). The last page of a complete round carries a cursor. ``updates`` are works asked for
    because they changed, which the source may have had for years."""

    records: tuple[Record, ...]
    refused: tuple[Refusal, ...] = ()
    cursor: str | None = None
    updates: bool = False


@dataclass(frozen=True, slots=True)
class SourceHits:
    """How many papers a source has for a query, and whether it was asked something broader than the query."""

    total: int
    broader: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """What a check of a source or platform found; ``problem`` is None when all is well."""

    summary: str
    problem: str | None = None


class Source(Protocol):
    """A source of papers. All methods raise SourceError (never return less in silence)."""

    name: str
    title: str
    acknowledgement: str

    def compile_query(self, query: Query) -> str | None:
        """The source's own query: broader than ``query`` or equal, never narrower. None if it cannot be asked
        (nothing in the query narrows the source's whole content)."""

    def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        """Everything new or changed since ``cursor`` that may match one of the queries, with an overlap of at most
        ``lookback``. ``cursor`` is what an earlier page carried, or None at the very first poll."""

    def backfill(self, query: Query, since: datetime, now: datetime) -> AsyncIterator[Page]:
        """Everything from ``since`` to ``now`` that may match the query. Pages carry no cursor."""

    async def count(self, query: Query, since: date, now: datetime) -> SourceHits | None:
        """How many papers since that day; None if the source cannot be asked."""

    async def count_own(self, search: str, since: date, now: datetime) -> int:
        """How many papers since that day it has for a search in its own language."""

    async def feed_title(self, address: str) -> str:
        """The title of a feed that the source makes of a search."""

    async def fetch(self, identifier: Identifier) -> Record | None:
        """The one record that has this identifier; None if the source has none, or cannot be asked for such."""

    def silence(self, cursor: str | None, now: datetime) -> Silence | None:
        """Why nothing new came since the source's last announcement, by its calendar and what the ``cursor`` of its
        last complete round tells (pure). None if something did, if nothing is due yet, or if it promises nothing."""

    async def probe(self) -> Probe:
        """Ask the source one small thing."""
