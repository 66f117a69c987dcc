"""The real discord.py, as a client of a fake Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord import FakeDiscord


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """Let discord.py talk to this fake: its addresses are variables of two classes."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


class Client(discord.Client):
    """A client that does not wait 5 seconds before it identifies again, and keeps what it is told."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{"intents": discord.Intents(guilds=True), "guild_ready_timeout": 0.01, **how})
        self.told: list[str] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    async def on_socket_event_type(self, event: str) -> None:
        self.told.append(event)


@asynccontextmanager
async def logged_in(fake: FakeDiscord) -> AsyncIterator[Client]:
    """A client that knows REST only."""
    async with Client() as client:
        await client.login(fake.token)
        yield client


@asynccontextmanager
async def connected(fake: FakeDiscord, client: discord.Client | None = None) -> AsyncIterator[discord.Client]:
    """A client whose gateway is ready."""
    async with client or Client() as running:
        task = asyncio.create_task(running.start(fake.token))
        try:
            await fake.until(lambda: fake.gateway.ready or task.done())
            await asyncio.wait_for(running.wait_until_ready(), 5)
            yield running
        finally:
            await running.close()
            await asyncio.gather(task, return_exceptions=True)


async def refusal(call: Awaitable[Any]) -> discord.HTTPException:
    """What Discord said when it refused."""
    with pytest.raises(discord.HTTPException) as refused:
        await call
    return refused.value


async def code(call: Awaitable[Any]) -> int:
    """The code with which Discord refused."""
    return (await refusal(call)).code


async def call(fake: FakeDiscord, method: str, path: str, body: Any = None, **form: Any) -> tuple[int, int | None]:
    """The status and the error code of any request."""
    headers = {"Authorization": f"Bot {fake.token}", "User-Agent": "DiscordBot (https://example.org, 1)"}
    async with aiohttp.ClientSession(headers=headers) as session:
        sent = body or form or None
        async with session.request(method, fake.api_url + path, json=sent) as answer:
            said = await answer.json() if answer.status != 204 else {}
            return answer.status, said.get("code") if isinstance(said, dict) else None
