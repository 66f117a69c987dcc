"""``paperround demo``: the real bot and the real source clients against a literature server of its own, on one port."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.demo.server import LiteratureServer
from bot.app import App, open_app, utc_now
from bot.config import load
from bot.conversation import Asker, PostNewest, SetSchedule
from bot.model import ChannelRef

PUBLISHED_EVERY = 4.0
"""Seconds between two publications at speed 1."""

_POLLED_EVERY = 2.0
_TO_START = (("radiology-ai", "radiology-ai"), ("mri-group", "mri"))
_CONFIGURATION = """\
# Written by `paperround demo`: the sources are a literature server on this machine, with made-up papers.
[storage]
path = {storage}
backups = ""
[log]
level = "warning"
[polling]
every = "{every}s"
[http]
contact = "demo@example.org"
allow_loopback = true
[web]
host = "{host}"
port = {port}
[chat.local]
host = "{host}"
port = {port}
[sources.pubmed]
base_url = "http://{address}:{port}/literature/eutils"
[sources.arxiv]
base_url = "http://{address}:{port}/literature/arxiv/api/query"
rss_url = "http://{address}:{port}/literature/rss"
min_gap = 0.1
[[topics]]
name = "radiology-ai"
query = '("deep learning" OR "machine learning" OR "neural network" OR transformer) (mri OR ct OR radiograph* OR mammograph* OR ultrasound)'
[[topics]]
name = "mri"
query = 'mri OR "magnetic resonance"'
[[channels]]
platform = "local"
id = "radiology-ai"
topics = ["radiology-ai"]
[[channels]]
platform = "local"
id = "mri-group"
topics = ["mri"]
"""  # noqa: E501


@dataclass(slots=True)
class _Story:
    """How far the literature has come; kept, so that it goes on after a restart with the same data."""

    file: Path
    started: datetime
    published: int = 0
    telling: bool = True

    @classmethod
    def open(cls, file: Path) -> _Story:
        if not file.exists():
            return cls(file, utc_now())
        known = json.loads(file.read_text(encoding="utf-8"))
        return cls(file, datetime.fromisoformat(known["started"]), known["published"])

    def now(self) -> datetime:
        """The literature's time: what was there before a restart keeps its dates."""
        return self.started if self.telling else utc_now()

    def tell_again(self, server: LiteratureServer) -> None:
        """Publish what was published before the restart."""
        for _ in range(self.published):
            server.publish_next()
        self.telling = False

    def go_on(self) -> None:
        """Keep that another paper is out."""
        self.published += 1
        known = {"started": self.started.isoformat(), "published": self.published}
        self.file.write_text(json.dumps(known), encoding="utf-8")


async def demo(
    host: str, port: int, *, speed: float, data: Path | None, stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Run until ``stop`` is set. ``speed`` publishes papers that many times as fast; ``say`` tells the terminal what
    happens. Without ``data`` everything is kept in a temporary folder."""
    with contextlib.ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paperround-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        story = _Story.open(folder / "demo-story.json")
        server = LiteratureServer(story.now, PUBLISHED_EVERY / speed)
        story.tell_again(server)

        def tell(headline: str) -> None:
            story.go_on()
            say(f"published  {headline}")

        server.on_publish = tell
        port = port or _free_port(host)
        file = folder / "demo.toml"
        file.write_text(_configuration(folder, host, port, speed), encoding="utf-8")
        async with open_app(load(file, {}), lock=True) as app:
            if not story.published:
                await _post_at_once(app)
            starting = asyncio.create_task(_start(app, server, f"http://{_bracketed(host)}:{port}/", say))
            try:
                await app.run(stop, lambda web: web.add_routes(server.routes()))
            finally:
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                await server.stop()


async def _start(app: App, server: LiteratureServer, address: str, say: Callable[[str], None]) -> None:
    """Once the page is served, say so; once the first fetch is in, post the newest five to each channel, and let the
    literature go on."""
    await app.served.wait()
    say(f"Paper Round demo: open {address} in a browser. Ctrl-C ends it.")
    say("A literature server on this machine stands in for PubMed and arXiv; its papers are made up.")
    await app.baselines_done()
    summary = await app.summary()
    say(f"fetched    {summary.papers} papers of the last 30 days: searched, not announced")
    for channel, topic in _TO_START:
        await app.answering.answer(PostNewest(topic), _admin(channel))
    say("posting    a new paper is published every few seconds; what matches a channel's topics is posted there")
    server.start()


async def _post_at_once(app: App) -> None:
    """Let each paper come when it is out. It is not the configuration that says so, so that it can be changed."""
    for channel, _ in _TO_START:
        await app.answering.answer(SetSchedule("now"), _admin(channel))


def _admin(channel: str) -> Asker:
    return Asker(ChannelRef("local", "", channel), "demo", admin=True)


def _configuration(folder: Path, host: str, port: int, speed: float) -> str:
    database = json.dumps(str(folder / "demo.sqlite3"))
    every = max(0.1, _POLLED_EVERY / speed)
    return _CONFIGURATION.format(storage=database, host=host, address=_bracketed(host), port=port, every=f"{every:.2f}")


def _bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as listening:
        return int(listening.getsockname()[1])
