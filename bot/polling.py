"""Source → archive + outbox, one transaction a page.

Each source is its own failure domain. The cursor moves only in the transaction that stores the last page of a
complete round, so whatever goes wrong, the papers are asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import PaperRoundError, SourceBusy, SourceError
from bot.identity import entered_before
from bot.ledger import finds
from bot.model import Announcement, Change, ChannelRef, Follow, Match, Note, PaperId, Topic
from bot.muting import keep_back
from bot.ports import Page, Source, Storage
from bot.query import Query

BASELINE = timedelta(days=30)
"""How far back a topic's first fetch from each source goes."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class PollRow:
    """What one round of one source did; ``error`` is None if it was complete."""

    source: str
    fetched: int = 0
    new: int = 0
    changed: int = 0
    matched: int = 0
    queued: int = 0
    error: str | None = None


async def poll(source: Source, storage: Storage, clock: Callable[[], datetime], lookback: timedelta) -> PollRow:
    """One round of one source: everything new or changed, then the first fetch of each new topic."""
    row = PollRow(source.name)
    try:
        state = await storage.sources.state(source.name)
        if state.not_before and clock() < state.not_before:
            row.error = f"{source.title} asked us to wait until {state.not_before:%d %b %H:%M} UTC; nothing was asked."
            return row
        try:
            await _Round(source, storage, clock, row).run(state.cursor, lookback)
        except SourceError as error:
            row.error = str(error)
            until = error.retry_at if isinstance(error, SourceBusy) and error.by_server else None
            await storage.sources.failed(source.name, row.error, clock(), until)
        else:
            await storage.sources.succeeded(source.name, clock())
    except PaperRoundError as error:
        row.error = str(error)
    except Exception:  # noqa: BLE001 - one source never stops another
        _log.exception("polling %s failed", source.name)
        row.error = f"polling {source.title} failed in an unexpected way; the log says how. The cursor was kept."
    return row


async def look_back(source: Source, storage: Storage, clock: Callable[[], datetime], query: Query) -> None:
    """Archive what a source has of 30 days for a query that nobody follows yet. What the topics match of that is
    announced as if a round had brought it. Raises SourceError."""
    looking = _Round(source, storage, clock, PollRow(source.name))
    await looking.begin()
    await looking.look_back(query)


@dataclass(slots=True)
class _Round:
    source: Source
    storage: Storage
    clock: Callable[[], datetime]
    row: PollRow
    topics: list[Topic] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)
    """Topics whose first fetch from this source is part of this round: all it brings for them is baseline."""

    async def begin(self) -> list[Topic]:
        """Look who is there; gives the topics whose first fetch is still to come."""
        self.topics = await self.storage.topics.all()
        known = await self.storage.sources.baselines(self.source.name)
        new_topics = [topic for topic in self.topics if topic.id not in known]
        self.fresh = {topic.id for topic in new_topics}
        return new_topics

    async def look_back(self, query: Query) -> None:
        now = self.clock()
        if self.source.compile_query(query) is not None:
            async for page in self.source.backfill(query, now - BASELINE, now):
                await self._store(page)

    async def run(self, cursor: str | None, lookback: timedelta) -> None:
        new_topics = await self.begin()
        problems: list[SourceError] = []
        await self._try(self._poll(cursor, lookback), problems)
        for topic in new_topics:
            await self._try(self._fetch_baseline(topic), problems)
        if problems:
            raise problems[0]

    async def _try(self, step: Awaitable[None], problems: list[SourceError]) -> None:
        """Do one part of the round; its failure stops no other part, unless the source asks to be left alone."""
        try:
            await step
        except SourceBusy:
            raise
        except SourceError as error:
            problems.append(error)

    async def _poll(self, cursor: str | None, lookback: timedelta) -> None:
        async for page in self.source.poll([topic.query for topic in self.topics], cursor, self.clock(), lookback):
            await self._store(page)

    async def _fetch_baseline(self, topic: Topic) -> None:
        now = self.clock()
        await self.look_back(topic.query)
        await self.storage.sources.baseline_done(topic, self.source.name, now)

    async def _store(self, page: Page) -> None:
        now = self.clock()
        storage = self.storage
        async with storage.transaction():
            changes = await storage.archive.upsert(page.records, now)
            await storage.archive.quarantine(self.source.name, page.refused, now)
            matches = await storage.matcher.match(changes, self.topics, now)
            known = await storage.sources.baseline_marks([change.paper.id for change in changes])
            decided = decide(matches, await storage.topics.follows(), known, self.fresh, updates=page.updates)
            wanted = await keep_back(decided.announcements, [change.paper for change in changes], storage, now)
            queued = await storage.outbox.queue(wanted, now)
            await storage.ledger.note(finds(self.source.name, changes, matches, now), now)
            await storage.sources.add_baseline(decided.baseline)
            if page.cursor is not None:
                await storage.sources.advance(self.source.name, page.cursor)
        self.row.fetched += len(page.records)
        self.row.new += sum(change.before is None for change in changes)
        self.row.changed += sum(change.before is not None for change in changes)
        self.row.matched += len({match.change.paper.id for match in matches})
        self.row.queued += queued


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from the matches of a page: what to announce, and what never to announce for a topic."""

    announcements: list[Announcement]
    baseline: list[tuple[int, PaperId]]


def decide(
    matches: Sequence[Match],
    follows: Iterable[Follow],
    known: Collection[tuple[int, PaperId]],
    fresh: Collection[int],
    *,
    updates: bool = False,
) -> Decided:
    """Which matches are announced where (pure).

    ``known`` are the (topic, paper) pairs that are baseline already, ``fresh`` the topics being fetched for the
    first time. A paper new to the archive is announced, unless it came among ``updates`` and the source had it
    before the topic's first fetch reached back; a changed one only if it did not match before.
    """
    channels: dict[int, list[ChannelRef]] = {}
    for follow in follows:
        channels.setdefault(follow.topic_id, []).append(follow.channel)
    baseline: list[tuple[int, PaperId]] = []
    told: dict[tuple[ChannelRef, PaperId], list[tuple[str, Note]]] = {}
    for match in matches:
        paper, topic = match.change.paper, match.topic
        if topic.id in fresh or (updates and _older_than_baseline(match)):
            baseline.append((topic.id, paper.id))
        elif not match.before and (topic.id, paper.id) not in known:
            for channel in channels.get(topic.id, ()):
                told.setdefault((channel, paper.id), []).append((topic.name, note_on(match.change)))
    announcements = [
        Announcement(channel, paper, tuple(sorted({name for name, _ in reasons})), reasons[0][1])
        for (channel, paper), reasons in told.items()
    ]
    return Decided(announcements, baseline)


def note_on(change: Change) -> Note:
    """Why a changed paper matches only now."""
    if change.before is None:
        return Note.NONE
    if change.paper.abstract and not change.before.abstract:
        return Note.ABSTRACT_ARRIVED
    if set(change.paper.categories) - set(change.before.categories):
        return Note.HEADINGS_ARRIVED
    return Note.REVISED


def _older_than_baseline(match: Match) -> bool:
    reaches_back_to = match.topic.created.date() - BASELINE
    return match.change.before is None and entered_before(match.change.paper, reaches_back_to)
