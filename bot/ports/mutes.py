"""What channels do not want to hear of, and the papers that were kept back for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import ChannelRef, Mute, PaperId

Muted = Mapping[tuple[ChannelRef, PaperId], Mute]
"""Papers that are not announced in a channel, with the mute that says so."""


class Mutes(Protocol):
    """A channel's mutes, and what they kept back."""

    async def all(self) -> dict[ChannelRef, list[Mute]]:
        """The mutes of every channel that has any, the oldest first."""

    async def of_channel(self, channel: ChannelRef) -> list[Mute]:
        """The channel's mutes, the oldest first."""

    async def add(self, mute: Mute, channel: ChannelRef, now: datetime) -> None:
        """Mute from now on. Raises Refused for one that is there already, or where the bot does not post."""

    async def remove(self, mute: Mute, channel: ChannelRef) -> Mute:
        """Mute no more, however its words are written; returns what was there. Raises NotFound."""

    async def keep_back(self, muted: Muted, now: datetime) -> None:
        """Keep what is not announced and why; what waits to be posted of it is given up."""

    async def kept_back(self, channel: ChannelRef, since: datetime) -> dict[Mute, int]:
        """How many papers each mute kept back since then."""

    async def kept_back_by(self, channel: ChannelRef, paper: PaperId) -> Mute | None:
        """What kept this paper back in the channel."""

    async def channels_without(self, papers: Sequence[PaperId]) -> dict[PaperId, set[ChannelRef]]:
        """Where each of the papers was kept back; those that never were are left out."""

    async def posted(self, channel: ChannelRef, since: datetime) -> list[PaperId]:
        """The papers that were posted in the channel since then, or are being posted."""
