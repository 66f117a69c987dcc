"""The bot's account at Discord: its calls to the REST API, who it is, and where people's direct messages are.

A call is made once. discord.py's own client would repeat a post that failed, sleep within it, and block all its later
calls when such a sleep is cut short (discord.py 2.7.1, http.py), so that one attempt would not have one outcome.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

import aiohttp

from adapters.chat.discord.settings import SNOWFLAKE, Settings
from adapters.chat.discord.traffic import Traffic
from adapters.chat.discord.verdicts import Failure, Misnamed, Refused, Resting
from adapters.pace import Pace
from bot.model import ChannelRef

TIMEOUT = aiohttp.ClientTimeout(total=7, sock_connect=5)
"""Seconds for one call, and for its connection."""

CHANNEL_GAP = 1.05
"""Seconds between two messages in one channel: Discord takes 5 in 5 seconds there."""

GAP = 0.05
"""Seconds between any two messages: it takes 50 requests a second in all (facts: discord.md, 3)."""

READING_GAP = 0.25
"""Seconds between two reads of history."""

_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are: the ids of our user and of our application, and the user's name."""

    user_id: str
    application_id: str
    name: str


class Account:
    """The session is made at its first use, in a running loop; close() ends it."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.traffic = Traffic(now)
        self.pace = Pace(GAP, CHANNEL_GAP)
        self.reading_pace = Pace(READING_GAP)
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._identity: Identity | None = None
        self._direct: dict[str, str] = {}

    async def call(
        self, method: str, path: str, body: object = None, query: Mapping[str, str | int] | None = None
    ) -> Any:
        """Make one request, and give the JSON of its answer, None if it is none. Raises Refused, Resting,
        aiohttp.ClientError, OSError or TimeoutError; ``verdicts.failure`` tells what they prove."""
        if pause := self.traffic.pause():
            raise Resting(pause)
        if self._session is None:
            self._session = self._open()
        address = self._settings.api_url + path
        async with self._session.request(method, address, json=body, params=query, allow_redirects=False) as response:
            answer = _json(await response.read())
            if response.status not in _SUCCESS:
                raise Refused(response.status, answer, response.headers)
            return answer

    def _open(self) -> aiohttp.ClientSession:
        """Nothing is taken from the environment: a proxy named there would get the token."""
        headers = {
            "Authorization": f"Bot {self._settings.token.get_secret_value()}",
            "User-Agent": f"DiscordBot (paperround, {version('paperround')})",
        }
        return aiohttp.ClientSession(
            headers=headers,
            timeout=TIMEOUT,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            trace_configs=[self.traffic.trace()],
        )

    def obey(self, found: Failure) -> None:
        """Let nobody have a turn while Discord takes nothing from us anywhere."""
        if found.everywhere and found.retry_after is not None:
            self.pace.hold(found.retry_after)
            self.reading_pace.hold(found.retry_after)

    async def close(self) -> None:
        """End its connections. May be called twice, or before its first use."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def identity(self) -> Identity:
        """Who we are; Discord is asked once. Raises what ``call`` raises."""
        if self._identity is None:
            user, application = await self.call("GET", "/users/@me"), await self.call("GET", "/applications/@me")
            self._identity = Identity(user["id"], application["id"], user["username"])
        return self._identity

    async def place(self, ref: ChannelRef) -> str:
        """Discord's id of a channel; direct messages are opened for it. Raises Misnamed, and what ``call`` raises."""
        if ref.workspace:
            raise Misnamed("Discord has no workspaces; leave the workspace out of the configuration")
        if not SNOWFLAKE.fullmatch(ref.owner or ref.id):
            raise Misnamed("this is no id of Discord's; right-click the channel, Copy Channel ID")
        if ref.owner is None:
            return ref.id
        if ref.owner not in self._direct:
            answer = await self.call("POST", "/users/@me/channels", {"recipient_id": ref.owner})
            self._direct[ref.owner] = answer["id"]
        return self._direct[ref.owner]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
