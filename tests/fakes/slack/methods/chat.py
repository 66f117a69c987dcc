"""The methods chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from tests.fakes.slack.contents import LONGEST_TEXT, LONGEST_UPDATE, content_of, metadata_of
from tests.fakes.slack.methods.conversations import message_of
from tests.fakes.slack.web_api import Call
from tests.fakes.slack.world import JSON, Channel, Message, Refused


def post_message(call: Call) -> JSON:
    call.need("chat:write")
    channel = _writable(call)
    content, metadata = content_of(call), metadata_of(call)
    known = _duplicate(call, channel)
    extra = {"client_msg_id": call.text("client_msg_id")} if call.text("client_msg_id") else {}
    message = known or call.slack.show(
        Message(
            channel,
            call.workspace.bot,
            call.slack.ts(),
            content.text,
            content.blocks,
            thread_ts=_thread(call, channel),
            metadata=metadata or None,
            extra=extra,
        )
    )
    answer: JSON = {"channel": channel.id, "ts": message.ts, "message": message.as_json()}
    if len(call.text("text")) > LONGEST_TEXT:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return {**answer, **({"is_duplicate": True} if known else {})}


def post_ephemeral(call: Call) -> JSON:
    call.need("chat:write")
    channel, person = _writable(call), call.workspace.users.get(call.text("user"))
    if person is None or person.deleted or not channel.has(person):
        raise Refused("user_not_in_channel")
    content = content_of(call)
    if len(call.text("text")) > LONGEST_TEXT:
        raise Refused("msg_too_long")
    thread = _thread(call, channel)
    message = Message(channel, call.workspace.bot, call.slack.ts(), content.text, content.blocks, thread, to=person)
    return {"message_ts": call.slack.show(message).ts}


def update(call: Call) -> JSON:
    """Change an own message: new text alone takes the blocks away and marks it as edited; metadata stays unless given,
    and ``{}`` takes it away."""
    call.need("chat:write")
    channel, message = call.channel(), _own(call)
    if channel.archived:
        raise Refused("is_archived")
    if len(call.text("text")) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    content, metadata = content_of(call), metadata_of(call)
    message.text, message.blocks = content.text, content.blocks
    message.edited = message.edited or not content.blocks
    if metadata is not None:
        message.metadata = metadata or None
    message.changed = call.slack.change()
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_json()}


def delete(call: Call) -> JSON:
    call.need("chat:write")
    message = _own(call, "cant_delete_message")
    message.channel.messages.remove(message)
    call.slack.change()
    return {"channel": message.channel.id, "ts": message.ts}


def get_permalink(call: Call) -> JSON:
    channel = call.channel()
    message = message_of(call, channel, "message_ts")
    number = message.ts.replace(".", "")
    return {"channel": channel.id, "permalink": f"{call.workspace.url}archives/{channel.id}/p{number}"}


def _writable(call: Call) -> Channel:
    """The channel to write to; a user's id means the direct channel."""
    person = call.workspace.users.get(call.text("channel"))
    channel = call.slack.direct_channel(person) if person else call.channel()
    if channel.archived:
        raise Refused("is_archived")
    if not channel.bot and not (channel.kind == "channels" and "chat:write.public" in call.workspace.scopes):
        raise Refused("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    root = call.text("thread_ts")
    if root and all(message.ts != root for message in channel.messages):
        raise Refused("cannot_reply_to_message")
    return root or None


def _own(call: Call, error: str = "cant_update_message") -> Message:
    message = message_of(call, call.channel(), "ts")
    if message.author is not call.workspace.bot:
        raise Refused(error)
    return message


def _duplicate(call: Call, channel: Channel) -> Message | None:
    marker = call.text("client_msg_id")
    if not marker or not call.workspace.dedupes_client_msg_id:
        return None
    same = (message for message in channel.messages if message.extra.get("client_msg_id") == marker)
    return next(same, None)


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
