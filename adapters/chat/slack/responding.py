"""Shows replies to whoever asked: privately, and where they asked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.chat import Tools
from adapters.chat.slack.commands import Origin
from adapters.chat.slack.render import render
from adapters.chat.slack.verdicts import Proof, failure
from adapters.chat.slack.workspace import CHANNEL_GAP, WORKSPACE_GAP, Workspace
from adapters.pace import Pace
from bot.conversation import CitationFile, ManagerList, Notice, Reply
from bot.errors import NotFound
from bot.wording import visible

_log = logging.getLogger(__name__)

_OK = 200
_TRIES = 4
_MOST_NAMED = 10
_LONGEST_WAIT = 60.0
"""Seconds that an answer waits if Slack asks for it."""

Message = dict[str, Any]
"""``text`` and ``blocks``."""


class Responder:
    """Answers in one workspace. Only what Slack has refused is sent again, in another way or later."""

    def __init__(self, workspace: Workspace, tools: Tools) -> None:
        self._workspace = workspace
        self._tools = tools
        self._pace = Pace(WORKSPACE_GAP, CHANNEL_GAP)  # who asks waits for no digest

    async def show(self, reply: Reply, origin: Origin, *, asked: str = "", in_place: bool = False) -> None:
        """Show a reply to the person who asked; with ``in_place`` the message they clicked in becomes it.

        Raises what the client raises if it cannot be shown in any way.
        """
        if isinstance(reply, CitationFile):
            reply = await self._hand_over(reply, origin)
        names = await self._names(reply.managers) if isinstance(reply, ManagerList) else {}
        message = self._draw(reply, origin.channel, asked, names)
        if not (origin.response_url and await self._take_address(message, origin, in_place=in_place)):
            await self._write(message, origin)

    async def announce(self, reply: Reply, channel: str) -> None:
        """Say something to everybody in a channel. Raises what the client raises."""
        await self._post(self._draw(reply, channel, "", {}), channel)

    async def open(self, view: dict[str, Any], trigger: str) -> None:
        """Open a modal, within 3 s of the click. Raises what the client raises."""
        await self._workspace.client.views_open(trigger_id=trigger, view=view)

    def _draw(self, reply: Reply, channel: str, asked: str, names: Mapping[str, str]) -> Message:
        url, today = self._workspace.identity.url, self._tools.now().date()
        return dict(render(reply, today=today, asked=asked, workspace_url=url, channel=channel, names=names))

    async def _names(self, users: Iterable[str]) -> dict[str, str]:
        """What a few people are called, as far as Slack tells."""
        names: dict[str, str] = {}
        with contextlib.suppress(SlackApiError):
            for user in islice(users, _MOST_NAMED):
                person = (await self._workspace.client.users_info(user=user))["user"] or {}
                names[user] = visible(person.get("profile", {}).get("display_name") or person.get("name") or user)
        return names

    async def _take_address(self, message: Message, origin: Origin, *, in_place: bool) -> bool:
        """Send it to the response_url: False if that takes it no more, as after 30 minutes or 5 uses."""
        how: Message = {"replace_original": True} if in_place else {"response_type": "ephemeral"}
        if not in_place:
            how |= {"replace_original": False} | ({"thread_ts": origin.thread} if origin.thread else {})
        webhook = AsyncWebhookClient(origin.response_url, session=self._workspace.session, retry_handlers=[])
        webhook.proxy = None  # it reads one from the environment
        try:
            answer = await webhook.send_dict(message | how)
        except Exception as error:  # noqa: BLE001 - a second copy for one person does no harm, an answer lost does
            _log.warning("%s: an answer's address failed: %s", self._workspace, failure(error).words)
            return False
        if answer.status_code != _OK:
            _log.info("%s: an answer's address takes no more (HTTP %d)", self._workspace, answer.status_code)
        return answer.status_code == _OK

    async def _write(self, message: Message, origin: Origin) -> None:
        """Write where only they see it: in the channel, or in their direct messages if they asked there or the bot
        cannot write to them in the channel."""
        place, own = (self._workspace.ref(channel, origin.user) for channel in (origin.channel or "D", "D"))
        thread = {"thread_ts": origin.thread} if origin.thread else {}
        if place != own:
            ephemeral = self._workspace.client.chat_postEphemeral
            try:
                await self._send(ephemeral, message, channel=origin.channel, user=origin.user, **thread)
            except SlackApiError:
                thread = {}
            else:
                return
        await self._post(message, await self._workspace.place(own), **thread)

    async def _post(self, message: Message, channel: str, **more: str) -> None:
        await self._pace.turn(channel)
        post = self._workspace.client.chat_postMessage
        await self._send(post, message, channel=channel, unfurl_links=False, unfurl_media=False, mrkdwn=False, **more)

    async def _send(self, call: Callable[..., Awaitable[Any]], message: Message, **arguments: Any) -> None:
        """Call later if Slack asks for that, and with text alone if it refuses the blocks."""
        for is_last in (*(False,) * (_TRIES - 1), True):
            try:
                await call(**message, **arguments)
            except SlackApiError as error:
                found = failure(error)
                layout = found.proof is Proof.BLOCKS and "blocks" in message
                wait = 0.0 if layout else found.retry_after
                if is_last or wait is None or wait > _LONGEST_WAIT:
                    raise
            else:
                return
            if layout:
                _log.warning("%s: %s; an answer is sent as text", self._workspace, found.words)
                message = {"text": message["text"]}
            await asyncio.sleep(wait)

    async def _hand_over(self, offer: CitationFile, origin: Origin) -> Reply:
        """Upload a file to the person's direct messages, where the reply says that it is."""
        try:
            text = "".join([piece async for piece in self._tools.file(offer.request)])
        except NotFound as error:
            return Notice(str(error))
        direct = self._workspace.ref("D", origin.user)
        place = await self._workspace.place(direct)
        await self._workspace.client.files_upload_v2(channel=place, filename=offer.file_name, content=text.encode())
        return offer
