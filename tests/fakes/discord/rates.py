"""How much Discord takes: a bucket per route and place, so many requests a second in all, and so many invalid ones."""

from __future__ import annotations

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field

MESSAGES = "/channels/{channel}/messages"
LIMITS: dict[tuple[str, str], tuple[int, float]] = {
    ("POST", MESSAGES): (5, 5.0),
    ("PATCH", f"{MESSAGES}/{{message}}"): (5, 5.0),
    ("DELETE", f"{MESSAGES}/{{message}}"): (5, 1.0),
    ("GET", MESSAGES): (5, 1.0),
    ("POST", f"{MESSAGES}/{{message}}/crosspost"): (10, 3600.0),
    ("PUT", f"{MESSAGES}/{{message}}/reactions/{{emoji}}/@me"): (1, 0.25),
    ("POST", "/webhooks/{webhook}/{token}"): (5, 2.0),
}
"""Requests and seconds by method and route. Discord publishes none of them but tells them in headers; these are what
others have seen. A route that is not named has no limit here but the global one."""

INVALID_WINDOW = 600.0
BAN = 3600.0


@dataclass
class Bucket:
    """One route in one place: ``used`` requests of ``limit`` until ``reset``."""

    limit: int
    seconds: float
    name: str
    used: int = 0
    reset: float = 0.0

    def headers(self, now: float) -> dict[str, str]:
        """What Discord says of the bucket with every answer."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{self.reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, self.reset - now):.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass
class Rates:
    """The application's limits. ``per_second`` is the global one; ``invalid`` counts the answers 401, 403 and 429, of
    which ``most_invalid`` within 10 minutes get the address banned for an hour."""

    limits: dict[tuple[str, str], tuple[int, float]] = field(default_factory=lambda: dict(LIMITS))
    per_second: float = 50
    most_invalid: int = 10_000
    invalid: int = 0
    banned_until: float = -math.inf
    _buckets: dict[str, Bucket] = field(default_factory=dict, repr=False)
    _recent: deque[float] = field(default_factory=deque, repr=False)
    _recent_invalid: deque[float] = field(default_factory=deque, repr=False)

    def lift(self) -> None:
        """Take whatever comes from now on."""
        self.limits.clear()
        self._buckets.clear()
        self.per_second = math.inf
        self.banned_until = -math.inf

    def bucket(self, method: str, route: str, place: str) -> Bucket | None:
        """The bucket a request falls into; None when its route has no limit."""
        limit = self.limits.get((method, route))
        if limit is None:
            return None
        name = hashlib.md5(f"{method} {route}".encode()).hexdigest()
        return self._buckets.setdefault(f"{name}:{place}", Bucket(*limit, name))

    def wait(self, bucket: Bucket | None, now: float) -> float:
        """Seconds until this request is taken; 0: it is taken now, and counted."""
        if bucket is None:
            return 0.0
        if now >= bucket.reset:
            bucket.used, bucket.reset = 0, now + bucket.seconds
        if bucket.used >= bucket.limit:
            return max(0.001, bucket.reset - now)
        bucket.used += 1
        return 0.0

    def wait_for_all(self, now: float) -> float:
        """Seconds until anything is taken; 0: this request is, and counted."""
        _forget(self._recent, now - 1)
        if len(self._recent) >= self.per_second:
            return max(0.001, self._recent[0] + 1 - now)
        self._recent.append(now)
        return 0.0

    def count_invalid(self, now: float) -> None:
        """An answer was 401, 403 or 429."""
        self.invalid += 1
        self._recent_invalid.append(now)
        _forget(self._recent_invalid, now - INVALID_WINDOW)
        if len(self._recent_invalid) >= self.most_invalid:
            self.banned_until = now + BAN


def _forget(times: deque[float], until: float) -> None:
    while times and times[0] <= until:
        times.popleft()
