"""Conversations on the local chat, over its HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from aiohttp import ClientSession
from lxml import html

from adapters.chat import ChatPlatform
from adapters.chat.local import LocalPlatform
from adapters.web import WebServer
from bot.app import App
from bot.commands import offered_command
from bot.conversation import Asker, Command, Reply
from bot.model import Channel, ChannelRef, DeliveryKey
from bot.ports import Outcome, Posted, Probe, ReadBack, Receipt, Sighting
from tests.acceptance.conformance import Control, Heard, Person, Seen, listen

_DEAD_TAGS = frozenset(
    {
        *("a", "article", "button", "code", "div", "em", "footer", "h2", "h3", "header", "li", "ol", "p", "pre"),
        *("section", "span", "strong", "ul"),
    }
)
CHANNEL = ChannelRef("local", "", "papers")
_LOST = Receipt(Outcome.UNKNOWN, error="no answer in time")
_REFUSALS = {
    "silent": _LOST,
    "refuses": Receipt(Outcome.NOT_SENT, error="invalid message", permanent=True),
    "lost": Receipt(Outcome.NOT_SENT, error="the bot is not in this channel", channel_lost=True),
}


@dataclass
class TroubledPlatform:
    """The real platform, except for what it suffers; ``heard`` is told what is posted."""

    real: ChatPlatform
    heard: Heard
    suffers: str = ""
    name: str = "local"

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        self.heard.replies.add(type(reply))
        return self.real.render(reply, key)

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        if self.suffers in _REFUSALS:
            return _REFUSALS[self.suffers]
        receipt = await self.real.post(channel, key, payload)
        return _LOST if self.suffers == "drops answers" else receipt

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        if self.suffers == "silent":
            return Sighting(ReadBack.UNREADABLE, error="the history may not be read")
        return await self.real.read_back(channel, key, since)

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        return await self.real.posted(channel, since)

    async def probe(self) -> Probe:
        return await self.real.probe()

    async def turn(self, channel: ChannelRef) -> None:
        await self.real.turn(channel)

    async def stop(self) -> None:
        await self.real.stop()

    def trouble(self) -> str | None:
        return self.real.trouble()


@dataclass
class LocalDriver:
    """See conformance.Driver."""

    heard: Heard = field(default_factory=Heard)
    _guest: bool = False
    _trouble: str = ""

    @asynccontextmanager
    async def serve(self, clock: Callable[[], datetime]) -> AsyncIterator[tuple[str, ChannelRef]]:
        """The bot is the platform."""
        yield "[chat.local]\nport = 0", CHANNEL

    async def invite(self, person: Person) -> None:
        channel = Channel(CHANNEL, "papers", "now")
        greeting = await self._app.answering.invited(channel, person.name, guest=person.rights == "guest")
        if greeting:
            key = DeliveryKey("greeting")
            await self._platform.post(CHANNEL, key, self._platform.render(greeting, key))

    async def start(self, app: App) -> None:
        """Serve the chat, without the bot's loops."""
        self._stack = AsyncExitStack()
        servers: list[WebServer] = []
        await app._serve(self._stack, servers.append)
        real = app.platforms["local"]
        assert isinstance(real, LocalPlatform)
        real._answer = self._as_a_guest(real._answer)
        self._platform = TroubledPlatform(real, self.heard, self._trouble)
        cast("dict[str, object]", app.platforms)["local"] = self._platform
        listen(app, self.heard)
        self._app = app
        session = ClientSession(f"http://127.0.0.1:{servers[0].port}")
        self._session = await self._stack.enter_async_context(session)
        await real.start()

    async def stop(self) -> None:
        await self._stack.aclose()

    def suffer(self, trouble: str) -> None:
        self._trouble = self._platform.suffers = trouble

    async def say(self, person: Person, text: str) -> Seen:
        return await self._post(person, "commands", {"text": text})

    async def use(self, person: Person, message: Seen, control: Control, value: str | None) -> Seen:
        body = {"message": int(message.number), "action": control.id} | ({"value": value} if value is not None else {})
        return await self._post(person, "actions", body)

    async def posts(self, place: str, person: Person) -> list[Seen]:
        query = {} if place == "papers" else {"user": person.name}
        path = f"/api/channels/{_channel(place, person)}/messages"
        async with self._session.get(path, params=query) as response:
            return [seen for message in await response.json() if not (seen := _seen(message)).private]

    async def _post(self, person: Person, what: str, body: dict[str, Any]) -> Seen:
        """The local chat knows no guests: what the person asks is made a guest's on its way to the answer."""
        self._guest = person.rights == "guest"
        body = {"user": person.name, "admin": person.rights == "admin", **body}
        async with self._session.post(f"/api/channels/{_channel(person.place, person)}/{what}", json=body) as response:
            assert response.status == 200, await response.text()
            message = await response.json()
        return replace(_seen(message), file=await self._download(message["html"]))

    async def _download(self, fragment: str) -> str:
        """The text of the file that a message links to."""
        links = html.fragment_fromstring(fragment, create_parent="div").xpath("//a[@download]/@href")
        for link in links:
            async with self._session.get(str(link)) as response:
                assert response.status == 200, await response.text()
                return await response.text()
        return ""

    def _as_a_guest(
        self, answer: Callable[[Command, Asker], Awaitable[Reply]]
    ) -> Callable[[Command, Asker], Awaitable[Reply]]:
        return lambda command, asker: answer(command, replace(asker, guest=self._guest))


def _channel(place: str, person: Person) -> str:
    return f"dm-{person.name}" if place == "dm" else place


def _seen(message: dict[str, Any]) -> Seen:
    controls = tuple(control for action in message["actions"] for control in _controls(action))
    return Seen(str(message["n"]), message["text"], controls, message["private"], _harm(message["html"]))


def _controls(action: dict[str, Any]) -> list[Control]:
    id_, label = action["id"], action["label"]
    name = id_.split(".")[1]
    if action.get("type") == "select":
        choices = [(option["value"], option["label"]) for option in action["options"]]
        return [Control(id_, name, text, value, offered_command(id_, value)) for value, text in choices]
    if action.get("type") in ("number", "text"):
        return [Control(id_, name, label, free=True)]
    return [Control(id_, name, label, action.get("value"), offered_command(id_, action.get("value", "")))]


def _harm(fragment: str) -> list[str]:
    """What is alive in a message and cannot be the bot's own."""
    found = []
    for element in html.fragment_fromstring(fragment, create_parent="div").iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        address = str(element.get("href", "https:"))
        found += [tag] if tag not in _DEAD_TAGS else []
        found += [str(name) for name in element.attrib if str(name).startswith("on")]
        found += [] if address.startswith(("https:", "http:", "#m", "/api/files/")) else [address]
    return found
