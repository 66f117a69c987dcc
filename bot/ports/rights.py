"""Who may administer a channel, and whether the bot has introduced itself there."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import Channel, ChannelRef, Member


class Managers(Protocol):
    """The people a channel's settings are left to, by the platform's ids, beside those the platform calls admins."""

    async def of_channel(self, channel: ChannelRef) -> list[str]:
        """The channel's managers, the longest-standing first."""

    async def managed_by(self, member: Member) -> list[Channel]:
        """The channels that somebody manages, by name."""

    async def add(self, user: str, channel: ChannelRef, now: datetime) -> bool:
        """Make somebody a manager; False if they are already. Raises Refused where the bot does not post."""

    async def remove(self, user: str, channel: ChannelRef) -> bool:
        """Let somebody be a manager no more; False if they were none."""

    async def greet(self, channel: ChannelRef) -> bool:
        """Whether the bot has to introduce itself there: True once."""
