"""Starting threads: from a message, beside messages, and as a forum's post."""

from __future__ import annotations

from tests.fakes.discord.contents import new_content
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import Answer, Call, Route
from tests.fakes.discord.routes.messages import may_show
from tests.fakes.discord.shapes import Check, anything, invalid, number, one_of, shape, text
from tests.fakes.discord.world import JSON, Channel, Kind

NAMED: Check = shape(
    {"name": text(100, 1)},
    {"auto_archive_duration": one_of(60, 1440, 4320, 10080), "rate_limit_per_user": number(0, 21600), "type": anything},
)


def from_message(call: Call) -> Answer:
    channel, form = call.channel(Permission.CREATE_PUBLIC_THREADS), _form(call)
    message = call.message(channel)
    if channel.is_thread or channel.person:
        raise Refused(50024)
    if message.thread:
        raise Refused(160004)
    message.thread = _start(call, channel, form["name"], message.id)
    return Answer(message.thread.as_json(), 201)


def in_channel(call: Call) -> Answer:
    """A thread without a message, or in a forum a post with its first message."""
    channel, form = call.channel(), _form(call)
    if channel.is_thread or channel.person:
        raise Refused(50024)
    needed = Permission.SEND_MESSAGES if channel.kind is Kind.FORUM else Permission.CREATE_PUBLIC_THREADS
    if needed not in channel.permissions(call.discord.bot):
        raise Refused(50013)
    if channel.kind is not Kind.FORUM:
        return Answer(_start(call, channel, form["name"], call.discord.id()).as_json(), 201)
    content = new_content(form.get("message") or {}, call.uploads)
    may_show(call, channel, content)
    thread = _start(call, channel, form["name"], call.discord.id())
    first = call.discord.show(Message(thread.id, thread, call.discord.bot, content))
    return Answer({**thread.as_json(), "message": first.as_json()}, 201)


def _form(call: Call) -> JSON:
    problems = list(NAMED(call.form(), ()))
    if problems:
        raise invalid(problems)
    return call.form()


def _start(call: Call, parent: Channel, name: str, thread_id: str) -> Channel:
    assert parent.guild, "direct channels have no threads"
    kind = Kind.ANNOUNCEMENT_THREAD if parent.kind is Kind.ANNOUNCEMENT else Kind.THREAD
    thread = Channel(thread_id, kind, name, parent.guild, parent, owner=call.discord.bot)
    parent.guild.channels[thread_id] = thread
    call.discord.tell_of_channel(thread, "CREATE", newly_created=True)
    return thread


ROUTES = [
    Route("POST", "/channels/{channel}/messages/{message}/threads", from_message),
    Route("POST", "/channels/{channel}/threads", in_channel),
]
