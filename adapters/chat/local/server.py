"""The local chat over HTTP: its page, and the calls the page and other programs use."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from adapters.chat import Tools
from adapters.chat.local.commands import LOCAL, BadRequest, read_file, read_question, read_use, read_user
from adapters.chat.local.guard import HEADERS, guarded
from adapters.chat.local.listeners import Listener, Listeners
from adapters.chat.local.page import page
from bot.commands import offered_command, parse_control, turns_list
from bot.conversation import Asker, Command, React
from bot.errors import NotFound
from bot.model import Channel, ChannelRef, Member
from bot.ports import ChatMessage

_STATIC = Path(__file__).parent / "static"
_MAX_BODY = 64 * 1024
_MAX_NUMBER = 2**53
_HEARTBEAT = 15.0


class Desk(Protocol):
    """Who answers: the platform."""

    async def ask(self, command: Command, asker: Asker, asked: str) -> ChatMessage:
        """Answer a command in a new message."""

    async def turn_list(self, command: Command, asker: Asker, message: ChatMessage) -> ChatMessage:
        """Answer a control of the list in a message."""


class ChatServer:
    """The handlers."""

    def __init__(
        self,
        desk: Desk,
        tools: Tools,
        listeners: Listeners,
    ) -> None:
        self._desk = desk
        self._complete = tools.complete
        self._citations = tools.file
        self._chat_log = tools.chat_log
        self._channels = tools.channels
        self._listeners = listeners

    def routes(self) -> list[web.AbstractRouteDef]:
        """All routes, guarded."""
        channel = "/api/channels/{channel}"
        return [
            web.get("/", guarded(self._page)),
            web.get("/static/{file}", guarded(self._file)),
            web.get("/api/channels", guarded(self._list_channels)),
            web.get("/api/files/{key}", guarded(self._cite), allow_head=False),
            web.get(f"{channel}/messages", guarded(self._messages)),
            web.get(f"{channel}/completions", guarded(self._completions), allow_head=False),
            web.get(f"{channel}/events", guarded(self._events), allow_head=False),
            web.post(f"{channel}/commands", guarded(self._command)),
            web.post(f"{channel}/actions", guarded(self._action)),
        ]

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=page(), content_type="text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        known = {path.name: path for path in _STATIC.iterdir()}
        if not (path := known.get(request.match_info["file"])):
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def _list_channels(self, request: web.Request) -> web.Response:
        """Give every channel; for a person also their own, and the number of the last message they may see in each."""
        channels, user = await self._channels(), _user(request)
        if user is None:
            return web.json_response([{"id": channel.ref.id, "name": channel.name} for channel in channels])
        channels.append(Channel(Member(LOCAL, "", user).direct, "Direct messages"))
        newest = [await self._chat_log.newest(channel.ref.id, user) for channel in channels]
        shown = zip(channels, newest, strict=True)
        return web.json_response(
            [{"id": channel.ref.id, "name": channel.name, "newest": number} for channel, number in shown]
        )

    async def _cite(self, request: web.Request) -> web.StreamResponse:
        """Write the file that a list's citations were offered as."""
        wanted = read_file(request.match_info["key"], request.query.get("format", ""), request.query.get("page"))
        pieces = self._citations(wanted)
        try:
            first = await anext(pieces)
        except NotFound as error:
            raise web.HTTPNotFound(reason=str(error)) from error
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": f"{wanted.form.media_type}; charset=utf-8"})
        await response.prepare(request)
        await response.write(first.encode())
        async for piece in pieces:
            await response.write(piece.encode())
        await response.write_eof()
        return response

    async def _messages(self, request: web.Request) -> web.Response:
        user = _user(request)
        channel = await self._channel(request, user)
        messages = await self._chat_log.since(channel, _number(request.query.get("after")), user)
        return web.json_response([_shown(message) for message in messages])

    async def _completions(self, request: web.Request) -> web.Response:
        """Suggest what may stand before the cursor, which is at the end if it is not given."""
        user = _user(request)
        if user is None:
            raise BadRequest('"user" is missing')
        channel = await self._channel(request, user)
        text = request.query.get("text", "")
        cursor = _number(request.query.get("cursor"))
        asker = Asker(ChannelRef(LOCAL, "", channel), user)
        suggestions = await self._complete(text, len(text) if cursor is None else cursor, asker)
        return web.json_response([asdict(suggestion) for suggestion in suggestions])

    async def _command(self, request: web.Request) -> web.Response:
        question = read_question(await _body(request), request.match_info["channel"])
        await self._channel(request, question.asker.user)
        return web.json_response(_shown(await self._desk.ask(question.command, question.asker, question.asked)))

    async def _action(self, request: web.Request) -> web.Response:
        use = read_use(await _body(request), request.match_info["channel"])
        channel = await self._channel(request, use.asker.user)
        message = await self._chat_log.get(use.message) if 0 < use.message < _MAX_NUMBER else None
        if message is None or message.channel != channel or message.user not in (None, use.asker.user):
            raise web.HTTPNotFound(reason="There is no such message here.")
        value = _carried(message, use.control) if use.value is None else use.value
        command = parse_control(use.control, value)
        if isinstance(command, React) and not command.message:
            command = replace(command, message=str(message.n))
        if turns_list(use.control):
            return web.json_response(_shown(await self._desk.turn_list(command, use.asker, message)))
        return web.json_response(_shown(await self._desk.ask(command, use.asker, offered_command(use.control, value))))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        user = _user(request)
        channel = await self._channel(request, user)
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        with self._listeners.listen(channel, user) as listener:
            await _stream(request, response, listener, self._missed(channel, after, user))
        return response

    async def _missed(self, channel: str, after: int | None, user: str | None) -> AsyncIterator[ChatMessage]:
        """Everything since the last message seen; nothing if the page has seen none."""
        while after is not None:
            messages = await self._chat_log.since(channel, after, user)
            for message in messages:
                yield message
            after = messages[-1].n if messages else None

    async def _channel(self, request: web.Request, user: str | None) -> str:
        """Read the channel's id, which may be that of this person's direct messages. Raises 404 for any other."""
        channel = request.match_info["channel"]
        own = user is not None and channel == Member(LOCAL, "", user).direct.id
        if own or channel in {one.ref.id for one in await self._channels()}:
            return channel
        raise web.HTTPNotFound(reason="There is no such channel.")


async def _stream(
    request: web.Request, response: web.StreamResponse, listener: Listener, missed: AsyncIterator[ChatMessage]
) -> None:
    """Send what was missed, then every message as it comes, until the page or the server goes.

    A changed message has no event id of its own, so that a reconnect goes on after the newest message.
    """
    newest = 0
    try:
        await response.prepare(request)
        await response.write(b"retry: 2000\n\n")
        async for message in missed:
            await response.write(_event(message, numbered=True))
            newest = message.n
        while True:
            try:
                following = await listener.next(_HEARTBEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if following is None:
                return
            await response.write(_event(following, numbered=following.n > newest))
            newest = max(newest, following.n)
    except ConnectionError:
        return


def _event(message: ChatMessage, *, numbered: bool) -> bytes:
    number = f"id: {message.n}\n" if numbered else ""
    return f"{number}data: {json.dumps(_shown(message))}\n\n".encode()


def _shown(message: ChatMessage) -> dict[str, Any]:
    """Return a message as the API gives it; ``private`` means that only this person sees it."""
    body: dict[str, Any] = json.loads(message.body)
    return {"n": message.n, "at": message.at.isoformat(), "private": message.user is not None, **body}


def _carried(message: ChatMessage, control: str) -> str:
    """Return the value that a control of a message carries itself."""
    values = {action["id"]: action.get("value", "") for action in json.loads(message.body)["actions"]}
    return str(values.get(control, ""))


def _user(request: web.Request) -> str | None:
    user = request.query.get("user")
    return None if user is None else read_user(user)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_NUMBER))):
        raise BadRequest('"after" and "cursor" must be whole numbers')
    return min(int(text), _MAX_NUMBER)


async def _body(request: web.Request) -> bytes:
    """Read the body. Raises 413 if it is larger than agreed."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(max_size=_MAX_BODY, actual_size=len(body))
    return bytes(body)
