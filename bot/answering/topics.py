"""Questions about what a channel follows."""

from __future__ import annotations

from datetime import timedelta

from bot.answering.desk import Desk, Handlers, require_admin
from bot.conversation import (
    AddTopic,
    Asker,
    ListTopics,
    Notice,
    PostNewest,
    Preview,
    PreviewReport,
    RemoveTopic,
    Reply,
    TopicAdded,
    TopicLine,
    TopicList,
)
from bot.errors import Refused
from bot.model import Announcement, Note
from bot.previewing import PREVIEW_DAYS, preview
from bot.query import And, Dated, Query, parse

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
            AddTopic: self._add,
            RemoveTopic: self._remove,
            PostNewest: self._post_newest,
            Preview: self._preview,
        }

    async def _list(self, _: ListTopics, asker: Asker) -> Reply:
        channel = await self._desk.channel(asker)
        since = self._desk.clock() - timedelta(days=PREVIEW_DAYS)
        delivered = await self._topics.delivered_since(asker.channel, since)
        topics = await self._topics.of_channel(asker.channel)
        lines = tuple(TopicLine(topic, delivered.get(topic.name, 0)) for topic in topics)
        return TopicList(channel.name, channel.schedule, lines)

    async def _add(self, command: AddTopic, asker: Asker) -> Reply:
        require_admin(asker)
        query = parse(command.query)
        askable = [source for source in self._desk.sources.values() if source.compile_query(query) is not None]
        if not askable:
            raise Refused(
                f"No source can be asked for {command.query!r}: it has no word that narrows it down. "
                "Add a word or a phrase, for example: mri AND (…)."
            )
        topic = await self._topics.add(command.name, query, asker.channel, self._desk.clock())
        self._desk.wake()
        return TopicAdded(topic, await self._report(query), "as soon as a new paper matches")

    async def _remove(self, command: RemoveTopic, asker: Asker) -> Reply:
        require_admin(asker)
        topic = await self._topics.remove(command.name, asker.channel)
        return Notice(
            f"“{topic.name}” is no longer followed here. Its papers stay in the archive.",
            (f'topic add "{topic.name}" {topic.query}',),
        )

    async def _post_newest(self, command: PostNewest, asker: Asker) -> Reply:
        require_admin(asker)
        topic = await self._desk.topic(command.topic, asker)
        week = Query(And((topic.query.root, Dated(after=True, days=_TO_START_DAYS))))
        _, newest = await self._desk.storage.searches.newest(week, _LOOKED_THROUGH, self._desk.clock())
        outbox = self._desk.storage.outbox
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
        return await self._report(parse(command.query))

    async def _report(self, query: Query) -> PreviewReport:
        return await preview(query, self._desk.storage.searches, self._desk.sources.values(), self._desk.clock())
