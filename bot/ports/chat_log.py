"""The local chat's memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message of the local chat; ``body`` is what its platform rendered. ``user`` set: only that person sees it."""

    n: int
    channel: str
    user: str | None
    key: str | None
    body: bytes
    at: datetime


class ChatLog(Protocol):
    """Keeps the local chat's messages, so that they survive a restart."""

    async def append(
        self, channel: str, body: bytes, now: datetime, *, user: str | None = None, key: str | None = None
    ) -> ChatMessage:
        """Add a message. A message with a key that is already there is not added again but returned."""

    async def replace(self, n: int, body: bytes) -> ChatMessage: ...

    async def get(self, n: int) -> ChatMessage | None: ...

    async def since(self, channel: str, after: int | None, user: str | None) -> list[ChatMessage]:
        """Messages that everyone, or this user, may see, oldest first: the first 500 with n > after, or the newest
        500 if ``after`` is None."""

    async def newest(self, channel: str, user: str | None) -> int:
        """The number of the last message that everyone, or this user, may see; 0 if there is none."""

    async def with_key(self, channel: str, key: str) -> ChatMessage | None: ...
