"""The platform as the app runs it against the fake Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

from adapters.chat import Tools
from adapters.chat.slack.platform import SlackPlatform
from bot.conversation import Greeting
from bot.model import Channel, ChannelRef
from tests.adapters.chat.slack.conftest import settings_of, utc_now
from tests.fakes import slack as fakes
from tests.fakes.answering import FakeAnswers, tools
from tests.fakes.chat_log import MemoryChatLog
from tests.fakes.slack import FakeSlack


class App:
    """What the app gives the platform, and was told by it. ``naps`` are the pauses it wanted, in seconds; it takes the
    next one only when it is woken."""

    def __init__(self, *known: fakes.Channel) -> None:
        self.known = [Channel(ChannelRef("slack", one.workspace.name, one.id), one.name) for one in known]
        self.returned: list[str] = []
        self.greeted: list[tuple[str, str]] = []
        self.naps: asyncio.Queue[float] = asyncio.Queue()
        self._woken = asyncio.Semaphore(0)

    def tools(self) -> Tools:
        given = tools(FakeAnswers(), MemoryChatLog())
        return replace(given, channels=self._channels, invited=self._invited, returned=self._returned, now=utc_now)

    async def _channels(self) -> list[Channel]:
        return self.known

    async def _invited(self, channel: Channel, by: str | None, *, guest: bool = False) -> Greeting | None:
        if channel in self.known or (channel.ref.id, channel.name) in self.greeted:
            return None
        self.greeted.append((channel.ref.id, channel.name))
        return Greeting(by, ())

    async def _returned(self, channel: ChannelRef) -> None:
        self.returned.append(channel.id)

    async def sleep(self, seconds: float) -> None:
        self.naps.put_nowait(seconds)
        await self._woken.acquire()

    async def nap(self) -> float:
        """Wait until it rests, and for how long it would."""
        async with asyncio.timeout(5):
            return await self.naps.get()

    def wake(self) -> None:
        self._woken.release()


@asynccontextmanager
async def opened(
    slack: FakeSlack, app: App, homes: Iterable[fakes.Workspace] = (), **settings: object
) -> AsyncIterator[SlackPlatform]:
    table = settings_of(slack.api_url, *(homes or [slack.workspace()]), **settings)
    platform = SlackPlatform(table, app.tools(), app.sleep)
    try:
        yield platform
    finally:
        await platform.stop()


def ref(channel: fakes.Channel) -> ChannelRef:
    return ChannelRef("slack", channel.workspace.name, channel.id)
