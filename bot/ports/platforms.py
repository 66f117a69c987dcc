"""A chat platform, as delivering sees it."""

from __future__ import annotations

from dataclasses import dataclass
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
    be taken. ``error`` may be shown to an admin and holds no secret."""

    outcome: Outcome
    message_id: str | None = None
    error: str | None = None
    retry_after: float | None = None
    permanent: bool = False


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


class Platform(Protocol):
    """A chat platform as delivering sees it. ``render`` is pure; ``post`` makes one call and never raises for
    anything the network or the platform does."""

    name: str

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        """The exact bytes to send, carrying the key as the platform's marker."""

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        """Send the bytes once, without any retry."""

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        """Look for the message with this key among our own since ``since``."""

    async def probe(self) -> Probe:
        """Check tokens, rights and reachability."""
