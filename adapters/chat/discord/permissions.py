"""What the bot must be allowed to do in a channel, and what it is allowed there (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import discord

PERMISSIONS: Mapping[str, tuple[str, str]] = {
    "view_channel": ("View Channels", "to see the channel and its commands"),
    "send_messages": ("Send Messages", "to post papers"),
    "send_messages_in_threads": ("Send Messages in Threads", "to post papers in a thread"),
    "embed_links": ("Embed Links", "to show each paper with a linked title"),
    "attach_files": ("Attach Files", "to give exported citations as a file"),
    "read_message_history": (
        "Read Message History",
        "to look in the channel for a message of its own that may not have arrived",
    ),
}
"""By discord.py's name: what Discord calls it, and what it is for."""

THREADS = frozenset({10, 11, 12})
"""The types of channel that are threads."""

UNUSABLE: Mapping[int, str] = {
    2: "a voice channel",
    4: "a category",
    5: "an announcement channel, where every post would have to be published by hand",
    13: "a stage channel",
    14: "a directory",
    15: "a forum, where every message would be a thread of its own",
    16: "a media channel",
}
"""The types of channel that the bot does not post in; what is not named can be tried."""

_ALL = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))


def invite_address(application_id: str) -> str:
    """Where somebody who manages a server lets the bot in, with the permissions it needs and no others."""
    query = {"client_id": application_id, "permissions": _ALL.value, "scope": "bot applications.commands"}
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def unusable(kind: int) -> str | None:
    """Why nothing can be posted in a channel of this type, and what to do; None if it can."""
    what = UNUSABLE.get(kind)
    return f"this is {what}; choose a text channel or a thread" if what else None


def lacking(may: discord.Permissions, *, thread: bool) -> list[str]:
    """What the bot must be allowed besides to post there and to read back what it posted, in Discord's words."""
    elsewhere = "send_messages" if thread else "send_messages_in_threads"
    return [name for flag, (name, _) in PERMISSIONS.items() if flag != elsewhere and not getattr(may, flag)]


def in_channel(
    guild: Mapping[str, Any], member: Mapping[str, Any], overwrites: Iterable[Mapping[str, Any]]
) -> discord.Permissions:
    """What a member may do in a channel with these overwrites (a thread has its parent's), all as REST gives them
    (docs.discord.com/developers/topics/permissions)."""
    me, everyone = member["user"]["id"], guild["id"]
    mine = {*member["roles"], everyone}
    base = 0
    for role in guild["roles"]:
        base |= int(role["permissions"]) if role["id"] in mine else 0
    if guild["owner_id"] == me or discord.Permissions(base).administrator:
        return discord.Permissions.all()
    given = {overwrite["id"]: (int(overwrite["allow"]), int(overwrite["deny"])) for overwrite in overwrites}
    for step in ({everyone}, mine - {everyone}, {me}):
        allowed = denied = 0
        for allow, deny in (given[one] for one in step if one in given):
            allowed, denied = allowed | allow, denied | deny
        base = base & ~denied | allowed
    found = discord.Permissions(base)
    return found if found.view_channel else discord.Permissions.none()
