"""After the data was put back to an earlier state: what a channel shows already is found there, not posted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.digesting import delivery_key
from bot.identity import paper_marks
from bot.model import Announcement, ChannelRef, Delivery, DeliveryKind, DeliveryState, Paper
from bot.ports import Platform, Posted, ReadBack, Restored, Shown, Storage

READ_BACK_MARGIN = timedelta(seconds=60)
"""How long before the first moment of interest a channel is read: clocks differ."""


class Restoring:
    """Compares what waits with what the channels show."""

    def __init__(self, storage: Storage, platforms: Mapping[str, Platform]) -> None:
        self._storage = storage
        self._platforms = platforms
        self._read: dict[ChannelRef, Posted] = {}

    async def posted(self, channel: ChannelRef, restored: Restored) -> Posted:
        """What the channel shows that the data may not know. One answer is enough, for nobody else posts there."""
        if channel in self._read:
            return self._read[channel]
        posted = await self._platforms[channel.platform].posted(channel, restored.since - READ_BACK_MARGIN)
        if posted.result is not ReadBack.UNAVAILABLE:
            self._read[channel] = posted
        return posted

    async def settle(self, channel: ChannelRef, waiting: Sequence[Announcement], posted: Posted) -> bool:
        """Note as sent what waits and is shown; False if there is none."""
        papers = await self._storage.archive.papers([announcement.paper_id for announcement in waiting])
        found = [(paper, shown) for paper in papers if (shown := _message(paper, posted))]
        async with self._storage.transaction():
            return any([await self._settle(channel, paper, shown) for paper, shown in found])

    async def _settle(self, channel: ChannelRef, paper: Paper, shown: Shown) -> bool:
        kind, slot = DeliveryKind.ANNOUNCEMENT, f"P{paper.id}"
        sent = Delivery(
            key=delivery_key(await self._storage.outbox.install_id(), channel, kind, slot, 1),
            channel=channel,
            kind=kind,
            slot=slot,
            part=1,
            payload=b"",
            state=DeliveryState.SENT,
            last_at=shown.at,
            message_id=shown.message_id,
            paper_ids=(paper.id,),
        )
        return await self._storage.outbox.settle(sent)


def _message(paper: Paper, posted: Posted) -> Shown | None:
    """The first message that announced the paper."""
    messages = [posted.marks[mark] for mark in paper_marks(paper) if mark in posted.marks]
    return min(messages, key=lambda shown: shown.at, default=None)
