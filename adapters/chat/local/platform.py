"""The local chat as a platform: messages go into the chat log, and at once to every open page."""

from __future__ import annotations

import ipaddress
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, field_validator

from adapters.chat import Tools
from adapters.chat.local.commands import LOCAL
from adapters.chat.local.listeners import Listeners
from adapters.chat.local.render import Message, render
from adapters.chat.local.server import ChatServer
from bot.conversation import Asker, Command, Notice, Post, Reply, ResultPage
from bot.model import ChannelRef, DeliveryKey
from bot.ports import ChatMessage, Outcome, Posted, Probe, ReadBack, Receipt, Shown, Sighting

_log = logging.getLogger(__name__)


class Settings(BaseModel):
    """The table ``[chat.local]``."""

    model_config = ConfigDict(extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)

    @field_validator("host")
    @classmethod
    def _is_loopback(cls, host: str) -> str:
        if host == "localhost":
            return host
        try:
            if ipaddress.ip_address(host).is_loopback:
                return host
        except ValueError:
            pass
        raise ValueError("the local chat trusts whoever can reach it, so it listens on loopback only: use 127.0.0.1")


class LocalPlatform:
    """The local chat. Mount ``routes()`` on a web server, and ``stop()`` before that server does."""

    name = LOCAL

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._settings = settings
        self._chat_log = tools.chat_log
        self._answer = tools.answer
        self._channels = tools.channels
        self._invited = tools.invited
        self._now = tools.now
        self._listeners = Listeners()
        self._server = ChatServer(self, tools, self._listeners)

    @property
    def address(self) -> tuple[str, int]:
        """Where the page is served."""
        return self._settings.host, self._settings.port

    def routes(self) -> list[web.AbstractRouteDef]:
        """Everything that the page and the API answer to."""
        return self._server.routes()

    async def start(self) -> None:
        """Nobody invites the bot to a local channel: it introduces itself where nothing is followed yet."""
        for channel in await self._channels():
            if greeting := await self._invited(channel, None):
                key = DeliveryKey("greeting")
                await self.post(channel.ref, key, self.render(greeting, key))

    async def stop(self) -> None:
        """End the event streams at once; pages reconnect by themselves."""
        self._listeners.close()

    def trouble(self) -> None:
        """Nothing: the page says itself when the bot is gone."""

    # -------------------------------------------------------- as delivering sees it

    async def turn(self, channel: ChannelRef) -> None:
        """Take a message at any time."""

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:  # noqa: ARG002 - the log keeps the key beside the bytes
        """Render a public message. Its marker is the key in the chat log; the marks of its papers are kept within."""
        message = render(reply, self._now().date())
        if isinstance(reply, Post):
            message["marks"] = list(reply.marks)
        return _to_bytes(message)

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        """Append the bytes to the log, which keeps each key once."""
        try:
            message = await self._chat_log.append(channel.id, payload, self._now(), key=key)
        except Exception as error:  # noqa: BLE001 - whatever happened, whether it was kept is unknown
            return Receipt(Outcome.UNKNOWN, error=f"the chat log failed: {error}")
        self._listeners.notify(message)
        return Receipt(Outcome.SENT, message_id=str(message.n))

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:  # noqa: ARG002
        """Look the key up; the log is complete, so ``since`` does not matter."""
        try:
            message = await self._chat_log.with_key(channel.id, key)
        except Exception as error:  # noqa: BLE001 - the log could not be read just now, which is all that is known
            return Sighting(ReadBack.UNAVAILABLE, error=f"the chat log failed: {error}")
        return Sighting(ReadBack.FOUND, message_id=str(message.n)) if message else Sighting(ReadBack.ABSENT)

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        """Collect the marks of all papers that the log's messages since then announced."""
        marks: dict[str, Shown] = {}
        try:
            async for message in self._public(channel.id):
                if message.key is not None and message.at >= since:
                    shown = Shown(str(message.n), message.at)
                    marks = dict.fromkeys(json.loads(message.body).get("marks", ()), shown) | marks
        except Exception as error:  # noqa: BLE001 - the log could not be read just now, which is all that is known
            return Posted(ReadBack.UNAVAILABLE, error=f"the chat log failed: {error}")
        return Posted(ReadBack.FOUND, marks)

    async def _public(self, channel: str) -> AsyncIterator[ChatMessage]:
        newest = 0
        while messages := await self._chat_log.since(channel, newest, None):
            for message in messages:
                yield message
            newest = messages[-1].n

    async def probe(self) -> Probe:
        """Say where it is and whom it trusts."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        address = f"http://{host}:{self._settings.port}/"
        return Probe(f"local chat on {address}; every account on this machine is trusted, under any name")

    # -------------------------------------------------------- as a person sees it

    async def ask(self, command: Command, asker: Asker, asked: str) -> ChatMessage:
        """Answer a command privately, in a new message."""
        return await self._append(await self._reply(command, asker), asker, asked)

    async def turn_list(self, command: Command, asker: Asker, message: ChatMessage) -> ChatMessage:
        """Answer a control of a list: the person's own list changes in place, anything else is a new message."""
        reply = await self._reply(command, asker)
        asked = json.loads(message.body)["asked"] or ""
        if message.user != asker.user or not isinstance(reply, ResultPage):
            return await self._append(reply, asker, asked)
        changed = await self._chat_log.replace(message.n, _to_bytes(render(reply, self._now().date(), asked)))
        self._listeners.notify(changed)
        return changed

    async def _reply(self, command: Command, asker: Asker) -> Reply:
        try:
            return await self._answer(command, asker)
        except Exception:  # noqa: BLE001 - the top of one question: the person gets an answer whatever happened
            _log.exception("answering failed: %s", type(command).__name__)
            return Notice("Something went wrong. Please try again; if it stays, the log says more.")

    async def _append(self, reply: Reply, asker: Asker, asked: str) -> ChatMessage:
        now = self._now()
        body = _to_bytes(render(reply, now.date(), asked))
        message = await self._chat_log.append(asker.channel.id, body, now, user=asker.user)
        self._listeners.notify(message)
        return message


def open_platform(settings: Settings, tools: Tools) -> LocalPlatform:
    """Make the local chat."""
    return LocalPlatform(settings, tools)


def _to_bytes(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()
