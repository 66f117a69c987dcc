"""Our bot at a fake Discord, with an answerer that knows made-up papers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from adapters.chat import Tools
from adapters.chat.discord.client import Bot
from adapters.chat.discord.commands import DISCORD
from adapters.chat.discord.listening import Timing
from adapters.chat.discord.traffic import Traffic
from bot.conversation import Asker, Command, Greeting, Reply
from bot.model import Channel, ChannelRef
from tests.adapters.chat.discord.accounts import settings_of, utc_now
from tests.fakes import discord as fakes
from tests.fakes.answering import DictMemory, FakeAnswers, MemoryGestures, tools
from tests.fakes.chat_log import MemoryChatLog
from tests.fakes.discord import FakeDiscord

QUICK = Timing(identify=0.0, loading=0.02, first=0.05, longest=0.2, patience=5.0)
"""Pauses that a test can wait for."""


@dataclass
class Bench:
    """What the app gives the bot, and was told by it; it outlives the bot, as the data do. ``answers.asked`` is what
    was asked, ``known`` are the channels that were set up, ``replies`` what is answered instead."""

    fake: FakeDiscord
    answers: FakeAnswers = field(default_factory=FakeAnswers)
    memory: DictMemory = field(default_factory=DictMemory)
    gestures: MemoryGestures = field(default_factory=MemoryGestures)
    known: list[Channel] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    replies: dict[type[Command], Reply] = field(default_factory=dict)
    is_new: bool = False

    def __post_init__(self) -> None:
        """Nobody is greeted, unless the bot is new."""
        if not self.is_new:
            self.memory.texts["discord.guilds"] = json.dumps([int(guild.id) for guild in self.fake.guilds.values()])

    def tools(self) -> Tools:
        """What the app would give."""
        return replace(
            tools(self.answers, MemoryChatLog()),
            answer=self._answer,
            invited=self._invited,
            admit=self._admit,
            returned=self._returned,
            channels=self._channels,
            memory=self.memory,
            gestures=self.gestures,
            now=utc_now,
        )

    @property
    def asked(self) -> list[Command]:
        """The commands, in order."""
        return [command for command, _ in self.answers.asked]

    @property
    def asker(self) -> Asker:
        """Who asked last."""
        return self.answers.asked[-1][1]

    async def _answer(self, command: Command, asker: Asker) -> Reply:
        try:
            answer = await self.answers(command, asker)
            return self.replies.get(type(command), answer)
        finally:
            self.fake.change()

    async def _channels(self) -> list[Channel]:
        return self.known

    async def _invited(self, channel: Channel, by: str | None, *, guest: bool = False) -> Greeting | None:
        first = channel.ref.id not in self.greeted
        self.greeted.append(channel.ref.id)
        self.fake.change()
        return Greeting(by, ()) if first else None

    async def _admit(self, channel: Channel) -> None:
        self.known.append(channel)
        self.fake.change()

    async def _returned(self, channel: ChannelRef) -> None:
        self.returned.append(channel.id)
        self.fake.change()


@asynccontextmanager
async def running(bench: Bench, timing: Timing = QUICK, **settings: object) -> AsyncIterator[Bot]:
    """The bot, connected, and its commands known to Discord."""
    bot = Bot(settings_of(bench.fake, **settings), bench.tools(), Traffic(utc_now), timing)
    try:
        await bot.begin()
        await bench.fake.until(lambda: bench.fake.commands.get(None))
        yield bot
    finally:
        await bot.end()
        await bot.end()


async def eventually(true: Callable[[], object]) -> None:
    """Wait for something that the fake is not told of."""
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)


async def others() -> set[asyncio.Task[object]]:
    """The tasks besides the one that asks."""
    return asyncio.all_tasks() - {asyncio.current_task()}


def known_channel(channel: fakes.Channel) -> Channel:
    """As the app knows it once it is set up."""
    return Channel(ChannelRef(DISCORD, "", channel.id), channel.name)
