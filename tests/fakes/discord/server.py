"""A fake Discord: its REST API and its gateway on one port of 127.0.0.1."""

from __future__ import annotations

from email.utils import formatdate
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.discord.places import Places
from tests.fakes.discord.rest import PREFIX, Rest
from tests.fakes.discord.routes import ROUTES


class FakeDiscord(Places):
    """``async with FakeDiscord() as discord:`` serves on a free port. ``discord.token`` is the bot's; ``discord.user``
    and ``discord.channel`` make people and places; ``slash``, ``click`` and so on are what people do. Limits
    are kept by the fake's clock: with one that stands still, call ``rates.lift()``."""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 2**20)
        app.on_response_prepare.append(self._date)
        app.add_routes(
            [web.get("/gateway", self.gateway.serve), web.route("*", "/{path:.*}", Rest(self, ROUTES).serve)]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop()
        await self._runner.cleanup()
        if self.crashes and error is None:
            raise ExceptionGroup("the fake itself failed", self.crashes)

    @property
    def api_url(self) -> str:
        """The value of chat.discord.api_url, and discord.http.Route.BASE."""
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        """Discord's clock is the fake's."""
        response.headers["Date"] = formatdate(self.now(), usegmt=True)
