"""Tells the world outside that the bot is alive: a watching service by HTTP, and systemd by its socket.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import logging
import socket
from http import HTTPStatus

from adapters.http import HttpClient
from bot.errors import SourceError

_log = logging.getLogger(__name__)


class Heartbeat:
    """Asks an address again and again; the service behind it raises the alarm when that stops."""

    def __init__(self, http: HttpClient, url: str) -> None:
        self._lane = http.lane(url, gap=1.0)
        self._url = url
        self._failed = False

    async def beat(self) -> None:
        """Ask once. The first failure in a row is logged; the address is not, for it is a secret."""
        try:
            answer = await self._lane.get(self._url)
            problem = "" if answer.status < HTTPStatus.BAD_REQUEST else f"it answers {answer.status}"
        except SourceError as error:
            problem = str(error)
        if problem and not self._failed:
            _log.warning("the heartbeat does not arrive: %s", problem)
        elif self._failed and not problem:
            _log.info("the heartbeat arrives again")
        self._failed = bool(problem)


class Supervisor:
    """systemd, at the ``address`` that it gave in NOTIFY_SOCKET; nobody if that is empty."""

    def __init__(self, address: str) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(self, state: str) -> None:
        """Send one state, such as ``READY=1``. That systemd does not listen is no reason to stop."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
                sending.setblocking(False)
                sending.sendto(state.encode(), self._address)
        except OSError as error:
            _log.warning("systemd could not be told %s: %s", state, error)
