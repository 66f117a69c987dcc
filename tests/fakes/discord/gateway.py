"""The gateway, version 10: connections, sessions with their replay buffers, and events
(docs.discord.com/developers/events/gateway)."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

JSON = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
PASSED_OVER = {3, 4, 8, 31}
"""Presence, voice state, and asking for members and sounds."""
ENDS = {1000, 1001, 4007, 4009}
"""The codes after which a session cannot be resumed."""
REPLAYED = 1_000
"""Events a session keeps for a resume."""


class Intent(IntFlag):
    """The groups of events the fake sends, and the privileged ones."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
KNOWN = (1 << 27) - 1
"""Every bit Discord has given a meaning to, and some to come."""


@dataclass(eq=False)
class Connection:
    """One WebSocket; ``compress`` is what its address asked for, ``closed`` the code with which Discord closed it."""

    socket: web.WebSocketResponse
    request: web.Request
    compress: str
    session: Session | None = None
    closed: int | None = None
    _frames: asyncio.Queue[str | int] = field(default_factory=asyncio.Queue)

    def put(self, frame: str | int) -> None:
        """Send this text, or close with this code, after all that is under way."""
        self._frames.put_nowait(frame)

    async def write(self) -> None:
        """Send whatever is put, as text or as one zlib stream that is flushed per message, until it is closed."""
        stream = zlib.compressobj() if self.compress == "zlib-stream" else None
        with suppress(ConnectionError):
            while True:
                frame = await self._frames.get()
                if isinstance(frame, int):
                    self.closed = frame
                    await self.socket.close(code=frame)
                    return
                if stream:
                    await self.socket.send_bytes(stream.compress(frame.encode()) + stream.flush(zlib.Z_SYNC_FLUSH))
                else:
                    await self.socket.send_str(frame)


@dataclass(eq=False)
class Session:
    """What an IDENTIFY began; it outlives its connection, waiting to be resumed."""

    id: str
    shard: tuple[int, int]
    intents: Intent
    connection: Connection | None
    seq: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAYED), repr=False)

    def is_told_of(self, guild: str | None, intent: Intent) -> bool:
        """Whether an event of this guild (None: a direct channel) and intent goes here."""
        shard, shards = self.shard
        mine = (int(guild) >> 22) % shards == shard if guild else shard == 0
        return mine and self.intents & intent == intent


@dataclass
class Gateway:
    """All connections of the application. ``greet`` gives what READY says of this shard, and the events that follow it
    under the intent GUILDS. ``granted`` are the privileged intents; ``silent`` keeps connections open and loses what
    should go over them, acknowledgements too; ``refuses`` closes new connections with this code. ``identify_pause`` is
    how many seconds (Discord: 5) must lie between IDENTIFYs of shards that share one of ``max_concurrency`` places."""

    token: Callable[[], str]
    now: Callable[[], float]
    change: Callable[[], object] = field(repr=False)
    greet: Callable[[int, int], tuple[JSON, list[JSON]]] = field(repr=False)
    granted: Intent = Intent.NONE
    heartbeat_interval: float = 41.25
    silent: bool = False
    refuses: int | None = None
    shards: int = 1
    max_concurrency: int = 1
    identify_pause: float = 0.0
    total: int = 1000
    remaining: int = 1000
    connects: int = 0
    identifies: int = 0
    resumes: int = 0
    heartbeats: int = 0
    open: list[Connection] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    _identified: dict[int, float] = field(default_factory=dict, repr=False)

    @property
    def ready(self) -> bool:
        """Whether a session is connected."""
        return any(session.connection for session in self.sessions.values())

    def start_limit(self) -> JSON:
        """The session_start_limit of GET /gateway/bot."""
        limit = {"total": self.total, "remaining": self.remaining, "reset_after": 14_400_000}
        return limit | {"max_concurrency": self.max_concurrency}

    def dispatch(
        self, event: str, data: JSON, *, guild: str | None, intent: Intent = Intent.NONE, veiled: JSON | None = None
    ) -> bool:
        """Tell every session which may know; ``veiled`` is for those without the intent MESSAGE_CONTENT. Gives whether
        any was told."""
        told = [session for session in self.sessions.values() if session.is_told_of(guild, intent)]
        for session in told:
            hidden = veiled is not None and Intent.MESSAGE_CONTENT not in session.intents
            self._tell(session, event, veiled if hidden and veiled else data)
        return bool(told)

    def reconnect(self) -> None:
        """Ask every connection to go and resume."""
        self._to_all(_frame(RECONNECT, None))

    def invalidate(self, *, resumable: bool) -> None:
        """Call every session invalid; one that is not ``resumable`` is forgotten."""
        self._to_all(_frame(INVALID_SESSION, resumable))
        if not resumable:
            self.sessions.clear()

    def close(self, code: int) -> None:
        """Close every connection with this code."""
        self._to_all(code)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in self.open:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its HELLO to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request, request.query.get("compress", ""))
        self.connects += 1
        self.open.append(connection)
        writer = asyncio.create_task(connection.write())
        hello = _frame(HELLO, {"heartbeat_interval": round(self.heartbeat_interval * 1000), "_trace": ["[]"]})
        self._put(connection, hello if self.refuses is None else self.refuses)
        self.change()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(connection, json.loads(message.data))
        finally:
            if connection.closed is None:
                writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._gone(connection)
        return socket

    def _gone(self, connection: Connection) -> None:
        self.open.remove(connection)
        session = connection.session
        if session and session.connection is connection:
            session.connection = None
            if (connection.closed or connection.socket.close_code) in ENDS:
                self.sessions.pop(session.id, None)
        self.change()

    def _take(self, connection: Connection, message: JSON) -> None:
        op, data = message.get("op"), message.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            self._put(connection, _frame(ACK, None))
        elif op in PASSED_OVER and connection.session:
            pass
        elif op not in {IDENTIFY, RESUME, *PASSED_OVER}:
            self._put(connection, 4001)
        elif connection.session:
            self._put(connection, 4005)
        elif op in PASSED_OVER:
            self._put(connection, 4003)
        elif not isinstance(data, dict) or data.get("token", "").removeprefix("Bot ") != self.token():
            self._put(connection, 4004)
        elif op == IDENTIFY:
            self._identify(connection, data)
        else:
            self._resume(connection, data)
        self.change()

    def _identify(self, connection: Connection, data: JSON) -> None:
        self.identifies += 1
        shard, shards = data.get("shard") or (0, 1)
        intents = Intent(data.get("intents", 0))
        wrong = self._wrong_identify(shard, shards, intents)
        if wrong is not None:
            self._put(connection, wrong)
            return
        self.remaining -= 1
        for old in [one for one in self.sessions.values() if one.shard == (shard, shards) and not one.connection]:
            del self.sessions[old.id]
        session = Session(uuid4().hex, (shard, shards), intents, connection)
        self.sessions[session.id] = connection.session = session
        ready, guilds = self.greet(shard, shards)
        self._tell(session, "READY", {**ready, "v": 10, "session_id": session.id, "shard": [shard, shards]})
        if Intent.GUILDS in intents:
            for guild in guilds:
                self._tell(session, "GUILD_CREATE", guild)

    def _wrong_identify(self, shard: int, shards: int, intents: Intent) -> str | int | None:
        """The frame or the code with which an IDENTIFY is turned away."""
        if not 0 <= shard < shards:
            return 4010
        if intents & ~KNOWN:
            return 4013
        if intents & PRIVILEGED & ~self.granted:
            return 4014
        if self.remaining <= 0:
            return 4004
        place = shard % self.max_concurrency
        if self.now() - self._identified.get(place, float("-inf")) < self.identify_pause:
            return _frame(INVALID_SESSION, False)
        self._identified[place] = self.now()
        return None

    def _resume(self, connection: Connection, data: JSON) -> None:
        self.resumes += 1
        session, seq = self.sessions.get(str(data.get("session_id"))), data.get("seq") or 0
        if session is None or (session.events and session.events[0][0] > seq + 1):
            self._put(connection, _frame(INVALID_SESSION, False))
        elif seq > session.seq:
            self._put(connection, 4007)
        else:
            session.connection, connection.session = connection, session
            for number, frame in session.events:
                if number > seq:
                    self._put(connection, frame)
            self._tell(session, "RESUMED", {"_trace": ["[]"]})

    def _tell(self, session: Session, event: str, data: JSON) -> None:
        session.seq += 1
        frame = _frame(DISPATCH, data, s=session.seq, t=event)
        session.events.append((session.seq, frame))
        if session.connection:
            self._put(session.connection, frame)

    def _put(self, connection: Connection, frame: str | int) -> None:
        if not self.silent:
            connection.put(frame)

    def _to_all(self, frame: str | int) -> None:
        for connection in self.open:
            self._put(connection, frame)


def _frame(op: int, data: Any, **more: Any) -> str:
    return json.dumps({"op": op, "d": data, "s": None, "t": None, **more})
