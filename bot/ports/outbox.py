"""What waits, what was sent, and what is left to do after a restore."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import (
    Announcement,
    ChannelRef,
    Delivery,
    DeliveryKey,
    DeliveryKind,
    PaperId,
)
from bot.ports.platforms import Shown
from bot.reports import Announced, History


class Outbox(Protocol):
    """Announcements that wait, and deliveries with their states."""

    async def install_id(self) -> str:
        """The random name of this installation; part of every delivery key. A restore makes a new one."""

    async def queue(self, announcements: Sequence[Announcement], now: datetime) -> int:
        """Keep announcements to be sent; one already known for its channel and paper is left as it is.
        Returns how many were new."""

    async def waiting(self, channel: ChannelRef, queued_until: datetime | None = None) -> list[Announcement]:
        """Announcements that are in no delivery yet, oldest first; only those queued until then, if it is given."""

    async def open(self, parts: Sequence[Delivery], now: datetime) -> Delivery | None:
        """Freeze a message's parts and claim the first, in one commit. None, and nothing is changed, if one of its
        papers does not wait any more (it may have been merged into another)."""

    async def add(self, delivery: Delivery) -> bool:
        """Keep a message that announces nothing, to be sent. False, and nothing is changed, if its slot is taken."""

    async def shown(self, channel: ChannelRef, paper: PaperId) -> Shown | None:
        """The last message in this channel that announced or shared the paper."""

    async def settle(self, delivery: Delivery) -> bool:
        """Keep a delivery that is not to be sent, as it stands: sent already, or held. False, and nothing is changed,
        if one of its papers does not wait any more."""

    async def unfinished(self, channel: ChannelRef) -> list[Delivery]:
        """Pending, sending and unknown deliveries, in the order they were opened."""

    async def taken(self, channel: ChannelRef, kind: DeliveryKind, slot: str) -> bool:
        """Whether there is a message for this slot already."""

    async def busy_channels(self, now: datetime) -> list[ChannelRef]:
        """Channels with unfinished deliveries, or waiting announcements that wait for no slot and no end of a snooze:
        those of ``now`` channels, and those to start with."""

    async def claim(self, key: DeliveryKey, now: datetime) -> Delivery:
        """Pending → sending, committed before the call."""

    async def sent(self, key: DeliveryKey, message_id: str, now: datetime) -> None: ...

    async def not_sent(self, key: DeliveryKey, error: str, now: datetime, not_before: datetime) -> None:
        """Sending → pending, to be tried again with the same bytes."""

    async def unknown(self, key: DeliveryKey, error: str, now: datetime) -> None: ...

    async def absent(self, key: DeliveryKey, now: datetime) -> None:
        """Count one complete read without the message; after the second: unknown → pending."""

    async def held(self, key: DeliveryKey, error: str, now: datetime) -> None: ...

    async def dead(self, key: DeliveryKey, error: str, now: datetime) -> None: ...

    async def announced(self, channel: ChannelRef, paper: PaperId) -> Announced | None:
        """What this channel was told of a paper, or None."""

    async def histories(self, channel: ChannelRef | None = None) -> dict[tuple[ChannelRef, str], History]:
        """The last post and trouble of each topic, by channel and topic name; in one channel, if one is given."""

    async def recover(self) -> int:
        """After a start: what was ``sending`` is ``unknown``, for its process is dead. Returns how many."""

    async def counts(self) -> dict[str, int]:
        """How many deliveries are in each state, and ``waiting`` announcements."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Data that was put back to an earlier state: ``at`` is when, and what was posted ``since`` it may not know."""

    at: datetime
    since: datetime


class Restores(Protocol):
    """What is left to do after the data was put back to an earlier state."""

    async def doubt(self, channel: ChannelRef) -> Restored | None:
        """Set if something waits in the channel that may have been posted there already."""

    async def last(self) -> datetime | None:
        """When the data was last put back, however long ago; what was to be posted until then may have been."""

    async def over(self, sources: Collection[str]) -> bool:
        """Whether it is over just now: each of these sources has had a complete round since, and nothing waits any
        more that was queued until then."""
