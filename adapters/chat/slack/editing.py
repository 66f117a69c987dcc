"""Adding and editing topics and alerts in modals: the query is checked while it is typed, previewed, and saved once."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from adapters.chat import Tools
from adapters.chat.slack.blocks import Block, context
from adapters.chat.slack.commands import Origin, Payload
from adapters.chat.slack.rights import Rights
from adapters.chat.slack.topic_views import Target, Typed, form, judge, look, read, told
from adapters.chat.slack.verdicts import failure
from adapters.chat.slack.views import View, modal
from adapters.chat.slack.workspace import Workspace
from bot.conversation import (
    AlertAdded,
    Command,
    ImportedSearch,
    ListTopics,
    Notice,
    Preview,
    Reply,
    TopicAdded,
    TopicEdited,
    TopicList,
)
from bot.errors import Refused
from bot.wording import visible

_log = logging.getLogger(__name__)

_REST = 1.0
"""Seconds without a keystroke before a query is looked at."""

_ACK_ARRIVES = 1.0
"""Seconds in which the acknowledgement has put the waiting modal in place, which the answer then replaces."""


class TopicEditor:
    """The modals of one workspace."""

    def __init__(self, workspace: Workspace, tools: Tools, rights: Rights) -> None:
        self._workspace = workspace
        self._tools = tools
        self._rights = rights
        self._typed: dict[str, Payload] = {}

    async def open(self, target: Target, user: str, trigger: str) -> None:
        """Open the modal with the topic as it is now, within 3 s of the click. Raises what the client raises."""
        view = form(target)
        if target.topic:
            listed = await self._answer(ListTopics(), target, user)
            lines = listed.topics if isinstance(listed, TopicList) else ()
            queries = {line.topic.name: str(line.topic.query) for line in lines}
            gone = modal("Edit", [context(f"{target.topic} does not exist any more.")])
            view = form(target, query=queries[target.topic]) if target.topic in queries else gone
        await self._workspace.client.views_open(trigger_id=trigger, view=view)

    # ------------------------------------------------------------ while it is typed

    async def check(self, body: Payload) -> None:
        """Say how the query is read, or what is wrong with it, once typing rests. Nobody is asked for half a word."""
        view = body["view"]
        is_watched = view["id"] in self._typed
        self._typed[view["id"]] = view
        if is_watched:
            return
        try:
            await self._watch(view["id"], view["hash"])
        finally:
            del self._typed[view["id"]]

    async def _watch(self, view_id: str, version: str) -> None:
        """Look at what is typed until it stays as it is, or the modal is another."""
        seen: Payload | None = None
        while (view := await self._at_rest(view_id)) is not seen:
            typed = read(view)
            try:
                version = await self._show(view_id, self._form(typed, look(typed)), hash=version)
            except Exception as error:  # noqa: BLE001 - closed, or sent by now; or the next keystroke asks again
                _log.info("%s: a query could not be checked: %s", self._workspace, failure(error).words)
                return
            seen = view

    async def _at_rest(self, view_id: str) -> Payload:
        before: Payload | None = None
        while (now := self._typed[view_id]) is not before:
            before = now
            await asyncio.sleep(_REST)
        return now

    async def preview(self, body: Payload) -> None:
        """Say what the query would bring. Raises what the client raises."""
        view = body["view"]
        typed = read(view)
        reply = await self._answer(Preview(typed.query), typed.target, body["user"]["id"])
        await self._show(view["id"], self._form(typed, reply))

    # ------------------------------------------------------------ when it is submitted

    async def save(self, body: Payload) -> bool:
        """Do what was submitted and show the answer in the modal, unless ``judge`` has sent it back; True if it is
        saved."""
        if judge(body)["response_action"] == "errors":
            return False
        typed, user = read(body["view"]), body["user"]["id"]
        reply, _ = await asyncio.gather(self._answer(typed.command, typed.target, user), asyncio.sleep(_ACK_ARRIVES))
        await self._show(body["view"]["id"], self._answered(typed, reply))
        return isinstance(reply, TopicAdded | TopicEdited | AlertAdded)

    def _answered(self, typed: Typed, reply: Reply) -> View:
        if isinstance(reply, TopicAdded | TopicEdited | AlertAdded):
            return modal("Saved", [*told(reply, self._tools.now().date()), *_next(reply)])
        return self._form(typed, reply)

    def _form(self, typed: Typed, reply: Reply) -> View:
        """The form as it was typed, with what there is to say about it; a foreign search as it was read."""
        query = str(reply.translation.query) if isinstance(reply, ImportedSearch) else typed.query
        return form(typed.target, name=typed.name, query=query, feedback=told(reply, self._tools.now().date()))

    # ------------------------------------------------------------ both

    async def _answer(self, command: Command, target: Target, user: str) -> Reply:
        try:
            asker = await self._rights.asker(command, Origin(user, target.channel))
        except Refused as error:
            return Notice(str(error))
        return await self._tools.answer(command, asker)

    async def _show(self, view_id: str, view: View, **more: Any) -> str:
        """Replace the modal; gives its new version. Raises what the client raises."""
        answer = await self._workspace.client.views_update(view_id=view_id, view=view, **more)
        return str((answer["view"] or {})["hash"])


def _next(reply: Reply) -> list[Block]:
    """What can be done in the channel itself."""
    if not isinstance(reply, TopicAdded):
        return []
    return [context(visible(f"To post its newest 5 papers now, type there: /papers topic post {reply.topic.name}"))]
