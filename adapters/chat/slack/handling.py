"""What is done about each thing that people do in one workspace."""

from __future__ import annotations

import asyncio
import logging

from adapters.chat import Tools
from adapters.chat.slack import views
from adapters.chat.slack.commands import (
    Payload,
    Question,
    Use,
    keep,
    read_click,
    read_message,
    read_origin,
    read_reaction,
    read_slash,
    read_submission,
)
from adapters.chat.slack.editing import TopicEditor
from adapters.chat.slack.home import EDITS, HomeTab
from adapters.chat.slack.responding import Responder
from adapters.chat.slack.rights import Rights, Standing
from adapters.chat.slack.saving import PaperSaver
from adapters.chat.slack.topic_views import CHECK, PREVIEW, Target
from adapters.chat.slack.workspace import Workspace
from bot.commands import turns_list
from bot.conversation import Notice, Reply, ResultPage
from bot.errors import Refused
from bot.model import Channel

_log = logging.getLogger(__name__)

_AT_ONCE = 32
"""Answers in work at the same time; the others wait, acknowledged already."""

_UNKNOWN = Standing(admin=False, guest=True)
_SORRY = Notice("Something went wrong. Please try again; if it stays, the log says more.")
_REFUSAL = "the app was removed from the workspace; install it again, set its new token, and start the bot again"


class Handlers:
    """A method for each kind of payload, which may raise anything. ``refused`` is set when the workspace has removed
    the app."""

    def __init__(self, workspace: Workspace, tools: Tools) -> None:
        self.refused = asyncio.Event()
        self._workspace = workspace
        self._tools = tools
        self._rights = Rights(workspace)
        self._responder = Responder(workspace, tools)
        self._home = HomeTab(workspace, tools)
        self._editor = TopicEditor(workspace, tools, self._rights)
        self._saver = PaperSaver(workspace, tools, self._responder)
        self._at_work = asyncio.Semaphore(_AT_ONCE)

    @property
    def refusal(self) -> str | None:
        """Why the workspace is over, or None."""
        return _REFUSAL if self.refused.is_set() else None

    async def apologize(self, body: Payload) -> None:
        """Tell whoever did something that it failed. Raises what the client raises."""
        if origin := read_origin(body):
            await self._responder.show(_SORRY, origin)

    # ------------------------------------------------------------ questions

    async def typed(self, body: Payload) -> None:
        """A slash command."""
        await self._answer(read_slash(body))

    async def written(self, body: Payload) -> None:
        """A mention, or a message to the bot alone."""
        if question := read_message(body, self._workspace.identity.user_id):
            await self._answer(question)

    async def clicked(self, body: Payload) -> None:
        """A control of ours, wherever it stands."""
        action, user = body["actions"][0], body["user"]["id"]
        if action["action_id"] == CHECK:
            await self._editor.check(body)
        elif action["action_id"] == PREVIEW:
            await self._editor.preview(body)
        elif EDITS.fullmatch(action["action_id"]):
            await self._editor.open(Target.from_text(action["value"]), user, body["trigger_id"])
        else:
            await self._use(read_click(body), body)

    async def _use(self, use: Use, body: Payload) -> None:
        if use.asks_first:
            await self._responder.open(views.ask(use.control, use.value, keep(use)), body["trigger_id"])
            return
        await self._answer(use)
        if body.get("view", {}).get("type") == "home":
            await self._home.show(use.origin.user)

    async def submitted(self, body: Payload) -> None:
        """The value of a control that asked for it in a modal."""
        await self._answer(read_submission(body))

    async def _answer(self, asking: Question | Use) -> None:
        """Answer where it was asked; a list that is turned changes where it stands."""
        async with self._at_work:
            reply = await self._reply(asking)
        turned = isinstance(asking, Use) and turns_list(asking.control) and isinstance(reply, ResultPage)
        await self._responder.show(reply, asking.origin, asked=asking.asked, in_place=turned)

    async def _reply(self, asking: Question | Use) -> Reply:
        command = asking.command
        try:
            asker = await self._rights.asker(command, asking.origin)
        except Refused as error:
            return Notice(str(error))
        return await self._tools.answer(command, asker)

    async def reacted(self, body: Payload) -> None:
        """An emoji, put on a message of ours or taken off."""
        if found := read_reaction(body, self._workspace.identity.user_id):
            origin, react = found
            await self._tools.answer(react, await self._rights.asker(react, origin))

    # ------------------------------------------------------------ home, topics, reading list

    async def opened_home(self, body: Payload) -> None:
        """Somebody looks at the App Home; its other tab is the direct messages."""
        if body["event"].get("tab") == "home":
            await self._home.show(body["event"]["user"])

    async def submitted_topic(self, body: Payload) -> None:
        """A topic or an alert to save."""
        if await self._editor.save(body):
            await self._home.show(body["user"]["id"])

    async def chose_shortcut(self, body: Payload) -> None:
        """Save the papers of a message."""
        await self._saver.save(body)

    async def chose_papers(self, body: Payload) -> None:
        """Which of them to save."""
        await self._saver.save_chosen(body)

    # ------------------------------------------------------------ channels

    async def joined(self, body: Payload) -> None:
        """The bot joined a channel."""
        await self.introduce(body["event"]["channel"], body["event"].get("inviter"))

    async def introduce(self, channel: str, by: str | None = None) -> None:
        """The bot is in a channel, invited ``by`` somebody if that is known, whose time zone a new channel has."""
        ref = self._workspace.ref(channel, by or "")
        info = (await self._workspace.client.conversations_info(channel=channel))["channel"] or {}
        inviter = await self._standing(by)
        new = Channel(ref, info.get("name") or channel, zone=inviter.zone)
        await self.greet(new, by, guest=inviter.guest)

    async def greet(self, channel: Channel, by: str | None = None, *, guest: bool = False) -> None:
        """Say once what the bot is for, and go on with what waits."""
        greeting = await self._tools.invited(channel, by, guest=guest)
        if greeting is not None:
            await self._responder.announce(greeting, channel.ref.id)
        await self._tools.returned(channel.ref)

    async def _standing(self, user: str | None) -> Standing:
        """Somebody who is not known is trusted with nothing."""
        try:
            return await self._rights.standing(user) if user is not None else _UNKNOWN
        except Refused:
            return _UNKNOWN

    async def renamed(self, body: Payload) -> None:
        """A channel has another name."""
        channel = body["event"]["channel"]
        await self._tools.admit(Channel(self._workspace.ref(channel["id"], ""), channel["name"]))

    async def unarchived(self, body: Payload) -> None:
        """A channel is back."""
        await self._tools.returned(self._workspace.ref(body["event"]["channel"], ""))

    async def removed(self, body: Payload) -> None:
        """The app was removed from the workspace, or a token of it was revoked."""
        event = body["event"]
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            _log.error("%s: %s", self._workspace, _REFUSAL)
            self.refused.set()
