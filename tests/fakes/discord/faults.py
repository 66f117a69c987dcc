"""What can go wrong with a request: before it is carried out, after it, or in place of it."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.connections import CarryOut, Fault, drop, hang, late, slow
from tests.fakes.discord.refusals import Refused

__all__ = [
    "CarryOut",
    "Fault",
    "Faults",
    "as_json",
    "drop",
    "error",
    "hang",
    "late",
    "page",
    "ratelimited",
    "said_no",
    "slow",
    "status",
    "too_many",
]


def as_json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer of exactly ``application/json``: with a charset discord.py would not read it."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")


def page(code: int) -> web.Response:
    """A bare HTTP status with an HTML body, as the servers in front of Discord send it."""
    text = f"<html><body><h1>{code}</h1></body></html>"
    return web.Response(status=code, text=text, content_type="text/html")


def too_many(seconds: float, *, everywhere: bool = False) -> web.Response:
    """Discord's answer to one request too many."""
    scope = "global" if everywhere else "user"
    headers = {"Via": "1.1 google", "Retry-After": f"{seconds:.3f}", "X-RateLimit-Scope": scope}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": round(seconds, 3), "global": everywhere}
    return as_json(body, 429, headers)


def said_no(refused: Refused, seconds: float = 1.0) -> web.Response:
    """Discord's answer when it refuses; one that is a limit of its own says how many ``seconds`` to wait."""
    if refused.status != 429:
        return as_json(refused.as_json(), refused.status)
    limit = {"retry_after": seconds, "global": False}
    return as_json({**refused.as_json(), **limit}, 429, {"Via": "1.1 google", "Retry-After": f"{seconds:.3f}"})


def error(code: int, *, after: bool = False, seconds: float = 1.0) -> Fault:
    """Answer one of Discord's error codes, before or ``after`` the request was carried out; ``seconds`` are to be
    waited for those that are limits."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        if after:
            carry_out()
        return said_no(Refused(code), seconds)

    return fault


def status(code: int, *, after: bool = False) -> Fault:
    """Answer a bare HTTP status with an HTML body, before or ``after`` the request was carried out. 429 without
    ``Via`` is how Cloudflare bans an address."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        if after:
            carry_out()
        return page(code)

    return fault


def ratelimited(seconds: float = 1.0, *, everywhere: bool = False) -> Fault:
    """Answer 429 with ``retry_after``; ``everywhere`` is the global limit."""

    async def fault(request: web.Request, carry_out: CarryOut) -> web.Response:
        return too_many(seconds, everywhere=everywhere)

    return fault


@dataclass
class _Aim:
    """Which requests are meant: a method or "*", and a path in which "*" is one part and "**" are any."""

    method: str
    path: str

    def __post_init__(self) -> None:
        pattern = re.escape(self.path).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
        self._pattern = re.compile(pattern)

    def meets(self, method: str, path: str) -> bool:
        return self.method in {method, "*"} and self._pattern.fullmatch(path) is not None


@dataclass
class _Planned:
    aim: _Aim
    fault: Fault
    times: int


@dataclass
class Faults:
    """Which requests go wrong: the next ones of a method and path, or a share of them. ``fail_next("POST",
    "/channels/*/messages", drop())``; "**" is every path."""

    seed: int = 1
    _planned: list[_Planned] = field(default_factory=list)
    _shares: list[tuple[_Aim, float, tuple[Fault, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def fail_next(self, method: str, path: str, *faults: Fault, times: int = 1) -> None:
        """Let the next such requests meet these faults, one after the other, each ``times`` times."""
        self._planned += [_Planned(_Aim(method, path), fault, times) for fault in faults]

    def fault_share(self, method: str, path: str, share: float, *faults: Fault) -> None:
        """Let this share of such requests meet one of these faults."""
        self._shares.append((_Aim(method, path), share, faults))

    def mend(self) -> None:
        """Let nothing go wrong from now on."""
        self._planned.clear()
        self._shares.clear()

    def of(self, method: str, path: str) -> Fault | None:
        """The fault this request meets."""
        for planned in self._planned:
            if planned.times and planned.aim.meets(method, path):
                planned.times -= 1
                return planned.fault
        for aim, share, faults in self._shares:
            if aim.meets(method, path) and self._random.random() < share:
                return self._random.choice(faults)
        return None
