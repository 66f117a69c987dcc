"""Questions about a single paper."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers, is_line
from bot.conversation import Asker, PaperCard, Reply, Show, Why
from bot.errors import NotFound
from bot.reporting import why
from bot.unseen import unseen
from bot.wording import fate


class Papers:
    """A paper in full, and why it was posted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.handlers: Handlers = {Show: self._show, Why: self._why}

    async def _show(self, command: Show, asker: Asker) -> Reply:
        paper = await self._desk.paper(command.id, asker)
        announced = await self._desk.storage.outbox.announced(asker.channel, paper.id)
        posted = ""
        if announced:
            posted = f"{fate(announced)} for {', '.join(announced.topics)} ({announced.queued:%d %b %Y})"
        saved = paper.id in await self._desk.storage.people.saved(asker.member)
        proxy = self._desk.proxy
        return PaperCard(paper, posted, saved=saved, shareable=asker.channel.owner is None, proxy=proxy)

    async def _why(self, command: Why, asker: Asker) -> Reply:
        desk = self._desk
        channel, now = await desk.channel(asker), desk.clock()
        try:
            paper = await desk.paper(command.id, asker)
        except NotFound:
            if is_line(command.id) or not (
                found := await unseen(desk.storage, desk.sources, command.id, [channel], now)
            ):
                raise
            return found
        return await why(desk.storage, paper, [channel], now)
