"""Chat platforms: one folder, one platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from bot.ports import Platform


class ChatPlatform(Platform, Protocol):
    """A platform as the app runs it. ``address`` is the (host, port) it wants its ``routes()`` served at, or None."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it wants to be served."""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """What the platform serves over HTTP."""

    def close(self) -> None:
        """End what is open; messages in flight are finished or given up at once."""
