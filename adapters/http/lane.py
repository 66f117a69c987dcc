"""One host's lane: one request at a time, paced, with patience, back-off and a circuit breaker."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yarl import URL

from adapters.http.exchange import Answer, Failure, Request
from bot.errors import SourceBusy, SourceError

_TRIES = 3
_REDIRECTS = 5
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_TRIP = 5
"""So many failed calls in a row open the circuit breaker, or fewer that took all of ``max_wait``."""
_FIRST_BREAK = 60.0
_FIRST_THROTTLE = 30.0
_LONGEST_OWN_PARK = 3600.0
_LONGEST_ASKED_PARK = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time and chance come from. ``clock`` gives seconds that never run backwards, ``now`` aware UTC,
    ``random`` a number between its two arguments."""

    clock: Callable[[], float]
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    random: Callable[[float, float], float]


class Lane:
    """Every request to one host, and to the hosts that share its limits, goes through its lane.

    ``get`` and ``post`` give an Answer for every final status but 403. They raise SourceBusy while the host is left
    alone (parked): it asked for that, or failed too often or for too long; and SourceError for whatever else went
    wrong. From one answer to the next, no try starts after ``max_wait`` seconds of failing calls.
    """

    def __init__(
        self,
        host: str,
        gap: float,
        *,
        ask: Callable[[Request, Callable[[], None]], Awaitable[Answer]],
        shown: Callable[[str], str],
        max_wait: float,
        timing: Timing,
    ) -> None:
        self.gap = gap
        """Seconds between the starts of two requests."""
        self._host = host
        self._ask = ask
        self._shown = shown
        self._max_wait = max_wait
        self._patience = max_wait
        self._timing = timing
        self._one_at_a_time = asyncio.Lock()
        self._last_start = -math.inf
        self._parked = -math.inf
        self._parked_reason = ""
        self._parked_by_server = False
        self._failed_calls = 0
        self._throttles = 0

    @property
    def parked_until(self) -> datetime | None:
        """Until when the host is left alone (aware, UTC), or None."""
        remaining = self._parked - self._timing.clock()
        return self._timing.now() + timedelta(seconds=remaining) if remaining > 0 else None

    async def get(
        self, url: str, params: Mapping[str, str] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """GET a URL with further query parameters."""
        return await self._call(Request("GET", _parse(url).extend_query(params or {}), headers=headers or {}))

    async def post(self, url: str, data: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        """POST a form that only asks (E-utilities with a long term): it may be sent more than once."""
        return await self._call(Request("POST", _parse(url), data, headers or {}))

    async def _call(self, request: Request) -> Answer:
        async with self._one_at_a_time:
            self._refuse_while_parked()
            deadline = self._timing.clock() + self._patience
            for count in itertools.count(1):
                try:
                    answer = await self._follow(request)
                except Failure as failure:
                    again_at = self._timing.clock() + self._back_off(failure, count)
                    if not failure.retry or count == _TRIES or again_at >= deadline:
                        raise self._give_up(failure, count, deadline - again_at) from None
                    await self._sleep_until(again_at)
                else:
                    break
            self._failed_calls = self._throttles = 0
            self._patience = self._max_wait
            return answer

    async def _follow(self, request: Request) -> Answer:
        for _ in range(_REDIRECTS + 1):
            await self._sleep_until(self._last_start + self.gap)
            self._note_start()
            answer = await self._ask(request, self._note_start)
            if answer.status not in _REDIRECT_STATUSES or "Location" not in answer.headers:
                return answer
            request = redirected(request, answer.status, answer.headers["Location"])
        raise Failure(request.url, f"redirected more than {_REDIRECTS} times")

    def _note_start(self) -> None:
        self._last_start = self._timing.clock()

    def _back_off(self, failure: Failure, count: int) -> float:
        """Return the seconds to wait after the ``count``-th failure of a call; park if the host wants to be left."""
        if failure.retry_after is not None:
            delay = min(failure.retry_after, _LONGEST_ASKED_PARK)
        elif failure.throttled:
            delay = self._growing(_FIRST_THROTTLE, self._throttles)
            self._throttles += 1
        else:
            return self._timing.random(0, 2.0**count)
        self._park(delay, failure)
        return delay

    def _give_up(self, failure: Failure, count: int, patience: float) -> SourceError:
        """Count a failed call, which left so many seconds of patience, and return its error. A host that said how
        long to wait has not failed."""
        if self.parked_until is None:
            self._failed_calls = max(self._failed_calls + 1, _TRIP if patience <= 0 else 0)
            self._patience = patience
            if self._failed_calls >= _TRIP:
                self._patience = 0.0  # the next call is a probe, not a row of tries
                self._park(self._growing(_FIRST_BREAK, self._failed_calls - _TRIP), failure)
        what = f"{self._shown(str(failure.url))}: {failure.reason}" + (f" after {count} tries" if count > 1 else "")
        if until := self.parked_until:
            return SourceBusy(
                f"{what}; {self._host} is left alone until {_written(until)}",
                retry_at=until,
                by_server=self._parked_by_server,
            )
        return SourceError(f"{what}; asked again in the next round")

    def _park(self, seconds: float, failure: Failure) -> None:
        self._parked = self._timing.clock() + seconds
        self._parked_reason = failure.reason
        self._parked_by_server = failure.retry_after is not None

    def _growing(self, first: float, times: int) -> float:
        seconds = min(first * 2.0 ** min(times, 16), _LONGEST_OWN_PARK)
        return self._timing.random(seconds, 1.25 * seconds)

    def _refuse_while_parked(self) -> None:
        if until := self.parked_until:
            text = f"{self._host} is left alone until {_written(until)}: {self._parked_reason}"
            raise SourceBusy(text, retry_at=until, by_server=self._parked_by_server)

    async def _sleep_until(self, moment: float) -> None:
        while (remaining := moment - self._timing.clock()) > 0:
            await self._timing.sleep(remaining)


def _parse(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise SourceError("A source is given an address that is no URL; nothing was asked") from None


def redirected(request: Request, status: int, location: str) -> Request:
    """Return the request a redirect asks for: never less secure, and with nothing of ours for another host."""
    try:
        url = request.url.join(URL(location))
    except ValueError:
        raise Failure(request.url, "redirected to something that is no URL") from None
    if url.scheme not in {"http", "https"}:
        raise Failure(request.url, "redirected to something that is not a web address")
    if request.url.scheme == "https" and url.scheme != "https":
        raise Failure(request.url, "redirected from https to something less secure")
    elsewhere = url.host_port_subcomponent != request.url.host_port_subcomponent
    headers: Mapping[str, str] = {} if elsewhere else request.headers
    if request.data is None or status == 303:  # noqa: PLR2004  # See Other: go on with GET
        return Request("GET", url, headers=headers)
    if elsewhere:
        raise Failure(request.url, "a form was redirected to another host")
    return Request(request.method, url, request.data, headers)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
