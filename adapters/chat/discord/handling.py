"""What is done about each thing that people do: acknowledged at once, done once, answered afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord
from discord import InteractionType, app_commands

from adapters.chat import Tools
from adapters.chat.discord.commands import DISCORD, Question, Use, read_click, read_slash, read_submission, read_typing
from adapters.chat.discord.controls import Form
from adapters.chat.discord.custom_ids import kept_name
from adapters.chat.discord.responding import ANSWERED, TOO_LATE, Asked, Responder
from adapters.chat.discord.rights import Rights, direct, place, where
from adapters.chat.discord.settings import Settings
from bot.conversation import Asker, Notice, React, Reply
from bot.errors import Refused

_log = logging.getLogger(__name__)

_AT_ONCE = 32
"""Answers in work at the same time; the others wait, acknowledged already."""

_GRACE = 2.0
"""Seconds that answers in work have when the bot stops."""

_SORRY = Notice("Something went wrong. Please try again; if it stays, the log says more.")


class Handlers:
    """What people do in all servers and in direct messages. Nothing raises: whoever did something hears of it."""

    def __init__(self, settings: Settings, tools: Tools, responder: Responder) -> None:
        self._tools = tools
        self._rights = Rights(settings, tools)
        self._responder = responder
        self._at_work = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def hear(self, interaction: Asked) -> None:
        """A command, an option being typed, a control, or a form."""
        with self.counted():
            await self._hear(interaction)

    async def _hear(self, interaction: Asked) -> None:
        try:
            match interaction.type:
                case InteractionType.autocomplete:
                    await self._suggest(interaction)
                case InteractionType.application_command:
                    await self._answer(read_slash(_data(interaction)), interaction)
                case InteractionType.component:
                    await self._use(read_click(_data(interaction), _message_id(interaction)), interaction)
                case InteractionType.modal_submit:
                    await self._answer(read_submission(_data(interaction), _message_id(interaction)), interaction)
        except Exception as error:  # noqa: BLE001 - the top of what one person did
            if isinstance(error, discord.HTTPException) and error.code in (TOO_LATE, ANSWERED):
                _log.info("an interaction was answered too late, or twice")
                return
            _log.exception("what was done could not be answered")
            with contextlib.suppress(Exception):
                await self._responder.show(_SORRY, interaction)

    # ------------------------------------------------------------ questions

    async def _use(self, use: Use, interaction: Asked) -> None:
        if name := kept_name(use.control):
            use = replace(use, control="1.run", value=await self._tools.memory.get(name) or "")
        if use.asks_first:
            await interaction.response.send_modal(Form(use))
        else:
            await self._answer(use, interaction)

    async def _answer(self, asking: Question | Use, interaction: Asked) -> None:
        """Answer the asker alone; a list of their own that is turned changes where it stands."""
        in_place = isinstance(asking, Use) and asking.turns and _is_private(interaction.message)
        await self._responder.acknowledge(interaction, in_place=in_place)
        if not await self._tools.gestures.first(f"{DISCORD}:interaction:{interaction.id}", self._tools.now()):
            return
        async with self._at_work:
            reply = await self._reply(asking, interaction)
        await self._responder.show(reply, interaction, asked=asking.asked, in_place=in_place)

    async def _reply(self, asking: Question | Use, interaction: Asked) -> Reply:
        command = asking.command
        try:
            asker = await self._rights.asker(interaction, command)
        except Refused as error:
            return Notice(str(error))
        return await self._tools.answer(command, asker)

    async def _suggest(self, interaction: Asked) -> None:
        """Offer what can stand in an option that is being typed."""
        typing = read_typing(_data(interaction))
        choices: list[app_commands.Choice[str]] = []
        with contextlib.suppress(Refused):
            if typing and typing.line:
                asker = Asker(where(interaction), str(interaction.user.id))
                suggestions = await self._tools.complete(typing.line, len(typing.line), asker)
                choices = [app_commands.Choice(name=words, value=value) for value, words in typing.choices(suggestions)]
        await interaction.response.autocomplete(choices)

    # ------------------------------------------------------------ reactions

    async def react(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        """An emoji, put on a message or taken off it."""
        here = direct(payload.user_id) if payload.guild_id is None else place(payload.channel_id)
        react = React(payload.emoji.name or "", str(payload.message_id), added=added)
        with self.counted():
            await self._tools.answer(react, Asker(here, str(payload.user_id)))

    # ------------------------------------------------------------ the end

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """What runs within is waited for by ``close``."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def close(self) -> None:
        """Finish what is in work, or give it up after a moment."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _data(interaction: Asked) -> Any:
    """What Discord says of the use."""
    return interaction.data or {}


def _message_id(interaction: Asked) -> str:
    """The message a control stands in, or ""."""
    return str(interaction.message.id) if interaction.message else ""


def _is_private(message: discord.Message | None) -> bool:
    return message is not None and message.flags.ephemeral
