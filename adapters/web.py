"""The small web server that the adapters share: /healthz, /readyz, /metrics, and what they mount."""

from __future__ import annotations

import errno
import socket
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from adapters.metrics import CONTENT_TYPE
from bot.errors import ConfigurationError

_GRACE = 0.5
"""Seconds that running requests and, once more, their cancellation may take when the server stops; open event
streams always take them."""


class WebServer:
    """Serves ``host:port``; port 0 means any free one. ``ready`` says why the bot is not ready, or None; ``metrics``
    gives what is served at /metrics, if anything."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        ready: Callable[[], str | None] = lambda: None,
        metrics: Callable[[], Awaitable[bytes]] | None = None,
    ) -> None:
        self.app = web.Application()
        self._host = host
        self._port = port
        self._ready = ready
        self._metrics = metrics
        self._runner: web.AppRunner | None = None
        self.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._get_metrics),
            ]
        )

    def add_routes(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Mount further routes, before the start."""
        self.app.add_routes(routes)

    @property
    def port(self) -> int:
        """The real port once started."""
        addresses = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else self._port

    async def start(self) -> None:
        """Listen. Raises ConfigurationError if the address cannot be had."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=_GRACE)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise ConfigurationError(_explain(self._host, self._port, error)) from error
        self._runner = runner

    async def stop(self) -> None:
        """Stop listening and end every request, open event streams too, within two seconds."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _request: web.Request) -> web.Response:
        problem = self._ready()
        return web.Response(text=problem or "ok", status=503 if problem else 200)

    async def _get_metrics(self, _request: web.Request) -> web.Response:
        if self._metrics is None:
            raise web.HTTPNotFound
        return web.Response(body=await self._metrics(), headers={"Content-Type": CONTENT_TYPE})


async def problem_with(host: str, port: int) -> str | None:
    """Why a server could not listen there, or None."""
    server = WebServer(host, port)
    try:
        await server.start()
    except ConfigurationError as error:
        return str(error)
    await server.stop()
    return None


def _explain(host: str, port: int, error: OSError) -> str:
    where = f"Port {port} on {host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program; stop that program or choose another port"
    if error.errno == errno.EACCES:
        return f"{where} needs special rights; choose one from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"{host} is not an address of this machine; choose 127.0.0.1 or 0.0.0.0"
    return f"Cannot listen on {host}, port {port}: {error.strerror}"
