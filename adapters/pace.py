"""How fast a platform is written to or read: everybody gets a turn, first come, first served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_MANY = 1000


@dataclass(slots=True)
class _Lane:
    """A channel: who is next, when it takes the next message, and how many wait."""

    free_at: float = 0.0
    waiting: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Turns on a platform. ``gap`` is kept between any two of them, ``channel_gap`` between two of one channel
    (seconds); ``clock`` gives seconds that never run backwards."""

    def __init__(
        self,
        gap: float,
        channel_gap: float = 0.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = gap
        self._channel_gap = channel_gap
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0
        self._lanes: dict[str, _Lane] = {}
        self._gate = asyncio.Lock()

    async def turn(self, channel: str) -> None:
        """Wait for a turn in a channel. Who stops waiting takes none."""
        lane = self._lanes.setdefault(channel, _Lane())
        lane.waiting += 1
        try:
            async with lane.lock:
                await self._wait_until(lambda: lane.free_at)
                async with self._gate:  # only who could write at once waits here, so no channel delays another
                    await self._wait_until(lambda: self._free_at)
                    now = self._clock()
                    self._free_at, lane.free_at = now + self._gap, now + self._channel_gap
        finally:
            lane.waiting -= 1
            self._forget()

    def hold(self, seconds: float) -> None:
        """Let nobody have a turn for so long, also those who wait already: a server's Retry-After."""
        self._free_at = max(self._free_at, self._clock() + seconds)

    async def _wait_until(self, moment: Callable[[], float]) -> None:
        while (rest := moment() - self._clock()) > 0:
            await self._sleep(rest)

    def _forget(self) -> None:
        if len(self._lanes) > _MANY:
            now = self._clock()
            self._lanes = {name: lane for name, lane in self._lanes.items() if lane.waiting or lane.free_at > now}
