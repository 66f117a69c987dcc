"""A chat platform in memory, which keeps what was posted and fails as told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

from bot.conversation import Post, Reply
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Outcome, Posted, Probe, ReadBack, Receipt, Shown, Sighting

Fault = Callable[["FakePlatform", ChannelRef, DeliveryKey, bytes], Receipt]


class FakePlatform:
    """``messages`` is what the channels show: (channel, key, payload) in order. ``faults`` are used up one a call.
    ``reads`` are the moments since which channels were read for what they show; ``rendered`` is what each key was
    rendered of."""

    name = "local"

    def __init__(self) -> None:
        self.messages: list[tuple[ChannelRef, DeliveryKey, bytes]] = []
        self.faults: deque[Fault] = deque()
        self.calls: list[bytes] = []
        self.readable: ReadBack | None = None
        self.hang: asyncio.Event | None = None
        self.busy: asyncio.Event | None = None
        self.reads: list[datetime] = []
        self.rendered: dict[DeliveryKey, Post] = {}

    async def turn(self, channel: ChannelRef) -> None:
        if self.busy:
            await self.busy.wait()

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        assert isinstance(reply, Post)
        self.rendered[key] = reply
        titles = ", ".join(announced.paper.title for announced in reply.papers)
        label = f" {reply.label}" if reply.label else ""
        return f"{reply.kind} {key} {','.join(reply.marks)}: {titles} ({reply.total}{label})".encode()

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        self.calls.append(payload)
        if self.hang:
            await self.hang.wait()
        return self.faults.popleft()(self, channel, key, payload) if self.faults else self.write(channel, key, payload)

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        if self.readable:
            return Sighting(self.readable)
        for number, (place, marker, _) in enumerate(self.messages):
            if (place, marker) == (channel, key):
                return Sighting(ReadBack.FOUND, message_id=str(number))
        return Sighting(ReadBack.ABSENT)

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        self.reads.append(since)
        if self.readable:
            return Posted(self.readable, error="not for you")
        marks: dict[str, Shown] = {}
        for number, (place, _, payload) in enumerate(self.messages):
            if place == channel:
                carried = payload.decode().split()[2].removesuffix(":").split(",")
                marks |= dict.fromkeys(carried, Shown(str(number), since))
        return Posted(ReadBack.FOUND, marks)

    def posts(self, channel: ChannelRef) -> list[Post]:
        """What the channel shows, as it was before rendering."""
        return [self.rendered[key] for place, key, _ in self.messages if place == channel]

    async def probe(self) -> Probe:
        return Probe("in memory")

    def write(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        self.messages.append((channel, key, payload))
        return Receipt(Outcome.SENT, message_id=str(len(self.messages) - 1))


def refuses(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Proven not sent; try again in 7 seconds."""
    return Receipt(Outcome.NOT_SENT, error="busy", retry_after=7)


def will_never_take(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Proven not sent, and never will be."""
    return Receipt(Outcome.NOT_SENT, error="invalid", permanent=True)


def forgets_to_answer(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Written, but the answer was lost."""
    platform.write(channel, key, payload)
    return Receipt(Outcome.UNKNOWN, error="connection lost")


def loses_the_request(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Not written, and nobody knows."""
    return Receipt(Outcome.UNKNOWN, error="connection lost")


class ProcessDied(BaseException):
    """What ends a process in the middle of anything."""


def dies_after_writing(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Written, and then the process is gone."""
    platform.write(channel, key, payload)
    raise ProcessDied


def dies_before_writing(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Frozen, and then the process is gone."""
    raise ProcessDied


def explodes(platform: FakePlatform, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """An adapter's mistake, after the message was written."""
    platform.write(channel, key, payload)
    raise RuntimeError("a mistake in the adapter")
