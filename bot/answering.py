"""Command → Reply: what the bot answers, the same on every platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.commands import COMMANDS
from bot.conversation import (
    AddTopic,
    Asker,
    Command,
    Help,
    HelpPage,
    Latest,
    ListTopics,
    Mistake,
    Misunderstood,
    Notice,
    PageRequest,
    PaperCard,
    PostNewest,
    Preview,
    PreviewReport,
    Rearrange,
    RemoveTopic,
    Reply,
    ResultPage,
    Search,
    Show,
    ShowStatus,
    TopicAdded,
    TopicLine,
    TopicList,
    TurnPage,
    Why,
)
from bot.errors import NotFound, QueryError, Refused
from bot.model import Announcement, Channel, Note, Paper, PaperId, Topic
from bot.ports import SearchPage, Source, Storage
from bot.previewing import PREVIEW_DAYS, preview
from bot.query import And, Dated, Or, Query, parse
from bot.reporting import find_paper, status, why

_TO_START = 5
_TO_START_DAYS = 7
_LONGEST_LINE_NUMBER = 4
_LOOKED_THROUGH = 50


class Answering:
    """Answers commands. ``wake`` tells the pollers and the deliverer that there is something new to do; ``every`` is
    how often the sources are asked."""

    def __init__(
        self,
        storage: Storage,
        sources: Mapping[str, Source],
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        every: timedelta = timedelta(minutes=30),
    ) -> None:
        self._storage = storage
        self._sources = sources
        self._clock = clock
        self._wake = wake
        self._every = every

    async def answer(self, command: Command, asker: Asker) -> Reply:
        """The reply to a command; expected errors become replies that say what to do."""
        try:
            return await self._answer(command, asker)
        except QueryError as error:
            return Mistake(str(error), error.query, error.column, error.suggestion)
        except (NotFound, Refused) as error:
            return Notice(str(error))

    async def _answer(self, command: Command, asker: Asker) -> Reply:  # noqa: C901, PLR0911, PLR0912 - one line a command
        match command:
            case Search():
                return await self._search(command, asker)
            case Latest():
                return await self._latest(command, asker)
            case TurnPage() | Rearrange():
                return await self._turn(command, asker)
            case Show():
                return await self._show(command, asker)
            case ListTopics():
                return await self._list_topics(asker)
            case AddTopic():
                return await self._add_topic(command, asker)
            case RemoveTopic():
                return await self._remove_topic(command, asker)
            case PostNewest():
                return await self._post_newest(command, asker)
            case Preview():
                return await self._preview(parse(command.query))
            case Why():
                return await self._why(command, asker)
            case ShowStatus():
                now, channel = self._clock(), asker.channel
                return await status(self._storage, self._sources, self._every, now, channel=channel)
            case Help():
                return self._help(command)
            case Misunderstood():
                return Notice(command.problem, (command.suggestion,) if command.suggestion else ())

    # ------------------------------------------------------------ lists

    async def _search(self, command: Search, asker: Asker) -> Reply:
        query = parse(command.query)
        found = await self._storage.searches.search(query, command.request, self._clock())
        hint = "" if found.total else await self._what_there_is()
        return await self._result_page(found, asker, ignored=query.ignored, empty_hint=hint)

    async def _latest(self, command: Latest, asker: Asker) -> Reply:
        topics = await self._storage.topics.of_channel(asker.channel)
        if command.topic is not None:
            topics = [self._named(command.topic, topics)]
        query = _any_of([topic.query for topic in topics])
        title = f"Newest of {', '.join(topic.name for topic in topics)}" if topics else "Newest papers"
        found = await self._storage.searches.search(query, PageRequest(), self._clock(), title=title)
        hint = "" if found.total else await self._what_there_is()
        return await self._result_page(found, asker, empty_hint=hint)

    async def _turn(self, command: TurnPage | Rearrange, asker: Asker) -> Reply:
        now = self._clock()
        if isinstance(command, TurnPage):
            return await self._result_page(await self._storage.searches.turn(command.key, command.page, now), asker)
        old = await self._storage.searches.turn(command.key, 1, now)
        if old.query is None or old.sort is None:
            return await self._result_page(old, asker)
        query = parse(old.query, limited=False) if old.query else None
        request = PageRequest(command.sort or old.sort, 1, command.per_page or old.per_page)
        found = await self._storage.searches.search(query, request, now, title=old.title)
        return await self._result_page(found, asker)

    async def _result_page(
        self,
        found: SearchPage,
        asker: Asker,
        *,
        ignored: tuple[str, ...] = (),
        empty_hint: str = "",
    ) -> ResultPage:
        if found.total and found.key:
            await self._storage.searches.remember_list(asker.channel, asker.user, found.key)
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
        )

    async def _what_there_is(self) -> str:
        summary = await self._storage.archive.summary()
        if not summary.papers or summary.since is None:
            return "The archive is still empty: the first fetch from the sources is under way."
        records = ", ".join(f"{self._title(source)} {count:,}" for source, count in summary.records)
        return f"The archive holds {summary.papers:,} papers, kept since {summary.since:%d %b %Y} ({records})."

    # ------------------------------------------------------------ papers

    async def _show(self, command: Show, asker: Asker) -> Reply:
        paper = await self._paper(command.id, asker)
        announced = await self._storage.outbox.announced(asker.channel, paper.id)
        posted = ""
        if announced:
            posted = f"{announced.fate} for {', '.join(announced.topics)} ({announced.queued:%d %b %Y})"
        return PaperCard(paper, posted)

    async def _why(self, command: Why, asker: Asker) -> Reply:
        paper = await self._paper(command.id, asker)
        channel = await self._storage.topics.channel(asker.channel) or Channel(asker.channel, asker.channel.id)
        return await why(self._storage, paper, [channel], self._clock())

    async def _paper(self, text: str, asker: Asker) -> Paper:
        found = await self._find(text, asker)
        papers = await self._storage.archive.papers([found] if found else [])
        if not papers:
            raise NotFound(
                f"No paper “{text[:80]}” in the archive. Give its number (P12), a DOI, PMID, arXiv id or link, "
                "or the line of the list you saw last."
            )
        return papers[0]

    async def _find(self, text: str, asker: Asker) -> PaperId | None:
        text = text.strip()
        if text.isdecimal() and len(text) <= _LONGEST_LINE_NUMBER:
            searches = self._storage.searches
            on_line = await searches.paper_on_line(asker.channel, asker.user, int(text), self._clock())
            if on_line:
                return on_line
        return await find_paper(self._storage, text)

    # ------------------------------------------------------------ topics

    async def _list_topics(self, asker: Asker) -> Reply:
        channel = await self._storage.topics.channel(asker.channel)
        since = self._clock() - timedelta(days=PREVIEW_DAYS)
        delivered = await self._storage.topics.delivered_since(asker.channel, since)
        topics = await self._storage.topics.of_channel(asker.channel)
        lines = tuple(TopicLine(topic, delivered.get(topic.name, 0)) for topic in topics)
        name, schedule = (channel.name, channel.schedule) if channel else (asker.channel.id, "now")
        return TopicList(name, schedule, lines)

    async def _add_topic(self, command: AddTopic, asker: Asker) -> Reply:
        _require_admin(asker)
        query = parse(command.query)
        askable = [source for source in self._sources.values() if source.compile_query(query) is not None]
        if not askable:
            raise Refused(
                f"No source can be asked for {command.query!r}: it has no word that narrows it down. "
                "Add a word or a phrase, for example: mri AND (…)."
            )
        topic = await self._storage.topics.add(command.name, query, asker.channel, self._clock())
        self._wake()
        return TopicAdded(topic, await self._preview(query), "as soon as a new paper matches")

    async def _remove_topic(self, command: RemoveTopic, asker: Asker) -> Reply:
        _require_admin(asker)
        topic = await self._storage.topics.remove(command.name, asker.channel)
        return Notice(
            f"“{topic.name}” is no longer followed here. Its papers stay in the archive.",
            (f'topic add "{topic.name}" {topic.query}',),
        )

    async def _post_newest(self, command: PostNewest, asker: Asker) -> Reply:
        _require_admin(asker)
        topic = self._named(command.topic, await self._storage.topics.of_channel(asker.channel))
        week = Query(And((topic.query.root, Dated(after=True, days=_TO_START_DAYS))))
        _, newest = await self._storage.searches.newest(week, _LOOKED_THROUGH, self._clock())
        outbox = self._storage.outbox
        fresh = [paper for paper in newest if await outbox.announced(asker.channel, paper.id) is None][:_TO_START]
        announcements = [Announcement(asker.channel, paper.id, (topic.name,), Note.TO_START) for paper in fresh]
        queued = await outbox.queue(announcements, self._clock())
        self._wake()
        if not queued:
            return Notice(
                f"The archive has no paper of the last {_TO_START_DAYS} days for “{topic.name}” that was not posted "
                "here already. If the topic is new, its first fetch may still be under way; try again in a minute."
            )
        return Notice(f"Posting the newest {queued} of “{topic.name}” to start with.")

    def _named(self, name: str, topics: Sequence[Topic]) -> Topic:
        for topic in topics:
            if topic.name.casefold() == name.casefold():
                return topic
        known = ", ".join(topic.name for topic in topics) or "none yet"
        raise NotFound(f"This channel has no topic “{name}”. It follows: {known}.")

    # ------------------------------------------------------------ preview and help

    async def _preview(self, query: Query) -> PreviewReport:
        return await preview(query, self._storage.searches, self._sources.values(), self._clock())

    def _help(self, command: Help) -> Reply:
        chosen = tuple(one for one in COMMANDS if command.command and one.usage.startswith(command.command))
        return HelpPage(chosen or COMMANDS, tuple(source.acknowledgement for source in self._sources.values()))

    def _title(self, source: str) -> str:
        return self._sources[source].title if source in self._sources else source


def _require_admin(asker: Asker) -> None:
    if not asker.admin:
        raise Refused("Only admins can change what this channel follows. Ask one of this channel’s admins to do it.")


def _any_of(queries: Sequence[Query]) -> Query | None:
    roots = tuple(dict.fromkeys(query.root for query in queries))
    if not roots:
        return None
    return Query(roots[0] if len(roots) == 1 else Or(roots))
