"""Shows replies to whoever asked, and to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import aiohttp
import discord

from adapters.chat import Tools
from adapters.chat.discord.components import kept_commands
from adapters.chat.discord.controls import Drawn
from adapters.chat.discord.render import render
from bot.conversation import CitationFile, ManagerList, Notice, Reply, ResultPage
from bot.errors import NotFound
from bot.offering import actions_of
from bot.wording import visible

_log = logging.getLogger(__name__)

TOO_LATE = 10062
"""Discord knows the interaction no more: it was answered after 3 s."""

ANSWERED = 40060
"""It has an answer already, as when it was delivered twice."""

_TRIES = 3
_PAUSE = 0.5
_MOST_NAMED = 10
_NOBODY: Mapping[str, str] = {}

Asked = discord.Interaction[Any]


class Responder:
    """Answers interactions."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def acknowledge(self, interaction: Asked, *, in_place: bool) -> None:
        """Say within 3 s that an answer comes: a new one, or the message under which a control was used changes. Raises
        what the client raises, TOO_LATE too: then the person was told that it failed."""
        try:
            await _firmly(lambda: interaction.response.defer(ephemeral=True, thinking=not in_place))
        except discord.HTTPException as error:
            if error.code != ANSWERED:
                raise

    async def show(self, reply: Reply, interaction: Asked, *, asked: str = "", in_place: bool = False) -> None:
        """Show the reply to what was acknowledged; what is no list does not take a list's place. Raises what the client
        raises."""
        attachments: list[discord.File] = []
        if isinstance(reply, CitationFile):
            reply, attachments = await self._attach(reply, interaction.filesize_limit)
        for name, command in kept_commands(actions_of(reply, asked)):
            await self._tools.memory.set(name, command)
        names = await _names(reply.managers, interaction) if isinstance(reply, ManagerList) else {}
        where = {"guild": interaction.guild_id, "channel": interaction.channel_id}
        message = self.draw(reply, **where, asked=asked, names=names)
        if in_place and not isinstance(reply, ResultPage):
            await interaction.followup.send(ephemeral=True, **message)
        elif attachments:
            await interaction.edit_original_response(attachments=attachments, **message)
        else:
            await _firmly(lambda: interaction.edit_original_response(**message))

    def draw(
        self,
        reply: Reply,
        *,
        guild: int | None,
        channel: int | None,
        asked: str = "",
        names: Mapping[str, str] = _NOBODY,
    ) -> dict[str, Any]:
        """A message as discord.py sends one. It mentions nobody: the client allows no mentions."""
        drawn = render(
            reply,
            today=self._tools.now().date(),
            asked=asked,
            guild_id=str(guild or "@me"),
            channel=str(channel or ""),
            names=names,
        )
        return {
            "content": drawn["content"] or None,
            "embeds": [discord.Embed.from_dict(embed) for embed in drawn["embeds"]],
            "view": Drawn(drawn["components"]),
        }

    async def _attach(self, offer: CitationFile, most: int) -> tuple[Reply, list[discord.File]]:
        """Write a file of at most so many bytes."""
        try:
            content = "".join([piece async for piece in self._tools.file(offer.request)]).encode()
        except NotFound as error:
            return Notice(str(error)), []
        if len(content) > most:
            return Notice(f"This file is larger than Discord takes ({most // 2**20} MB). Export fewer papers."), []
        return offer, [discord.File(io.BytesIO(content), offer.file_name)]


async def _names(users: Iterable[str], interaction: Asked) -> dict[str, str]:
    """What a few people are called, as far as Discord tells."""
    names: dict[str, str] = {}
    with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError, ValueError):
        for user in islice(users, _MOST_NAMED):
            names[user] = visible((await interaction.client.fetch_user(int(user))).display_name)
    return names


async def _firmly(call: Callable[[], Awaitable[object]]) -> None:
    """Call again after a cut connection: the same answer once more does no harm."""
    for _ in range(_TRIES - 1):
        try:
            await call()
        except (aiohttp.ClientError, OSError) as error:
            _log.info("an answer is sent again: %s", type(error).__name__)
            await asyncio.sleep(_PAUSE)
        else:
            return
    await call()
