"""Our ears in the fake Slack's workspace, with an answerer that knows made-up papers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from adapters.chat import Tools
from adapters.chat.slack.link import Link, Timing
from adapters.chat.slack.listening import Listener
from adapters.chat.slack.workspace import Workspace
from bot.conversation import Asker, Command, Greeting, Reply
from bot.model import Channel, ChannelRef
from tests.adapters.chat.slack.conftest import open_workspace
from tests.fakes import slack as fakes
from tests.fakes.answering import FakeAnswers, tools
from tests.fakes.chat_log import MemoryChatLog
from tests.fakes.slack import FakeSlack

QUICK = Timing(first=0.05, longest=0.2, barred_first=0.3, barred_longest=0.6, overlap=0.05, patience=2.0, ping=0.2)
"""Pauses that a test can wait for."""


@dataclass
class Bench:
    """``answers.asked`` is what was asked; ``invitations`` and ``returned`` are what the app was told of channels."""

    slack: FakeSlack
    workspace: Workspace
    answers: FakeAnswers
    invitations: list[tuple[Channel, str | None, bool]] = field(default_factory=list)
    returned: list[ChannelRef] = field(default_factory=list)
    admitted: list[Channel] = field(default_factory=list)

    def tools(self) -> Tools:
        """What the app would give."""
        made = tools(self.answers, MemoryChatLog())
        return replace(made, answer=self._answer, invited=self._invited, returned=self._returned, admit=self._admit)

    async def _answer(self, command: Command, asker: Asker) -> Reply:
        try:
            return await self.answers(command, asker)
        finally:
            self.slack.change()

    async def _invited(self, channel: Channel, by: str | None, *, guest: bool = False) -> Greeting | None:
        first = channel.ref not in [known.ref for known, _, _ in self.invitations]
        self.invitations.append((channel, by, guest))
        return Greeting(None if guest else by, ()) if first else None

    async def _admit(self, channel: Channel) -> None:
        self.admitted.append(channel)
        self.slack.change()

    async def _returned(self, ref: ChannelRef) -> None:
        self.returned.append(ref)
        self.slack.change()


@asynccontextmanager
async def open_bench(slack: FakeSlack, home: fakes.Workspace | None = None) -> AsyncIterator[Bench]:
    """Our side, identified and not yet connected."""
    async with open_workspace(slack.api_url, home or slack.workspace()) as workspace:
        await workspace.identify()
        yield Bench(slack, workspace, FakeAnswers())


@asynccontextmanager
async def connected(bench: Bench, more: Tools | None = None, timing: Timing = QUICK) -> AsyncIterator[Link]:
    """Listen in Socket Mode."""
    listener = Listener(bench.workspace, more or bench.tools())
    link = Link(listener, timing)
    await link.start()
    try:
        yield link
    finally:
        await link.stop()
        await listener.close()
