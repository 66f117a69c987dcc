"""Tells a channel's managers what they must act on, once, and each month that the bot still runs.

Each notice is a delivery to somebody's direct messages, kept in the commit that notes it as told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.conversation import Notice, Reply
from bot.digesting import delivery_key
from bot.model import Channel, ChannelRef, Delivery, DeliveryKey, DeliveryKind, Member
from bot.monthly import month_due, month_line
from bot.ports import Source, Storage
from bot.reporting import source_line
from bot.reports import PlatformLine
from bot.trouble import (
    Trouble,
    notices,
    of_channels,
    of_deliveries,
    of_platforms,
    of_sources,
    of_the_machine,
    review,
)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watcher:
    """Looks at everything again and again. ``clock_problem`` says what is wrong with the clock, ``connections`` with
    those to the platforms; ``render`` makes a channel's message of a reply; ``every`` is how often the sources are
    asked."""

    storage: Storage
    sources: Mapping[str, Source]
    every: timedelta
    clock_problem: Callable[[], str | None]
    render: Callable[[ChannelRef, Reply, DeliveryKey], bytes]
    connections: Callable[[], Sequence[PlatformLine]] = tuple
    _months: set[tuple[ChannelRef, datetime]] = field(default_factory=set)

    async def look(self, now: datetime) -> bool:
        """Tell what is new or over; True if there is something to deliver."""
        known = await self.storage.troubles.watched()
        found = review(await self._present(now), known, now)
        if list(found.watched) == known:
            return False
        for trouble in found.news:
            _log.warning("%s", trouble.text)
        for watched in found.over:
            _log.info("over: %s", watched.over or watched.key)
        async with self.storage.transaction():
            await self.storage.troubles.watch(found.watched)
            people = {channel: await self._people(channel) for channel in found.concerned}
            told = notices(found, people)
            for person, notice in told.items():
                await self._tell(person, notice, now.isoformat(timespec="milliseconds"))
        return bool(told)

    async def _present(self, now: datetime) -> Sequence[Trouble]:
        storage = self.storage
        channels = [channel.ref for channel in await storage.topics.channels()]
        everybody = tuple(channel for channel in channels if channel.owner is None)
        lines = [
            source_line(await storage.sources.state(name), source, self.every, now)
            for name, source in self.sources.items()
        ]
        data, ledger = await storage.upkeep.data(), await storage.ledger.lines()
        return [
            *of_sources(lines, everybody, now),
            *of_deliveries(await storage.troubles.stuck()),
            *of_channels(await storage.troubles.lost()),
            *of_platforms(self.connections(), everybody),
            *of_the_machine(data, ledger, self.clock_problem(), everybody),
        ]

    async def tell_months(self, now: datetime) -> bool:
        """Tell the managers of each channel, on the first day of a month; True if there is something to deliver."""
        told = False
        for channel in await self.storage.topics.channels():
            month = month_due(channel, now) if channel.ref.owner is None else None
            if month and (channel.ref, month[1]) not in self._months:
                told |= await self._tell_month(channel, *month)
                self._months.add((channel.ref, month[1]))
        return told

    async def _tell_month(self, channel: Channel, begin: datetime, end: datetime) -> bool:
        posted = len(await self.storage.schedules.shown(channel.ref, begin, end))
        held = len(await self.storage.troubles.stuck(channel.ref))
        line = month_line(channel, begin, posted, held, await self.storage.upkeep.data())
        slot = f"{begin:%Y-%m} {channel.ref}"
        return any([await self._tell(person, Notice(line), slot) for person in await self._people(channel.ref)])

    async def _people(self, channel: ChannelRef) -> list[ChannelRef]:
        """The direct messages of those who look after a channel."""
        if channel.owner is not None:
            return [channel]
        managers = await self.storage.managers.of_channel(channel)
        return [Member(channel.platform, channel.workspace, user).direct for user in managers]

    async def _tell(self, person: ChannelRef, notice: Notice, slot: str) -> bool:
        """Keep a message to be sent. False if its slot is taken."""
        storage = self.storage
        async with storage.transaction():
            if await storage.topics.channel(person) is None:
                await storage.topics.put_channel(Channel(person, "Direct messages"))
            key = delivery_key(await storage.outbox.install_id(), person, DeliveryKind.NOTICE, slot, 1)
            payload = self.render(person, notice, key)
            return await storage.outbox.add(Delivery(key, person, DeliveryKind.NOTICE, slot, 1, payload))
