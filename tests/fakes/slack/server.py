"""A fake Slack: its Web API, Socket Mode, response URLs and uploads on one port of 127.0.0.1."""

from __future__ import annotations

from email.utils import formatdate
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.places import Places
from tests.fakes.slack.response_urls import ResponseUrls
from tests.fakes.slack.web_api import WebApi


class FakeSlack(Places):
    """``async with FakeSlack() as slack:`` serves on a free port. ``slack.workspace()`` has the tokens; ``slack.user``
    and ``slack.channel`` make people and places; ``slash``, ``click`` and so on are what people do."""

    async def __aenter__(self) -> Self:
        self.response_urls = ResponseUrls(self, lambda: self.url)
        api = WebApi(self, METHODS, lambda: self.url)
        app = web.Application(client_max_size=16 * 2**20)
        app.on_response_prepare.append(self._date)
        app.add_routes(
            [
                web.route("*", "/api/{method}", api.serve),
                web.get("/link/", self._link),
                web.post("/commands/{path:.*}", self.response_urls.serve),
                web.post("/actions/{path:.*}", self.response_urls.serve),
                web.post("/upload/{team}/{file}", self._upload),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop_background()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The value of chat.slack.api_url."""
        return f"{self.url}/api/"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        app_id, ticket = request.query.get("app_id"), request.query.get("ticket", "")
        sockets = next((home.sockets for home in self.workspaces.values() if home.app_id == app_id), None)
        if sockets is None or ticket not in sockets.tickets:
            return web.Response(status=403)
        return await sockets.serve(request)

    async def _upload(self, request: web.Request) -> web.Response:
        home = next(home for home in self.workspaces.values() if home.id == request.match_info["team"])
        file = home.files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404)
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        """Slack's clock is the fake's."""
        response.headers["Date"] = formatdate(self.now(), usegmt=True)
