"""What can go wrong with a request whatever is asked: the connection is cut, or the answer comes late or never."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

CarryOut = Callable[[], web.Response]
Fault = Callable[[web.Request, CarryOut], Awaitable[web.StreamResponse]]
"""Answers a request in place of the server; ``CarryOut`` does what was asked and returns the proper answer."""


def drop(*, after: bool = False) -> Fault:
    """Cut the connection, before or ``after`` the request was carried out."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        answer = carry_out() if after else web.Response()
        if request.transport is not None:
            request.transport.abort()
        return answer

    return fault


def hang() -> Fault:
    """Never answer and never carry it out; ends when the client gives up."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        await given_up(request)
        return web.Response()

    return fault


def late(seconds: float = 0.0) -> Fault:
    """Answer nothing, and carry it out so many seconds after the client gave up."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        await given_up(request)
        await asyncio.sleep(seconds)
        return carry_out()

    return fault


def slow(seconds: float) -> Fault:
    """Answer properly, but only after so many seconds."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        await asyncio.sleep(seconds)
        return carry_out()

    return fault


async def given_up(request: web.Request) -> None:
    """Wait until the client does not wait any more."""
    while request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.01)
