"""Who is looking at a channel just now: each open page has a queue of messages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.ports import ChatMessage

_MAX_WAITING = 500


@dataclass(eq=False, slots=True)
class Listener:
    """One open page. None in its queue means that it must reconnect."""

    channel: str
    user: str | None
    queue: asyncio.Queue[ChatMessage | None] = field(default_factory=lambda: asyncio.Queue(_MAX_WAITING + 1))

    def may_see(self, message: ChatMessage) -> bool:
        """Whether a message is for this page."""
        return message.channel == self.channel and message.user in (None, self.user)

    async def next(self, patience: float) -> ChatMessage | None:
        """Wait for the next message; None ends the stream. Raises TimeoutError after ``patience`` seconds."""
        return await asyncio.wait_for(self.queue.get(), patience)


class Listeners:
    """All open pages."""

    def __init__(self) -> None:
        self._open: set[Listener] = set()
        self._closed = False

    @contextmanager
    def listen(self, channel: str, user: str | None) -> Iterator[Listener]:
        """Receive what is notified from now on."""
        listener = Listener(channel, user)
        if self._closed:
            listener.queue.put_nowait(None)
        self._open.add(listener)
        try:
            yield listener
        finally:
            self._open.discard(listener)

    def notify(self, message: ChatMessage) -> None:
        """Hand a new or changed message to every page that may see it; a page that does not keep up is let go."""
        for listener in self._open:
            if not listener.may_see(message):
                continue
            if listener.queue.qsize() < _MAX_WAITING:
                listener.queue.put_nowait(message)
            elif not listener.queue.full():
                listener.queue.put_nowait(None)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for listener in self._open:
            while not listener.queue.empty():
                listener.queue.get_nowait()
            listener.queue.put_nowait(None)
