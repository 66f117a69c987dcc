"""What a person finds in the bot's own place: their alerts and papers, the channels they manage, the sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.answering.desk import Desk
from bot.answering.topics import Topics
from bot.conversation import Asker, Home, ListTopics, ManagedChannel, TopicLine, TopicList
from bot.model import Channel, ChannelRef
from bot.reporting import source_line
from bot.timetables import describe, first_post

_SAVED_SHOWN = 10
_MANAGED_SHOWN = 20


class HomePage:
    """Puts together what one person sees."""

    def __init__(self, desk: Desk, topics: Topics) -> None:
        self._desk = desk
        self._topics = topics

    async def of(self, asker: Asker) -> Home:
        """The asker's own; nobody else sees it."""
        desk, storage, now = self._desk, self._desk.storage, self._desk.clock()
        saved = await storage.people.saved(asker.member)
        own = await self._lines(asker.member.direct, asker)
        plan = await desk.plan(replace(asker, channel=asker.member.direct))
        managed = await storage.managers.managed_by(asker.member)
        return Home(
            alert_schedule=describe(plan),
            alerts=own,
            saved=tuple(await storage.archive.papers(saved[:_SAVED_SHOWN])),
            saved_total=len(saved),
            managed=tuple([await self._managed(channel, asker, now) for channel in managed[:_MANAGED_SHOWN]]),
            sources=tuple(
                [
                    source_line(await storage.sources.state(name), source, desk.every, now)
                    for name, source in desk.sources.items()
                ]
            ),
        )

    async def _managed(self, channel: Channel, asker: Asker, now: datetime) -> ManagedChannel:
        plan = await self._desk.plan(replace(asker, channel=channel.ref))
        lines = await self._lines(channel.ref, asker)
        return ManagedChannel(channel, describe(plan), first_post(plan, now), lines)

    async def _lines(self, channel: ChannelRef, asker: Asker) -> tuple[TopicLine, ...]:
        listed = await self._topics.handlers[ListTopics](ListTopics(), replace(asker, channel=channel))
        return listed.topics if isinstance(listed, TopicList) else ()
