"""A workspace as the platform runs it: being connected, connected, and looked after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.chat import Tools
from adapters.chat.slack.commands import SLACK
from adapters.chat.slack.link import Link
from adapters.chat.slack.listening import Listener
from adapters.chat.slack.probing import Finding, joined, probe_tokens
from adapters.chat.slack.settings import Settings
from adapters.chat.slack.verdicts import Proof, failure
from adapters.chat.slack.workspace import Workspace
from bot.model import Channel, ChannelRef

_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 600.0
_LOOK_AROUND = 3600.0
_LOOK_AGAIN = 60.0
_PATIENCE = 10.0
"""Seconds that the other platforms wait for this one when the bot starts."""

_log = logging.getLogger(__name__)


class Connection:
    """Keeps one workspace connected. ``sleep`` waits so many seconds."""

    def __init__(
        self, workspace: Workspace, settings: Settings, tools: Tools, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self.workspace = workspace
        self.listener = Listener(workspace, tools)
        self._link = Link(self.listener) if settings.mode == "socket" else None
        self._mode = settings.mode
        self._tools = tools
        self._sleep = sleep
        self._problem: str | None = None
        self._lack: str | None = None
        self._is_open = False
        self._entered: set[str] = set()

    def trouble(self) -> str | None:
        """What is wrong with it now, in a sentence, or None."""
        link = self._link.trouble() if self._link else None
        problem = self._problem or self.listener.refusal or link or self._lack
        return f"{self.workspace}: {problem}" if problem else None

    async def open(self) -> Finding:
        """Try to connect."""
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await probe_tokens(self.workspace, self._mode)
        except TimeoutError:
            found = Finding("Slack did not answer in time")
        if found.is_usable and self._link:
            await self._link.start()
        self._is_open = found.is_usable
        self._problem, self._lack = (None, found.problem) if self._is_open else (found.problem, None)
        if self._lack:
            _log.error("%s: %s", self.workspace, self._lack)
        if self._is_open:
            us = self.workspace.identity
            _log.info("%s: the bot is @%s in the workspace %s", self.workspace, us.user, us.team)
        return found

    async def keep(self) -> None:
        """Go on trying until it is connected, then look around for ever."""
        for pause in _pauses():
            if self._is_open:
                break
            _log.warning("%s; the next attempt in %.0f s", self.trouble(), pause)
            await self._sleep(pause)
            await self.open()
        while True:
            await self._sleep(_LOOK_AROUND if await self._look_around() else _LOOK_AGAIN)

    async def close(self) -> None:
        """End what is open; may be called twice, or before it was opened."""
        if self._link:
            await self._link.stop()
        await self.listener.close()
        await self.workspace.close()

    async def _look_around(self) -> bool:
        """Greet the channels that the bot was added to while it was away, and try at once what waits where it is
        again; says whether this could be done."""
        try:
            found = await joined(self.workspace)
            known = {channel.ref: channel for channel in await self._tools.channels()}
            self._entered &= found
            for channel in found - self._entered:
                await self._enter(channel, known)
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            found_wrong = failure(error)
            _log.warning("%s: its channels could not be looked at: %s", self.workspace, found_wrong.words)
            self._problem = None if found_wrong.proof is Proof.UNKNOWN else found_wrong.words
        except Exception:  # noqa: BLE001 - the top of a loop
            _log.exception("%s: looking at its channels failed; it is tried again", self.workspace)
        else:
            self._problem = None
            return True
        return False

    async def _enter(self, channel: str, known: Mapping[ChannelRef, Channel]) -> None:
        """The bot is in a channel where it was not at the last look."""
        ref = ChannelRef(SLACK, self.workspace.name, channel)
        try:
            await self.listener.enter(channel, known.get(ref))
            self._entered.add(channel)
        except SlackApiError as error:
            _log.warning("%s: it could not be greeted: %s", ref, failure(error).words)


def _pauses() -> Iterator[float]:
    """Seconds between tries: twice as long each time."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
