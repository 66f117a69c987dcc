"""One workspace: its client, who we are there, and where its channels are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.slack.commands import SLACK
from adapters.chat.slack.settings import WorkspaceSettings
from adapters.pace import Pace
from bot.model import ChannelRef, Member

TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
"""Seconds for one call, and for its connection."""

CHANNEL_GAP = 1.05
"""Seconds between two messages in one channel: Slack takes one a second (facts: slack.md, 5)."""

WORKSPACE_GAP = 0.2
"""Seconds between two messages in a workspace: it takes several hundred a minute (facts: slack.md, 5)."""

READING_GAP = 1.25
"""Seconds between two reads of history: it gives at least 50 a minute (facts: slack.md, 5, tier 3)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in a workspace, as auth.test tells: ids, names, the workspace's address with a slash behind, and what
    the token may do (None if Slack does not say)."""

    team_id: str
    user_id: str
    bot_id: str
    url: str
    team: str
    user: str
    scopes: frozenset[str] | None


class Workspace:
    """A workspace and our app in it. The client is made at its first use, in a running loop; close() ends it."""

    def __init__(self, settings: WorkspaceSettings, api_url: str, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.name = settings.name
        self.pace = Pace(WORKSPACE_GAP, CHANNEL_GAP)
        self.reading_pace = Pace(READING_GAP)
        self._api_url = api_url
        self._now = now
        self._client: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None
        self._identity: Identity | None = None
        self._direct: dict[str, str] = {}
        self._offset: timedelta | None = None

    def __str__(self) -> str:
        return f"Slack workspace {self.name}" if self.name else "Slack"

    @property
    def client(self) -> AsyncWebClient:
        """The client, which never repeats a call by itself (facts: slack.md, 2)."""
        if self._client is None:
            self._client = self._open()
        return self._client

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections of the client, for whatever else goes to this workspace."""
        self.client  # noqa: B018 - makes the session
        assert self._session is not None
        return self._session

    def _open(self) -> AsyncWebClient:
        """Nothing is taken from the environment: the client would send tokens through a proxy named there. The
        timeouts are the session's, for with a session the client forgets its own (facts: slack.md, 2)."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._hear_time)
        self._session = aiohttp.ClientSession(
            timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, trace_configs=[trace]
        )
        client = AsyncWebClient(
            token=self.settings.bot_token.get_secret_value(),
            base_url=self._api_url,
            session=self._session,
            retry_handlers=[],
        )
        client.proxy = None
        return client

    async def close(self) -> None:
        """End its connections. May be called twice, or before its first use."""
        if self._session is not None:
            await self._session.close()
        self._client = self._session = None

    # ------------------------------------------------------------ who we are

    @property
    def identity(self) -> Identity:
        """Who we are, once ``identify`` has asked."""
        assert self._identity is not None, "identify() comes first"
        return self._identity

    @property
    def is_identified(self) -> bool:
        """Whether Slack has told who we are."""
        return self._identity is not None

    async def identify(self) -> Identity:
        """Ask Slack who we are. Raises whatever the client raises."""
        answer = await self.client.auth_test()
        scopes = answer.headers.get("x-oauth-scopes")
        self._identity = Identity(
            team_id=answer["team_id"],
            user_id=answer["user_id"],
            bot_id=answer["bot_id"] or "",
            url=(answer["url"] or "").rstrip("/") + "/",
            team=answer["team"] or "",
            user=answer["user"] or "",
            scopes=None if scopes is None else frozenset(filter(None, map(str.strip, scopes.split(",")))),
        )
        return self._identity

    # ------------------------------------------------------------ places

    def ref(self, channel_id: str, user: str) -> ChannelRef:
        """What a channel is called outside Slack; a direct message is its person's, whichever it came by."""
        if channel_id.startswith("D"):
            return Member(SLACK, self.name, user).direct
        return ChannelRef(SLACK, self.name, channel_id)

    async def place(self, ref: ChannelRef) -> str:
        """Slack's id of a channel; direct messages are opened for it. Raises whatever the client raises."""
        if ref.owner is None:
            return ref.id
        if ref.owner not in self._direct:
            answer = await self.client.conversations_open(users=ref.owner)
            self._direct[ref.owner] = (answer["channel"] or {})["id"]
        return self._direct[ref.owner]

    def message_link(self, channel_id: str, ts: str) -> str:
        """The address of a message."""
        return f"{self.identity.url}archives/{channel_id}/p{ts.replace('.', '')}"

    # ------------------------------------------------------------ time

    def slack_time(self, moment: datetime) -> datetime:
        """A moment of our clock as Slack's clock had it, or a little before."""
        return moment + (self._offset or timedelta(0))

    async def _hear_time(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        """Keep how far our clock is ahead of Slack's at most: whoever sets it right meanwhile moves no message out of
        sight (facts: delivery.md, 3.2.7)."""
        try:
            heard = parsedate_to_datetime(end.response.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return
        offset = heard - self._now()
        self._offset = offset if self._offset is None else min(self._offset, offset)
