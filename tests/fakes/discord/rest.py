"""Discord's REST API, version 10: which request goes where, whether it may, and what is kept of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from tests.fakes.discord.contents import Upload
from tests.fakes.discord.events import Events
from tests.fakes.discord.faults import as_json, page, said_no, too_many
from tests.fakes.discord.message import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.rates import Bucket
from tests.fakes.discord.refusals import Refused, Unauthorized
from tests.fakes.discord.world import JSON, Channel, Guild, User

PREFIX = "/api/v10"
INVALID = {401, 403, 429}
PLACES = ("channel", "guild", "webhook", "token", "interaction")
"""The parts of a path that have rate limits of their own."""


@dataclass(frozen=True)
class Answer:
    """What a request is answered; None is no body."""

    body: Any = None
    status: int = 200


DONE = Answer(status=204)


@dataclass(frozen=True)
class Call:
    """A request that may be carried out; ``at`` are the named parts of its path, ``uploads`` its files by the id they
    get as attachments."""

    discord: Events
    at: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    uploads: Mapping[str, Upload]

    def form(self) -> JSON:
        """The body, when it is an object."""
        if not isinstance(self.body, dict):
            raise Refused(50109)
        return self.body

    def channel(self, *needed: Permission) -> Channel:
        """The channel of the path, if the bot sees it and may do this."""
        channel = self.discord.channel_of(self.at["channel"])
        if channel is None:
            raise Refused(10003)
        may = channel.permissions(self.discord.bot)
        if Permission.VIEW_CHANNEL not in may:
            raise Refused(50001)
        if any(one not in may for one in needed):
            raise Refused(50013)
        return channel

    def message(self, channel: Channel) -> Message:
        """The message of the path."""
        found = next((message for message in channel.messages if message.id == self.at["message"]), None)
        if found is None:
            raise Refused(10008)
        return found

    def own_message(self, channel: Channel) -> Message:
        """The message of the path, if the bot wrote it."""
        message = self.message(channel)
        if message.author is not self.discord.bot:
            raise Refused(50005)
        return message

    def guild(self) -> Guild:
        """The guild of the path, if the bot is in it."""
        guild = self.discord.guild_of(self.at["guild"])
        if guild is None:
            raise Refused(10004)
        if self.discord.bot.id not in guild.members:
            raise Refused(50001)
        return guild

    def user(self) -> User:
        """The user of the path."""
        user = self.discord.users.get(self.at["user"])
        if user is None:
            raise Refused(10013)
        return user


@dataclass(frozen=True)
class Route:
    """One entry of the API; interactions and their webhooks need no token of the bot, and have no global limit."""

    method: str
    path: str
    carry_out: Callable[[Call], Answer]
    open: bool = False

    def fits(self, path: str) -> dict[str, str] | None:
        """The named parts of a path that is of this route."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return {name: unquote(part) for name, part in found.groupdict().items()} if found else None


@dataclass
class Rest:
    """Answers the requests of the bot."""

    discord: Events
    routes: Sequence[Route]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        path = request.raw_path.removeprefix(PREFIX)
        body, uploads = await self._read(request)
        record: JSON = {
            "method": request.method,
            "path": path,
            "body": body,
            "content_type": request.content_type,
            "status": None,
            "response": None,
            "at": self.discord.now(),
            "faulty": False,
        }
        fault = self.discord.faults.of(request.method, path.split("?")[0])
        record["faulty"] = fault is not None
        self.discord.requests.append(record)
        self.discord.change()

        def carry_out() -> web.Response:
            try:
                return self._answer(request, body, uploads)
            except Exception as error:
                self.discord.crashes.append(error)
                raise

        if fault:
            return await fault(request, carry_out)
        answer = carry_out()
        record["status"] = answer.status
        if answer.content_type == "application/json" and isinstance(answer.body, bytes) and answer.body:
            record["response"] = json.loads(answer.body)
        return answer

    def _answer(self, request: web.Request, body: Any, uploads: Mapping[str, Upload]) -> web.Response:
        now = self.discord.now()
        if now < self.discord.rates.banned_until:
            return page(429)
        found = self._find(request)
        bucket = self._bucket(*found) if found else None
        response = self._limited(found[0], bucket) if found else None
        if response is None:
            response = self._carried_out(request, found, body, uploads)
        if bucket:
            response.headers.update(bucket.headers(now))
        if response.status in INVALID:
            self.discord.rates.count_invalid(now)
        return response

    def _carried_out(
        self, request: web.Request, found: tuple[Route, dict[str, str]] | None, body: Any, uploads: Mapping[str, Upload]
    ) -> web.Response:
        try:
            if found is None:
                raise Refused(0)
            route, at = found
            if not route.open:
                self._authorize(request)
            answer = route.carry_out(Call(self.discord, at, request.query, body, uploads))
        except Unauthorized:
            return as_json({"message": "401: Unauthorized", "code": 0}, 401)
        except Refused as refused:
            return said_no(refused)
        return web.Response(status=204) if answer.status == 204 else as_json(answer.body, answer.status)

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.discord.token}":
            raise Unauthorized
        if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            raise Refused(40333)

    def _find(self, request: web.Request) -> tuple[Route, dict[str, str]] | None:
        path = request.raw_path.removeprefix(PREFIX).split("?")[0]
        for route in self.routes:
            at = route.fits(path) if route.method == request.method else None
            if at is not None:
                return route, at
        return None

    def _bucket(self, route: Route, at: Mapping[str, str]) -> Bucket | None:
        return self.discord.rates.bucket(route.method, route.path, "/".join(at.get(place, "") for place in PLACES))

    def _limited(self, route: Route, bucket: Bucket | None) -> web.Response | None:
        """429, when this request is one too many."""
        rates, now = self.discord.rates, self.discord.now()
        pause = 0.0 if route.open else rates.wait_for_all(now)
        if pause:
            return too_many(pause, everywhere=True)
        pause = rates.wait(bucket, now)
        return too_many(pause) if pause else None

    async def _read(self, request: web.Request) -> tuple[Any, dict[str, Upload]]:
        """The body as JSON, and the files beside it; a body that is no JSON is given as text."""
        if request.content_type != "multipart/form-data":
            return _from_json(await request.text()), {}
        body: Any = None
        uploads: dict[str, Upload] = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader), "Discord takes no multipart within multipart"
            content = bytes(await part.read())
            if part.name == "payload_json":
                body = _from_json(content.decode())
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                uploads[self.discord.id()] = Upload(str(part.name), str(part.filename), kind, content)
        return {} if body is None else body, uploads


def _from_json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
