"""What Discord's answers tell of our requests: how its clock stands, and how many of them it finds invalid."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

_INVALID = frozenset({401, 403, 429})
_WINDOW = 600.0
_MOST_INVALID = 100
"""Within 10 minutes. Discord bans the address of who has 10,000 (facts: discord.md, 3)."""


class Traffic:
    """Hears every answer of the sessions that are made with its ``trace()``. ``clock`` gives seconds that never run
    backwards."""

    def __init__(self, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._clock = clock
        self._invalid = deque[float](maxlen=_MOST_INVALID + 1)
        self._offset: timedelta | None = None

    def trace(self) -> aiohttp.TraceConfig:
        """What makes a session heard."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._hear)
        return trace

    def pause(self) -> float:
        """Seconds in which nothing more should be asked for; 0 if there is no need to rest."""
        if len(self._invalid) <= _MOST_INVALID or self._invalid[-1] - self._invalid[0] > _WINDOW:
            return 0.0
        return max(0.0, self._invalid[-1] + _WINDOW - self._clock())

    def trouble(self) -> str | None:
        """Why the bot is silent, or None."""
        if not self.pause():
            return None
        return (
            f"Discord refused more than {_MOST_INVALID} requests within 10 minutes; the bot posts nothing for as long, "
            "so that its address is not banned"
        )

    def discord_time(self, moment: datetime) -> datetime:
        """A moment of our clock as Discord's clock had it, or a little before."""
        return moment + (self._offset or timedelta(0))

    async def _hear(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        response = end.response
        if response.status in _INVALID and response.headers.get("X-RateLimit-Scope") != "shared":
            self._invalid.append(self._clock())
        try:
            heard = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return
        offset = heard - self._now()
        # The furthest that our clock was ahead: whoever sets it right moves no message out of sight.
        self._offset = offset if self._offset is None else min(self._offset, offset)
