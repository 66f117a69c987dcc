"""The state of a fake Slack: who and what there is, its clock, and a way to wait for what happens."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.fakes.slack.faults import Faults
from tests.fakes.slack.world import JSON, Channel, File, Message, Trigger, User, View, Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Recorded:
    """A call of the Web API as it came; ``at`` is the fake's time, ``faulty`` whether it met a fault."""

    method: str
    arguments: JSON
    token: str
    at: float
    faulty: bool


@dataclass
class State:
    """``calls`` holds the calls by method; ``views``, ``homes`` (by user id) and ``files`` are those of the workspace
    without a name."""

    clock: Callable[[], float] = time.time
    seed: int = 1
    calls: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    changes: int = 0

    def __post_init__(self) -> None:
        self.faults = Faults(self.seed)
        self._ahead = 0.0
        self._last_ts = 0
        self._ids = itertools.count(1)
        self._happened = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.workspace("")

    # time and waiting

    def now(self) -> float:
        """Slack's time, in seconds since 1970; its Date headers and ts say the same."""
        return self.clock() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let Slack's clock jump ahead."""
        self._ahead += seconds

    def ts(self) -> str:
        """The next message's id."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def change(self) -> int:
        """Something happened: wake everybody who waits; gives the count of changes."""
        self.changes += 1
        happened, self._happened = self._happened, asyncio.Event()
        happened.set()
        return self.changes

    async def until(self, found: Callable[[], T | None], seconds: float = 5.0) -> T:
        """Wait until ``found()`` is true, and give what it says."""
        async with asyncio.timeout(seconds):
            while not (result := found()):
                await self._happened.wait()
        return result

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let Slack do this meanwhile."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is left that Slack does by itself, as telling the app of its own messages."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _stop_background(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # who and what there is

    def id(self, prefix: str) -> str:
        """A new id, unique in the whole fake."""
        return f"{prefix}0{next(self._ids):08d}"

    def workspace(self, name: str = "") -> Workspace:
        """The workspace of this name, made when first asked for, with the app installed."""
        if name not in self.workspaces:
            self.workspaces[name] = self._new_workspace(name)
        return self.workspaces[name]

    def user(self, name: str, *, workspace: str = "", **flags: Any) -> User:
        """The user of this name, made when first asked for, with the flags of ``User``."""
        home = self.workspace(workspace)
        known = next((user for user in home.users.values() if user.name == name), None)
        return known or self._add_user(home, name, **flags)

    def channel(
        self, name: str, *, workspace: str = "", members: Iterable[User] | None = None, **flags: Any
    ) -> Channel:
        """The channel of this name, made when first asked for, with the flags of ``Channel``; everybody and the bot are
        in it unless said."""
        home = self.workspace(workspace)
        known = next((channel for channel in home.channels.values() if channel.name == name), None)
        if known is None:
            only = None if members is None else set(members)
            known = Channel(self.id("C"), name, home, only=only, **flags)
            home.channels[known.id] = known
        return known

    def direct_channel(self, user: User) -> Channel:
        """The channel of this person and the bot."""
        home = user.workspace
        known = next((channel for channel in home.channels.values() if channel.person is user), None)
        if known is None:
            known = Channel(self.id("D"), "directmessage", home, only={user}, person=user)
            home.channels[known.id] = known
        return known

    def trigger(self, user: User) -> str:
        """A new trigger_id."""
        trigger_id = f"{next(self._ids)}.{user.workspace.id[1:]}.{next(self._ids):032x}"
        user.workspace.triggers[trigger_id] = Trigger(user, self.now())
        return trigger_id

    # what there is to see

    def messages(self, channel: Channel) -> list[Message]:
        """What people and bots wrote in the channel and its threads, oldest first; joins and the like left out."""
        return [message for message in channel.messages if not message.subtype]

    def ephemerals(self, user: User, channel: Channel | None = None) -> list[Message]:
        """The messages which only this person sees, oldest first."""
        shown = [message for message in user.workspace.ephemerals if message.to is user]
        return [message for message in shown if channel in {None, message.channel}]

    @property
    def views(self) -> list[View]:
        """The open modals, the one on top last."""
        return self.workspaces[""].views

    @property
    def homes(self) -> dict[str, View]:
        """The published home tabs by user id."""
        return self.workspaces[""].homes

    @property
    def files(self) -> list[File]:
        """The files whose upload was completed."""
        return [file for file in self.workspaces[""].files.values() if file.channel]

    def show(self, message: Message) -> Message:
        """Put a new message where it is seen."""
        message.changed = self.change()
        (message.channel.workspace.ephemerals if message.to else message.channel.messages).append(message)
        return message

    def _new_workspace(self, name: str) -> Workspace:
        number = len(self.workspaces) + 1
        home = Workspace(
            name,
            id=self.id("T"),
            app_id=self.id("A"),
            bot_id=self.id("B"),
            bot_token=f"xoxb-{number}-fake-bot-token",
            app_token=f"xapp-{number}-fake-app-token",
            signing_secret=f"fake-signing-secret-{number}",
            change=self.change,
        )
        self._add_user(home, "paperround", bot=True)
        return home

    def _add_user(self, home: Workspace, name: str, **flags: Any) -> User:
        user = User(self.id("U"), name, home, **flags)
        home.users[user.id] = user
        return user
