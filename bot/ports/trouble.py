"""What a person must act on: deliveries that nobody but a person can settle, lost channels, and who was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Announcement, ChannelRef, Delivery, DeliveryKey
from bot.stuck import LostChannel, StuckLine


@dataclass(frozen=True, slots=True)
class Watched:
    """A trouble that is watched: ``since`` when it is there, ``gone`` since when it is over, ``told`` when managers
    last heard of it. ``open``: they heard of it, and not yet that it is over, which ``over`` says. It concerns the
    managers of these ``channels``."""

    key: str
    since: datetime
    channels: tuple[ChannelRef, ...] = ()
    over: str = ""
    gone: datetime | None = None
    told: datetime | None = None
    open: bool = False


class Troubles(Protocol):
    """Settling what is stuck, and keeping in mind who was told of what."""

    async def stuck(self, channel: ChannelRef | None = None) -> list[StuckLine]:
        """Held and refused deliveries, of all channels or one, the oldest first."""

    async def named(self, prefix: str) -> list[StuckLine]:
        """Every delivery whose key begins so, however it stands; a few at most."""

    async def announcements(self, key: DeliveryKey) -> list[Announcement]:
        """What a delivery announces."""

    async def resend(self, old: StuckLine, new: Delivery, by: str, now: datetime) -> bool:
        """Close a stuck delivery and let a new one, with all it announces, be sent in its place. False, and nothing is
        changed, if it is not stuck any more, as below."""

    async def skip(self, old: StuckLine, by: str, now: datetime) -> bool:
        """Close a stuck delivery; what it announces counts as posted."""

    async def waiting(self) -> dict[ChannelRef, int]:
        """How many papers wait in each channel for a delivery; channels without any are left out."""

    async def lose(self, channel: ChannelRef, error: str, now: datetime) -> datetime:
        """The platform takes nothing in this channel; returns since when. A message that is taken ends it."""

    async def hurry(self, channel: ChannelRef) -> None:
        """Let what waits in a lost channel be tried at once; a channel that is not lost keeps its pauses."""

    async def lost(self) -> list[LostChannel]:
        """The channels where the platform refuses everything."""

    async def watched(self) -> list[Watched]:
        """The troubles that are watched."""

    async def watch(self, troubles: Iterable[Watched]) -> None:
        """Keep these, and no others."""
