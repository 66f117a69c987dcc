"""Discord as a platform: one bot, connected to the gateway to hear people, posting and reading over REST."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from adapters.chat import Tools
from adapters.chat.discord import probing, reading, sending
from adapters.chat.discord.account import Account
from adapters.chat.discord.client import Bot
from adapters.chat.discord.commands import DISCORD
from adapters.chat.discord.render import post_message, post_plain
from adapters.chat.discord.settings import Settings
from bot.conversation import Reply
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Posted, Probe, Receipt, Sighting


class DiscordPlatform:
    """The bot on all of its servers."""

    name = DISCORD

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._tools = tools
        self._account = Account(settings, tools.now)
        self._bot = Bot(settings, tools, self._account.traffic)

    # ------------------------------------------------------------ as the app sees it

    @property
    def address(self) -> None:
        """Discord sends no requests."""
        return

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Nothing is served."""
        return ()

    async def start(self) -> None:
        """Connect to the gateway. Raises PlatformRefused if Discord does not take the token."""
        await self._bot.begin()

    async def stop(self) -> None:
        """End the connections."""
        await self._bot.end()
        await self._account.close()

    def trouble(self) -> str | None:
        """What is wrong with the connection now, or None."""
        troubles = (self._bot.trouble(), self._account.traffic.trouble())
        return "; ".join(filter(None, troubles)) or None

    # ------------------------------------------------------------ as delivering sees it

    async def turn(self, channel: ChannelRef) -> None:
        """Wait for the channel's and the bot's pace."""
        await self._account.pace.turn(channel.id)

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        """Render a public message, and its plainer form; the marker and marks are in the ids of its controls."""
        today = self._tools.now().date()
        return sending.to_bytes([post_message(reply, key, today=today), post_plain(reply, key, today=today)])

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        """Post the message."""
        return await sending.post(self._account, channel, key, payload)

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        """Read the channel's history for the key."""
        return await reading.read_back(self._account, channel, key, since)

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        """Read the channel's history for the marks of papers."""
        return await reading.posted(self._account, channel, since)

    async def probe(self) -> Probe:
        """Check the token, the application, and the bot's rights in its channels."""
        return await probing.probe(self._account, await self._tools.channels())


def open_platform(settings: Settings, tools: Tools) -> DiscordPlatform:
    """Make the platform; nothing is connected yet."""
    return DiscordPlatform(settings, tools)
