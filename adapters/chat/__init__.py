"""Chat platforms: one folder, one platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.commands import Suggestion
from bot.conversation import Asker, CiteList, Command, Greeting, Home, Reply
from bot.model import Channel, ChannelRef
from bot.ports import ChatLog, Gestures, Memory, Platform


class Invited(Protocol):
    """The bot was added to a channel, by somebody if that is known: what to say there, if anything."""

    async def __call__(self, channel: Channel, by: str | None, *, guest: bool = False) -> Greeting | None:
        """See bot.answering.Answering.invited."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the app gives to every platform. ``complete`` suggests what comes next in a line, ``file`` gives the text
    of a file of citations, ``home`` what a person sees of their own; ``admit`` makes a channel known that nobody has
    to invite the bot to; ``returned`` says that a lost channel takes messages again; ``channels`` are those of this
    platform, without direct messages; ``memory`` outlives a restart."""

    answer: Callable[[Command, Asker], Awaitable[Reply]]
    complete: Callable[[str, int, Asker], Awaitable[list[Suggestion]]]
    file: Callable[[CiteList], AsyncIterator[str]]
    home: Callable[[Asker], Awaitable[Home]]
    invited: Invited
    admit: Callable[[Channel], Awaitable[None]]
    returned: Callable[[ChannelRef], Awaitable[None]]
    channels: Callable[[], Awaitable[list[Channel]]]
    chat_log: ChatLog
    gestures: Gestures
    memory: Memory
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ChannelIds:
    """What the ids of a platform's channels look like: a regular expression, in words where a person finds one, and a
    ``default``, where any will do."""

    pattern: str
    where: str
    default: str = ""


class ChatPlatform(Platform, Protocol):
    """A platform as the app runs it. ``address`` is the (host, port) it wants its ``routes()`` served at; None means
    where the health pages are."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it wants to be served."""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """What the platform serves over HTTP."""

    async def start(self) -> None:
        """Connect, and stay connected; a network that is down is waited for. Raises PlatformRefused."""

    async def stop(self) -> None:
        """End what is open; messages in flight are finished or given up at once. May be called twice, or without a
        start."""

    def trouble(self) -> str | None:
        """What is wrong with the connection now, in a sentence, or None."""
