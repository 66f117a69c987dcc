"""A chat platform, as delivering sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.conversation import Reply
from bot.model import ChannelRef, DeliveryKey
from bot.ports.sources import Probe


class Outcome(StrEnum):
    """What is known after one attempt to send."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict on one attempt. ``retry_after`` is in seconds; ``permanent`` means the same bytes will never
    be taken, ``channel_lost`` that no bytes are taken in this channel now (deleted, archived, no right, a token
    revoked). ``error`` may be shown to an admin and holds no secret."""

    outcome: Outcome
    message_id: str | None = None
    error: str | None = None
    retry_after: float | None = None
    permanent: bool = False
    channel_lost: bool = False


class ReadBack(StrEnum):
    """What reading the channel back found. UNREADABLE: it never will be; UNAVAILABLE: try again later."""

    FOUND = "found"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Sighting:
    """The answer of a complete read of a channel since a moment."""

    result: ReadBack
    message_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours as its channel shows it, and since when."""

    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer of a read of a channel since a moment: for each mark of a paper, the message that announced it.
    FOUND is a complete read, however few marks it brought; there is no ABSENT."""

    result: ReadBack
    marks: Mapping[str, Shown] = field(default_factory=dict)
    error: str | None = None


class Platform(Protocol):
    """A chat platform as delivering sees it. ``render`` is pure; ``post`` never raises for anything the network or the
    platform does."""

    name: str

    async def turn(self, channel: ChannelRef) -> None:
        """Wait until the platform's pace allows a message there; called before anything is claimed."""

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        """The exact bytes to send, carrying the key as the platform's marker and, of a Post, all its ``marks``."""

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        """Send the message once. It is called again, perhaps in another form, only after proof that it was not sent."""

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        """Look for the message with this key among our own since ``since``."""

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        """Collect the marks that our own messages since ``since`` carry."""

    async def probe(self) -> Probe:
        """Check tokens, rights and reachability."""
