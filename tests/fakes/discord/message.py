"""Messages: what they show, to whom, and by which interaction they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import JSON, Channel, User, moment

if TYPE_CHECKING:
    from tests.fakes.discord.interactions import Interaction

CROSSPOSTED, SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING, COMPONENTS_V2 = 1, 4, 32, 64, 128, 32768
"""Flags of a message."""


@dataclass
class Content:
    """What a message shows, as it was sent; ``files`` are the bytes of its attachments by attachment id."""

    text: str = ""
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    flags: int = 0
    allowed_mentions: JSON | None = None
    files: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)


@dataclass(eq=False)
class Message:
    """A message. ``to`` is the one person who sees an ephemeral one; ``changed`` is the fake's count of changes when it
    was last written, ``written_by`` the interaction it was last written by; ``nonce`` is what it was posted with."""

    id: str
    channel: Channel = field(repr=False)
    author: User
    content: Content
    to: User | None = None
    nonce: str | int | None = None
    interaction: Interaction | None = field(default=None, repr=False)
    written_by: Interaction | None = field(default=None, repr=False)
    thread: Channel | None = field(default=None, repr=False)
    edited: str | None = None
    deleted: bool = False
    reactions: dict[str, list[User]] = field(default_factory=dict)
    changed: int = 0

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def embeds(self) -> list[JSON]:
        return self.content.embeds

    @property
    def components(self) -> list[JSON]:
        return self.content.components

    @property
    def loading(self) -> bool:
        """Whether the person still sees "is thinking…"."""
        return bool(self.content.flags & LOADING)

    @property
    def pings_everyone(self) -> bool:
        """Whether everybody is called by it."""
        allowed = self.content.allowed_mentions
        wanted = re.search("@(everyone|here)", self.text) and (
            allowed is None or "everyone" in allowed.get("parse", [])
        )
        return bool(wanted) and Permission.MENTION_EVERYONE in self.channel.permissions(self.author)

    def as_json(self) -> JSON:
        """The message as Discord shows it; the nonce is left out."""
        content = self.content
        shown: JSON = {
            "id": self.id,
            "channel_id": self.channel.id,
            "type": 20 if self.interaction and self.interaction.is_command else 0,
            "content": content.text,
            "author": self.author.as_json(),
            "mentions": [user.as_json() for user in self._pinged()],
            "mention_roles": [],
            "mention_everyone": self.pings_everyone,
            "attachments": content.attachments,
            "embeds": content.embeds,
            "components": content.components,
            "timestamp": moment(self.id),
            "edited_timestamp": self.edited,
            "flags": content.flags | (HAS_THREAD if self.thread else 0),
            "pinned": False,
            "tts": False,
        }
        if self.interaction:
            shown |= {"webhook_id": self.interaction.application_id, "application_id": self.interaction.application_id}
            shown["interaction_metadata"] = self.interaction.metadata()
        if self.reactions:
            shown["reactions"] = [_reaction(emoji, users) for emoji, users in self.reactions.items()]
        return shown | ({"thread": self.thread.as_json()} if self.thread else {})

    def _pinged(self) -> Iterator[User]:
        allowed, guild = self.content.allowed_mentions, self.channel.guild
        for user_id in dict.fromkeys(re.findall(r"<@!?(\d+)>", self.text)):
            called = (
                allowed is None or "users" in allowed.get("parse", []) or user_id in map(str, allowed.get("users", []))
            )
            if called and guild and user_id in guild.members:
                yield guild.members[user_id].user


def _reaction(emoji: str, users: list[User]) -> JSON:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": any(user.bot for user in users),
    }
