"""Socket Mode: one connection at a time, kept up without storms.

slack_sdk's client speaks the protocol. By itself it would connect anew without any pause, 1,000 times in 3 s when Slack
says too_many_websockets (facts: slack.md, 4), and for ever with an address that is no longer good; so here it only
tells that a connection is over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time
from typing import Any

from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.chat.slack.listening import Listener
from adapters.chat.slack.verdicts import Proof, failure

_log = logging.getLogger(__name__)
_sdk_log = logging.getLogger(f"{__name__}.sdk")
_sdk_log.setLevel(logging.CRITICAL)  # it logs tracebacks, and addresses with tickets; what matters is said here

_BARRED = {
    "too_many_websockets": "Slack takes no more connections of this app: too many copies of the bot run with its token",
    "link_disabled": "Socket Mode is switched off in the app's settings at api.slack.com/apps; switch it on there",
}
"""What Slack says when connecting again soon does not help."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. The first pause before a new connection, and the longest: each is twice the last, and up to a half
    longer by chance; after a connection that lasted ``settled`` there is none. ``barred…``: the same where Slack bars
    us. A connection that brought nothing for ``silence`` is replaced. The old one stays open for ``overlap``, for what
    is under way; a new one is to work within ``patience``."""

    first: float = 1.0
    longest: float = 60.0
    barred_first: float = 60.0
    barred_longest: float = 600.0
    settled: float = 60.0
    silence: float = 600.0
    overlap: float = 5.0
    patience: float = 15.0
    ping: float = 10.0


USUAL = Timing()


class Link:
    """The Socket Mode connection of one workspace."""

    def __init__(self, listener: Listener, timing: Timing = USUAL) -> None:
        self._listener = listener
        self._timing = timing
        self._trouble: str | None = None
        self._tried = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._retiring: dict[_Client, asyncio.Task[None]] = {}

    def trouble(self) -> str | None:
        """What is wrong with the connection now, or None."""
        return self._trouble

    async def start(self) -> None:
        """Connect, and stay connected until stop(); returns after the first attempt, whether or not it succeeded."""
        self._tried.clear()
        staying = asyncio.create_task(self._stay_connected())
        self._tasks = [staying, asyncio.create_task(self._end_if_refused(staying))]
        await self._tried.wait()

    async def stop(self) -> None:
        """Close every connection. May be called twice, or without a start."""
        await _cancel(self._tasks)
        await _cancel(self._retiring.values())
        await asyncio.gather(*(client.end() for client in self._retiring))
        self._tasks, self._retiring = [], {}

    async def _end_if_refused(self, staying: asyncio.Task[None]) -> None:
        """A workspace that removed the app has nothing more to say."""
        await self._listener.refused.wait()
        staying.cancel()

    async def _stay_connected(self) -> None:
        pause = _Pause(self._timing)
        while True:
            try:
                async with self._connected() as client:
                    if client.works:
                        self._trouble = None
                        _log.info("%s: connected", self._listener.workspace)
                        self._tried.set()
                    reason = await client.last(self._timing.silence)
                seconds = self._part(reason, pause.after(client.age, barred=reason in _BARRED))
            except Exception as error:  # noqa: BLE001 - whatever happened, it is tried again
                seconds = self._explain(error, pause)
            self._tried.set()
            await asyncio.sleep(seconds)

    def _part(self, reason: str, seconds: float) -> float:
        """Say why a connection is over."""
        self._trouble = _BARRED.get(reason)
        level = logging.WARNING if seconds else logging.INFO
        words = "%s: the connection is over (%s); the next in %.0f s"
        _log.log(level, words, self._listener.workspace, reason, seconds)
        return seconds

    def _explain(self, error: Exception, pause: _Pause) -> float:
        """Say why there is none, and for how long to wait."""
        found = failure(error)
        refused = found.proof is Proof.TOKEN
        self._trouble = f"{'Slack refuses the app token' if refused else 'no connection'}: {found.words}"
        seconds = max(pause.after(0, barred=refused), found.retry_after or 0)
        _log.warning("%s: %s; the next attempt in %.0f s", self._listener.workspace, self._trouble, seconds)
        return seconds

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Client]:
        """A connection on which Slack has said its first word. Raises what the client raises, or TimeoutError."""
        workspace = self._listener.workspace
        token = workspace.settings.app_token.get_secret_value()
        answer = await workspace.client.apps_connections_open(app_token=token)
        client = _Client(self._listener, token, str(answer["url"]), self._timing.ping)
        try:
            async with asyncio.timeout(self._timing.patience):
                await client.connect()  # type: ignore[no-untyped-call]
                await client.spoken.wait()
            yield client
        finally:
            self._retiring[client] = asyncio.create_task(self._retire(client))

    async def _retire(self, client: _Client) -> None:
        """Close a connection when what was under way has gone out."""
        await asyncio.sleep(self._timing.overlap)
        await client.end()
        del self._retiring[client]


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Pause:
    """How long to wait before a connection, given how the last one went."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failures = 0

    def after(self, age: float, *, barred: bool) -> float:
        if age >= self._timing.settled and not barred:
            self._failures = 0
            return 0
        first, longest = (
            (self._timing.barred_first, self._timing.barred_longest)
            if barred
            else (self._timing.first, self._timing.longest)
        )
        self._failures += 1
        return min(longest, first * 2.0 ** min(self._failures - 1, 20)) * random.uniform(1, 1.5)  # noqa: S311 - no secret


class _Client(SocketModeClient):
    """One connection, made once. ``spoken`` is set when Slack has said something: whether it ``works``, or is over."""

    def __init__(self, listener: Listener, app_token: str, url: str, ping: float) -> None:
        super().__init__(
            app_token=app_token,
            logger=_sdk_log,
            web_client=listener.workspace.client,
            ping_interval=ping,
            on_message_listeners=[self._note],
        )
        self.proxy = None  # it reads one from the environment
        self.wss_uri = url
        self.works = False
        self.spoken = asyncio.Event()
        self._app = listener.app
        self._over = asyncio.Event()
        self._reason = "it was cut"
        self._made = self._heard = asyncio.get_running_loop().time()
        self.socket_mode_request_listeners.append(self._take)

    @property
    def age(self) -> float:
        """How long ago it was made, in seconds."""
        return asyncio.get_running_loop().time() - self._made

    async def last(self, silence: float) -> str:
        """Wait until it is over, and say why; silence is an end, too: sockets sometimes bring nothing any more though
        they answer pings (facts: slack.md, 4)."""
        loop = asyncio.get_running_loop()
        while (rest := self._heard + silence - loop.time()) > 0:
            try:
                async with asyncio.timeout(rest):
                    await self._over.wait()
            except TimeoutError:
                continue
            return self._reason
        return "silence"

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002 - the SDK's signature
        """The SDK wants another connection: this one is over."""
        self._over.set()
        self.spoken.set()

    async def end(self) -> None:
        """Close it, and wait for its tasks."""
        await self.close()  # type: ignore[no-untyped-call]
        tasks = (self.message_processor, self.current_session_monitor, self.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)

    async def _note(self, message: WSMessage) -> None:
        self._heard = asyncio.get_running_loop().time()
        data: Any = json.loads(message.data)
        match data.get("type"):
            case "hello":
                self.works = True
            case "disconnect":
                self._reason = str(data.get("reason"))
        self.spoken.set()

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            await send_async_response(client, request, await run_async_bolt_app(self._app, request), time())
        except ConnectionError:
            _log.warning("a connection ended before something could be acknowledged; Slack sends it again")
