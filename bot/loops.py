"""The bot's loops: each does its step again and again, outlives its failures, and is watched."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.delivering import TROUBLE_PAUSE

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watched:
    """When a loop last ended a step, and last did one without failure (seconds), and how long either may take."""

    within: float
    turned: float
    succeeded: float


class Loops:
    """Runs steps for ever. ``clock`` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []
        self._watched: dict[str, _Watched] = {}

    def start(
        self,
        interval: timedelta,
        step: Callable[[], Awaitable[None]],
        wake: asyncio.Event | None = None,
        *,
        name: str = "",
        within: timedelta | None = None,
    ) -> None:
        """Do a step now, then after each interval or as soon as something wakes it. With ``within``, the loop of this
        name counts as stuck once it has not ended a step for so long beyond its interval."""
        if within is not None:
            now = self._clock()
            self._watched[name] = _Watched((interval + within).total_seconds(), now, now)
        loop = self._run(interval, wake or asyncio.Event(), step, self._watched.get(name))
        self._tasks.append(asyncio.create_task(loop))

    @property
    def stuck(self) -> list[str]:
        """The watched loops that have not ended a step in time."""
        now = self._clock()
        return [name for name, watched in self._watched.items() if now - watched.turned > watched.within]

    @property
    def failing(self) -> list[str]:
        """The watched loops that have done no step without failure in time."""
        now = self._clock()
        return [name for name, watched in self._watched.items() if now - watched.succeeded > watched.within]

    async def stop(self) -> None:
        """End them all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(
        self, interval: timedelta, wake: asyncio.Event, step: Callable[[], Awaitable[None]], watched: _Watched | None
    ) -> None:
        """A failure is logged, and followed by a pause, so that a full disk does not fill the log as well."""
        while True:
            wake.clear()
            pause = interval
            try:
                await step()
            except Exception:  # noqa: BLE001 - the loop outlives whatever its step does
                _log.exception("a step failed; it is tried again")
                pause = max(interval, TROUBLE_PAUSE)
            else:
                if watched:
                    watched.succeeded = self._clock()
            if watched:
                watched.turned = self._clock()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), pause.total_seconds())
