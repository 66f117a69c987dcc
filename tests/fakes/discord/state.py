"""The state of a fake Discord: who and what there is, its clock, and a way to wait for what happens."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.fakes.discord.faults import Faults
from tests.fakes.discord.interactions import ACK_SECONDS, Interaction, Modal
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import EVERYONE, Permission
from tests.fakes.discord.rates import Rates
from tests.fakes.discord.world import JSON, Channel, Guild, Kind, Member, Role, User, snowflake

T = TypeVar("T")


@dataclass
class State:
    """``token`` is the bot's; ``requests`` are all that came over REST: ``{"method", "path", "body", "content_type",
    "status", "response", "at", "faulty"}``, the last two the fake's time and whether the request met a fault, which
    leaves status and response None. ``posted`` are its messages by nonce, each with its time; ``nonce_window`` is in
    seconds (Discord: "a few minutes"), ``history_lag`` how late a message is read back; ``command`` is the slash
    command people mean when they type a sub-command alone. ``crashes`` are mistakes of the fake itself."""

    clock: Callable[[], float] = time.time
    seed: int = 1
    token: str = "MTE.fake.discord-token"
    command: str = "papers"
    nonce_window: float = 180.0
    nonce_in_history: bool = False
    history_lag: float = 0.0
    ack_seconds: float = ACK_SECONDS
    port: int = 0
    requests: list[JSON] = field(default_factory=list, repr=False)
    guilds: dict[str, Guild] = field(default_factory=dict, repr=False)
    users: dict[str, User] = field(default_factory=dict, repr=False)
    direct_channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    commands: dict[str | None, list[JSON]] = field(default_factory=dict, repr=False)
    interactions: dict[str, Interaction] = field(default_factory=dict, repr=False)
    modals: list[Modal] = field(default_factory=list, repr=False)
    hidden: list[Message] = field(default_factory=list, repr=False)
    posted: dict[str, tuple[float, Message]] = field(default_factory=dict, repr=False)
    created_commands: int = 0
    changes: int = 0
    crashes: list[Exception] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.faults, self.rates = Faults(self.seed), Rates()
        self._ahead = 0.0
        self._last_id = 0
        self._happened = asyncio.Event()
        self.bot = self._new_user("paperround", bot=True)
        self.application_id = self.id()
        self.guild("")

    # time and waiting

    def now(self) -> float:
        """Discord's time, in seconds since 1970; its Date headers and ids say the same."""
        return self.clock() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let Discord's clock jump ahead."""
        self._ahead += seconds

    def id(self) -> str:
        """The next snowflake: unique, rising, and of this moment."""
        self._last_id = max(snowflake(self.now()), self._last_id + 1)
        return str(self._last_id)

    def change(self) -> int:
        """Something happened: wake everybody who waits; gives the count of changes."""
        self.changes += 1
        happened, self._happened = self._happened, asyncio.Event()
        happened.set()
        return self.changes

    async def until(self, found: Callable[[], T | None], seconds: float = 5.0) -> T:
        """Wait until ``found()`` is true, and give what it says."""
        async with asyncio.timeout(seconds):
            while not (result := found()):
                await self._happened.wait()
        return result

    # who and what there is

    def guild(self, name: str = "") -> Guild:
        """The guild of this name, made when first asked for, with the bot in it and an owner of its own."""
        if name not in self.guilds:
            guild = Guild(self.id(), name or "lab", self._new_user(f"owner-{name or 'lab'}"))
            guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, position=0)
            self.guilds[name] = guild
            self._join(guild, guild.owner)
            self._join(guild, self.bot)
        return self.guilds[name]

    def user(self, name: str, *, guild: str | None = "", permissions: Permission = Permission.NONE) -> User:
        """The user of this name, made when first asked for, and a member of the guild unless that is None; there a
        role of their own grants ``permissions``."""
        known = next((user for user in self.users.values() if user.name == name), None)
        user = known or self._new_user(name)
        if guild is not None:
            home = self.guild(guild)
            member = home.members.get(user.id) or self._join(home, user)
            if permissions:
                self.grant(home, member, permissions)
        return user

    def grant(self, guild: Guild, member: Member, permissions: Permission) -> Role:
        """Give a member a new role with these permissions; the bot hears of it only at its next READY."""
        role = Role(self.id(), f"role of {member.user.name}", permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        member.roles.append(role)
        return role

    def channel(self, name: str, *, guild: str = "", kind: Kind = Kind.TEXT) -> Channel:
        """The channel of this name, made when first asked for; the bot learns of it at READY, or of later ones from
        ``Places.create_channel``."""
        home = self.guild(guild)
        known = next((channel for channel in home.channels.values() if channel.name == name), None)
        return known or self._add(Channel(self.id(), kind, name, home, position=len(home.channels)))

    def thread(self, name: str, parent: Channel, *, owner: User | None = None) -> Channel:
        """The thread of this name in a channel, made when first asked for."""
        assert parent.guild, "direct channels have no threads"
        threads = (one for one in parent.guild.channels.values() if one.parent is parent)
        known = next((thread for thread in threads if thread.name == name), None)
        kind = Kind.ANNOUNCEMENT_THREAD if parent.kind is Kind.ANNOUNCEMENT else Kind.THREAD
        return known or self._add(
            Channel(self.id(), kind, name, parent.guild, parent, owner=owner or parent.guild.owner)
        )

    def direct_channel(self, user: User) -> Channel:
        """The channel of this person and the bot."""
        known = next((channel for channel in self.direct_channels.values() if channel.person is user), None)
        if known is None:
            known = Channel(self.id(), Kind.DM, "", person=user)
            self.direct_channels[known.id] = known
        return known

    def guild_of(self, guild_id: str) -> Guild | None:
        """The guild with this id."""
        return next((guild for guild in self.guilds.values() if guild.id == guild_id), None)

    def channel_of(self, channel_id: str) -> Channel | None:
        """The channel with this id."""
        places = [self.direct_channels, *(guild.channels for guild in self.guilds.values())]
        return next((place[channel_id] for place in places if channel_id in place), None)

    # what there is to see

    def messages(self, channel: Channel) -> list[Message]:
        """What everybody can read in the channel, oldest first."""
        return list(channel.messages)

    def ephemerals(self, user: User) -> list[Message]:
        """The messages which only this person sees, oldest first."""
        return [message for message in self.hidden if message.to is user]

    def everything(self) -> list[Message]:
        """Every message there is, those for one person too."""
        places = [self.direct_channels, *(guild.channels for guild in self.guilds.values())]
        shown = [message for place in places for channel in place.values() for message in channel.messages]
        return [*shown, *self.hidden]

    def dump(self, path: Path) -> None:
        """Write the requests down as JSON lines, as a checker of recorded requests reads them."""
        names = ("method", "path", "body", "content_type", "status", "response")
        lines = [{name: one[name] for name in names if one[name] is not None} for one in self.requests]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def _add(self, channel: Channel) -> Channel:
        assert channel.guild, "a direct channel is in no guild"
        channel.guild.channels[channel.id] = channel
        return channel

    def _join(self, guild: Guild, user: User) -> Member:
        member = Member(user, self.now())
        if user is self.bot:
            role = Role(self.id(), user.name, position=len(guild.roles), managed_by=user)
            guild.roles[role.id] = role
            member.roles.append(role)
        guild.members[user.id] = member
        return member

    def _new_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.id(), name, bot=bot)
        self.users[user.id] = user
        return user
