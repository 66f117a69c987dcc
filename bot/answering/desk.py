"""What every kind of question needs: the stores, the sources, the clock, and a few ways to find things."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.citing import CitationFormat
from bot.conversation import Asker, Reply
from bot.errors import NotFound, Refused, SourceError
from bot.model import Channel, ChannelRef, DeliveryKey, Paper, PaperId, Topic
from bot.ports import CitationWriter, Plan, Source, Storage
from bot.query import Query
from bot.reporting import find_paper
from bot.reports import PlatformLine
from bot.translating import Translation, read_feed, read_search
from bot.wording import person

Handlers = Mapping[type, Callable[[Any, Asker], Awaitable[Reply]]]
"""What answers each kind of command."""

_LONGEST_LINE_NUMBER = 4
_FEED_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Desk:
    """``wake`` tells the pollers and the deliverer that there is something new to do; ``render`` makes
    a channel's public message of a reply, ``citations`` begins a file; ``every`` is how often the sources are asked;
    ``clock_problem`` says what is wrong with the machine's clock, ``connections`` with those to the platforms;
    ``proxy`` is a library's prefix for links; ``look_back`` brings what a source has of 30 days for a query."""

    storage: Storage
    sources: Mapping[str, Source]
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    render: Callable[[ChannelRef, Reply, DeliveryKey], bytes]
    citations: Callable[[CitationFormat], CitationWriter]
    every: timedelta = timedelta(minutes=30)
    clock_problem: Callable[[], str | None] = lambda: None
    connections: Callable[[], Sequence[PlatformLine]] = tuple
    proxy: str = ""
    look_back: Callable[[Source, Query], Awaitable[None]] | None = None

    async def paper(self, text: str, asker: Asker) -> Paper:
        """The paper with this number, identifier, link or line of the list last seen; raises NotFound."""
        found = await self._find(text, asker)
        papers = await self.storage.archive.papers([found] if found else [])
        if not papers:
            raise NotFound(
                f"No paper “{text[:80]}” in the archive. Give its number (P12), a DOI, PMID, arXiv id or link, "
                "or the line of the list you saw last."
            )
        return papers[0]

    async def _find(self, text: str, asker: Asker) -> PaperId | None:
        text = text.strip()
        if is_line(text):
            searches = self.storage.searches
            on_line = await searches.paper_on_line(asker.channel, asker.user, int(text), self.clock())
            if on_line:
                return on_line
        return await find_paper(self.storage, text)

    async def foreign(self, text: str) -> Translation | None:
        """What a search written for a source means; None if it is in our language."""
        translation = read_search(text)
        source = self.sources.get(translation.source) if translation and translation.feed else None
        if translation is None or source is None:
            return translation
        try:
            async with asyncio.timeout(_FEED_TIMEOUT):
                return read_feed(await source.feed_title(translation.feed), translation)
        except (TimeoutError, SourceError):
            return translation

    async def channel(self, asker: Asker) -> Channel:
        """The channel where the question was asked, known or not."""
        return await self.storage.topics.channel(asker.channel) or Channel(asker.channel, asker.channel.id)

    async def open_direct(self, asker: Asker) -> None:
        """Make the asker's direct messages a channel, which they are from the first topic on."""
        topics, direct = self.storage.topics, asker.member.direct
        if asker.channel == direct and await topics.channel(direct) is None:
            await topics.put_channel(Channel(direct, "Direct messages"))

    async def plan(self, asker: Asker) -> Plan:
        """When the channel where the question was asked is posted to, known or not."""
        if plan := await self.storage.schedules.plan(asker.channel):
            return plan
        channel = await self.channel(asker)
        return Plan(channel.ref, channel.schedule, channel.zone)

    async def topic(self, name: str, asker: Asker) -> Topic:
        """The topic of that name in the channel; raises NotFound."""
        return named(name, await self.storage.topics.of_channel(asker.channel))

    async def require_admin(self, asker: Asker) -> None:
        """Raise Refused for anybody else than an admin or manager of the channel, or the owner of direct messages."""
        if asker.channel.owner == asker.user:
            return
        managers = await self.storage.managers.of_channel(asker.channel)
        if not asker.guest and (asker.admin or asker.user in managers):
            return
        help_ = f"Ask one of: {', '.join(map(person, managers))}." if managers else "Ask an admin."
        who = "Guests cannot change" if asker.guest else "Only admins and this channel’s managers can change"
        raise Refused(f"{who} what is posted here. {help_}")

    def title(self, source: str) -> str:
        """What people call a source."""
        return self.sources[source].title if source in self.sources else source


def is_line(text: str) -> bool:
    """Whether a number this small means a line of the list last seen."""
    return text.strip().isdecimal() and len(text.strip()) <= _LONGEST_LINE_NUMBER


def named(name: str, topics: Sequence[Topic]) -> Topic:
    """The topic of that name; raises NotFound."""
    known = {topic.name.casefold(): topic for topic in topics}
    if topic := known.get(name.casefold()):
        return topic
    if near := difflib.get_close_matches(name.casefold(), known, n=1):
        raise NotFound(f"This channel has no topic “{name}”. Did you mean “{known[near[0]].name}”?")
    follows = ", ".join(topic.name for topic in topics) or "none yet"
    raise NotFound(f"This channel has no topic “{name}”. It follows: {follows}.")
