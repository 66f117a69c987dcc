"""Slack as a platform: deliveries go to the workspace of their channel, and each workspace is kept connected."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from aiohttp import web

from adapters.chat import Tools
from adapters.chat.slack import reading, sending
from adapters.chat.slack.commands import SLACK
from adapters.chat.slack.connection import Connection
from adapters.chat.slack.probing import probe_channels, probe_tokens
from adapters.chat.slack.render import post_message
from adapters.chat.slack.settings import Settings
from adapters.chat.slack.web import EventsPage
from adapters.chat.slack.workspace import Workspace
from bot.conversation import Reply
from bot.errors import PlatformRefused
from bot.model import Channel, ChannelRef, DeliveryKey
from bot.ports import Outcome, Posted, Probe, ReadBack, Receipt, Sighting
from bot.wording import counted


class SlackPlatform:
    """All workspaces, by name. ``sleep`` waits so many seconds."""

    name = SLACK

    def __init__(
        self, settings: Settings, tools: Tools, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._settings = settings
        self._tools = tools
        self._connections = {
            one.name: Connection(Workspace(one, settings.api_url, tools.now), settings, tools, sleep)
            for one in settings.all_workspaces
        }
        self._keeping: list[asyncio.Task[None]] = []

    # ------------------------------------------------------------ as the app sees it

    @property
    def address(self) -> None:
        """Slack's requests come to where the health pages are."""
        return

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Where Slack sends its requests, in HTTP mode."""
        if self._settings.mode == "http":
            return EventsPage([connection.listener for connection in self._connections.values()]).routes()
        return ()

    async def start(self) -> None:
        """Connect every workspace. What cannot be connected now is tried again in the background. Raises
        PlatformRefused if only a person can mend all of them."""
        connections = self._connections.values()
        findings = await asyncio.gather(*(connection.open() for connection in connections))
        if all(finding.refused for finding in findings):
            raise PlatformRefused("\n".join(filter(None, (connection.trouble() for connection in connections))))
        self._keeping = [asyncio.create_task(connection.keep()) for connection in connections]

    async def stop(self) -> None:
        """End every connection."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        self._keeping = []
        await asyncio.gather(*(connection.close() for connection in self._connections.values()))

    def trouble(self) -> str | None:
        """What is wrong with any of the connections now, or None."""
        troubles = [trouble for connection in self._connections.values() if (trouble := connection.trouble())]
        return "; ".join(troubles) or None

    # ------------------------------------------------------------ as delivering sees it

    async def turn(self, channel: ChannelRef) -> None:
        """Wait for the channel's and the workspace's pace."""
        if workspace := self._workspace(channel):
            await workspace.pace.turn(channel.id)

    def render(self, reply: Reply, key: DeliveryKey) -> bytes:
        """Render a public message; its marker and marks are in its metadata."""
        return sending.to_bytes(post_message(reply, key, today=self._tools.now().date()))

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        """Post the message in its workspace."""
        if workspace := self._workspace(channel):
            return await sending.post(workspace, channel, key, payload)
        return Receipt(Outcome.NOT_SENT, error=self._unknown(channel), channel_lost=True)

    async def read_back(self, channel: ChannelRef, key: DeliveryKey, since: datetime) -> Sighting:
        """Read the channel's history for the key."""
        if workspace := self._workspace(channel):
            return await reading.read_back(workspace, channel, key, since)
        return Sighting(ReadBack.UNAVAILABLE, error=self._unknown(channel))

    async def posted(self, channel: ChannelRef, since: datetime) -> Posted:
        """Read the channel's history for the marks of papers."""
        if workspace := self._workspace(channel):
            return await reading.posted(workspace, channel, since)
        return Posted(ReadBack.UNAVAILABLE, error=self._unknown(channel))

    async def probe(self) -> Probe:
        """Check the tokens and scopes of each workspace, and that the bot is in its channels."""
        channels = defaultdict[str, list[Channel]](list)
        for channel in await self._tools.channels():
            channels[channel.ref.workspace].append(channel)
        found = await asyncio.gather(
            *(
                self._probe(connection.workspace, channels.pop(name, []))
                for name, connection in self._connections.items()
            )
        )
        lines = [line for _, problems in found for line in problems]
        lines += [f"{channel.ref}: {self._unknown(channel.ref)}" for lost in channels.values() for channel in lost]
        return Probe(f"Slack: {'; '.join(summary for summary, _ in found)}", "\n".join(lines) or None)

    async def _probe(self, workspace: Workspace, channels: list[Channel]) -> tuple[str, list[str]]:
        """What to call a workspace, and what is wrong with it."""
        found = await probe_tokens(workspace, self._settings.mode)
        problems = [found.problem] if found.problem else []
        if not workspace.is_identified:
            return "not connected", [f"{workspace}: {problem}" for problem in problems]
        identity = workspace.identity
        summary = f"workspace {identity.team} as @{identity.user}, {counted(len(channels), 'channel')}"
        problems += await probe_channels(workspace, channels)
        return summary, [f"{workspace}: {problem}" for problem in problems]

    def _workspace(self, channel: ChannelRef) -> Workspace | None:
        connection = self._connections.get(channel.workspace)
        return connection.workspace if connection else None

    def _unknown(self, channel: ChannelRef) -> str:
        there = ", ".join(filter(None, self._connections)) or "one without a name"
        return f"there is no Slack workspace {channel.workspace!r} in the configuration; there is {there}"


def open_platform(settings: Settings, tools: Tools) -> SlackPlatform:
    """Make the platform; nothing is connected yet."""
    return SlackPlatform(settings, tools)
