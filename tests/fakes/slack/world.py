"""What a fake Slack holds: workspaces with people, channels, messages, views and files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.rates import Rates
from tests.fakes.slack.sockets import SocketMode

JSON = dict[str, Any]

EVERY_SCOPE = frozenset(
    {
        *("app_mentions:read", "chat:write", "commands", "files:write", "team:read", "users:read", "im:write"),
        *("channels:join", "reactions:read", "reactions:write"),
        *(f"{kind}:{right}" for kind in ("channels", "groups", "im", "mpim") for right in ("history", "read")),
    }
)
"""What a bot is granted unless a test says otherwise; chat:write.public is left out, so posting needs membership."""


class Refused(Exception):
    """Slack says no: ``{"ok": false, "error": error, **details}``."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


@dataclass(eq=False, repr=False)
class User:
    """A person or a bot of a workspace; the flags are those of users.info. ``team`` is set for a user of another
    workspace in a shared channel."""

    id: str
    name: str
    workspace: Workspace
    admin: bool = False
    owner: bool = False
    primary_owner: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    stranger: bool = False
    deleted: bool = False
    bot: bool = False
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    team: str = ""

    def __repr__(self) -> str:
        return f"User({self.id} {self.name})"

    def as_json(self) -> JSON:
        """The ``user`` object of users.info."""
        return {
            "id": self.id,
            "team_id": self.team or self.workspace.id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.name.title(),
            "tz": self.tz,
            "tz_offset": self.tz_offset,
            "profile": {"real_name": self.name.title(), "display_name": self.name},
            "is_admin": self.admin or self.owner or self.primary_owner,
            "is_owner": self.owner or self.primary_owner,
            "is_primary_owner": self.primary_owner,
            "is_restricted": self.restricted or self.ultra_restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_bot": self.bot,
            "is_app_user": False,
            **({"is_stranger": True} if self.stranger else {}),
        }


@dataclass(eq=False)
class Message:
    """A message. ``to`` is the one person who sees an ephemeral one; ``changed`` is the fake's count of changes when it
    was last written; ``gesture`` is what it answered by response_url."""

    channel: Channel = field(repr=False)
    author: User
    ts: str
    text: str = ""
    blocks: list[JSON] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: JSON | None = None
    to: User | None = None
    edited: bool = False
    subtype: str | None = None
    extra: JSON = field(default_factory=dict)
    reactions: dict[str, list[User]] = field(default_factory=dict)
    changed: int = 0
    gesture: object = field(default=None, repr=False)

    def as_json(self, *, metadata: bool = True) -> JSON:
        """The message as history and payloads show it; without ``metadata`` only its event_type."""
        workspace = self.channel.workspace
        shown: JSON = {"type": "message", "user": self.author.id, "ts": self.ts, "text": self.text}
        if self.author.bot:
            shown |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id, "team": workspace.id}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.subtype:
            shown["subtype"] = self.subtype
        if self.edited:
            shown["edited"] = {"user": self.author.id, "ts": self.ts}
        if self.metadata:
            shown["metadata"] = self.metadata if metadata else {"event_type": self.metadata["event_type"]}
        if self.reactions:
            shown["reactions"] = [
                {"name": name, "users": [user.id for user in users], "count": len(users)}
                for name, users in self.reactions.items()
            ]
        return shown | self.extra


@dataclass(eq=False)
class Channel:
    """A channel, or with ``person`` the direct channel of that person and the bot. ``only`` are its members; None:
    everybody of the workspace. ``bot`` says whether our bot is in it."""

    id: str
    name: str
    workspace: Workspace = field(repr=False)
    private: bool = False
    archived: bool = False
    deleted: bool = False
    bot: bool = True
    only: set[User] | None = None
    person: User | None = None
    messages: list[Message] = field(default_factory=list, repr=False)

    def has(self, user: User) -> bool:
        """Whether this user is a member."""
        if user is self.workspace.bot:
            return self.bot
        return self.only is None or user in self.only

    @property
    def kind(self) -> str:
        """The part of a scope's name that concerns such channels."""
        return "im" if self.person else "groups" if self.private else "channels"

    def as_json(self) -> JSON:
        """The ``channel`` object of conversations.info."""
        if self.person:
            return {"id": self.id, "is_im": True, "user": self.person.id, "is_archived": False, "created": 1}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": self.bot,
            "context_team_id": self.workspace.id,
            "created": 1,
        }


@dataclass(eq=False)
class View:
    """A modal or a home tab as one person sees it; ``errors`` are what the last submission was answered."""

    id: str
    user: User
    workspace: Workspace = field(repr=False)
    content: JSON
    hash: str
    root: str = ""
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self.content["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.content.get("callback_id", ""))

    def as_json(self, state: JSON | None = None) -> JSON:
        """The view with the server's fields; ``state`` is ``{block_id: {action_id: …}}``."""
        blank = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
        return {
            **blank,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            **self.content,
            "id": self.id,
            "team_id": self.workspace.id,
            "state": {"values": state or {}},
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous,
            "app_id": self.workspace.app_id,
            "app_installed_team_id": self.workspace.id,
            "bot_id": self.workspace.bot_id,
        }


@dataclass(eq=False)
class File:
    """An uploaded file; ``channel`` is where it was shared, None until the upload is complete."""

    id: str
    name: str
    length: int
    content: bytes = b""
    title: str = ""
    channel: Channel | None = field(default=None, repr=False)


@dataclass
class Trigger:
    """What lets the bot open one modal for this person within 3 seconds."""

    user: User
    at: float
    used: bool = False


@dataclass(eq=False)
class Workspace:
    """A workspace with its own installation of the app. ``token_error`` is what its tokens get from now on;
    ``events_url`` is the bot's address in HTTP mode, None in Socket Mode; ``subscriptions`` are the bot_events."""

    name: str
    id: str
    app_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    change: Callable[[], object] = field(repr=False)
    scopes: set[str] = field(default_factory=lambda: set(EVERY_SCOPE), repr=False)
    token_error: str | None = None
    events_url: str | None = None
    subscriptions: set[str] = field(default_factory=lambda: {"message.im"})
    command: str = "/papers"
    dedupes_client_msg_id: bool = False
    history_lag: float = 0.0
    users: dict[str, User] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    ephemerals: list[Message] = field(default_factory=list, repr=False)
    views: list[View] = field(default_factory=list, repr=False)
    homes: dict[str, View] = field(default_factory=dict, repr=False)
    files: dict[str, File] = field(default_factory=dict, repr=False)
    triggers: dict[str, Trigger] = field(default_factory=dict, repr=False)
    rates: Rates = field(default_factory=Rates, repr=False)

    def __post_init__(self) -> None:
        self.sockets = SocketMode(self.app_id, self.change)

    @property
    def bot(self) -> User:
        """The bot's own user."""
        return next(user for user in self.users.values() if user.bot)

    @property
    def domain(self) -> str:
        return self.name or "lab"

    @property
    def url(self) -> str:
        return f"https://{self.domain}.slack.com/"

    def messages(self) -> Iterable[Message]:
        """Every public message of every channel."""
        return itertools.chain.from_iterable(channel.messages for channel in self.channels.values())
