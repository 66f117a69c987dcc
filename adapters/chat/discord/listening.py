"""What Discord tells the bot, through discord.py."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable
from dataclasses import dataclass

import discord
import yarl
from discord.gateway import DiscordWebSocket

from adapters.chat import Tools
from adapters.chat.discord import tree
from adapters.chat.discord.controls import control_class
from adapters.chat.discord.failing import EXPECTED, words_of
from adapters.chat.discord.guilds import Guilds, Place, lacks
from adapters.chat.discord.handling import Handlers
from adapters.chat.discord.identifying import IdentifyBudget
from adapters.chat.discord.responding import Asked, Responder
from adapters.chat.discord.settings import Settings
from adapters.chat.discord.traffic import Traffic

_log = logging.getLogger(__name__)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody wants the bot to speak

_COMMANDS = "discord.commands"
_LONGEST_LIMIT = 30.0
"""Seconds that discord.py waits for a rate limit, the least that it can be told."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: between two beginnings of a session, and after the last server's arrival until all count as arrived; the
    first and the longest pause before another client is tried; how long the other platforms wait for this one."""

    identify: float = 5.0
    loading: float = 2.0
    first: float = 5.0
    longest: float = 600.0
    patience: float = 10.0


class Listener(discord.AutoShardedClient):
    """One login and the connections of all shards. It has no privileged intents, and keeps no people and messages."""

    def __init__(
        self,
        settings: Settings,
        tools: Tools,
        traffic: Traffic,
        budget: IdentifyBudget,
        timing: Timing,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_LIMIT,
            guild_ready_timeout=timing.loading,
            enable_debug_events=False,
            http_trace=traffic.trace(),
        )
        self._settings = settings
        self._tools = tools
        self._budget = budget
        self._timing = timing
        responder = Responder(tools)
        self._people = Handlers(settings, tools, responder)
        self._servers = Guilds(tools, responder)
        self._launched: set[int] = set()
        self._links: dict[int, bool] = {}
        self._problem: str | None = None
        self._syncing = asyncio.Lock()
        self.connected = asyncio.Event()
        """Set once Discord tells of something."""

    def trouble(self) -> str | None:
        """What is wrong with the connection now, or None."""
        if not self._links or not all(self._links.values()):
            return "the bot is not connected to Discord; it tries again"
        return self._problem

    async def finish(self) -> None:
        """Finish what is in work, or give it up after a moment."""
        await self._people.close()

    async def close(self) -> None:
        """End the connections. discord.py would leave behind what waits for servers to arrive."""
        state = self._connection
        waiting = [task for task in (state._ready_task, *state._ready_tasks.values()) if task]  # noqa: SLF001 - see above
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await super().close()

    async def _do(self, work: Awaitable[None]) -> None:
        """Do something that ``finish`` waits for."""
        with self._people.counted():
            await work

    # ------------------------------------------------------------ connecting

    async def setup_hook(self) -> None:
        """Logged in, not connected yet."""
        self.add_dynamic_items(control_class(self._people.hear))

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect a shard where the settings say, else where Discord does; sessions begun later connect there too.
        Raises ConnectionError if that fails."""
        if shard_id in self._launched:  # discord.py itself would try for ever, deeper and deeper
            raise ConnectionError("the gateway cannot be reached")
        self._launched.add(shard_id)
        gateway = yarl.URL(self._settings.gateway_url) if self._settings.gateway_url else gateway
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Begin no more sessions than Discord bears."""
        if not initial:
            await asyncio.sleep(self._timing.identify)
        await self._budget.spend()

    async def on_shard_connect(self, shard_id: int) -> None:
        """A session has begun."""
        self._links[shard_id] = True
        self.connected.set()
        await self._do(self._sync())

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A connection is lost; discord.py makes it again."""
        self._links[shard_id] = False

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A session goes on."""
        self._links[shard_id] = True

    async def on_ready(self) -> None:
        """All servers are known, at first or after a session was lost."""
        await self._do(self._servers.enter(*self.guilds))

    async def _sync(self) -> None:
        """Tell Discord of our commands if it was last told of others: it takes 200 new ones a day."""
        commands = tree.commands()
        text = json.dumps([self.application_id, commands], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        async with self._syncing:
            if await self._tools.memory.get(_COMMANDS) == fingerprint or self.application_id is None:
                return
            try:
                await self.http.bulk_upsert_global_commands(self.application_id, payload=commands)
            except EXPECTED as error:
                self._problem = f"Discord did not take the commands: {words_of(error)}"
                _log.error("%s", self._problem)
            else:
                self._problem = None
                await self._tools.memory.set(_COMMANDS, fingerprint)

    # ------------------------------------------------------------ people

    async def on_interaction(self, interaction: Asked) -> None:
        """A command, an option being typed, or a form. Controls come by their custom_id."""
        if interaction.type is not discord.InteractionType.component:
            await self._people.hear(interaction)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """An emoji, put on a message."""
        if self.user and payload.message_author_id == self.user.id != payload.user_id:
            await self._people.react(payload, added=True)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """An emoji, taken off a message; Discord does not say whose message it is."""
        await self._people.react(payload, added=False)

    # ------------------------------------------------------------ servers and channels

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        await self._do(self._servers.enter(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server. One that is away for a while is no such."""
        await self._do(self._servers.leave(guild))

    async def on_guild_channel_update(self, before: Place, channel: Place) -> None:
        """A channel is what it was not: of another name, perhaps, or one to write in."""
        if channel.name != before.name:
            await self._do(self._servers.rename(channel))
        await self._return(channel)

    async def on_thread_update(self, _: discord.Thread, thread: discord.Thread) -> None:
        """As with channels: perhaps it is out of the archive."""
        await self._return(thread)

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """A role has other rights, perhaps the bot's own."""
        await self._do(self._servers.reopened([role.guild]))

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Somebody has other roles; Discord tells of the bot alone."""
        await self._do(self._servers.reopened([member.guild]))

    async def _return(self, channel: Place) -> None:
        if not lacks(channel):
            await self._do(self._servers.reopened([channel.guild], channel))
