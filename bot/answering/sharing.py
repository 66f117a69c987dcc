"""Sharing what was answered privately with the whole channel."""

from __future__ import annotations

from bot.answering.desk import Desk, Handlers
from bot.conversation import AlreadyHere, Asker, Notice, Reply, Shared, ShareList, SharePaper
from bot.digesting import delivery_key
from bot.errors import NotFound, Refused
from bot.model import Channel, Delivery, DeliveryKind
from bot.wording import shorten, visible

_LONGEST_COMMENT = 500
_TAKEN = "This was shared here already, or is on its way."


class Sharing:
    """A share is a delivery with a slot of its own, so that a control used twice posts once. It announces nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.handlers: Handlers = {SharePaper: self._share_paper, ShareList: self._share_list}

    async def _share_paper(self, command: SharePaper, asker: Asker) -> Reply:
        channel = await self._channel(asker)
        paper = await self._desk.paper(command.id, asker)
        comment = _clean(command.comment)
        shown = await self._desk.storage.outbox.shown(channel.ref, paper.id)
        if shown and shown.message_id != command.after:
            return AlreadyHere(paper, shown.message_id, shown.at.date(), comment)
        slot = f"P{paper.id}" + (f".{shown.message_id}" if shown else "")
        return await self._post(Shared(asker.user, comment, (paper,), self._desk.clock().date()), slot, channel)

    async def _share_list(self, command: ShareList, asker: Asker) -> Reply:
        channel = await self._channel(asker)
        now = self._desk.clock()
        found = await self._desk.storage.searches.turn(command.key, command.page, now)
        if not found.papers:
            raise NotFound("There is nothing on this page to share.")
        title = found.title or found.query or "Newest papers"
        shared = Shared(
            asker.user, _clean(command.comment), found.papers, now.date(), found.total, title, list_key=found.key
        )
        return await self._post(shared, f"{found.key}.{found.page}", channel)

    async def _channel(self, asker: Asker) -> Channel:
        channel = await self._desk.storage.topics.channel(asker.channel)
        if channel is None or channel.ref.owner is not None:
            raise Refused("This can be shared only in a channel that the bot posts to. Ask there, and share it then.")
        return channel

    async def _post(self, shared: Shared, slot: str, channel: Channel) -> Reply:
        outbox = self._desk.storage.outbox
        key = delivery_key(await outbox.install_id(), channel.ref, DeliveryKind.SHARE, slot, 1)
        payload = self._desk.render(channel.ref, shared, key)
        if not await outbox.add(Delivery(key, channel.ref, DeliveryKind.SHARE, slot, 1, payload)):
            return Notice(_TAKEN, ("status",))
        self._desk.wake()
        return Notice(f"Shared with everybody in {channel.name}; it appears in a moment.")


def _clean(comment: str) -> str:
    """One line that can be read."""
    return shorten(" ".join(visible(comment).split()), _LONGEST_COMMENT)
