"""Tells systemd and a watching service that the bot is alive, as long as its loops are."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta

from adapters.heartbeat import Heartbeat, Supervisor
from adapters.http import HttpClient
from bot.loops import Loops

SUPERVISOR_STEP = timedelta(seconds=10)
HEARTBEAT_STEP = timedelta(minutes=5)
_log = logging.getLogger(__name__)


class Vigil:
    """Watches the loops. ``well`` says whether the bot can do its work; without ``url`` no heartbeat is sent."""

    def __init__(self, loops: Loops, http: HttpClient, url: str, well: Callable[[], Awaitable[bool]]) -> None:
        self._loops = loops
        self._well = well
        self._heartbeat = Heartbeat(http, url) if url else None
        self._supervisor = Supervisor(os.environ.get("NOTIFY_SOCKET", ""))

    def begin(self) -> None:
        """Say that the bot is ready, and go on saying that it is alive."""
        self._supervisor.tell("READY=1")
        self._loops.start(SUPERVISOR_STEP, self._tell_supervisor)
        if self._heartbeat:
            self._loops.start(HEARTBEAT_STEP, self.beat)

    def end(self) -> None:
        """Say that the bot stops because it was told to."""
        self._supervisor.tell("STOPPING=1")

    async def beat(self) -> None:
        """Send the heartbeat, unless something does not work: silence is the alarm."""
        if self._heartbeat and not self._loops.failing and await self._well():
            await self._heartbeat.beat()

    async def _tell_supervisor(self) -> None:
        """A loop that hangs is a reason to start the bot again; one that fails is not."""
        if stuck := self._loops.stuck:
            _log.error("stuck: %s", ", ".join(stuck))
        else:
            self._supervisor.tell("WATCHDOG=1")
