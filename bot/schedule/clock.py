"""A guard against a machine's clock that is wrong: nothing is posted while it cannot be trusted (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_JUMP = timedelta(minutes=5)
"""How far the clock may stray from the time that has passed (facts/delivery.md 3.6)."""

MOST_OFFSET = timedelta(minutes=10)
"""How far the clock may differ from an HTTP server's Date (the same)."""


class ClockGuard:
    """Compares the wall clock with a reference time that is carried on by a monotonic clock.

    1. The reference is the wall clock at the start. A clock more than 5 minutes off it has jumped: suspicious.
    2. A Date heard from a server that is within 10 minutes of the wall clock confirms it: the wall clock is the new
       reference, and whatever jump there was is over. This heals a clock that was set right, and a laptop that woke
       up (its monotonic clock may have stood still meanwhile, which looks like a jump).
    3. A Date further off becomes the reference itself: the clock stays suspicious until it comes within 5 minutes of
       that (somebody set it right, or it jumped back), or until a later Date confirms it.

    A wrong clock at the start is so found by the first Date, not before. ``monotonic`` is in seconds. Moments are
    aware. Do not pass a Date that came out of a cache (an answer with an Age): it is that of the first delivery.
    """

    def __init__(self, wall: datetime, monotonic: float) -> None:
        self._reference = wall
        self._taken_at = monotonic
        self._by_server = False

    def heard(self, server_date: datetime, wall: datetime, monotonic: float) -> None:
        """A server's answer said ``server_date`` when the clocks here showed the other two."""
        self._by_server = abs(server_date - wall) > MOST_OFFSET
        self._reference = server_date if self._by_server else wall
        self._taken_at = monotonic

    def suspicious(self, wall: datetime, monotonic: float) -> str | None:
        """What is wrong with the clock, in a sentence for managers and the log, or None."""
        off = wall - self._reference - timedelta(seconds=monotonic - self._taken_at)
        if abs(off) <= MOST_JUMP:
            return None
        direction = "ahead" if off > timedelta() else "back"
        if self._by_server:
            direction = "ahead of" if off > timedelta() else "behind"
            return f"This machine's clock is {_rough(abs(off))} {direction} the sources' servers. Nothing is posted."
        return (
            f"This machine's clock jumped {_rough(abs(off))} {direction}. Nothing is posted until a server confirms it."
        )


def _rough(span: timedelta) -> str:
    """Return ``7 minutes``, ``3 hours`` or ``2 days``."""
    minutes = span // timedelta(minutes=1)
    if minutes < 2 * 60:
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 2 * 24 else f"{hours // 24} days"
