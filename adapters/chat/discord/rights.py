"""Who asks, where, and with which rights: read from what Discord says with each command and click."""

from __future__ import annotations

from typing import Any

import discord

from adapters.chat import Tools
from adapters.chat.discord.commands import DISCORD
from adapters.chat.discord.permissions import THREADS, lacking, unusable
from adapters.chat.discord.settings import Settings
from bot.conversation import ADMINISTERING, Asker, Command, ShowStatus
from bot.errors import Refused
from bot.model import Channel, ChannelRef, Member

_MANAGING = discord.Permissions(administrator=True, manage_guild=True, manage_channels=True)
_ELSEWHERE = "Here I cannot answer. Ask me in a server that I am in, or in direct messages with me."
_NOT_IN_SERVER = (
    "I am not in this server, so I can keep and post nothing here. Somebody who manages it can add me; in direct "
    "messages you can ask me now."
)


class Rights:
    """Knows nobody: members' rights come with what they do."""

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._admins = frozenset(settings.admins)
        self._tools = tools

    async def asker(self, interaction: discord.Interaction[Any], command: Command) -> Asker:
        """Who asks; with rights where the command needs them. A channel that an admin sets up is known from then
        on. Raises Refused where the bot cannot work."""
        user = str(interaction.user.id)
        place = where(interaction)
        if type(command) not in ADMINISTERING or place.owner is not None:
            return Asker(place, user)
        listed = user in self._admins
        admin = listed or bool(interaction.permissions.value & _MANAGING.value)
        if admin and not isinstance(command, ShowStatus):
            await self._admit(interaction, place)
        return Asker(place, user, admin, local=not listed)

    async def _admit(self, interaction: discord.Interaction[Any], place: ChannelRef) -> None:
        """Make a channel known if the bot can work there. Raises Refused if not."""
        if any(channel.ref == place for channel in await self._tools.channels()):
            return
        channel = interaction.channel
        kind = channel.type.value if channel else 0
        if why := unusable(kind):
            raise Refused(f"I cannot post here: {why}.")
        if missing := lacking(interaction.app_permissions, thread=kind in THREADS):
            raise Refused(f"I cannot work here yet. In this channel’s settings, allow me: {', '.join(missing)}.")
        await self._tools.admit(Channel(place, getattr(channel, "name", None) or place.id))


def where(interaction: discord.Interaction[Any]) -> ChannelRef:
    """The channel somebody did something in, or their direct messages. Raises Refused where the bot is not."""
    if interaction.guild_id is None:
        if interaction.context.private_channel:
            raise Refused(_ELSEWHERE)
        return direct(interaction.user.id)
    if interaction.client.get_guild(interaction.guild_id) is None:
        raise Refused(_NOT_IN_SERVER)
    if interaction.channel_id is None:
        raise Refused(_ELSEWHERE)
    return place(interaction.channel_id)


def place(channel: int) -> ChannelRef:
    """A channel or thread of a server: ids are unique in all of Discord."""
    return ChannelRef(DISCORD, "", str(channel))


def direct(user: int) -> ChannelRef:
    """Somebody's direct messages, the same from every server."""
    return Member(DISCORD, "", str(user)).direct
