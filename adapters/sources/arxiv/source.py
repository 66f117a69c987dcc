"""arXiv as a Source: new papers by day of submission, new versions by day of update, and the daily feeds."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import structlog

from adapters.sources.arxiv.batches import (
    announced_day,
    due_day,
    feed_day,
    harvest_day,
    highest_id,
    is_missing,
    last_batch,
    silence,
)
from adapters.sources.arxiv.compile import compile_query
from adapters.sources.arxiv.desk import Desk
from adapters.sources.arxiv.fields import read_moment, stamp
from adapters.sources.arxiv.harvest import harvest
from adapters.sources.arxiv.parse import Feed
from bot.errors import SourceError, SourceIncomplete
from bot.model import Identifier, Record
from bot.ports import Page, Probe, SourceHits
from bot.query import Query
from bot.reports import Silence

_log = structlog.get_logger(__name__)
_AHEAD = timedelta(days=1)
_DAY = timedelta(days=1)
_UPDATE_OVERLAP = timedelta(days=1)
_UPDATE_PAGES = 5
_FEED_EVERY = timedelta(hours=3)
_HARVEST_EVERY = timedelta(hours=6)
"""OAI-PMH has something new once a day; no longer than a batch may be late (see batches.py)."""
_HARVEST_OVERLAP = timedelta(days=1)
"""OAI-PMH dates records by the day in New York."""
_PAGE = 200
_REACH = 10_000
"""start + max_results above this fails with status 500 (arXiv/arxiv-search, search/services/index)."""
_MINUTE = timedelta(minutes=1)
_MAX_QUERY = 1800
_HANDFUL = 5
"""So many papers may slip between the pages of one walk; the next look-back brings them."""


@dataclass(slots=True)
class _Cursor:
    """How far polling came: the last poll, the newest update seen, and per feed its ETag, when it was read, the newest
    id of its categories and the day of the last batch that came, with the feed or by OAI-PMH."""

    since: datetime
    updated: str | None = None
    rss: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @classmethod
    def read(cls, written: str | None, now: datetime) -> _Cursor:
        if written is None:
            return cls(now)
        found = json.loads(written)
        return cls(datetime.fromisoformat(found["since"]), found["updated"], found["rss"])

    def write(self, now: datetime) -> str:
        return json.dumps({"since": now.isoformat(), "updated": self.updated or stamp(now), "rss": self.rss})

    def saw(self, feed: Feed) -> None:
        self.updated = max([self.updated or "", *(record.revision for record in feed.records)]) or None


class Arxiv:
    """New and changed arXiv papers. Words are matched broadly here and exactly by the archive.

    A query that arXiv cannot be asked for (``compile_query`` gives None) is served by the daily feeds alone.
    """

    name = "arxiv"
    title = "arXiv"
    acknowledgement = "Thank you to arXiv for use of its open access interoperability."

    def __init__(self, desk: Desk, api_url: str, rss_url: str, oai_url: str, categories: Sequence[str]) -> None:
        self._desk = desk
        self._api_url = api_url
        self._rss_url = rss_url.rstrip("/")
        self._oai_url = oai_url
        self._categories = sorted(set(categories))
        self._harvested: datetime | None = None

    def compile_query(self, query: Query) -> str | None:
        """Compile for the query API; see compile.py."""
        return compile_query(query)

    async def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        """Everything submitted since the last poll less ``lookback``, updated since then, or in the daily feeds.

        Submitted is not announced: moderation takes days (https://info.arxiv.org/help/availability.html).
        What one route fails to bring does not keep the other from bringing its papers; then the first error is raised
        and the cursor stays. Of updates, at most the newest thousand are read.
        """
        progress = _Cursor.read(cursor, now)
        problem: SourceError | None = None
        since = progress.since - lookback
        for route in (self._from_api_or_oai(queries, progress, since, now), self._from_feeds(progress, now)):
            try:
                async for page in route:
                    yield page
            except SourceError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        yield Page((), cursor=progress.write(now))

    async def backfill(self, query: Query, since: datetime, now: datetime) -> AsyncIterator[Page]:
        """Everything submitted from ``since`` to ``now``; nothing if arXiv cannot be asked for the query."""
        search = compile_query(query)
        if search is not None:
            async for feed in self._submitted(search, since, now + _AHEAD):
                yield _page(feed)

    async def count(self, query: Query, since: date, now: datetime) -> SourceHits | None:
        """How many were submitted since that day; always broader, for arXiv looks for stems in more fields."""
        search = compile_query(query)
        return None if search is None else SourceHits(await self.count_own(search, since, now), broader=True)

    async def count_own(self, search: str, since: date, now: datetime) -> int:
        """How many were submitted since that day, for a search in the language of arXiv's API."""
        window = _window(datetime.combine(since, time(), UTC), now + _AHEAD)
        return (await self._ask(f"({search}) AND {window}", size=1)).total or 0

    async def feed_title(self, address: str) -> str:
        """Raises SourceError: arXiv's feeds tell what they are by their links."""
        raise SourceError(f"{address} is no feed of a search")

    async def fetch(self, identifier: Identifier) -> Record | None:
        """The newest version of the paper with this arXiv id."""
        if identifier.scheme != "arxiv":
            return None
        feed = await self._desk.ask_api(self._api_url, {"id_list": identifier.value, "start": "0", "max_results": "1"})
        return next((record for record in feed.records if identifier in record.identifiers), None)

    async def probe(self) -> Probe:
        """Ask the API for one paper."""
        try:
            feed = await self._ask("cat:cs.*", size=1)
        except SourceError as error:
            return Probe("arXiv does not answer properly", problem=str(error))
        return Probe(f"arXiv answers; it has {feed.total} papers in computer science")

    def silence(self, cursor: str | None, now: datetime) -> Silence | None:
        """What the calendar of announcements tells. Only the categories of the daily feeds prove an announcement late,
        for nothing new may be on the topics; so of too small a category nothing new is called late, too."""
        known = _Cursor.read(cursor, now).rss.get("+".join(self._categories), {})
        read, day = known.get("at"), known.get("day")
        if read and day:
            return silence(date.fromisoformat(day), datetime.fromisoformat(read), now)
        return silence(last_batch(announced_day(now)), now, now)

    async def _from_api_or_oai(
        self, queries: Sequence[Query], progress: _Cursor, since: datetime, now: datetime
    ) -> AsyncIterator[Page]:
        """What the API brings; if it fails, also what OAI-PMH has of the categories, and still the API's error."""
        try:
            async for page in self._from_api(_combined(queries), progress, since, now):
                yield page
        except SourceError:
            with suppress(SourceError):  # one error is enough to tell
                async for page in self._from_oai(progress.since, now):
                    yield page
            raise

    async def _from_oai(self, since: datetime, now: datetime) -> AsyncIterator[Page]:
        if self._harvested is not None:
            if now - self._harvested < _HARVEST_EVERY:
                return
            since = max(since, self._harvested)
        async for feed in harvest(self._desk, self._oai_url, self._categories, (since - _HARVEST_OVERLAP).date()):
            yield _page(feed, updates=True)
        self._harvested = now

    async def _from_api(
        self, searches: Sequence[str], progress: _Cursor, since: datetime, now: datetime
    ) -> AsyncIterator[Page]:
        watermark = progress.updated
        for search in searches:
            async for feed in self._submitted(search, since, now + _AHEAD):
                progress.saw(feed)
                yield _page(feed)
        if watermark is None:
            return
        for search in searches:
            async for feed in self._updated(search, stamp(read_moment(watermark) - _UPDATE_OVERLAP)):
                progress.saw(feed)
                yield _page(feed, updates=True)

    async def _from_feeds(self, progress: _Cursor, now: datetime) -> AsyncIterator[Page]:
        categories = "+".join(self._categories)
        known = progress.rss.get(categories, {})
        read, newest, day = known.get("at"), known.get("newest") or "", known.get("day")
        if not categories or (read and now - datetime.fromisoformat(read) < _FEED_EVERY):
            return
        feed, etag = await self._desk.ask_rss(f"{self._rss_url}/atom/{categories}", known.get("etag"))
        if feed is not None:
            yield _page(feed, updates=True)  # replacements among them; what is new entered these days
        last = came = date.fromisoformat(day) if day else last_batch(due_day(now))
        until = due_day(now)
        if feed is not None and highest_id(feed.records) > newest:
            newest, came = highest_id(feed.records), max(last, last_batch(feed_day(now)))
            until = came - _DAY
        if is_missing(last, until):
            _log.warning("arXiv's daily feed is stale or was missed; its OAI-PMH is asked", categories=categories)
            async for page in self._from_oai(datetime.combine(last, time(), UTC), now):
                yield page
                if highest_id(page.records) > newest:
                    newest, came = highest_id(page.records), max(came, last_batch(harvest_day(now)))
        progress.rss = {categories: {"etag": etag, "at": now.isoformat(), "newest": newest, "day": came.isoformat()}}

    async def _submitted(
        self, search: str, start: datetime, end: datetime, *, whole: int | None = None
    ) -> AsyncIterator[Feed]:
        """Every page of a window, in whatever order they come; a window beyond reach is halved, unless it holds no less
        than the ``whole`` it is half of.

        Raises SourceIncomplete if the pages together hold fewer papers than arXiv counts.
        """
        question = f"{search} AND {_window(start, end)}"
        feed = await self._ask(question)
        if (feed.total or 0) > _REACH and end - start > _MINUTE and feed.total != whole:
            middle = start + (end - start) / 2
            for first, last in ((start, middle), (middle, end)):
                async for part in self._submitted(search, first, last, whole=feed.total):
                    yield part
            return
        yield feed
        seen, position = _names(feed), feed.size
        slack = 0
        while position < min(total := feed.total or 0, _REACH):
            feed = await self._ask(question, start=position)
            yield feed
            if _names(feed) <= seen:
                break  # the same papers again: asking on would not end
            seen |= _names(feed)
            position += feed.size
            slack = _HANDFUL
        if len(seen) + slack < total:
            raise SourceIncomplete(f"arXiv counts {total} papers but sent {len(seen)}; asked again in the next round")

    async def _updated(self, search: str, oldest: str) -> AsyncIterator[Feed]:
        """Pages by day of update, newest first, until one holds nothing as new as ``oldest``."""
        position = 0
        for _ in range(_UPDATE_PAGES):
            feed = await self._ask(search, start=position, sort="lastUpdatedDate")
            yield feed
            position += feed.size
            if position >= (feed.total or 0) or all(record.revision < oldest for record in feed.records):
                return

    async def _ask(self, search: str, *, start: int = 0, size: int = _PAGE, sort: str = "submittedDate") -> Feed:
        params = {
            "search_query": search,
            "start": str(start),
            "max_results": str(min(size, _REACH - start)),
            "sortBy": sort,
            "sortOrder": "descending",
        }
        return await self._desk.ask_api(self._api_url, params)


def _combined(queries: Sequence[Query]) -> list[str]:
    """All queries in as few questions as fit into a URL."""
    groups: list[list[str]] = []
    for search in dict.fromkeys(search for query in queries if (search := compile_query(query)) is not None):
        if groups and len(" OR ".join([*groups[-1], search])) <= _MAX_QUERY:
            groups[-1].append(search)
        else:
            groups.append([search])
    return [f"({' OR '.join(group)})" if len(group) > 1 else group[0] for group in groups]


def _window(start: datetime, end: datetime) -> str:
    return f"submittedDate:[{start.astimezone(UTC):%Y%m%d%H%M} TO {end.astimezone(UTC):%Y%m%d%H%M}]"


def _names(feed: Feed) -> set[str]:
    return {record.source_id for record in feed.records} | {refusal.record for refusal in feed.refused}


def _page(feed: Feed, *, updates: bool = False) -> Page:
    return Page(feed.records, feed.refused, updates=updates)
