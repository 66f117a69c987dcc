"""What can go wrong with a call: before it is carried out, after it, or in place of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.connections import CarryOut, Fault, drop, hang, late, slow

__all__ = [
    "CarryOut",
    "Fault",
    "Faults",
    "drop",
    "error",
    "hang",
    "late",
    "ratelimited",
    "slow",
    "status",
    "too_many",
]


def error(word: str, *, after: bool = False) -> Fault:
    """Answer ``{"ok": false, "error": word}`` with status 200, before or ``after`` the call was carried out."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        if after:
            carry_out()
        return web.json_response({"ok": False, "error": word})

    return fault


def status(code: int, body: str = "", *, after: bool = False) -> Fault:
    """Answer a bare HTTP status with an HTML body, before or ``after`` the call was carried out."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        if after:
            carry_out()
        page = body or f"<html><body><h1>{code}</h1></body></html>"
        return web.Response(status=code, text=page, content_type="text/html")

    return fault


def ratelimited(seconds: int = 1) -> Fault:
    """Answer 429 with Retry-After."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        return too_many(seconds)

    return fault


def too_many(seconds: int) -> web.Response:
    """Slack's answer to one call too many."""
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


@dataclass
class _Planned:
    method: str
    fault: Fault
    times: int


@dataclass
class Faults:
    """Which calls go wrong: the next ones of a method, or a share of them. "*" is every method, "response_url" the
    posts to one."""

    seed: int = 1
    _planned: list[_Planned] = field(default_factory=list)
    _shares: list[tuple[str, float, tuple[Fault, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def fail_next(self, method: str, *faults: Fault, times: int = 1) -> None:
        """Let the next calls of this method meet these faults, one after the other, each ``times`` times."""
        self._planned += [_Planned(method, fault, times) for fault in faults]

    def fault_share(self, method: str, share: float, *faults: Fault) -> None:
        """Let this share of the method's calls meet one of these faults."""
        self._shares.append((method, share, faults))

    def mend(self) -> None:
        """Let nothing go wrong from now on."""
        self._planned.clear()
        self._shares.clear()

    def of(self, method: str) -> Fault | None:
        """The fault this call meets."""
        for planned in self._planned:
            if planned.times and planned.method in {method, "*"}:
                planned.times -= 1
                return planned.fault
        for name, share, faults in self._shares:
            if name in {method, "*"} and self._random.random() < share:
                return self._random.choice(faults)
        return None
