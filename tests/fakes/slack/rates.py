"""How much Slack takes: a pace per channel for posting, and calls a minute per method."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

POSTING = frozenset({"chat.postMessage"})
TIERS: dict[str, int] = {
    "chat.postMessage": 300,
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "conversations.open": 50,
    "conversations.members": 100,
    "conversations.list": 20,
    "users.info": 100,
    "users.conversations": 50,
    "team.info": 50,
    "reactions.add": 50,
    "views.open": 100,
    "views.push": 100,
    "views.publish": 100,
    "views.update": 100,
}
"""Calls a minute of one workspace (docs.slack.dev/apis/web-api/rate-limits); a method not named has no limit here."""


@dataclass
class Rates:
    """One workspace's limits. A message may be posted to a channel every ``interval`` seconds, ``burst`` at once;
    ``per_minute`` holds calls a minute by method."""

    interval: float = 1.0
    burst: int = 5
    per_minute: dict[str, int] = field(default_factory=lambda: dict(TIERS))
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _next: dict[str, float] = field(default_factory=dict)

    def lift(self) -> None:
        """Take whatever comes from now on."""
        self.interval = 0.0
        self.per_minute.clear()

    def wait(self, method: str, channel: str, now: float) -> int:
        """Whole seconds until this call is taken; 0: it is taken now, and counted."""
        calls, limit = self._calls[method], self.per_minute.get(method, math.inf)
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= limit:
            return math.ceil(calls[0] + 60 - now)
        if method in POSTING and self.interval:
            early = self._next.get(channel, 0.0) - (self.burst - 1) * self.interval - now
            if early > 0:
                return math.ceil(early)
            self._next[channel] = max(self._next.get(channel, 0.0), now) + self.interval
        calls.append(now)
        return 0
