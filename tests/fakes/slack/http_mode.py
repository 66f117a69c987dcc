"""HTTP mode: Slack posts signed requests to the app."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.sockets import ACK_SECONDS, Ack

FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The header X-Slack-Signature."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return f"v0={digest}"


async def post_signed(
    url: str,
    body: bytes,
    secret: str,
    *,
    content_type: str = "application/json",
    timestamp: str | None = None,
    headers: dict[str, str] | None = None,
    seconds: float = ACK_SECONDS,
) -> Ack:
    """Post a body as Slack does; the ``payload`` of the result is the answer's JSON or else its text. A wrong secret
    makes a bad signature; ``timestamp`` is now unless given."""
    stamp = timestamp if timestamp is not None else str(int(time.time()))
    sent = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
        **(headers or {}),
    }
    loop = asyncio.get_running_loop()
    start = loop.time()
    try:
        async with (
            asyncio.timeout(seconds),
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=sent) as response,
        ):
            text = await response.text()
            return Ack(response.ok, loop.time() - start, _read(text), response.status)
    except (TimeoutError, aiohttp.ClientError):
        return Ack(ok=False, seconds=loop.time() - start)


def encoded(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    """The body and content type of a payload: events are JSON, slash commands a form, the rest JSON in a form."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), FORM


def _read(text: str) -> Any:
    with suppress(ValueError):
        return json.loads(text)
    return text or None
