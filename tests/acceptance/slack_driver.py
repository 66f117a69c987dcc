"""Conversations on Slack: the real platform on a fake Slack, over Socket Mode."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from adapters.chat.slack.platform import SlackPlatform
from adapters.pace import Pace
from bot.app import App
from bot.commands import offered_command
from bot.model import ChannelRef
from tests.acceptance.conformance import Control, Heard, Person, Seen, listen
from tests.adapters.chat.slack.reader import harm_in
from tests.fakes.slack import Channel, FakeSlack, Gesture, Message, User, View
from tests.fakes.slack.controls import elements, find
from tests.fakes.slack.faults import Fault, drop, error

_ALWAYS = 10**6
_FREE = frozenset({"jump", "share", "again"})
_TROUBLES: Mapping[str, Mapping[str, Fault]] = {
    "silent": {"chat.postMessage": drop(), "conversations.history": error("not_in_channel")},
    "drops answers": {"chat.postMessage": drop(after=True)},
    "refuses": {"chat.postMessage": error("no_text")},
    "lost": {"chat.postMessage": error("not_in_channel")},
}
_RIGHTS = {"admin": {"admin": True}, "member": {}, "guest": {"restricted": True}}


@dataclass
class SlackDriver:
    """See conformance.Driver."""

    heard: Heard = field(default_factory=Heard)
    _shown: dict[str, Message] = field(default_factory=dict)

    @asynccontextmanager
    async def serve(self, clock: Callable[[], datetime]) -> AsyncIterator[tuple[str, ChannelRef]]:
        """A Slack of its own, in no hurry."""
        async with FakeSlack(clock=lambda: clock().timestamp()) as self._slack:
            home = self._slack.workspace()
            home.rates.lift()
            self._papers = self._slack.channel("papers")
            table = (
                f'[chat.slack]\napi_url = "{self._slack.api_url}"\n'
                f'bot_token = "{home.bot_token}"\napp_token = "{home.app_token}"\n'
            )
            yield table, ChannelRef("slack", "", self._papers.id)

    async def start(self, app: App) -> None:
        """Connect, and wait until the bot has looked around."""
        platform = app.platforms["slack"]
        assert isinstance(platform, SlackPlatform)
        [self._connection] = platform._connections.values()
        self._connection.workspace.pace = Pace(0)
        self._connection.workspace.reading_pace = Pace(0)
        self._platform = platform
        listen(app, self.heard)
        looked = len(self._slack.calls["users.conversations"])
        await platform.start()
        await self._slack.until(lambda: len(self._slack.calls["users.conversations"]) > looked)
        await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self._platform.stop()

    def suffer(self, trouble: str) -> None:
        self._slack.faults.mend()
        for method, fault in _TROUBLES.get(trouble, {}).items():
            self._slack.faults.fail_next(method, fault, times=_ALWAYS)

    async def invite(self, person: Person) -> None:
        await self._slack.invite(self._user(person), self._papers)
        await self._rest()

    async def say(self, person: Person, text: str) -> Seen:
        user = self._user(person)
        typed = self._typed(re.sub(r"^\s*/papers\b", "", text))
        gesture = await self._slack.slash(user, self._place(person.place, user), typed)
        assert gesture.acked, gesture.payload
        return await self._answer(gesture, user)

    async def use(self, person: Person, message: Seen, control: Control, value: str | None) -> Seen:
        user, shown = self._user(person), self._shown[message.number]
        if not any(control.id == there["action_id"] for _, there in elements(shown.blocks)):
            shown = _forged(shown, control.id, value)
        asks_first = control.free or control.id.split(".")[1:2] in ([name] for name in _FREE)
        gesture = await self._slack.click(user, shown, control.id, None if asks_first else value)
        assert gesture.acked, gesture.payload
        if asks_first:
            view = await self._slack.view_for(user)
            submitted = await self._slack.submit(view, _typable(view, value) if value else {})
            assert submitted.acked
            assert not view.errors, view.errors
        return await self._answer(gesture, user)

    async def posts(self, place: str, person: Person) -> list[Seen]:
        await self._rest()
        user = self._user(person)
        bot = self._slack.workspace().bot
        return [self._seen(one) for one in self._slack.messages(self._place(place, user)) if one.author is bot]

    # ------------------------------------------------------------ people and places

    def _user(self, person: Person) -> User:
        """The person, with the rights they have now."""
        user = self._slack.user(person.name)
        user.admin = user.restricted = False
        for flag, value in _RIGHTS[person.rights].items():
            setattr(user, flag, value)
        return user

    def _place(self, place: str, user: User) -> Channel:
        return self._slack.direct_channel(user) if place == "dm" else self._papers

    def _typed(self, text: str) -> str:
        """As Slack sends what was typed."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return re.sub(r"@(ann|bob|gus)\b", lambda at: f"<@{self._slack.user(at[1]).id}|{at[1]}>", escaped)

    # ------------------------------------------------------------ what is seen

    async def _rest(self) -> None:
        """Until the bot has handled what it was told."""
        while tasks := list(self._connection.listener._tasks):
            await asyncio.gather(*tasks)

    async def _answer(self, gesture: Gesture, user: User) -> Seen:
        """What the person sees once everything is done."""
        files = len(self._slack.files)
        await self._rest()
        answers = [one for one in self._slack.answers(gesture) if one.gesture is gesture or one.to is user]
        assert len(answers) == 1, [one.text for one in answers]
        new = self._slack.files[files:] or [file for file in self._slack.files if file.name in answers[0].text]
        return replace(self._seen(answers[0]), file=new[-1].content.decode() if new else "")

    def _seen(self, message: Message) -> Seen:
        self._shown[message.ts] = message
        people = {user.id: user.name for user in self._slack.workspace().users.values()}
        labels = (element["text"]["text"] for _, element in elements(message.blocks) if element["type"] == "button")
        text = "\n".join([*_lines(message.blocks, people), *labels])
        private = message.to is not None or message.channel.person is not None
        found = tuple(control for _, element in elements(message.blocks) for control in _controls(element))
        harm = harm_in({"text": message.text, "blocks": message.blocks}, people)
        return Seen(message.ts, text, found, private, harm)


def _lines(blocks: Sequence[Mapping[str, Any]], people: Mapping[str, str]) -> Iterator[str]:
    """What blocks say, a line each; addresses behind the text that they stand in."""
    for block in blocks:
        match block["type"]:
            case "header":
                yield block["text"]["text"]
            case "context":
                yield from (element["text"] for element in block["elements"])
            case "rich_text":
                for part in block["elements"]:
                    items = part["elements"] if part["type"] == "rich_text_list" else [part]
                    yield from (_said(item["elements"], people) for item in items)


def _said(pieces: Sequence[Mapping[str, Any]], people: Mapping[str, str]) -> str:
    said = "".join(people[one["user_id"]] if one["type"] == "user" else one.get("text", "") for one in pieces)
    return " ".join([said, *(one["url"] for one in pieces if one["type"] == "link")])


def _controls(element: Mapping[str, Any]) -> Iterator[Control]:
    id_ = element["action_id"]
    name = id_.split(".")[1].partition("#")[0]
    plain = id_.partition("#")[0]
    for option in element.get("options", []):
        yield Control(id_, name, option["text"]["text"], option["value"], offered_command(plain, option["value"]))
    if element["type"] == "button":
        value = element.get("value", "")
        free = name in _FREE
        yield Control(id_, name, element["text"]["text"], value, offered_command(plain, value), free=free)


def _typable(view: View, value: str) -> dict[str, str]:
    """What a person can type there: Slack takes no number that is too great."""
    _, element = find(view.blocks, "value")
    return {"value": str(min(int(value), int(element["max_value"]))) if "max_value" in element else value}


def _forged(message: Message, control: str, value: str | None) -> Message:
    """The message with a control that the bot did not put there."""
    button: dict[str, Any] = {"type": "button", "action_id": control, "text": {"type": "plain_text", "text": "x"}}
    button |= {"value": value} if value else {}
    block = {"type": "actions", "block_id": "forged", "elements": [button]}
    return replace(message, blocks=[*message.blocks, block])
