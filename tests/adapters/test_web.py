from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from adapters.web import WebServer
from bot.errors import ConfigurationError


@asynccontextmanager
async def running(server: WebServer) -> AsyncIterator[WebServer]:
    await server.start()
    yield server
    await server.stop()


async def fetch(server: WebServer, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}{path}") as response:
        return response.status, await response.text()


async def test_health_is_ok_while_the_loop_lives() -> None:
    async with running(WebServer("127.0.0.1", 0, ready=lambda: "starting")) as server:
        assert await fetch(server, "/healthz") == (200, "ok")


async def test_readiness_follows_the_reason_not_to_be_ready() -> None:
    reasons: list[str | None] = ["the database is being checked", None]
    async with running(WebServer("127.0.0.1", 0, ready=lambda: reasons.pop(0))) as server:
        assert await fetch(server, "/readyz") == (503, "the database is being checked")
        assert await fetch(server, "/readyz") == (200, "ok")


async def test_adapters_mount_their_routes_before_the_start() -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    server = WebServer("127.0.0.1", 0)
    server.add_routes([web.get("/hello", hello)])
    async with running(server):
        assert await fetch(server, "/hello") == (200, "hello")
        assert (await fetch(server, "/other"))[0] == 404


async def test_a_taken_port_is_named_with_what_to_do() -> None:
    async with running(WebServer("127.0.0.1", 0)) as first:
        second = WebServer("127.0.0.1", first.port)
        with pytest.raises(ConfigurationError, match=f"Port {first.port} on 127.0.0.1 is taken.*choose another port"):
            await second.start()
        await second.stop()
        assert await fetch(first, "/healthz") == (200, "ok")


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
async def test_a_foreign_address_is_a_configuration_error(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{host} is not an address of this machine"):
        await WebServer(host, 0).start()


async def test_an_open_event_stream_does_not_hold_up_the_stop() -> None:
    ended = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: open\n\n")
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return response

    server = WebServer("127.0.0.1", 0)
    server.add_routes([web.get("/events", stream)])
    await server.start()
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}/events") as response:
        assert await response.content.readline() == b"data: open\n"
        async with asyncio.timeout(2):
            await server.stop()
        assert ended.is_set()


async def test_a_running_request_is_finished_before_the_stop() -> None:
    arrived = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        arrived.set()
        await asyncio.sleep(0.05)
        return web.Response(text="done")

    server = WebServer("127.0.0.1", 0)
    server.add_routes([web.get("/slow", slow)])
    await server.start()
    asking = asyncio.create_task(fetch(server, "/slow"))
    await arrived.wait()
    await server.stop()
    assert await asking == (200, "done")


async def test_stopping_twice_or_without_a_start_is_harmless() -> None:
    server = WebServer("127.0.0.1", 0)
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()
