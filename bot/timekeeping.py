"""Whether this machine's clock can be trusted, as far as the servers' Dates and the passing of time tell."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.schedule import ClockGuard

LONGEST_WAIT = timedelta(minutes=1)
"""How long the first Date is waited for; without a network there is none."""

_log = logging.getLogger(__name__)


class Timekeeper:
    """Feeds the clock guard. ``now`` is the wall clock; ``monotonic`` gives seconds that never run backwards."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._monotonic = monotonic
        self._guard = ClockGuard(now(), monotonic())
        self._waits_until: float | None = monotonic() + LONGEST_WAIT.total_seconds()
        self._known_problem: str | None = None

    def heard(self, date: datetime) -> None:
        """A server has just told the time."""
        self._guard.heard(date, self._now(), self._monotonic())
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Go by the machine's clock, though no server has told the time."""
        self._waits_until = None

    def find_problem(self) -> str | None:
        """What is wrong with the clock, in a sentence for people; None if nothing is known to be."""
        return self._guard.suspicious(self._now(), self._monotonic())

    def distrust(self) -> str | None:
        """Why nothing new is posted now, or None."""
        if self._waits_until is not None and self._monotonic() < self._waits_until:
            return "No server has told the time yet."
        return self.find_problem()

    def lost_trust(self) -> bool:
        """Whether the clock has become suspicious since the last look; that, and its end, are logged once."""
        known, self._known_problem = self._known_problem, self.find_problem()
        if self._known_problem and not known:
            _log.warning("%s", self._known_problem)
            return True
        if known and not self._known_problem:
            _log.info("This machine's clock is right again; posting goes on.")
        return False
