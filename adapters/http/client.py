"""The HTTP client: one session, one lane per host."""

from __future__ import annotations

import asyncio
import random as chance
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from types import TracebackType
from typing import Self

from yarl import URL

from adapters.http.exchange import Exchange
from adapters.http.lane import Lane, Timing
from adapters.http.redact import redact
from bot.errors import ConfigurationError


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HttpClient:
    """Asks hosts politely; use it as an async context manager.

    ``contact`` is the mail address told to every host. A request takes at most ``timeout`` seconds and an answer at
    most ``max_body`` bytes after decompression; a host that has failed for ``max_wait`` seconds is left alone for a
    while. ``allow_loopback`` permits this machine and any port (tests, demo). ``secrets`` never appear in an error.
    ``heard`` is told each moment that a server says it is.
    """

    def __init__(
        self,
        *,
        contact: str,
        allow_loopback: bool = False,
        timeout: float = 60.0,
        max_body: int = 10 * 2**20,
        max_wait: float = 60.0,
        secrets: Collection[str] = (),
        heard: Callable[[datetime], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[float, float], float] = chance.uniform,
    ) -> None:
        shown = partial(redact, secrets=tuple(secrets))
        self._exchange = Exchange(
            user_agent=f"PaperRound/{version('paperround')}" + (f" (+mailto:{contact})" if contact else ""),
            allow_loopback=allow_loopback,
            timeout=timeout,
            max_body=max_body,
            shown=shown,
            now=now,
            heard=heard,
        )
        self._new_lane = partial(
            Lane, ask=self._exchange.ask, shown=shown, max_wait=max_wait, timing=Timing(clock, now, sleep, random)
        )
        self._lanes: dict[str, Lane] = {}

    def lane(self, base_url: str, *, gap: float) -> Lane:
        """Return the lane of the URL's host and port, with ``gap`` seconds between the starts of its requests; where
        several ask for the same host, the largest gap wins."""
        host = _host_of(base_url)
        lane = self._lanes.setdefault(host, self._new_lane(host, gap))
        lane.gap = max(lane.gap, gap)
        return lane

    async def __aenter__(self) -> Self:
        self._exchange.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._exchange.close()


def _host_of(base_url: str) -> str:
    try:
        url = URL(base_url)
    except ValueError:
        url = URL()
    if url.scheme not in {"http", "https"} or not url.host_port_subcomponent:
        raise ConfigurationError(f"{redact(base_url)} is not a web address; write it as https://host/path")
    return url.host_port_subcomponent
