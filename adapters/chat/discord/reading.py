"""Reading a channel back: which of our own messages it shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.chat.discord.account import Account
from adapters.chat.discord.custom_ids import key_of, marks_of
from adapters.chat.discord.surveying import Survey
from adapters.chat.discord.verdicts import Proof, Refused, failure, read_result
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Posted, ReadBack, Shown, Sighting

MOST_PAGES = 50
"""A longer history is left to a person (facts: delivery.md, 3.2.7)."""

_PER_PAGE = 100
_UNKNOWN_ROUTE = frozenset({404, 405, 501})
_EPOCH = 1_420_070_400_000
"""Milliseconds since 1970 at which Discord's ids begin; they count from there in their upper 42 bits."""

_UNSEEN = "the bot may not look at what was posted there; give it Read Message History"


class _Unread(Exception):
    """The channel was not read to the end."""

    def __init__(self, result: ReadBack, words: str) -> None:
        super().__init__(words)
        self.result = result
        self.words = words


async def read_back(account: Account, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
    """Look for our message with this key; see bot.ports.Platform."""
    try:
        async for message in _own_messages(account, channel, since):
            if key_of(message) == key:
                return Sighting(ReadBack.FOUND, message_id=message["id"])
    except _Unread as unread:
        return Sighting(unread.result, error=unread.words)
    return Sighting(ReadBack.ABSENT)


async def posted(account: Account, channel: ChannelRef, since: datetime) -> Posted:
    """Collect the marks of our messages, each with the first message that has it; see bot.ports.Platform."""
    first: dict[str, int] = {}
    try:
        async for message in _own_messages(account, channel, since):
            for mark in marks_of(message):
                first[mark] = min(first.get(mark, int(message["id"])), int(message["id"]))
    except _Unread as unread:
        return Posted(unread.result, error=unread.words)
    return Posted(ReadBack.FOUND, {mark: Shown(str(found), moment_of(found)) for mark, found in first.items()})


def moment_of(snowflake: int) -> datetime:
    """When Discord made what has this id (pure)."""
    return datetime.fromtimestamp(((snowflake >> 22) + _EPOCH) / 1000, UTC)


def snowflake_before(moment: datetime) -> int:
    """An id smaller than all that Discord made since then (pure)."""
    return max(0, (int(moment.timestamp() * 1000) - _EPOCH << 22) - 1)


async def _own_messages(account: Account, channel: ChannelRef, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """Each message of ours since then. Raises _Unread."""
    try:
        us, place = (await account.identity()).user_id, await account.place(channel)
        after = snowflake_before(account.traffic.discord_time(since))
        has_seen = False
        for _ in range(MOST_PAGES):
            page = await _page(account, place, after)
            has_seen |= bool(page)
            for message in page:
                if message["author"]["id"] == us:
                    yield message
            if not page:
                if not has_seen:
                    await _check_sight(account, place)
                return
            after = max(int(message["id"]) for message in page)
    except _Unread:
        raise
    except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
        found = failure(error)
        account.obey(found)
        raise _Unread(read_result(found), found.words) from None
    raise _Unread(ReadBack.UNREADABLE, f"the channel has more than {MOST_PAGES * _PER_PAGE:,} messages since then")


async def _page(account: Account, place: str, after: int) -> Sequence[Mapping[str, Any]]:
    """The next messages; there are none when a page is empty."""
    await account.reading_pace.turn(place)
    answer = await account.call("GET", f"/channels/{place}/messages", query={"after": after, "limit": _PER_PAGE})
    if not isinstance(answer, list):
        raise _Unread(ReadBack.UNAVAILABLE, "Discord's answer could not be read")
    return answer


async def _check_sight(account: Account, place: str) -> None:
    """Discord shows an empty channel to who may not read its history. Raises _Unread, and what a call raises."""
    try:
        seen = await Survey(account).place(place)
    except Refused as error:
        if error.status not in _UNKNOWN_ROUTE or failure(error).proof is not Proof.UNKNOWN:
            raise
        return  # what stands in for Discord knows no rights
    if not seen.may.read_message_history:
        raise _Unread(ReadBack.UNREADABLE, _UNSEEN)
