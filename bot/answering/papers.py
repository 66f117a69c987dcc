"""Questions about a single paper."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.conversation import Asker, PaperCard, Reply, Show, Why
from bot.reporting import why


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
            posted = f"{announced.fate} for {', '.join(announced.topics)} ({announced.queued:%d %b %Y})"
        return PaperCard(paper, posted)

    async def _why(self, command: Why, asker: Asker) -> Reply:
        paper = await self._desk.paper(command.id, asker)
        channel = await self._desk.channel(asker)
        return await why(self._desk.storage, paper, [channel], self._desk.clock())
