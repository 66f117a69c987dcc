"""Kills the bot again and again, lets it finish, and counts what the channels show."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.app import utc_now
from bot.identity import paper_marks
from storage import open_storage
from tests.fakes.literature import FakeLiterature

ROOT = Path(__file__).parents[2]
QUARANTINE = 1.0
_STARTING = (0.8, 3.0)
"""Seconds from a start to its kill: some are over before anything is posted, most are not."""

_MOST_PUBLISHED = 4
_SETTLED_WITHIN = 180.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as the platform has it: the delivery's key, and the marks of papers that it carries."""

    key: str
    marks: frozenset[str]


class Target(Protocol):
    """A chat platform whose answers can get lost. ``table`` is its part of the configuration."""

    name: str

    @property
    def channels(self) -> Sequence[str]:
        """The ids of those that follow the topic."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Serve."""

    @property
    def table(self) -> str:
        """TOML."""

    def lose_answers(self, share: float) -> None:
        """Carry out this share of the posts and never answer them."""

    @property
    def lost_answers(self) -> int:
        """How many that were."""

    def shown(self, channel: str) -> list[Posted]:
        """The messages."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run came to. A delivery is one paper in one channel; ``unsettled`` are deliveries that the bot did not
    bring to an end."""

    kills: int
    deliveries: int
    messages: int
    lost_answers: int
    lost: int
    twice: int
    unsettled: int

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.kills} kills, {self.deliveries:,} papers to announce, {self.messages:,} messages, "
            f"{self.lost_answers} answers lost: {self.lost} lost, {self.twice} twice, {self.unsettled} unsettled"
        )


@dataclass
class Harness:
    """Everything is kept in ``folder``; ``seed`` makes the kills the same again."""

    target: Target
    folder: Path
    seed: int = 1

    async def run(self, kills: int, share: float) -> Totals:
        """Kill so many times while ``share`` of the answers get lost, then let the bot come to rest and count."""
        self._random = random.Random(self.seed)
        self._published = 0
        async with FakeLiterature(now=utc_now) as self._literature, self.target.running():
            config = self._configure()
            await self._run_until_baseline(config)
            self.target.lose_answers(share)
            for _ in range(kills):
                await self._live_and_die(config)
            self.target.lose_answers(0)
            process = await self._start(config)
            try:
                await self._settle()
            finally:
                process.send_signal(signal.SIGTERM)
                await process.wait()
            return await self._count(kills)

    # ------------------------------------------------------------ a life

    def _configure(self) -> Path:
        channels = "".join(
            f'[[channels]]\nplatform = "{self.target.name}"\nid = "{id_}"\ntopics = ["mri"]\nschedule = "now"\n'
            for id_ in self.target.channels
        )
        file = self.folder / "paperround.toml"
        file.write_text(
            f"""
            storage.path = {json.dumps(str(self._data))}
            storage.backups = ""
            polling.every = "0.3s"
            http = {{ contact = "test@example.org", allow_loopback = true }}
            delivery = {{ quarantine = "{QUARANTINE}s", request_timeout = "3s" }}
            web.port = 0
            sources.pubmed = {{ base_url = "{self._literature.eutils_url}", pace = 1000 }}
            {self.target.table}
            [[topics]]
            name = "mri"
            query = "mri"
            {channels}
            """,
            encoding="utf-8",
        )
        return file

    @property
    def _data(self) -> Path:
        return self.folder / "papers.sqlite3"

    async def _start(self, config: Path) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PAPERROUND_")}
        with (self.folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(config)),
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    async def _run_until_baseline(self, config: Path) -> None:
        """What is there before the topic's first fetch is never announced."""
        process = await self._start(config)
        try:
            async with asyncio.timeout(_SETTLED_WITHIN):
                while not self._ask("SELECT count(*) FROM baselines"):
                    assert process.returncode is None, (self.folder / "log").read_text(encoding="utf-8")
                    await asyncio.sleep(0.1)
        finally:
            process.kill()
            await process.wait()

    async def _live_and_die(self, config: Path) -> None:
        for _ in range(self._random.randint(1, _MOST_PUBLISHED)):
            self._published += 1
            self._literature.add_pubmed(title=f"MRI number {self._published}.")
        process = await self._start(config)
        await asyncio.sleep(self._random.uniform(*_STARTING))
        assert process.returncode is None, (self.folder / "log").read_text(encoding="utf-8")
        process.kill()
        await process.wait()

    # ------------------------------------------------------------ the end

    async def _settle(self) -> None:
        """Wait until everything published is announced and nothing is under way, or for long enough."""
        wanted = self._published * len(self.target.channels)
        try:
            async with asyncio.timeout(_SETTLED_WITHIN):
                while self._ask("SELECT count(*) FROM announcements") < wanted or self._unsettled():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            pass  # the count tells

    def _unsettled(self) -> int:
        return self._ask("SELECT count(*) FROM announcements WHERE delivery_key IS NULL") + self._ask(
            "SELECT count(*) FROM deliveries WHERE state <> 'sent'"
        )

    def _ask(self, sql: str) -> int:
        try:
            with closing(sqlite3.connect(f"file:{self._data}?mode=ro", uri=True, timeout=10)) as data:
                return int(data.execute(sql).fetchone()[0])
        except sqlite3.OperationalError:  # there is no file or no table yet
            return 0

    async def _count(self, kills: int) -> Totals:
        papers = await self._papers()
        lost = twice = messages = 0
        for channel in self.target.channels:
            shown = self.target.shown(channel)
            messages += len(shown)
            wanted = [Wanted(papers[paper], key) for paper, key in self._deliveries(channel)]
            missing, again = compare(wanted, shown)
            lost, twice = lost + missing + self._published - len(wanted), twice + again
        return Totals(
            kills=kills,
            deliveries=self._published * len(self.target.channels),
            messages=messages,
            lost_answers=self.target.lost_answers,
            lost=lost,
            twice=twice,
            unsettled=self._unsettled(),
        )

    async def _papers(self) -> dict[int, frozenset[str]]:
        """The marks of every paper published."""
        async with open_storage(self._data, exclusive=False) as storage:
            return {paper.id: paper_marks(paper) async for paper in storage.searches.stream(None, utc_now())}

    def _deliveries(self, channel: str) -> list[tuple[int, str]]:
        """Each paper that was to be announced in a channel, and the delivery that did it."""
        sql = (
            "SELECT paper_id, coalesce(delivery_key, '') FROM announcements "
            "WHERE channel_id = (SELECT id FROM channels WHERE channel = ?)"
        )
        with closing(sqlite3.connect(f"file:{self._data}?mode=ro", uri=True)) as data:
            return [(int(paper), str(key)) for paper, key in data.execute(sql, (channel,))]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that was to be announced: its marks, and the key of the delivery that did it by the bot's own account."""

    marks: frozenset[str]
    key: str


def compare(wanted: Sequence[Wanted], shown: Sequence[Posted]) -> tuple[int, int]:
    """How many of the papers are in no message of their delivery, and how many are in several messages. A message may
    not have room for the marks of all its papers."""
    keys = Counter(post.key for post in shown)
    marks = Counter(mark for post in shown for mark in post.marks)
    missing = sum(not keys[paper.key] for paper in wanted)
    again = sum(keys[paper.key] > 1 or any(marks[mark] > 1 for mark in paper.marks) for paper in wanted)
    return missing, again
