"""HTTP mode: Slack's signed requests at /slack/events, each given to the workspace whose secret signed it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_sdk.signature import SignatureVerifier

from adapters.chat.slack.listening import Listener

_LONGEST_TIMESTAMP = 12
_LONGEST_CHECK = 500


class EventsPage:
    """The request URL of all workspaces. A body may have 1 MB, which is what the web server takes."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = [
            (SignatureVerifier(listener.workspace.settings.signing_secret.get_secret_value()), listener)
            for listener in listeners
        ]

    def routes(self) -> list[web.AbstractRouteDef]:
        """What is served."""
        return [web.post("/slack/events", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if (listener := self._signer(request, body)) is None:
            return web.Response(status=200 if _is_ssl_check(body) else 401)
        if not listener.workspace.is_identified:
            return web.Response(status=503)  # Slack tries again
        response = await listener.app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)

    def _signer(self, request: web.Request, body: bytes) -> Listener | None:
        """Whose secret signed it, within the last five minutes."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
            return None
        if not signature.isascii():
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        signed = (listener for verifier, listener in self._listeners if verifier.is_valid(text, timestamp, signature))
        return next(signed, None)


def _is_ssl_check(body: bytes) -> bool:
    """Slack looks after the certificate now and then, without a signature (facts: slack.md, 4)."""
    return len(body) <= _LONGEST_CHECK and b"ssl_check=1" in body.split(b"&")
