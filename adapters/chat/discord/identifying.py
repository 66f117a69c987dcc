"""How often the bot may begin a session: Discord takes the token away after 1,000 a day (facts: discord.md, 7)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.ports import Memory

_NAME = "discord.identifies"
_BUDGET = ((3600.0, 20), (86400.0, 200))
"""Within so many seconds, at most so many."""


class IdentifyBudget:
    """Counts over restarts, for a bot that keeps crashing spends most. ``step``: after how many seconds
    the clock is looked at again."""

    def __init__(self, memory: Memory, now: Callable[[], datetime], step: float = 60.0) -> None:
        self._memory = memory
        self._now = now
        self._step = step
        self._waits = False

    def trouble(self) -> str | None:
        """Why no session is begun now, or None."""
        if not self._waits:
            return None
        return "the bot has connected too often; it waits, for Discord takes its token away after 1,000 times a day"

    async def is_spent(self) -> bool:
        """Whether a session has to wait."""
        return _rest(await self._times(), self._now().timestamp()) > 0

    async def wait(self) -> None:
        """Return when a session may begin."""
        try:
            while rest := _rest(await self._times(), self._now().timestamp()):
                self._waits = True
                await asyncio.sleep(min(rest, self._step))
        finally:
            self._waits = False

    async def spend(self) -> None:
        """Wait until a session may begin, and count it."""
        await self.wait()
        now = self._now().timestamp()
        longest = max(window for window, _ in _BUDGET)
        times = [time for time in await self._times() if time > now - longest]
        await self._memory.set(_NAME, json.dumps([*times, round(now)]))

    async def _times(self) -> list[float]:
        """When sessions began, the oldest first; none later than now, whatever the clock said then."""
        now = self._now().timestamp()
        return [min(time, now) for time in json.loads(await self._memory.get(_NAME) or "[]")]


def _rest(times: Sequence[float], now: float) -> float:
    """Seconds until one more fits into each window; 0 if it does now."""
    rest = 0.0
    for window, most in _BUDGET:
        recent = [time for time in times if time > now - window]
        if len(recent) >= most:
            rest = max(rest, recent[-most] + window - now)
    return rest
