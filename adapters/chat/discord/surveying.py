"""What a channel is, and what the bot may do there, as Discord tells over its REST API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from adapters.chat.discord.account import Account
from adapters.chat.discord.permissions import THREADS, in_channel

_DIRECT = frozenset({1, 3})


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: its type, its name, the id of its server ("" for direct messages), and what the bot may do there."""

    kind: int
    name: str
    guild: str
    may: discord.Permissions

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread of a channel."""
        return self.kind in THREADS


class Survey:
    """Looks at channels, and at each of their servers once. Raises what ``Account.call`` raises."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._guilds: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}

    async def place(self, channel_id: str) -> Place:
        """Look at a channel or thread."""
        channel = await self._account.call("GET", f"/channels/{channel_id}")
        kind, name, guild_id = channel["type"], channel.get("name") or channel_id, channel.get("guild_id") or ""
        if kind in _DIRECT:
            return Place(kind, name, "", discord.Permissions.all())
        guild, member = await self._guild(guild_id)
        home = await self._account.call("GET", f"/channels/{channel['parent_id']}") if kind in THREADS else channel
        return Place(kind, name, guild_id, in_channel(guild, member, home["permission_overwrites"]))

    async def guild_name(self, guild_id: str) -> str:
        """What a server is called."""
        guild, _ = await self._guild(guild_id)
        return str(guild["name"])

    async def _guild(self, guild_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """A server with its roles, and us as a member of it."""
        if guild_id not in self._guilds:
            us = await self._account.identity()
            guild = await self._account.call("GET", f"/guilds/{guild_id}")
            member = await self._account.call("GET", f"/guilds/{guild_id}/members/{us.user_id}")
            self._guilds[guild_id] = guild, member
        return self._guilds[guild_id]
