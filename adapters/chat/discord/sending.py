"""Posting a delivery: one message, in a plainer form only after proof that the fuller one was refused.

Whatever leaves it open whether a message was posted is settled at once, if Discord answers: the same post with the
same nonce gives the message that is there, or makes it now (facts: discord.md, 5).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.chat.discord.account import Account
from adapters.chat.discord.verdicts import Failure, Proof, failure, not_sent, receipt
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Outcome, Receipt

_REPEATS = 2
_PAUSE = 1.0
"""Seconds before a repeat. All tries end long before Discord forgets a nonce ("the past few minutes"), and within the
30 seconds that a delivery has."""

_HELPED = frozenset({Proof.FORM, Proof.RIGHT})
"""Refusals that a plainer form may avoid."""

_log = logging.getLogger(__name__)

Message = dict[str, Any]
"""The body of a post."""


def to_bytes(forms: Sequence[Message]) -> bytes:
    """The bytes of a delivery, as they are kept until they are sent: its forms, the fullest first."""
    return json.dumps(forms, ensure_ascii=False).encode()


async def post(
    account: Account,
    channel: ChannelRef,
    key: DeliveryKey,
    payload: bytes,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Receipt:
    """Send the message of these bytes once; see bot.ports.Platform. ``sleep`` waits so many seconds."""
    try:
        place = await account.place(channel)
    except Exception as error:  # noqa: BLE001 - whatever happened: nothing was posted yet
        return _not_opened(account, failure(error))
    forms: list[Message] = json.loads(payload)
    while True:
        verdict = await _settle(account, place, key, forms.pop(0), sleep)
        if isinstance(verdict, Receipt):
            return verdict
        if not forms or verdict.proof not in _HELPED:
            return not_sent(verdict)
        _log.warning("%s: %s; sending it in a plainer form", channel, verdict.words)


async def _settle(
    account: Account, place: str, key: DeliveryKey, form: Message, sleep: Callable[[float], Awaitable[None]]
) -> Receipt | Failure:
    """Post one form until it is known whether it was posted, three times at most. A failure proves that it was not,
    or leaves it open."""
    first: Failure | None = None
    for attempt in range(1 + _REPEATS):
        if attempt:
            await sleep(_PAUSE)
        try:
            answer = await account.call("POST", f"/channels/{place}/messages", form)
        except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
            found = failure(error)
        else:
            return receipt(answer, place, key)
        account.obey(found)
        if found.proof is Proof.DELETED:
            return not_sent(found)
        first = first or found  # what is said of a repeat tells nothing about the try before
        if found.proof is not Proof.UNKNOWN:
            break
    assert first, "it was tried"
    return first


def _not_opened(account: Account, found: Failure) -> Receipt:
    """The verdict if not even the place could be found: nothing was posted, and what is wrong is not the message."""
    account.obey(found)
    verdict = not_sent(found)
    lost = verdict.channel_lost or verdict.permanent
    return Receipt(Outcome.NOT_SENT, error=verdict.error, retry_after=verdict.retry_after, channel_lost=lost)
