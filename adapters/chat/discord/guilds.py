"""The servers that the bot is in: introducing itself, and going on where it may write again."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from typing import Any

import discord

from adapters.chat import Tools
from adapters.chat.discord.failing import EXPECTED, words_of
from adapters.chat.discord.permissions import lacking, unusable
from adapters.chat.discord.responding import Responder
from adapters.chat.discord.rights import place
from bot.model import Channel, ChannelRef

_log = logging.getLogger(__name__)

_GREETED = "discord.guilds"

Place = discord.abc.GuildChannel | discord.Thread


class Guilds:
    """Servers by Discord's name for them."""

    def __init__(self, tools: Tools, responder: Responder) -> None:
        self._tools = tools
        self._responder = responder
        self._greeting = asyncio.Lock()

    async def enter(self, *guilds: discord.Guild) -> None:
        """Greet where the bot was added, also while it was away, and try at once what waits where it may write."""
        async with self._greeting:
            greeted = await self._greeted()
            for guild in guilds:
                if guild.id not in greeted and not guild.unavailable and await self._introduce(guild):
                    greeted.add(guild.id)
                    await self._keep(greeted)
        await self.reopened(guilds)

    async def leave(self, guild: discord.Guild) -> None:
        """The bot is out of a server: whoever invites it again sees it introduce itself, where it has not yet."""
        _log.warning("the bot was removed from the server %s", guild.id)
        async with self._greeting:
            await self._keep(await self._greeted() - {guild.id})

    async def rename(self, channel: Place) -> None:
        """Call a known channel by its new name."""
        ref = place(channel.id)
        if any(known.ref == ref for known in await self._tools.channels()):
            await self._tools.admit(Channel(ref, channel.name))

    async def reopened(self, guilds: Iterable[discord.Guild], only: Place | None = None) -> None:
        """Try at once what waits in known channels of servers where the bot may write, or in ``only`` this one."""
        for channel in await self._tools.channels():
            found = (guild.get_channel_or_thread(int(channel.ref.id)) for guild in guilds)
            here = next(filter(None, found), None)
            if here is not None and only in (None, here) and not lacks(here):
                await self._tools.returned(channel.ref)

    async def _introduce(self, guild: discord.Guild) -> bool:
        """Greet in the first channel where that is possible; says whether there is one."""
        own = [guild.system_channel] if guild.system_channel else []
        for channel in [*own, *guild.text_channels]:
            if not lacks(channel):
                await self._greet(channel)
                return True
        return False

    async def _greet(self, channel: discord.TextChannel) -> None:
        ref: ChannelRef = place(channel.id)
        greeting = await self._tools.invited(Channel(ref, channel.name), None)
        if greeting is None:
            return
        message = self._responder.draw(greeting, guild=channel.guild.id, channel=channel.id)
        try:
            await channel.send(nonce=f"hello{channel.id}", **message)
        except EXPECTED as error:
            _log.warning("%s: it could not be greeted: %s", ref, words_of(error))

    async def _greeted(self) -> set[int]:
        return set(json.loads(await self._tools.memory.get(_GREETED) or "[]"))

    async def _keep(self, greeted: set[int]) -> None:
        await self._tools.memory.set(_GREETED, json.dumps(sorted(greeted)))


def lacks(channel: Any) -> list[str]:
    """What the bot must be allowed besides in a channel or thread; where it can never post, all of it."""
    if why := unusable(channel.type.value):
        return [why]
    thread = isinstance(channel, discord.Thread)
    return lacking(channel.permissions_for(channel.guild.me), thread=thread)
