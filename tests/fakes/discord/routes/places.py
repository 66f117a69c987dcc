"""Guilds, their members and roles, and channels."""

from __future__ import annotations

from tests.fakes.discord.objects import guild_object
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import Answer, Call, Route


def channel(call: Call) -> Answer:
    return Answer(call.channel().as_json())


def change_thread(call: Call) -> Answer:
    """Open, close or rename a thread; other channels are left to people."""
    thread, form = call.channel(Permission.SEND_MESSAGES_IN_THREADS), call.form()
    if not thread.is_thread:
        raise Refused(50024)
    moderates = Permission.MANAGE_THREADS in thread.permissions(call.discord.bot)
    if not moderates and (thread.locked or thread.owner is not call.discord.bot):
        raise Refused(50013)
    thread.archived = form.get("archived", thread.archived)
    thread.locked = form.get("locked", thread.locked)
    thread.name = form.get("name", thread.name)
    call.discord.tell_of_channel(thread, "UPDATE")
    return Answer(thread.as_json())


def guild(call: Call) -> Answer:
    return Answer(guild_object(call.guild()))


def channels(call: Call) -> Answer:
    return Answer([channel.as_json() for channel in call.guild().channels.values() if not channel.is_thread])


def roles(call: Call) -> Answer:
    return Answer([role.as_json() for role in call.guild().roles.values()])


def active_threads(call: Call) -> Answer:
    threads = [channel for channel in call.guild().channels.values() if channel.is_thread and not channel.archived]
    return Answer({"threads": [thread.as_json() for thread in threads], "members": [], "has_more": False})


def member(call: Call) -> Answer:
    found = call.guild().members.get(call.user().id)
    if found is None:
        raise Refused(10007)
    return Answer(found.as_json())


ROUTES = [
    Route("GET", "/channels/{channel}", channel),
    Route("PATCH", "/channels/{channel}", change_thread),
    Route("GET", "/guilds/{guild}", guild),
    Route("GET", "/guilds/{guild}/channels", channels),
    Route("GET", "/guilds/{guild}/roles", roles),
    Route("GET", "/guilds/{guild}/threads/active", active_threads),
    Route("GET", "/guilds/{guild}/members/{user}", member),
]
