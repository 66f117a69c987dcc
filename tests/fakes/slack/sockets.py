"""Socket Mode: the app's WebSocket connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

ACK_SECONDS = 3.0
SOCKETS_PER_APP = 10


@dataclass(frozen=True)
class Ack:
    """What the app answered to a payload, and after how many seconds. ``status`` is None in Socket Mode."""

    ok: bool
    seconds: float
    payload: Any = None
    status: int | None = None


@dataclass
class SocketMode:
    """The connections of one app. ``greeting`` "hello" serves a new one, any other word is the reason it is turned
    away with; ``silent`` keeps connections open and loses what should go over them; without ``answers_pings`` they look
    dead. ``connects`` counts the connections made, ``acks`` keeps (envelope id, payload)."""

    app_id: str
    change: Callable[[], object] = field(repr=False)
    greeting: str = "hello"
    silent: bool = False
    answers_pings: bool = True
    limit: int = SOCKETS_PER_APP
    ack_seconds: float = ACK_SECONDS
    connects: int = 0
    acks: list[tuple[str, Any]] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    open: dict[web.WebSocketResponse, web.Request] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _random: random.Random = field(default_factory=lambda: random.Random(1))

    def ticket(self) -> str:
        """A ticket for one connection, as in the address apps.connections.open gives."""
        ticket = uuid4().hex
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its hello to its end."""
        self.tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.connects += 1
        reason = self.greeting if self.greeting != "hello" else "too_many_websockets"
        if self.greeting != "hello" or len(self.open) >= self.limit:
            await socket.send_json(_disconnect(reason))
            await socket.close()
            self.change()
            return socket
        await socket.send_json(self._hello())
        self.open[socket] = request
        self.change()
        try:
            await self._listen(socket)
        finally:
            del self.open[socket]
            self.change()
        return socket

    async def deliver(self, kind: str, payload: Any, *, retry: tuple[int, str] | None = None) -> Ack:
        """Send one envelope over any connection and wait for its ack, ``ack_seconds`` at most; ``retry`` is
        (retry_attempt, retry_reason)."""
        envelope = {"envelope_id": str(uuid4()), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind == "slash_commands" or payload.get("type") == "view_submission"
        if retry is not None:
            envelope["retry_attempt"], envelope["retry_reason"] = retry
        loop = asyncio.get_running_loop()
        start, waiting = loop.time(), loop.create_future()
        if not self.open:
            return Ack(ok=False, seconds=0.0)
        self._waiting[envelope["envelope_id"]] = waiting
        try:
            async with asyncio.timeout(self.ack_seconds):
                if not self.silent:
                    await self._random.choice(list(self.open)).send_json(envelope)
                return Ack(True, payload=await waiting, seconds=loop.time() - start)
        except (TimeoutError, ConnectionError):
            return Ack(ok=False, seconds=loop.time() - start)
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go: "warning" and "refresh_requested" wait for the app to do it, any other reason
        closes at once."""
        for socket in list(self.open):
            await socket.send_json(_disconnect(reason))
            if reason not in {"warning", "refresh_requested"}:
                await socket.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for request in self.open.values():
            if request.transport is not None:
                request.transport.abort()

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.PING and self.answers_pings:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._take(json.loads(message.data))

    def _take(self, ack: dict[str, Any]) -> None:
        self.acks.append((ack["envelope_id"], ack.get("payload")))
        waiting = self._waiting.get(ack["envelope_id"])
        if waiting and not waiting.done():
            waiting.set_result(ack.get("payload"))
        self.change()

    def _hello(self) -> dict[str, Any]:
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": debug,
            "connection_info": {"app_id": self.app_id},
        }


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
