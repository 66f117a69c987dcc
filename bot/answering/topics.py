"""Questions about what a channel follows."""

from __future__ import annotations

from datetime import timedelta

from bot.answering.desk import Desk, Handlers
from bot.conversation import (
    AddTopic,
    Asker,
    EditTopic,
    ListTopics,
    Notice,
    PostNewest,
    Preview,
    PreviewReport,
    Reply,
    TopicAdded,
    TopicEdited,
    TopicLine,
    TopicList,
)
from bot.errors import Refused
from bot.model import Announcement, Note
from bot.muting import without_muted
from bot.previewing import PREVIEW_DAYS, leave, preview, preview_import
from bot.query import And, Dated, Query, parse
from bot.timetables import describe, first_post
from bot.translating import Translation

_TO_START = 5
_TO_START_DAYS = 7
_LOOKED_THROUGH = 50


class Topics:
    """Topics and what they would bring."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._topics = desk.storage.topics
        self.handlers: Handlers = {
            ListTopics: self._list,
            AddTopic: self.add,
            EditTopic: self._edit,
            PostNewest: self._post_newest,
            Preview: self._preview,
        }

    async def _list(self, _: ListTopics, asker: Asker) -> Reply:
        channel = await self._desk.channel(asker)
        since = self._desk.clock() - timedelta(days=PREVIEW_DAYS)
        delivered = await self._topics.delivered_since(asker.channel, since)
        topics = await self._topics.of_channel(asker.channel)
        lines = tuple(TopicLine(topic, delivered.get(topic.name, 0)) for topic in topics)
        return TopicList(channel.name, describe(await self._desk.plan(asker)), lines)

    async def add(self, command: AddTopic, asker: Asker) -> Reply:
        """Save a topic, or show what was read of a foreign search."""
        await self._desk.require_admin(asker)
        if (foreign := await self._desk.foreign(command.query)) is not None:
            return await self._imported(command.name, foreign)
        query = self._askable(command.query)
        await self._desk.open_direct(asker)
        topic = await self._topics.add(command.name, query, asker.channel, self._desk.clock(), by=asker.user)
        self._desk.wake()
        post = first_post(await self._desk.plan(asker), self._desk.clock())
        return TopicAdded(topic, await self._report(query), post)

    async def _edit(self, command: EditTopic, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        before = await self._desk.topic(command.name, asker)
        query = self._askable(command.query)
        now = self._desk.clock()
        topic = await self._topics.edit(before.name, query, asker.channel, now, by=asker.user)
        self._desk.wake()
        return TopicEdited(topic, str(before.query), await self._report(query))

    def _askable(self, text: str) -> Query:
        """Read a query that sources can be asked for; raises QueryError, Refused."""
        query = parse(text)
        if any(source.compile_query(query) is not None for source in self._desk.sources.values()):
            return query
        raise Refused(
            f"No source can be asked for {text!r}: it has no word that narrows it down. "
            "Add a word or a phrase, for example: mri AND (…)."
        )

    async def _post_newest(self, command: PostNewest, asker: Asker) -> Reply:
        await self._desk.require_admin(asker)
        topic = await self._desk.topic(command.topic, asker)
        week = Query(And((topic.query.root, Dated(after=True, days=_TO_START_DAYS))))
        _, newest = await self._desk.storage.searches.newest(week, _LOOKED_THROUGH, self._desk.clock())
        outbox = self._desk.storage.outbox
        newest = await without_muted(newest, asker.channel, self._desk.storage, self._desk.clock())
        fresh = [paper for paper in newest if await outbox.announced(asker.channel, paper.id) is None][:_TO_START]
        announcements = [Announcement(asker.channel, paper.id, (topic.name,), Note.TO_START) for paper in fresh]
        queued = await outbox.queue(announcements, self._desk.clock())
        self._desk.wake()
        if not queued:
            return Notice(
                f"The archive has no paper of the last {_TO_START_DAYS} days for “{topic.name}” that was not posted "
                "here already. If the topic is new, its first fetch may still be under way; try again in a minute."
            )
        return Notice(f"Posting the newest {queued} of “{topic.name}” to start with.")

    async def _preview(self, command: Preview, _: Asker) -> Reply:
        if (foreign := await self._desk.foreign(command.query)) is not None:
            return await self._imported("", foreign)
        return await self._report(parse(command.query))

    async def _imported(self, name: str, foreign: Translation) -> Reply:
        """What was read of a foreign search, to be looked at before it is saved under the name."""
        if foreign.query is None:
            return Notice(f"This {foreign.form} cannot become a topic. {foreign.problem}")
        desk = self._desk
        return await preview_import(
            name, foreign, desk.storage.searches, desk.sources, desk.clock(), fetch=desk.look_back or leave
        )

    async def _report(self, query: Query) -> PreviewReport:
        desk = self._desk
        sources = desk.sources.values()
        return await preview(query, desk.storage.searches, sources, desk.clock(), desk.look_back or leave)
