"""The bot as the platform runs it: being connected, connected, and connected again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator

import discord
from discord.http import Route

from adapters.chat import Tools
from adapters.chat.discord.failing import EXPECTED, words_of
from adapters.chat.discord.identifying import IdentifyBudget
from adapters.chat.discord.listening import Listener, Timing
from adapters.chat.discord.settings import Settings
from adapters.chat.discord.traffic import Traffic
from bot.errors import PlatformRefused
from bot.wording import counted

_log = logging.getLogger(__name__)

_TIMING = Timing()
_BAD_TOKEN = 4004
"""The gateway's code for it (docs.discord.com/developers/topics/opcodes-and-status-codes)."""

_REFUSED = (
    "Discord does not know the token; reset it at discord.com/developers/applications, Bot, Reset Token, set "
    "PAPERROUND_CHAT__DISCORD__TOKEN, and start the bot again"
)
_REFUSED_INTENTS = "Discord does not let the bot hear what it needs; the log says more"


class Bot:
    """Keeps the bot connected: discord.py mends what it can, and then another client is begun."""

    def __init__(self, settings: Settings, tools: Tools, traffic: Traffic, timing: Timing = _TIMING) -> None:
        self._settings = settings
        self._tools = tools
        self._traffic = traffic
        self._timing = timing
        self._budget = IdentifyBudget(tools.memory, tools.now)
        self._listener: Listener | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._refusal: str | None = None
        self._problem: str | None = None

    def trouble(self) -> str | None:
        """What is wrong with the connection now, in a sentence, or None."""
        here = self._listener.trouble() if self._listener else self._problem
        return self._refusal or self._budget.trouble() or here

    async def begin(self) -> None:
        """Connect; what cannot be connected soon is tried on in the background. Raises PlatformRefused if only a person
        can mend it."""
        Route.BASE = self._settings.api_url
        _quieten()
        self._problem = "the bot is not connected to Discord yet"
        self._keeping = asyncio.create_task(self._keep())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.patience):
                await self._settled.wait()
        if self._refusal:
            raise PlatformRefused(self._refusal)

    async def end(self) -> None:
        """End what is open; may be called twice, or before it was begun."""
        if self._listener:
            await self._listener.finish()
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._keeping = None

    async def _keep(self) -> None:
        """Connect again for as long as there is hope."""
        for pause in self._pauses():
            try:
                await self._connect()
            except Exception as error:  # noqa: BLE001 - the top of a loop
                self._refusal = _refusal(error)
                self._problem = self._words(error)
            if self._refusal:
                _log.error("%s", self._refusal)
                self._settled.set()
                return
            _log.warning("%s; the next attempt in %.0f s", self._problem, pause)
            await asyncio.sleep(pause)

    async def _connect(self) -> None:
        """Log in, and listen as long as the connection can be kept. Raises what the client raises."""
        async with Listener(self._settings, self._tools, self._traffic, self._budget, self._timing) as listener:
            self._listener = listener
            announcing = asyncio.create_task(self._announce(listener))
            try:
                await listener.login(self._settings.token.get_secret_value())
                if await self._budget.is_spent():
                    self._settled.set()  # it can post meanwhile
                await self._budget.wait()
                await listener.connect()
            finally:
                announcing.cancel()
                self._listener = None

    async def _announce(self, listener: Listener) -> None:
        await listener.connected.wait()
        _log.info("Discord: the bot is @%s, in %s", listener.user, counted(len(listener.guilds), "server"))
        self._settled.set()

    def _pauses(self) -> Iterator[float]:
        """Seconds between tries: twice as long each time."""
        pause = self._timing.first
        while True:
            yield pause
            pause = min(2 * pause, self._timing.longest)

    def _words(self, error: Exception) -> str:
        if not isinstance(error, EXPECTED):
            _log.error("the connection to Discord failed", exc_info=error)
        return f"the bot is not connected to Discord: {words_of(error)}"


def _quieten() -> None:
    """What discord.py logs for debugging holds people's words and the tokens of interactions."""
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))


def _refusal(error: Exception) -> str | None:
    """What only a person can mend, or None."""
    if isinstance(error, discord.LoginFailure):
        return _REFUSED
    if isinstance(error, discord.ConnectionClosed) and error.code == _BAD_TOKEN:
        return _REFUSED
    return _REFUSED_INTENTS if isinstance(error, discord.PrivilegedIntentsRequired) else None
