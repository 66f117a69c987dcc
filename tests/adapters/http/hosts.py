"""Servers on loopback with scripted replies, and a clock that moves only when somebody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.http import HttpClient, Lane

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = 3600
Reply = web.StreamResponse | Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps."""

    seconds: float = 0.0

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class Host:
    """A server on loopback that gives the scripted replies one after the other, and ``ok`` when they are used up."""

    time: FakeTime
    replies: list[Reply] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.forms.append(dict(await request.post()))
        self.starts.append(self.time.clock())
        reply = self.replies.pop(0) if self.replies else web.Response(text="ok")
        return reply if isinstance(reply, web.StreamResponse) else await reply(request)


@asynccontextmanager
async def serving(time: FakeTime) -> AsyncIterator[Host]:
    host = Host(time)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", host.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield host
    await runner.cleanup()


@asynccontextmanager
async def raw_server(*chunks: bytes, pause: float = 0.0) -> AsyncIterator[str]:
    """Answers every request with the chunks, waiting after each, and cuts the connection."""

    running: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(pause)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.create_task(answer(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await asyncio.gather(*running)


def a_client(time: FakeTime, **changes: Any) -> HttpClient:
    settings: dict[str, Any] = {
        "contact": "team@example.org",
        "allow_loopback": True,
        "clock": time.clock,
        "now": time.now,
        "sleep": time.sleep,
        "random": lambda low, _high: low,
    }
    return HttpClient(**settings | changes)


@asynccontextmanager
async def a_lane(time: FakeTime, url: str, gap: float = 0.0, **changes: Any) -> AsyncIterator[Lane]:
    async with a_client(time, **changes) as client:
        yield client.lane(url, gap=gap)


def status(code: int, **headers: str) -> web.Response:
    return web.Response(status=code, headers={name.replace("_", "-"): value for name, value in headers.items()})
