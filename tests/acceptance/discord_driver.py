"""Conversations on Discord: the real platform on a fake Discord, over its gateway and REST."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from adapters.chat.discord.custom_ids import decode, kept_name
from adapters.chat.discord.options import SUBCOMMANDS, TYPED, Kind, Option
from adapters.chat.discord.platform import DiscordPlatform
from adapters.pace import Pace
from bot.app import App
from bot.commands import offered_command
from bot.commands.entry import read_name
from bot.model import ChannelRef
from tests.acceptance.conformance import Control, Heard, Person, Seen, listen
from tests.adapters.chat.discord.reader import harm_in
from tests.fakes.discord import Channel, FakeDiscord, Gesture, Message, Permission, User
from tests.fakes.discord.controls import find
from tests.fakes.discord.faults import Fault, drop, error

_ALWAYS = 10**6
_POSTS = ("POST", "/channels/*/messages")
_READS = ("GET", "/channels/*/messages")
_CHOSEN = "\0"
"""Between the custom_id of a menu and what is chosen there."""

_FREE = frozenset({"jump", "share", "again"})
_TROUBLES: Mapping[str, Mapping[tuple[str, str], Fault]] = {
    "silent": {_POSTS: drop(), _READS: error(50001)},
    "drops answers": {_POSTS: drop(after=True)},
    "refuses": {_POSTS: error(50035)},
    "lost": {_POSTS: error(50001)},
}


class NotOnDiscord(Exception):
    """Discord has no guests, and does not tell who brought the bot to a server."""


@dataclass
class DiscordDriver:
    """See conformance.Driver."""

    heard: Heard = field(default_factory=Heard)
    _shown: dict[str, Message] = field(default_factory=dict)

    @asynccontextmanager
    async def serve(self, clock: Callable[[], datetime]) -> AsyncIterator[tuple[str, ChannelRef]]:
        """A Discord of its own, in no hurry."""
        async with FakeDiscord(clock=lambda: clock().timestamp()) as self._discord:
            self._discord.rates.lift()
            self._papers = self._discord.channel("papers")
            table = (
                f'[chat.discord]\napi_url = "{self._discord.api_url}"\n'
                f'gateway_url = "{self._discord.gateway_url}"\ntoken = "{self._discord.token}"\n'
            )
            yield table, ChannelRef("discord", "", self._papers.id)

    async def start(self, app: App) -> None:
        """Connect, and wait until the bot has looked around."""
        platform = app.platforms["discord"]
        assert isinstance(platform, DiscordPlatform)
        platform._account.pace = Pace(0)
        self._platform = platform
        listen(app, self.heard)
        self._memory = app._storage.memory
        await platform.start()
        listener = platform._bot._listener
        assert listener is not None
        listener._connection.guild_ready_timeout = 0.01
        await listener.wait_until_ready()
        await self._rest()

    async def stop(self) -> None:
        await self._platform.stop()

    def suffer(self, trouble: str) -> None:
        self._discord.faults.mend()
        for (method, path), fault in _TROUBLES.get(trouble, {}).items():
            self._discord.faults.fail_next(method, path, fault, times=_ALWAYS)

    async def invite(self, person: Person) -> None:
        raise NotOnDiscord

    async def say(self, person: Person, text: str) -> Seen | None:
        user = self._user(person)
        asked = self._slash(re.sub(r"^\s*/papers\b", "", text).strip())
        if asked is None:
            return None
        path, options = asked
        gesture = await self._discord.slash(user, self._place(person.place, user), path, **options)
        assert gesture.acked
        return await self._answer(gesture)

    async def use(self, person: Person, message: Seen, control: Control, value: str | None) -> Seen:
        user, shown = self._user(person), self._shown[message.number]
        custom_id, _, choice = control.id.partition(_CHOSEN)
        if not control.name or custom_id not in _custom_ids(shown.components):
            custom_id, choice = _forge(shown, custom_id, value)
        for row in shown.components:
            for one in row["components"]:
                one.pop("disabled", None)
        gesture = (
            await self._discord.select(user, shown, custom_id, choice)
            if choice
            else await self._discord.click(user, shown, custom_id)
        )
        assert gesture.acked
        if control.free or custom_id.split(".")[1:2] in ([name] for name in _FREE):
            modal = await self._discord.modal_for(user)
            [typed] = _custom_ids(modal.content["components"])
            longest = find(modal.content["components"], typed).get("max_length", 4000)
            gesture = await self._discord.submit(user, modal, {typed: (value or "")[:longest]})
            assert gesture.acked
        return await self._answer(gesture)

    async def posts(self, place: str, person: Person) -> list[Seen]:
        await self._rest()
        messages = self._discord.messages(self._place(place, self._user(person)))
        return [self._seen(one) for one in messages if one.author is self._discord.bot]

    # ------------------------------------------------------------ people and places

    def _user(self, person: Person) -> User:
        """The person, with the rights they have now."""
        if person.rights == "guest":
            raise NotOnDiscord
        user = self._discord.user(person.name)
        home = self._discord.guild()
        member = home.members[user.id]
        member.roles[:] = []
        if person.rights == "admin":
            self._discord.grant(home, member, Permission.MANAGE_GUILD)
        return user

    def _place(self, place: str, user: User) -> Channel:
        return self._discord.direct_channel(user) if place == "dm" else self._papers

    def _slash(self, text: str) -> tuple[str, dict[str, Any]] | None:
        """The sub-command and its options; None for what a Discord client lets nobody send."""
        if not text:
            return "help", {}
        typed = {TYPED.get(path, path): path for path in SUBCOMMANDS}
        words = next(
            (one for one in sorted(typed, key=len, reverse=True) if f"{text.lower()} ".startswith(f"{one} ")), None
        )
        if words is None:
            return None
        path, rest = typed[words], text[len(words) :].strip()
        given: dict[str, Any] = {}
        options = SUBCOMMANDS[path]
        for option in options:
            found, rest = self._given(option, rest, is_last=option is options[-1])
            if found is not None:
                given[option.name] = found
            elif option.required:
                return None
        wrong = any(not _is_possible(one, given[one.name]) for one in options if one.name in given)
        return None if rest or wrong else (path, given)

    def _given(self, option: Option, rest: str, *, is_last: bool) -> tuple[Any, str]:
        """What of the rest is an option's value, and what is left."""
        tag = option.write("x").partition("x")[0]
        if tag.endswith(":") and not option.is_name:
            match = re.search(rf"(?:^|\s){tag}(\S+)", rest)
            if not match:
                return None, rest
            value = int(match[1]) if match[1].isdecimal() else match[1]
            return value, (rest[: match.start()] + rest[match.end() :]).strip()
        if not rest or option.kind is Kind.SWITCH:
            return None, rest
        if option.kind is Kind.PERSON:
            return (self._discord.user(rest.strip("@")), "") if re.fullmatch(r"@\w+", rest) else (None, rest)
        if option.is_name and not is_last:
            return read_name(rest)
        return rest.removeprefix("topic:"), ""

    # ------------------------------------------------------------ what is seen

    async def _rest(self) -> None:
        """Until the bot has handled what it was told."""
        listener = self._platform._bot._listener
        while listener and (tasks := list(listener._people._tasks)):
            await asyncio.gather(*tasks)

    async def _answer(self, gesture: Gesture) -> Seen:
        """What the person sees once everything is done."""
        await self._rest()
        [answer] = [one for one in self._discord.answers(gesture) if one.written_by is gesture.interaction]
        seen = self._seen(answer)
        controls = [await self._whole(control) for control in seen.controls]
        return replace(
            seen, controls=tuple(controls), file=next((text.decode() for text in answer.content.files.values()), "")
        )

    async def _whole(self, control: Control) -> Control:
        """With the command that is kept elsewhere."""
        if not (name := kept_name(control.id)):
            return control
        return replace(control, name="run", command=await self._memory.get(name) or "")

    def _seen(self, message: Message) -> Seen:
        self._shown[message.id] = message
        people = {user.id: user.name for user in self._discord.users.values()}
        offered = (control for row in message.components for one in row["components"] for control in _controls(one))
        found = tuple(replace(control, label=_by_user_name(control.label, people)) for control in offered)
        text = "\n".join([*_lines(message, people), *(control.label for control in found)])
        private = message.to is not None or message.channel.person is not None
        shown = {"content": message.text, "embeds": message.embeds, "components": message.components}
        harm = harm_in(_as_sent(shown), people)
        return Seen(message.id, text, found, private, [*harm, *(["ping"] if message.pings_everyone else [])])


def _is_possible(option: Option, value: Any) -> bool:
    """Whether a client lets somebody give this to an option."""
    right = isinstance(value, int) and 0 < value <= option.longest if option.kind is Kind.NUMBER else True
    return right and (not option.choices or value in option.choices)


def _as_sent(shown: Any) -> Any:
    """Without what Discord adds to a message."""
    if isinstance(shown, list):
        return [_as_sent(one) for one in shown]
    if not isinstance(shown, dict):
        return shown
    added = {"id", "min_values", "max_values", "flags"} | (
        {"type"} if "color" in shown or "description" in shown else set()
    )
    return {name: _as_sent(value) for name, value in shown.items() if name not in added}


def _lines(message: Message, people: Mapping[str, str]) -> Iterator[str]:
    """What a message says, a line each; addresses behind their titles."""
    yield _plain(message.text, people)
    for embed in message.embeds:
        yield " ".join(filter(None, (_plain(embed.get("title", ""), people), embed.get("url", ""))))
        yield _plain(embed.get("description", ""), people)
        for one in embed.get("fields", ()):
            yield _plain(f"{one['name']}\n{one['value']}", people)
        yield embed.get("footer", {}).get("text", "")
    yield _plain(message.text, people)  # whatever is said above the papers here, and below them elsewhere


def _plain(text: str, people: Mapping[str, str]) -> str:
    """Markdown as it is read."""
    text = re.sub(r"<@(\d+)>", lambda one: people[one[1]], text)
    text = re.sub(r"(?<!\\)<(https?://[^>]+)>", r"\1", text)
    text = re.sub(r"(?<!\\)(?:\*\*|__|```\n?|`|(?m:^-# )|(?m:^#+ )|(?m:^[-•] ))", "", text)
    return re.sub(r"\\(\W)", r"\1", text)


def _by_user_name(label: str, people: Mapping[str, str]) -> str:
    """People's display names are their user names with a capital."""
    return " ".join(word.lower() if word.lower() in people.values() else word for word in label.split(" "))


def _custom_ids(components: list[Any]) -> list[str]:
    return [one["custom_id"] for row in components for one in row.get("components", [row.get("component", {})])]


def _controls(element: Mapping[str, Any]) -> Iterator[Control]:
    if "custom_id" not in element:
        return
    custom_id = element["custom_id"]
    for option in element.get("options", []):
        id_, value = decode(custom_id, option["value"])
        name = id_.split(".")[1]
        shown = f"{custom_id}{_CHOSEN}{option['value']}"
        yield Control(shown, name, option["label"], value, offered_command(id_, value), free=name in _FREE)
    if "options" not in element:
        id_, value = decode(custom_id)
        name, _, argument = id_.removeprefix("1.").partition(".")
        yield Control(
            custom_id, name, element["label"], value or argument, offered_command(id_, value), free=name in _FREE
        )


def _forge(message: Message, control: str, value: str | None) -> tuple[str, str]:
    """Add a control that the bot did not put there; gives its custom_id, and what is chosen there."""
    made: dict[str, Any] = {"type": 2, "id": 99, "style": 2, "label": "x", "custom_id": control}
    if value:
        made = {"type": 3, "id": 99, "custom_id": control, "options": [{"label": "x", "value": value}]}
    message.components[-1:] = [{"type": 1, "id": 98, "components": [made]}]
    return control, value or ""
