"""The store, as everybody sees it: archive, searches, topics, sources, and what else it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.conversation import PageRequest, Sort
from bot.model import (
    Change,
    Channel,
    ChannelRef,
    Follow,
    Identifier,
    Match,
    Paper,
    PaperId,
    Record,
    Topic,
)
from bot.ports.gestures import Gestures
from bot.ports.ledger import Ledger
from bot.ports.memory import Memory
from bot.ports.mutes import Mutes
from bot.ports.outbox import Outbox, Restores
from bot.ports.people import People
from bot.ports.rights import Managers
from bot.ports.schedules import Schedules
from bot.ports.sources import Refusal
from bot.ports.trouble import Troubles
from bot.ports.upkeep import Upkeep
from bot.query import Query
from bot.reports import RecordSeen, TopicChange


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a stored search, or of a fixed list (no ``query`` and no ``sort``). ``query`` is canonical, "" finds
    everything; ``newer`` counts matches that came after it was stored; ``key`` is "" if it could not be stored."""

    key: str
    title: str
    query: str | None
    sort: Sort | None
    page: int
    pages: int
    per_page: int
    total: int
    newer: int
    papers: tuple[Paper, ...]
    ranked: int | None = None
    """How many of the newest matches relevance looked at, if fewer than all."""


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """What the archive holds: papers in all, the first day and, per source, its records."""

    papers: int
    since: datetime | None
    records: tuple[tuple[str, int], ...]


class Archive(Protocol):
    """Records and papers."""

    async def upsert(self, records: Sequence[Record], now: datetime) -> list[Change]:
        """Store a page of records: every paper made or changed. Inside a transaction only."""

    async def quarantine(self, source: str, refused: Sequence[Refusal], now: datetime) -> None:
        """Keep records that could not be read, with the reason."""

    async def papers(self, ids: Sequence[PaperId]) -> list[Paper]:
        """The papers in the order asked; merged ids lead to their survivors, unknown ones are left out."""

    async def find(self, identifier: Identifier) -> PaperId | None:
        """The paper with this identifier."""

    async def seen(self, paper: PaperId) -> list[RecordSeen]:
        """Every version of its records, in the order they were first seen."""

    async def matching(self, paper: PaperId, queries: Sequence[Query], now: datetime) -> list[bool]:
        """Whether each of the queries finds this paper."""

    async def size(self) -> int:
        """How many papers it holds; cheap."""

    async def summary(self) -> ArchiveSummary:
        """What it holds; reads every record's key."""


class Searches(Protocol):
    """Searching, with result pages that do not shift."""

    async def search(self, query: Query | None, request: PageRequest, now: datetime, *, title: str = "") -> SearchPage:
        """Run a query (None: everything), store it, and give its page. ``title`` is what the list is called."""

    async def newest(self, query: Query, count: int, now: datetime) -> tuple[int, list[Paper]]:
        """How many match, and the newest ``count`` of them; nothing is stored."""

    async def per_day(self, query: Query, now: datetime) -> dict[date, int]:
        """How many match, by their date; days without any are left out."""

    async def finds(self, query: Query, now: datetime) -> bool:
        """Whether any paper matches."""

    async def store_list(self, title: str, papers: Sequence[PaperId], now: datetime) -> str:
        """Keep a fixed list of papers as if it were a search; returns its key."""

    async def turn(self, key: str, page: int, now: datetime) -> SearchPage:
        """A page of a stored search. Raises NotFound if it is no longer kept."""

    def stream(self, query: Query | None, now: datetime) -> AsyncIterator[Paper]:
        """Every match (None: every paper), the newest first."""

    def listed(self, key: str, now: datetime) -> AsyncIterator[Paper]:
        """Every paper of a stored search or list, in its order. Raises NotFound if it is no longer kept."""

    async def remember_list(self, channel: ChannelRef, user: str, key: str) -> None:
        """Note which list a person saw last."""

    async def paper_on_line(self, channel: ChannelRef, user: str, line: int, now: datetime) -> PaperId | None:
        """The paper on that line of the list the person saw last."""


class Matcher(Protocol):
    """The archive's own matching of a batch of changes against topics."""

    async def match(self, changes: Sequence[Change], topics: Sequence[Topic], now: datetime) -> list[Match]:
        """Which of the changed papers match which topics, and whether they did before."""


class Topics(Protocol):
    """Channels, their topics and what they follow."""

    async def channels(self) -> list[Channel]: ...

    async def channel(self, ref: ChannelRef) -> Channel | None: ...

    async def put_channel(self, channel: Channel) -> None: ...

    async def all(self) -> list[Topic]:
        """Every topic that some channel follows, paused ones too."""

    async def of_channel(self, channel: ChannelRef) -> list[Topic]: ...

    async def follows(self) -> list[Follow]:
        """Who follows what, without what is paused."""

    async def add(self, name: str, query: Query, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """A topic of this channel, followed at once. ``by`` is the platform's id of who wants it, here and below.
        Raises Refused if the name is taken."""

    async def edit(
        self, name: str, query: Query, channel: ChannelRef, now: datetime, *, by: str | None = None
    ) -> Topic:
        """Let a topic ask something else: a new question, so that its first fetch is done again. This and all that
        follows raises NotFound, or Refused for a declared topic or one that is so already."""

    async def pause(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Announce nothing for a topic, not even what waits for it alone, until it is back; its papers are kept."""

    async def resume(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Announce what comes for a paused topic from now on, and what waited before."""

    async def remove(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> Topic:
        """Stop following, and put aside what waits for this topic alone; the papers stay."""

    async def undo(self, name: str, channel: ChannelRef, now: datetime, *, by: str | None = None) -> TopicChange:
        """Take back the last change of a topic, also its removal, which is a change itself: the one returned. What
        came meanwhile is not announced. Of several topics of that name, the one that is followed is meant."""

    async def history(self, channel: ChannelRef, name: str | None = None) -> list[TopicChange]:
        """What was done in chat to the topics of a channel, or to those of one name, the newest first."""

    async def declare(
        self, topics: Iterable[tuple[str, Query]], channels: Iterable[tuple[Channel, Sequence[str]]], now: datetime
    ) -> None:
        """Make the declared topics, channels and what they follow what the configuration file says. A known channel
        whose schedule is not ``managed`` keeps it. A channel that is no longer in the file is paused; a topic followed
        (again) since now starts anew, without a flood.
        Raises ConfigurationError for a name that the channel has given in chat already."""

    async def delivered_since(self, channel: ChannelRef, since: datetime) -> dict[str, int]:
        """How many announcements each topic of the channel had since then, by topic name."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of a source: its cursor, its last rounds, and its last error."""

    name: str
    cursor: str | None = None
    last_success: datetime | None = None
    last_failure: datetime | None = None
    error: str | None = None
    not_before: datetime | None = None


class SourceStates(Protocol):
    """Cursors, baselines and health of the sources."""

    async def state(self, source: str) -> SourceState: ...

    async def advance(self, source: str, cursor: str) -> None:
        """Move the cursor; inside the transaction that stores the page."""

    async def succeeded(self, source: str, now: datetime) -> None: ...

    async def failed(self, source: str, error: str, now: datetime, not_before: datetime | None) -> None: ...

    async def baselines(self, source: str) -> set[int]:
        """The ids of the topics whose baseline from this source is complete."""

    async def baseline_done(self, topic: Topic, source: str, now: datetime) -> None: ...

    async def add_baseline(self, marks: Sequence[tuple[int, PaperId]]) -> None:
        """(topic id, paper) pairs that must never be announced."""

    async def baseline_marks(self, papers: Sequence[PaperId]) -> set[tuple[int, PaperId]]: ...


class Storage(Protocol):
    """The whole store."""

    @property
    def archive(self) -> Archive: ...

    @property
    def searches(self) -> Searches: ...

    @property
    def matcher(self) -> Matcher: ...

    @property
    def topics(self) -> Topics: ...

    @property
    def sources(self) -> SourceStates: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def restores(self) -> Restores: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def people(self) -> People: ...

    @property
    def managers(self) -> Managers: ...

    @property
    def gestures(self) -> Gestures: ...

    @property
    def memory(self) -> Memory: ...

    @property
    def mutes(self) -> Mutes: ...

    @property
    def troubles(self) -> Troubles: ...

    @property
    def upkeep(self) -> Upkeep: ...

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """One write transaction: all of it is kept, or nothing. The stores' writing methods open one of their
        own when called outside."""
