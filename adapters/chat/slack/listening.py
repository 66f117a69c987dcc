"""What Slack tells the bot, through Bolt: acknowledged at once, done once, answered afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import Tools
from adapters.chat.slack.commands import ASKED, SLACK, Payload, gesture, read_reaction
from adapters.chat.slack.handling import Handlers
from adapters.chat.slack.saving import SAVE_PAPER, SAVE_PAPERS, judge_choice
from adapters.chat.slack.topic_views import TOPIC, judge
from adapters.chat.slack.workspace import Workspace
from bot.model import Channel

_log = logging.getLogger(__name__)

_GRACE = 2.0
"""Seconds that answers in work have when the bot stops."""

_ANY = re.compile("")

Handler = Callable[[Payload], Awaitable[None]]
Judge = Callable[[Payload], dict[str, Any]]


class Listener:
    """Everything that is said to the bot in one workspace, until ``refused`` is set."""

    def __init__(self, workspace: Workspace, tools: Tools) -> None:
        self.workspace = workspace
        self._handlers = Handlers(workspace, tools)
        self.refused = self._handlers.refused
        self._tools = tools
        self._tasks: set[asyncio.Task[None]] = set()
        self.app = self._open_app()
        self._listen()

    @property
    def refusal(self) -> str | None:
        """Why nothing will be said any more, or None."""
        return self._handlers.refusal

    async def enter(self, channel: str, known: Channel | None) -> None:
        """The bot is in a channel, and nobody knows who invited it. Raises what the client raises."""
        await (self._handlers.greet(known) if known else self._handlers.introduce(channel))

    def _open_app(self) -> AsyncApp:
        """Bolt, which takes no token, secret or OAuth settings from the environment here: signatures are verified
        before it is asked (web.py), it authorizes by us alone, and nothing is ever sent through its own clients.

        A listener acknowledges and returns; its response leaves at once, which Bolt does in no other mode."""

        async def authorize() -> AuthorizeResult:
            us = self.workspace.identity
            return AuthorizeResult(enterprise_id=None, team_id=us.team_id, bot_id=us.bot_id, bot_user_id=us.user_id)

        return AsyncApp(
            name=__name__,
            logger=_log,
            client=AsyncWebClient(),
            authorize=authorize,
            process_before_response=True,
            signing_secret="",
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )

    def _listen(self) -> None:
        """The first that fits is called; what nobody waits for is acknowledged, or Slack would send it again."""
        app, do, hear = self.app, self._handlers, self._hear

        async def we_joined(event: dict[str, Any]) -> bool:
            return event.get("user") == self.workspace.identity.user_id

        async def is_about_ours(body: dict[str, Any]) -> bool:
            return read_reaction(body, self.workspace.identity.user_id) is not None

        app.command(_ANY)(hear(do.typed))
        app.action(_ANY)(hear(do.clicked))
        app.view(ASKED)(hear(do.submitted))
        app.view(TOPIC)(hear(do.submitted_topic, judge))
        app.view(SAVE_PAPERS)(hear(do.chose_papers, judge_choice))
        app.message_shortcut(SAVE_PAPER)(hear(do.chose_shortcut))
        app.event("app_mention")(hear(do.written))
        app.event("message")(hear(do.written))
        app.event("app_home_opened")(hear(do.opened_home))
        app.event("member_joined_channel", [we_joined])(hear(do.joined))
        app.event(re.compile("^(channel|group)_unarchive$"))(hear(do.unarchived))
        app.event(re.compile("^(channel|group)_rename$"))(hear(do.renamed))
        app.event(re.compile("^reaction_(added|removed)$"), [is_about_ours])(hear(do.reacted))
        app.event(re.compile("^(tokens_revoked|app_uninstalled)$"))(hear(do.removed))
        for anything in (app.event, app.shortcut, app.view, app.options):
            anything(_ANY)(_acknowledge)

    def _hear(self, handle: Handler, judge: Judge = lambda _: {}) -> Callable[..., Awaitable[BoltResponse]]:
        """A listener that leaves the work to ``handle``; what ``judge`` says of a modal is in the acknowledgement."""

        async def listener(ack: AsyncAck, body: dict[str, Any]) -> BoltResponse:
            task = asyncio.create_task(self._work(handle, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return await ack(**judge(body))

        return listener

    async def _work(self, handle: Handler, body: Payload) -> None:
        """Do it once, whatever Slack delivers again; whoever did something hears of it in any case."""
        try:
            name = f"{SLACK}:{self.workspace.name}:{gesture(body)}"
            if await self._tools.gestures.first(name, self._tools.now()):
                await handle(body)
        except Exception:  # noqa: BLE001 - the top of what one person did
            _log.exception("%s: what was done could not be answered", self.workspace)
            with contextlib.suppress(Exception):
                await self._handlers.apologize(body)

    async def close(self) -> None:
        """Finish what is in work, or give it up after a moment."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _acknowledge(ack: AsyncAck) -> BoltResponse:
    return await ack()
