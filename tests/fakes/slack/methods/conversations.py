"""The methods conversations.*: what was said, who is where, joining and opening."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from tests.fakes.slack.web_api import Call
from tests.fakes.slack.world import JSON, Channel, Message, Refused

MOST = 999
"""The largest ``limit`` of a page."""


def page(call: Call, name: str, items: Sequence[Any]) -> JSON:
    """One page of a list, with the cursor of the next."""
    limit = call.number("limit", 100) or 100
    if limit > MOST:
        raise Refused("invalid_limit")
    start = _place(call.text("cursor"), [str(number) for number in range(len(items))])
    end = start + limit
    return {
        name: list(items[start:end]),
        "response_metadata": {"next_cursor": _cursor(str(end)) if end < len(items) else ""},
    }


def message_of(call: Call, channel: Channel, name: str) -> Message:
    """The public message whose ts is given by the argument ``name``."""
    found = next((message for message in channel.messages if message.ts == call.text(name)), None)
    if found is None:
        raise Refused("message_not_found")
    return found


def history(call: Call) -> JSON:
    return _read(call, _readable(call), threads=False)


def replies(call: Call) -> JSON:
    return _read(call, _readable(call), threads=True)


def info(call: Call) -> JSON:
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    return {"channel": channel.as_json()}


def members(call: Call) -> JSON:
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    return page(call, "members", [user.id for user in call.workspace.users.values() if channel.has(user)])


def all_channels(call: Call) -> JSON:
    return page(call, "channels", [channel.as_json() for channel in _listed(call)])


def own_channels(call: Call) -> JSON:
    return page(call, "channels", [channel.as_json() for channel in _listed(call) if channel.bot])


def join(call: Call) -> JSON:
    call.need("channels:join")
    channel = call.channel()
    if channel.kind != "channels":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    channel.bot = True
    call.slack.change()
    return {"channel": channel.as_json()}


def leave(call: Call) -> JSON:
    channel = call.channel()
    channel.bot = False
    call.slack.change()
    return {}


def open_direct(call: Call) -> JSON:
    call.need("im:write")
    person = call.workspace.users.get(call.text("users"))
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.bot:
        raise Refused("cannot_dm_bot")
    return {"channel": {"id": call.slack.direct_channel(person).id}}


def _cursor(mark: str) -> str:
    return b64encode(f"next:{mark}".encode()).decode()


def _place(cursor: str, marks: Sequence[str]) -> int:
    """Where the page begins that the cursor stands for."""
    try:
        return marks.index(b64decode(cursor).decode().removeprefix("next:")) if cursor else 0
    except ValueError as error:
        raise Refused("invalid_cursor") from error


def _listed(call: Call) -> list[Channel]:
    kinds = {
        "public_channel": "channels",
        "private_channel": "groups",
        "im": "im",
        "mpim": "mpim",
    }
    asked = {kinds[name.strip()] for name in (call.text("types") or "public_channel").split(",")}
    for kind in sorted(asked):
        call.need(f"{kind}:read")
    without_archived = call.flag("exclude_archived")
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in asked and not channel.deleted
        if channel.bot or channel.kind == "channels"
        if not (channel.archived and without_archived)
    ]


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(f"{channel.kind}:history")
    if not channel.bot:
        raise Refused("not_in_channel")
    return channel


def _read(call: Call, channel: Channel, *, threads: bool) -> JSON:
    shown = _in_range(call, channel)
    if threads:
        root = call.text("ts")
        shown = [message for message in reversed(shown) if root in {message.ts, message.thread_ts}]
        if not shown:
            raise Refused("thread_not_found")
    else:
        shown = [message for message in shown if message.thread_ts in {None, message.ts}]
    limit = call.number("limit", 100) or 100
    if limit > MOST:
        raise Refused("invalid_limit")
    start = _place(call.text("cursor"), [message.ts for message in shown])
    more, whole = len(shown) > start + limit, call.flag("include_all_metadata")
    answer: JSON = {"messages": [message.as_json(metadata=whole) for message in shown[start : start + limit]]}
    if more:
        answer["response_metadata"] = {"next_cursor": _cursor(shown[start + limit].ts)}
    return {**answer, "has_more": more, **({} if threads else {"pin_count": 0})}


def _in_range(call: Call, channel: Channel) -> list[Message]:
    """The messages between ``oldest`` and ``latest``, newest first; what was just said may lag behind."""
    oldest, latest = _moment(call, "oldest", 0.0), _moment(call, "latest", float("inf"))
    visible = call.slack.now() - call.workspace.history_lag
    both = {oldest, latest} if call.flag("inclusive") else set()
    return [
        message
        for message in reversed(channel.messages)
        if oldest < float(message.ts) < latest or float(message.ts) in both
        if not call.workspace.history_lag or float(message.ts) <= visible
    ]


def _moment(call: Call, name: str, default: float) -> float:
    try:
        return float(call.text(name) or default)
    except ValueError as error:
        raise Refused(f"invalid_ts_{name}") from error


METHODS = {
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": all_channels,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.open": open_direct,
    "users.conversations": own_channels,
}
