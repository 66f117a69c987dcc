"""A chat log in memory; sharing ``messages`` between two of them is a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.ports import ChatMessage


class MemoryChatLog:
    def __init__(self, messages: list[ChatMessage] | None = None) -> None:
        self.messages = [] if messages is None else messages
        self.failure: Exception | None = None

    async def append(
        self, channel: str, body: bytes, now: datetime, *, user: str | None = None, key: str | None = None
    ) -> ChatMessage:
        if self.failure:
            raise self.failure
        if key is not None and (known := await self.with_key(channel, key)):
            return known
        message = ChatMessage(len(self.messages) + 1, channel, user, key, body, now)
        self.messages.append(message)
        return message

    async def replace(self, n: int, body: bytes) -> ChatMessage:
        self.messages[n - 1] = replace(self.messages[n - 1], body=body)
        return self.messages[n - 1]

    async def get(self, n: int) -> ChatMessage | None:
        return self.messages[n - 1] if 0 < n <= len(self.messages) else None

    async def since(self, channel: str, after: int | None, user: str | None) -> list[ChatMessage]:
        if self.failure:
            raise self.failure
        seen = [
            message
            for message in self.messages
            if message.channel == channel and message.n > (after or 0) and message.user in (None, user)
        ]
        return seen[-500:] if after is None else seen[:500]

    async def newest(self, channel: str, user: str | None) -> int:
        return max((message.n for message in await self.since(channel, None, user)), default=0)

    async def with_key(self, channel: str, key: str) -> ChatMessage | None:
        if self.failure:
            raise self.failure
        return next((message for message in self.messages if message.channel == channel and message.key == key), None)
