"""Discord's permission bits, as far as the fake knows them, and how they add up in a channel
(docs.discord.com/developers/topics/permissions)."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """One bit each."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = functools.reduce(operator.or_, Permission)
EVERYONE = ALL & ~(
    Permission.ADMINISTRATOR
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_GUILD
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
)
"""What @everyone may do in a new guild."""


@dataclass
class Overwrite:
    """What a channel allows and denies one role or one member."""

    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE


def in_channel(
    base: Permission, overwrites: Mapping[str, Overwrite], everyone: str, roles: Iterable[str], member: str
) -> Permission:
    """What somebody with these rights in the guild may do in a channel with these overwrites (by role or user id)."""
    if Permission.ADMINISTRATOR in base:
        return ALL
    nothing = Overwrite()
    of_roles = [overwrites.get(role, nothing) for role in roles]
    steps = [
        overwrites.get(everyone, nothing),
        Overwrite(_union(one.allow for one in of_roles), _union(one.deny for one in of_roles)),
        overwrites.get(member, nothing),
    ]
    for step in steps:
        base = (base & ~step.deny) | step.allow
    return base if Permission.VIEW_CHANNEL in base else Permission.NONE


def _union(permissions: Iterable[Permission]) -> Permission:
    total = Permission.NONE
    for one in permissions:
        total |= one
    return total
