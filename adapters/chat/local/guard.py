"""Keeps other sites out of the local chat: only requests that name this very server are answered.

The Host check stops DNS rebinding; Origin and Sec-Fetch-Site stop other pages of the same browser.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from adapters.chat.local.commands import BadRequest

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def guarded(handler: Handler) -> Handler:
    """Refuse foreign requests, answer mistakes with JSON, and put the security headers on every answer."""

    async def guard(request: web.Request) -> web.StreamResponse:
        response = await _answer(request, handler)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if problem := foreign(request):
        return failure(403, problem)
    try:
        return await handler(request)
    except BadRequest as error:
        return failure(400, str(error))
    except web.HTTPException as error:
        return failure(error.status, error.reason)
    except Exception:  # noqa: BLE001 - the top of one request: the caller gets JSON whatever happened
        _log.exception("the local chat could not answer %s", request.path)
        return failure(500, "Something went wrong; the log says more.")


def failure(status: int, reason: str) -> web.Response:
    """Make a JSON answer that says what is wrong."""
    return web.json_response({"error": reason}, status=status)


def foreign(request: web.Request) -> str | None:
    """Say why a request does not come from this server's own page or a local program; None if it does."""
    host = request.headers.get("Host", "")
    if not _is_ours(host, request):
        return "This chat answers only under its own loopback address."
    if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
        return "Requests from other origins are refused."
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return "Requests from other sites are refused."
    return None


def _is_ours(host: str, request: web.Request) -> bool:
    """Whether a Host header is a loopback name with the port that is really bound."""
    bound = request.transport.get_extra_info("sockname") if request.transport else None
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return False
    return bound is not None and port == bound[1] and "@" not in host and _is_loopback(name)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
