"""What a fake Discord holds: users, guilds with roles and members, and channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.permissions import ALL, EVERYONE, Overwrite, Permission, in_channel

if TYPE_CHECKING:
    from tests.fakes.discord.message import Message

JSON = dict[str, Any]

EPOCH = 1_420_070_400_000
"""Milliseconds since 1970 at which snowflakes begin."""


class Kind(IntEnum):
    """The type of a channel."""

    TEXT = 0
    DM = 1
    VOICE = 2
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    FORUM = 15


THREADS = {Kind.ANNOUNCEMENT_THREAD, Kind.THREAD}


def snowflake(seconds: float) -> int:
    """The smallest id of this moment."""
    return (round(seconds * 1000) - EPOCH) << 22


def moment(snowflake_id: str) -> str:
    """When an id was made, as Discord writes times."""
    return as_time(((int(snowflake_id) >> 22) + EPOCH) / 1000)


def as_time(seconds: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


@dataclass(eq=False, repr=False)
class User:
    """A person or a bot. ``takes_messages`` says whether the bot may write to them alone."""

    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"
    takes_messages: bool = True

    def __repr__(self) -> str:
        return f"User({self.id} {self.name})"

    def as_json(self) -> JSON:
        shown: JSON = {
            "id": self.id,
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        }
        return shown | ({"bot": True} if self.bot else {})


@dataclass(eq=False)
class Role:
    """A role of a guild; the one whose id is the guild's is @everyone."""

    id: str
    name: str
    permissions: Permission = Permission.NONE
    position: int = 1
    managed_by: User | None = None

    def as_json(self) -> JSON:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "managed": self.managed_by is not None,
            "mentionable": False,
            "flags": 0,
            **({"tags": {"bot_id": self.managed_by.id}} if self.managed_by else {}),
        }


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined: float
    roles: list[Role] = field(default_factory=list)

    def as_json(self) -> JSON:
        blank = dict.fromkeys(("nick", "avatar", "banner", "premium_since", "communication_disabled_until"))
        return {
            "user": self.user.as_json(),
            "roles": [role.id for role in self.roles],
            "joined_at": as_time(self.joined),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            **blank,
        }


@dataclass(eq=False)
class Guild:
    """A server; ``members`` by user id, the bot's among them while it is there."""

    id: str
    name: str
    owner: User
    roles: dict[str, Role] = field(default_factory=dict, repr=False)
    members: dict[str, Member] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    available: bool = True

    @property
    def everyone(self) -> Role:
        return self.roles[self.id]

    def permissions(self, user: User, channel: Channel | None = None) -> Permission:
        """What somebody may do in the guild, or in one of its channels or threads."""
        member = self.members.get(user.id)
        if member is None:
            return Permission.NONE
        if user is self.owner:
            return ALL
        base = self.everyone.permissions
        for role in member.roles:
            base |= role.permissions
        overwrites = (channel.parent or channel).overwrites if channel else {}
        return in_channel(base, overwrites, self.id, [role.id for role in member.roles], user.id)


@dataclass(eq=False)
class Channel:
    """A channel or thread of a guild, or with ``person`` the direct channel of that person and the bot."""

    id: str
    kind: Kind
    name: str
    guild: Guild | None = field(default=None, repr=False)
    parent: Channel | None = field(default=None, repr=False)
    person: User | None = None
    owner: User | None = None
    archived: bool = False
    locked: bool = False
    overwrites: dict[str, Overwrite] = field(default_factory=dict, repr=False)
    messages: list[Message] = field(default_factory=list, repr=False)
    position: int = 0

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS

    def permissions(self, user: User) -> Permission:
        """What somebody may do here."""
        if self.guild:
            return self.guild.permissions(user, self)
        return EVERYONE if user.bot or user is self.person else Permission.NONE

    def as_json(self) -> JSON:
        last = {"last_message_id": self.messages[-1].id if self.messages else None}
        shown: JSON = {"id": self.id, "type": int(self.kind), "flags": 0, **last}
        if self.guild is None:
            return shown | {"recipients": [self.person.as_json()] if self.person else []}
        shown |= {"guild_id": self.guild.id, "name": self.name, "rate_limit_per_user": 0}
        if self.is_thread:
            return shown | self._thread_json()
        return (
            shown
            | {
                "position": self.position,
                "parent_id": None,
                "topic": None,
                "nsfw": False,
                "permission_overwrites": [
                    {
                        "id": who,
                        "type": int(who not in self.guild.roles),
                        "allow": str(int(o.allow)),
                        "deny": str(int(o.deny)),
                    }
                    for who, o in self.overwrites.items()
                ],
            }
            | ({"available_tags": []} if self.kind is Kind.FORUM else {})
        )

    def _thread_json(self) -> JSON:
        assert self.parent, "a thread has a parent"
        return {
            "parent_id": self.parent.id,
            "owner_id": self.owner.id if self.owner else "0",
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": moment(self.id),
                "create_timestamp": moment(self.id),
            },
        }
