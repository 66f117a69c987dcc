"""What belongs to single persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation import Kept
from bot.model import ChannelRef, Member, PaperId


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a person says of a message with a name or an emoji; of one ``paper`` in it, if that is known."""

    channel: ChannelRef
    message: str
    user: str
    reaction: str
    paper: PaperId | None = None


class People(Protocol):
    """Reading lists and reactions, and all that is kept about a person."""

    async def save(self, member: Member, paper: PaperId, now: datetime) -> bool:
        """Put a paper on the reading list; False if it stands there already."""

    async def unsave(self, member: Member, paper: PaperId) -> bool:
        """Take a paper off the reading list; False if it does not stand there."""

    async def saved(self, member: Member) -> list[PaperId]:
        """The reading list, the last saved first; a merged paper stands there as its survivor."""

    async def react(self, reaction: Reaction, now: datetime) -> None:
        """Keep a reaction; one that is there already stays as it is."""

    async def unreact(self, reaction: Reaction) -> None:
        """Forget a reaction, if it is there."""

    async def kept(self, member: Member) -> Kept:
        """How much is kept about a person."""

    async def forget(self, member: Member) -> None:
        """Remove all of that, with the channel of their direct messages. Raises Refused, and removes nothing, while a
        message is being sent there."""
