"""What the calls of every chat platform have in common when they get no answer, or are told to wait (pure)."""

from __future__ import annotations

import math
from typing import Any

import aiohttp

_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 24 * 3600.0


def without_answer(error: Exception, server: str) -> tuple[bool, str]:
    """Whether the request may have reached the server, and why there is no answer, in words for an admin."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return False, f"{server} cannot be reached: {_broken_at(error)}"
    if isinstance(error, TimeoutError):
        return True, f"{server} did not answer in time"
    if isinstance(error, aiohttp.ClientError | OSError):
        return True, f"the connection to {server} was cut"
    return True, f"{server}'s answer could not be read"


def _broken_at(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name was not found; look at the machine's network"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate was not accepted; look at the machine's clock and its certificates"
    return "no connection; look at the machine's network"


def seconds_to_wait(given: Any, otherwise: float) -> float:
    """The seconds that a server asks for, within reason; ``otherwise`` if it gives no number."""
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        return otherwise
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT) if math.isfinite(seconds) else otherwise
