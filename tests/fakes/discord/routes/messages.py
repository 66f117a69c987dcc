"""Messages of channels: posting, reading back, changing, deleting, crossposting, reactions."""

from __future__ import annotations

import math

from tests.fakes.discord.contents import changed_content, new_content
from tests.fakes.discord.message import CROSSPOSTED, Content, Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.rest import DONE, Answer, Call, Route
from tests.fakes.discord.shapes import Problem, invalid
from tests.fakes.discord.world import JSON, Channel, Kind, snowflake

DEFAULT_PAGE, LARGEST_PAGE = 50, 100


def post(call: Call) -> Answer:
    """Post a message. With ``enforce_nonce`` and a nonce used in the window, by whatever channel, none is made and the
    earlier one is given; if that was deleted, 10008."""
    channel = writable(call)
    content = new_content(call.form(), call.uploads)
    may_show(call, channel, content)
    nonce = call.form().get("nonce")
    known = _posted_with(call, nonce) if call.form().get("enforce_nonce") else None
    if known and known.deleted:
        raise Refused(10008)
    message = known or Message(call.discord.id(), channel, call.discord.bot, content, nonce=nonce)
    if not known:
        call.discord.show(message)
        if nonce is not None:
            call.discord.posted[str(nonce)] = call.discord.now(), message
    return Answer(message.as_json() | ({} if nonce is None else {"nonce": nonce}))


def writable(call: Call) -> Channel:
    """The channel of the path, if the bot may write there; a thread leaves the archive by it, unless it is locked."""
    channel = call.channel()
    if channel.kind is Kind.FORUM:
        raise Refused(40058)
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if needed not in channel.permissions(call.discord.bot):
        raise Refused(50013)
    if channel.person and not channel.person.takes_messages:
        raise Refused(50007)
    if channel.archived:
        if channel.locked and Permission.MANAGE_THREADS not in channel.permissions(call.discord.bot):
            raise Refused(50083)
        channel.archived = False
        call.discord.tell_of_channel(channel, "UPDATE")
    return channel


def may_show(call: Call, channel: Channel, content: Content) -> None:
    """Refuse embeds and files where the bot may not post them."""
    may = channel.permissions(call.discord.bot)
    if content.embeds and Permission.EMBED_LINKS not in may:
        raise Refused(50013)
    if content.attachments and Permission.ATTACH_FILES not in may:
        raise Refused(50013)


def history(call: Call) -> Answer:
    """A page, newest first; without the right to read history it is empty."""
    channel = call.channel()
    if Permission.READ_MESSAGE_HISTORY not in channel.permissions(call.discord.bot):
        return Answer([])
    return Answer([_as_read(call, message) for message in _page(call, _visible(call, channel))])


def one(call: Call) -> Answer:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    message = call.message(channel)
    if message not in _visible(call, channel):
        raise Refused(10008)
    return Answer(_as_read(call, message))


def change(call: Call) -> Answer:
    channel = call.channel()
    message = call.own_message(channel)
    if channel.archived:
        raise Refused(50083)
    content = changed_content(message.content, call.form(), call.uploads)
    may_show(call, channel, content)
    message.written_by = None
    return Answer(call.discord.rewrite(message, content).as_json())


def delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.discord.bot and Permission.MANAGE_MESSAGES not in channel.permissions(
        call.discord.bot
    ):
        raise Refused(50013)
    call.discord.remove(message)
    return DONE


def crosspost(call: Call) -> Answer:
    channel = call.channel(Permission.SEND_MESSAGES)
    message = call.own_message(channel)
    if channel.kind is not Kind.ANNOUNCEMENT:
        raise Refused(50024)
    if message.content.flags & CROSSPOSTED:
        raise Refused(40033)
    message.content.flags |= CROSSPOSTED
    call.discord.change()
    return Answer(message.as_json())


def add_reaction(call: Call) -> Answer:
    return _set_reaction(call, on=True)


def take_reaction(call: Call) -> Answer:
    return _set_reaction(call, on=False)


def reactions(call: Call) -> Answer:
    message = call.message(call.channel(Permission.READ_MESSAGE_HISTORY))
    return Answer([user.as_json() for user in message.reactions.get(call.at["emoji"], [])])


def _set_reaction(call: Call, *, on: bool) -> Answer:
    channel = call.channel(Permission.READ_MESSAGE_HISTORY, *([Permission.ADD_REACTIONS] if on else []))
    emoji = call.at["emoji"]
    if emoji.isascii():
        raise Refused(10014)
    call.discord.set_reaction(call.discord.bot, call.message(channel), emoji, on=on)
    return DONE


def _posted_with(call: Call, nonce: object) -> Message | None:
    """The bot's message that was posted with this nonce not long ago."""
    if nonce in (None, ""):
        raise invalid([Problem(("nonce",), "BASE_TYPE_REQUIRED", "enforce_nonce needs a nonce")])
    at, message = call.discord.posted.get(str(nonce), (-math.inf, None))
    return message if call.discord.now() - at < call.discord.nonce_window else None


def _visible(call: Call, channel: Channel) -> list[Message]:
    """What can be read back, oldest first; what was just said may lag behind."""
    if not call.discord.history_lag:
        return channel.messages
    newest = snowflake(call.discord.now() - call.discord.history_lag)
    return [message for message in channel.messages if int(message.id) <= newest]


def _page(call: Call, messages: list[Message]) -> list[Message]:
    """At most ``limit`` messages, newest first: the newest, or those just after, before or around one."""
    limit = _number(call, "limit", DEFAULT_PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        problem = Problem(("limit",), "NUMBER_TYPE_RANGE", f"int value should be from 1 to {LARGEST_PAGE}.")
        raise invalid([problem])
    if "around" in call.query:
        middle = _number(call, "around", 0)
        before = [message for message in messages if int(message.id) < middle][-(limit // 2) :]
        rest = [message for message in messages if int(message.id) >= middle]
        return list(reversed([*before, *rest[: limit - len(before)]]))
    after, before_id = _number(call, "after", -1), _number(call, "before", 0) or math.inf
    between = [message for message in messages if after < int(message.id) < before_id]
    chosen = between[:limit] if "after" in call.query else between[-limit:]
    return list(reversed(chosen))


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.removeprefix("-").isdigit():
        raise invalid([Problem((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')])
    return int(text)


def _as_read(call: Call, message: Message) -> JSON:
    keeps = call.discord.nonce_in_history and message.nonce is not None
    return message.as_json() | ({"nonce": message.nonce} if keeps else {})


CHANNEL = "/channels/{channel}/messages"
MESSAGE = f"{CHANNEL}/{{message}}"
REACTION = f"{MESSAGE}/reactions/{{emoji}}"
ROUTES = [
    Route("GET", CHANNEL, history),
    Route("POST", CHANNEL, post),
    Route("GET", MESSAGE, one),
    Route("PATCH", MESSAGE, change),
    Route("DELETE", MESSAGE, delete),
    Route("POST", f"{MESSAGE}/crosspost", crosspost),
    Route("GET", REACTION, reactions),
    Route("PUT", f"{REACTION}/@me", add_reaction),
    Route("DELETE", f"{REACTION}/@me", take_reaction),
]
