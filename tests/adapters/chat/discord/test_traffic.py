"""What is counted of Discord's answers, on a clock of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from adapters.chat.discord.traffic import Traffic
from tests.adapters.chat.discord.accounts import utc_now

MOST = 100


class Server:
    """Answers each request with a status; ``told`` are headers to give."""

    def __init__(self, traffic: Traffic) -> None:
        self.status, self.told = 403, dict[str, str]()
        self.traffic = traffic
        self.address = ""
        self.session: aiohttp.ClientSession

    async def answer(self, _: web.Request) -> web.Response:
        return web.Response(status=self.status, headers=self.told)

    async def ask(self, times: int = 1) -> None:
        for _ in range(times):
            async with self.session.get(self.address):
                pass


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[Server]:
    serving = Server(Traffic(utc_now, clock))
    app = web.Application()
    app.add_routes([web.get("/", serving.answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    serving.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    async with aiohttp.ClientSession(trace_configs=[serving.traffic.trace()]) as serving.session:
        yield serving
    await runner.cleanup()


async def test_a_hundred_invalid_requests_are_borne_and_one_more_is_not(server: Server, clock: Clock) -> None:
    await server.ask(MOST)
    assert (server.traffic.pause(), server.traffic.trouble()) == (0, None)
    server.status = 401
    await server.ask()
    assert server.traffic.pause() == 600
    assert (server.traffic.trouble() or "").startswith("Discord refused more than 100 requests within 10 minutes")
    clock.now += 599
    assert server.traffic.pause() == 1
    clock.now += 1
    assert (server.traffic.pause(), server.traffic.trouble()) == (0, None)


async def test_a_few_in_each_ten_minutes_are_borne_for_ever(server: Server, clock: Clock) -> None:
    for _ in range(6):
        await server.ask(MOST // 2)
        clock.now += 310
        assert server.traffic.pause() == 0


@pytest.mark.parametrize("status", [200, 204, 400, 404, 500])
async def test_other_answers_are_not_counted(server: Server, status: int) -> None:
    server.status = status
    await server.ask(MOST + 10)
    assert server.traffic.pause() == 0


async def test_a_limit_that_all_bots_share_is_nobodys_fault(server: Server) -> None:
    server.status, server.told = 429, {"X-RateLimit-Scope": "shared"}
    await server.ask(MOST + 10)
    assert server.traffic.pause() == 0
    server.told = {"X-RateLimit-Scope": "user"}
    await server.ask(MOST + 1)
    assert server.traffic.pause() > 0


async def test_an_odd_date_is_no_time(server: Server) -> None:
    server.told = {"Date": "yesterday"}
    await server.ask()
    moment = utc_now()
    assert server.traffic.discord_time(moment) == moment
