"""Posting a delivery: one message, in a plainer form only after proof that the fuller one was refused."""

from __future__ import annotations

import json
import logging
from typing import Any

from adapters.chat.slack.verdicts import Failure, Proof, failure, not_sent, receipt
from adapters.chat.slack.workspace import Workspace
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Outcome, Receipt

_log = logging.getLogger(__name__)

Message = dict[str, Any]
"""The arguments of chat.postMessage without the channel."""


def to_bytes(message: Message) -> bytes:
    """The bytes of a message, as they are kept until they are sent."""
    return json.dumps(message, ensure_ascii=False).encode()


async def post(workspace: Workspace, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
    """Send the message of these bytes once; see bot.ports.Platform."""
    try:
        place = await workspace.place(channel)
    except Exception as error:  # noqa: BLE001 - whatever happened: nothing was posted yet
        return _not_opened(workspace, failure(error))
    message: Message = json.loads(payload)
    while True:
        try:
            answer = await workspace.client.chat_postMessage(channel=place, **message)
            return receipt(answer.data, place, key)
        except Exception as error:  # noqa: BLE001 - whatever happened, it is classified
            found = failure(error)
        _obey(workspace, found)
        if (simpler := plainer(message, found.proof)) is None:
            return not_sent(found)
        message = simpler
        _log.warning("%s, %s: %s; sending it in a plainer form", workspace, channel, found.words)


def plainer(message: Message, refused: Proof) -> Message | None:
    """The same message without what was refused, as far as it had any: without its blocks, or with nothing but the
    key in its metadata. None if there is no plainer form (pure)."""
    if refused is Proof.BLOCKS and "blocks" in message:
        return {key: value for key, value in message.items() if key != "blocks"}
    payload = message.get("metadata", {}).get("event_payload", {})
    if refused is Proof.METADATA and payload.keys() - {"k"}:
        return message | {"metadata": message["metadata"] | {"event_payload": {"k": payload["k"]}}}
    return None


def _not_opened(workspace: Workspace, found: Failure) -> Receipt:
    """The verdict if not even the place could be found: nothing was posted, and what is wrong is not the message."""
    _obey(workspace, found)
    verdict = not_sent(found)
    lost = verdict.channel_lost or verdict.permanent
    return Receipt(Outcome.NOT_SENT, error=verdict.error, retry_after=verdict.retry_after, channel_lost=lost)


def _obey(workspace: Workspace, found: Failure) -> None:
    """What Slack takes nothing of now, it takes nothing of from any channel."""
    if found.retry_after is not None:
        workspace.pace.hold(found.retry_after)
