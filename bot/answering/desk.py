"""What every kind of question needs: the stores, the sources, the clock, and a few ways to find things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.conversation import Asker, Reply
from bot.errors import NotFound, Refused
from bot.model import Channel, Paper, PaperId, Topic
from bot.ports import Source, Storage
from bot.reporting import find_paper

Handlers = Mapping[type, Callable[[Any, Asker], Awaitable[Reply]]]
"""What answers each kind of command."""

_LONGEST_LINE_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Desk:
    """``wake`` tells the pollers and the deliverer that there is something new to do; ``every`` is how often the
    sources are asked."""

    storage: Storage
    sources: Mapping[str, Source]
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    every: timedelta = timedelta(minutes=30)

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
        if text.isdecimal() and len(text) <= _LONGEST_LINE_NUMBER:
            searches = self.storage.searches
            on_line = await searches.paper_on_line(asker.channel, asker.user, int(text), self.clock())
            if on_line:
                return on_line
        return await find_paper(self.storage, text)

    async def channel(self, asker: Asker) -> Channel:
        """The channel where the question was asked, known or not."""
        return await self.storage.topics.channel(asker.channel) or Channel(asker.channel, asker.channel.id)

    async def topic(self, name: str, asker: Asker) -> Topic:
        """The topic of that name in the channel; raises NotFound."""
        return named(name, await self.storage.topics.of_channel(asker.channel))

    def title(self, source: str) -> str:
        """What people call a source."""
        return self.sources[source].title if source in self.sources else source


def named(name: str, topics: Sequence[Topic]) -> Topic:
    """The topic of that name; raises NotFound."""
    for topic in topics:
        if topic.name.casefold() == name.casefold():
            return topic
    known = ", ".join(topic.name for topic in topics) or "none yet"
    raise NotFound(f"This channel has no topic “{name}”. It follows: {known}.")


def require_admin(asker: Asker) -> None:
    """Raise Refused for anybody else."""
    if not asker.admin:
        raise Refused("Only admins can change what this channel follows. Ask one of this channel’s admins to do it.")
