"""Reading a channel back: which of our own messages it shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.chat.slack.render import EVENT_TYPE
from adapters.chat.slack.verdicts import failure, read_result
from adapters.chat.slack.workspace import Identity, Workspace
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Posted, ReadBack, Shown, Sighting

MOST_PAGES = 50
"""A longer history is left to a person (facts: delivery.md, 3.2.7)."""

_PER_PAGE = 200
_MARK = 8


class _Unread(Exception):
    """The channel was not read to the end."""

    def __init__(self, result: ReadBack, words: str) -> None:
        super().__init__(words)
        self.result = result
        self.words = words


async def read_back(workspace: Workspace, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
    """Look for our message with this key; see bot.ports.Platform."""
    try:
        async for ts, payload in _own_messages(workspace, channel, since):
            if payload.get("k") == key:
                return Sighting(ReadBack.FOUND, message_id=ts)
    except _Unread as unread:
        return Sighting(unread.result, error=unread.words)
    return Sighting(ReadBack.ABSENT)


async def posted(workspace: Workspace, channel: ChannelRef, since: datetime) -> Posted:
    """Collect the marks of our messages, each with the first message that has it; see bot.ports.Platform."""
    first: dict[str, str] = {}
    try:
        async for ts, payload in _own_messages(workspace, channel, since):
            for mark in _marks(payload.get("marks")):
                first[mark] = min(first.get(mark, ts), ts, key=float)
    except _Unread as unread:
        return Posted(unread.result, error=unread.words)
    return Posted(
        ReadBack.FOUND, {mark: Shown(ts, datetime.fromtimestamp(float(ts), UTC)) for mark, ts in first.items()}
    )


def _marks(joined: object) -> list[str]:
    return [joined[at : at + _MARK] for at in range(0, len(joined), _MARK)] if isinstance(joined, str) else []


async def _own_messages(
    workspace: Workspace, channel: ChannelRef, since: datetime
) -> AsyncIterator[tuple[str, Mapping[str, Any]]]:
    """The ts and the marker's payload of each delivery of ours since then. Raises _Unread."""
    cursor = ""
    for _ in range(MOST_PAGES):
        messages, cursor = await _page(workspace, channel, since, cursor)
        for message in messages:
            metadata = message.get("metadata") or {}
            if _is_ours(message, workspace.identity) and metadata.get("event_type") == EVENT_TYPE:
                yield message["ts"], metadata.get("event_payload") or {}
        if not cursor:
            return
    raise _Unread(ReadBack.UNREADABLE, f"the channel has more than {MOST_PAGES * _PER_PAGE:,} messages since then")


def _is_ours(message: Mapping[str, Any], us: Identity) -> bool:
    return message.get("bot_id") == us.bot_id or message.get("user") == us.user_id


async def _page(
    workspace: Workspace, channel: ChannelRef, since: datetime, cursor: str
) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Some messages, and where the next ones begin ("" if there are none). Raises _Unread."""
    try:
        if not workspace.is_identified:
            await workspace.identify()
        place = await workspace.place(channel)
        await workspace.reading_pace.turn(place)
        answer = await workspace.client.conversations_history(
            channel=place,
            oldest=f"{workspace.slack_time(since).timestamp():.6f}",
            inclusive=True,
            include_all_metadata=True,
            limit=_PER_PAGE,
            cursor=cursor or None,
        )
    except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
        found = failure(error)
        if found.retry_after is not None:
            workspace.reading_pace.hold(found.retry_after)
        raise _Unread(read_result(found), found.words) from None
    messages, following = answer["messages"], (answer["response_metadata"] or {}).get("next_cursor") or ""
    if not isinstance(messages, list) or (answer["has_more"] and not following):
        raise _Unread(ReadBack.UNAVAILABLE, "Slack gave only a part of the channel's messages")
    return messages, following
