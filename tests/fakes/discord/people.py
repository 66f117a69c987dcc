"""What people do in Discord, each returning when the app has answered it or the person has given up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.fakes.discord import controls
from tests.fakes.discord.events import Events
from tests.fakes.discord.interactions import Asks, Callback, Interaction, Modal
from tests.fakes.discord.message import Content, Message
from tests.fakes.discord.options import command_data, resolved, seen_by
from tests.fakes.discord.payloads import interaction_create
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.world import JSON, Channel, User


@dataclass(eq=False)
class Gesture:
    """Something a person did. ``delay`` is the seconds until the app's callback came or was given up; ``since`` the
    fake's count of changes before it."""

    interaction: Interaction
    since: int
    delay: float = 0.0

    @property
    def user(self) -> User:
        return self.interaction.user

    @property
    def acked(self) -> bool:
        """Whether the app answered in time; if not, the person sees "This interaction failed"."""
        return self.interaction.answered is not None

    @property
    def callback(self) -> Callback | None:
        """The type of the app's answer."""
        return self.interaction.answered

    @property
    def data(self) -> JSON:
        """The data of the app's answer."""
        return self.interaction.data

    @property
    def choices(self) -> list[JSON]:
        """What an autocomplete offers: ``{"name", "value"}``."""
        choices: list[JSON] = self.data.get("choices", [])
        return choices

    @property
    def payload(self) -> JSON:
        """The event as the app got it."""
        return self.interaction.payload


class People(Events):
    """A fake Discord with people in it."""

    async def slash(self, user: User, channel: Channel, path: str, /, **options: Any) -> Gesture:
        """Send a slash command: its words, as "topic add" (``command`` stands before them if none of that name is
        known), and its options: texts, numbers, users, channels, or the name or value of a choice."""
        command, words = self._command(user, channel, path)
        data = command_data(command, words, options, user, channel)
        return await self._ask(Asks.COMMAND, user, channel, data)

    async def autocomplete(
        self, user: User, channel: Channel, path: str, option: str, value: Any, /, **others: Any
    ) -> Gesture:
        """Type in an option and look at what is offered."""
        command, words = self._command(user, channel, path)
        data = command_data(command, words, {**others, option: value}, user, channel, focused=option)
        return await self._ask(Asks.AUTOCOMPLETE, user, channel, data)

    async def click(self, user: User, message: Message, custom_id: str) -> Gesture:
        """Press a button."""
        self._check_sees(user, message)
        data = controls.pressed(message.components, custom_id)
        return await self._ask(Asks.COMPONENT, user, message.channel, data, message=message)

    async def select(self, user: User, message: Message, custom_id: str, *values: Any) -> Gesture:
        """Choose in a select: values or labels of its options, or users, roles and channels."""
        self._check_sees(user, message)
        data = controls.chosen(message.components, custom_id, values) | resolved(values, user, message.channel)
        return await self._ask(Asks.COMPONENT, user, message.channel, data, message=message)

    async def submit(self, user: User, modal: Modal, values: dict[str, Any] | None = None) -> Gesture:
        """Fill in a form, by custom_id, and submit it; it closes when the app has answered."""
        assert modal in self.modals, "this form is not open"
        assert modal.user is user, "this form is open for somebody else"
        asked = modal.asked
        filled = controls.filled_in(modal.content["components"], values or {})
        data = {"custom_id": modal.custom_id, "components": filled}
        gesture = await self._ask(Asks.MODAL, user, asked.channel, data, message=asked.message, opener=asked)
        if gesture.acked and modal in self.modals:
            self.modals.remove(modal)
        return gesture

    async def again(self, gesture: Gesture) -> Gesture:
        """Deliver once more what was delivered before, as happens when a gateway replays too much."""
        return await self._deliver(gesture)

    def say(self, user: User, channel: Channel, text: str) -> Message:
        """Write a message."""
        return self.show(Message(self.id(), channel, user, Content(text)))

    def react(self, user: User, message: Message, emoji: str, *, remove: bool = False) -> None:
        """Put an emoji on a message, or take it off again."""
        self.set_reaction(user, message, emoji, on=not remove)

    async def answer_to(self, gesture: Gesture, seconds: float = 5.0) -> Message:
        """Wait for the first message the person sees after the gesture: the answer once it is no longer "thinking", a
        follow-up, a changed message, or a new one in public or in their direct channel."""
        return await self.until(lambda: next(iter(self.answers(gesture)), None), seconds)

    def answers(self, gesture: Gesture) -> list[Message]:
        """The bot's messages to this person since the gesture, in the order in which they were last written."""
        mine = [
            message
            for message in self.everything()
            if message.changed > gesture.since and message.author is self.bot and not message.loading
            if message.to in {None, gesture.user} and message.channel.person in {None, gesture.user}
            if message.written_by in {None, gesture.interaction}
        ]
        return sorted(mine, key=lambda message: message.changed)

    async def modal_for(self, user: User, seconds: float = 5.0) -> Modal:
        """Wait for a form to be open for this person."""
        return await self.until(lambda: next((modal for modal in self.modals if modal.user is user), None), seconds)

    def _command(self, user: User, channel: Channel, path: str) -> tuple[JSON, list[str]]:
        """The command and the words of its sub-command."""
        here = channel.guild is None or self.bot.id in channel.guild.members
        offered = {command["name"]: command for command in seen_by(self.commands, user, channel) if here}
        first, *rest = path.split()
        name, words = (first, rest) if first in offered else (self.command, [first, *rest])
        assert name in offered, f"{user.name} is offered no /{name} here, only {list(offered)}"
        return offered[name], words

    def _check_sees(self, user: User, message: Message) -> None:
        assert not message.deleted, "this message is gone"
        assert message.to in {None, user}, "this message is for somebody else"
        assert Permission.VIEW_CHANNEL in message.channel.permissions(user), f"{user.name} does not see this channel"

    async def _ask(self, asks: Asks, user: User, channel: Channel, data: JSON, **more: Any) -> Gesture:
        assert Permission.VIEW_CHANNEL in channel.permissions(user), f"{user.name} does not see this channel"
        interaction = Interaction(
            self.id(), self.application_id, f"aW50ZXJhY3Rpb246{uuid4().hex}", asks, user, channel, self.now(), **more
        )
        interaction.payload = interaction_create(interaction, data, self.bot)
        self.interactions[interaction.token] = interaction
        return await self._deliver(Gesture(interaction, self.changes))

    async def _deliver(self, gesture: Gesture) -> Gesture:
        interaction, loop = gesture.interaction, asyncio.get_running_loop()
        guild, start = interaction.channel.guild, loop.time()
        told = self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild=guild.id if guild else None)
        if told:
            with suppress(TimeoutError):
                await self.until(lambda: interaction.answered, self.ack_seconds)
        interaction.expired = interaction.answered is None
        gesture.delay = loop.time() - start
        self.change()
        return gesture
