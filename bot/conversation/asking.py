"""Who asks, and which page of a list (pure data)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model import ChannelRef, Member


class Sort(StrEnum):
    """The order of a result list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


PAGE_SIZES = (5, 10, 25)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a search is wanted."""

    sort: Sort = Sort.NEWEST
    page: int = 1
    per_page: int = 10


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and with which rights. ``user`` is the platform's id of the person. A ``guest`` of
    the workspace administers nothing but their own direct messages. ``local``: the rights hold in this channel, and
    not in others that the platform has."""

    channel: ChannelRef
    user: str
    admin: bool = False
    guest: bool = False
    local: bool = False

    @property
    def member(self) -> Member:
        """The person, wherever they ask."""
        return Member(self.channel.platform, self.channel.workspace, self.user)
