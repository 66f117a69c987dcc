"""The whole bot as a person meets it: real sources and storage, the literature of the tests, the local chat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import App, open_app, utc_now
from bot.commands import parse_command, parse_control
from bot.config import load
from bot.conversation import Asker, Reply
from bot.model import ChannelRef
from bot.polling import PollRow
from tests.fakes.literature import FakeLiterature

MRI = 'mri OR "magnetic resonance"'


@dataclass
class World:
    """A folder with a configuration, and a literature to poll."""

    folder: Path
    literature: FakeLiterature
    topics: Sequence[tuple[str, str]] = (("mri", MRI),)
    more: str = ""
    schedule: str = 'schedule = "now"'
    channel: ChannelRef = field(default_factory=lambda: ChannelRef("local", "", "papers"))
    chat: str = "[chat.local]\nport = 0"
    clock: Callable[[], datetime] = utc_now

    @property
    def config(self) -> Path:
        """The configuration's file, written anew."""
        topics = "".join(f"[[topics]]\nname = {json.dumps(n)}\nquery = {json.dumps(q)}\n" for n, q in self.topics)
        names = json.dumps([name for name, _ in self.topics])
        file = self.folder / "paperround.toml"
        file.write_text(
            f"""
            storage.path = {json.dumps(str(self.folder / "papers.sqlite3"))}
            http = {{ contact = "test@example.org", allow_loopback = true }}
            delivery = {{ quarantine = "1s" }}
            web.port = 0
            sources.pubmed = {{ base_url = "{self.literature.eutils_url}", pace = 1000 }}
            [sources.arxiv]
            base_url = "{self.literature.arxiv_url}"
            rss_url = "{self.literature.rss_url}"
            min_gap = 0
            {self.chat}
            {self.more}
            {topics}
            [[channels]]
            platform = "{self.channel.platform}"
            id = "{self.channel.id}"
            name = "papers"
            topics = {names}
            {self.schedule}
            """,
            encoding="utf-8",
        )
        return file

    @asynccontextmanager
    async def open(self) -> AsyncIterator[App]:
        """Start the bot's parts without its loops."""
        async with open_app(load(self.config, {}), lock=True, clock=self.clock) as app:
            yield app

    async def poll(self) -> dict[str, PollRow]:
        """Poll once in a process of its own, as it were, and deliver what came."""
        async with self.open() as app:
            rows = {row.source: row for row in await app.poll([])}
            await app.deliver()
        return rows

    async def posts(self) -> list[str]:
        """The texts of what the channel shows."""
        async with self.open() as app:
            return [text for kind, text in await _messages(app, self.channel.id) if kind in {"announcement", "digest"}]

    async def actions(self, app: App) -> list[str]:
        """The ids of the controls under the channel's posts."""
        messages = await app._storage.chat_log.since(self.channel.id, None, None)
        return [action["id"] for message in messages for action in json.loads(message.body)["actions"]]

    async def ask(self, app: App, text: str, *, admin: bool = True) -> Reply:
        """Type a command as ann."""
        return await app.answering.answer(parse_command(text), Asker(self.channel, "ann", admin))

    async def click(self, app: App, control: str, value: str = "") -> Reply:
        """Use a control as ann."""
        return await app.answering.answer(parse_control(control, value), Asker(self.channel, "ann", admin=True))


async def _messages(app: App, channel: str) -> list[tuple[str, str]]:
    bodies: list[dict[str, Any]] = [
        json.loads(message.body) for message in await app._storage.chat_log.since(channel, None, None)
    ]
    return [(body["kind"], body["text"]) for body in bodies]
