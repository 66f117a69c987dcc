"""Questions for lists of papers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.desk import Desk, Handlers, named
from bot.conversation import FILTERED, Asker, Latest, PageRequest, Rearrange, Reply, ResultPage, Search, TurnPage
from bot.ports import SearchPage
from bot.query import Or, Query, filters_of, parse, with_filter
from bot.wording import counted


class Lists:
    """Searches, the newest papers, and turning pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._searches = desk.storage.searches
        self.handlers: Handlers = {
            Search: self._search,
            Latest: self._latest,
            TurnPage: self._turn,
            Rearrange: self._turn,
        }

    async def _search(self, command: Search, asker: Asker) -> Reply:
        query = parse(command.query)
        found = await self._searches.search(query, command.request, self._desk.clock())
        hint = "" if found.total else await self._what_there_is()
        return await self.result_page(found, asker, ignored=query.ignored, empty_hint=hint)

    async def _latest(self, command: Latest, asker: Asker) -> Reply:
        topics = await self._desk.storage.topics.of_channel(asker.channel)
        if command.topic is not None:
            topics = [named(command.topic, topics)]
        query = _any_of([topic.query for topic in topics])
        title = f"Newest of {', '.join(topic.name for topic in topics)}" if topics else "Newest papers"
        found = await self._searches.search(query, PageRequest(), self._desk.clock(), title=title)
        hint = "" if found.total else await self._what_there_is()
        return await self.result_page(found, asker, empty_hint=hint)

    async def _turn(self, command: TurnPage | Rearrange, asker: Asker) -> Reply:
        now = self._desk.clock()
        if isinstance(command, TurnPage):
            return await self.result_page(await self._searches.turn(command.key, command.page, now), asker)
        old = await self._searches.turn(command.key, 1, now)
        if old.query is None or old.sort is None:
            return await self.result_page(old, asker)
        query = _stored_query(old)
        for field, value in command.filters:
            query = with_filter(query, field, value)
        request = PageRequest(command.sort or old.sort, 1, command.per_page or old.per_page)
        found = await self._searches.search(query, request, now, title=old.title)
        hint = "" if found.total else _NOTHING_LEFT if command.filters else await self._what_there_is()
        return await self.result_page(found, asker, empty_hint=hint)

    async def result_page(
        self,
        found: SearchPage,
        asker: Asker,
        *,
        ignored: tuple[str, ...] = (),
        empty_hint: str = "",
    ) -> ResultPage:
        """A page of a list, which the asker saw last from now on."""
        if found.total and found.key:
            await self._searches.remember_list(asker.channel, asker.user, found.key)
        return ResultPage(
            title=found.title or found.query or "Newest papers",
            key=found.key,
            sort=found.sort,
            page=found.page,
            pages=found.pages,
            per_page=found.per_page,
            total=found.total,
            newer=found.newer,
            first_line=(found.page - 1) * found.per_page + 1,
            papers=found.papers,
            ranked=found.ranked,
            ignored=ignored,
            empty_hint=empty_hint,
            shareable=asker.channel.owner is None,
            filters=tuple(filters_of(_stored_query(found), FILTERED).items()),
            sources=tuple(self._desk.sources),
            query="" if found.title else found.query or "",
        )

    async def _what_there_is(self) -> str:
        summary = await self._desk.storage.archive.summary()
        if not summary.papers or summary.since is None:
            rounds = [await self._desk.storage.sources.state(name) for name in self._desk.sources]
            if rounds and all(one.last_success for one in rounds):
                return "The archive is still empty: no source has a recent paper that a topic matches."
            return "The archive is still empty: the first fetch from the sources is under way."
        records = ", ".join(f"{self._desk.title(source)} {count:,}" for source, count in summary.records)
        return f"The archive holds {counted(summary.papers, 'paper')}, kept since {summary.since:%d %b %Y} ({records})."


_NOTHING_LEFT = "No paper of this list passes the filter."


def _stored_query(page: SearchPage) -> Query | None:
    """The query of a stored search; None if it finds everything, or is a fixed list."""
    return parse(page.query, limited=False) if page.query else None


def _any_of(queries: Sequence[Query]) -> Query | None:
    roots = tuple(dict.fromkeys(query.root for query in queries))
    if not roots:
        return None
    return Query(roots[0] if len(roots) == 1 else Or(roots))
