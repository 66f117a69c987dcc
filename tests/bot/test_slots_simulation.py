"""24 days of the real deliverer over SQLite: outages, both changes of the clocks, five wrong clocks, kills."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.delivering import Deliverer, DeliverySettings
from bot.model import Announcement, Channel, ChannelRef, PaperId
from bot.timekeeping import Timekeeper
from storage import SqliteStorage, open_storage
from tests.bot.test_schedule_simulation import CHANNELS, DAY, DAYS, HOUR, MINUTE, START, Machine, expected
from tests.examples import a_record
from tests.fakes.platform import FakePlatform, ProcessDied, dies_after_writing, dies_before_writing

STEP, POLL = 10 * MINUTE, 30 * MINUTE
NEWS = 4 * HOUR
KILLS = {day: fault for fault, days in ((dies_before_writing, (3, 11)), (dies_after_writing, (4, 13))) for day in days}
"""On which days the process dies while it sends, and how."""


@dataclass
class Bot:
    """A process after another, with what they leave in the database and in the channels."""

    storage: SqliteStorage
    papers: list[PaperId]
    machine: Machine = field(default_factory=Machine)
    platform: FakePlatform = field(default_factory=FakePlatform)
    news: list[datetime] = field(default_factory=list)
    made_at: dict[tuple[date, str], datetime] = field(default_factory=dict)
    """When, in truth, the post of each day and channel was made."""
    errors: list[timedelta] = field(default_factory=list)
    """How wrong the clock was then."""
    silenced: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    async def boot(self) -> None:
        self.machine.booted = self.machine.now
        self.time = Timekeeper(lambda: self.machine.clocks()[0], lambda: self.machine.clocks()[1])
        settings = DeliverySettings(quarantine=timedelta(seconds=120))
        self.deliverer = Deliverer(
            self.storage, {"local": self.platform}, self.clock, settings, distrust=self.time.distrust
        )
        await self.deliverer.recover()

    def clock(self) -> datetime:
        return self.machine.clocks()[0]

    async def step(self) -> None:
        self.silenced += self.time.find_problem() is not None
        await self.deliverer.step()
        ends = await asyncio.gather(*self.deliverer._lanes.values(), return_exceptions=True)
        for name in CHANNELS:
            for post in self.platform.posts(ref(name))[-1:]:
                if (post.day, name) not in self.made_at:
                    self.made_at[post.day, name] = self.machine.now
                    self.errors.append(self.machine.error)
        if any(isinstance(end, ProcessDied) for end in ends):
            await self.boot()

    async def hear_news(self) -> None:
        """A paper for every channel."""
        paper = self.papers.pop()
        self.news.append(self.machine.now)
        announcements = [Announcement(ref(name), paper, ("mri",)) for name in CHANNELS]
        await self.storage.outbox.queue(announcements, self.clock())

    async def live(self) -> None:
        await self.boot()
        kills = dict(KILLS)
        while self.machine.now < START + DAYS * DAY:
            was_up = self.machine.up
            self.machine.now += STEP
            if not self.machine.up:
                continue
            if not was_up:
                await self.boot()
            if (fault := kills.pop(int(self.machine.day), None)) is not None:
                self.platform.faults.append(fault)
            if (self.machine.now - START) % NEWS == timedelta():
                await self.hear_news()
            await self.step()
            if (self.machine.now - self.machine.booted) % POLL == timedelta():
                self.time.heard(self.machine.now)


def ref(name: str) -> ChannelRef:
    return ChannelRef("local", "", name)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    """A bot after its 24 days."""
    return asyncio.run(lived(tmp_path_factory.mktemp("slots") / "papers.sqlite3"))


async def lived(path: Path) -> Bot:
    async with open_storage(path) as storage:
        for name, (schedule, zone) in CHANNELS.items():
            await storage.topics.put_channel(Channel(ref(name), name, schedule, zone))
        changes = await storage.archive.upsert([a_record() for _ in range(DAYS * 6)], START)
        bot = Bot(storage, [change.paper.id for change in changes])
        await bot.live()
        bot.waiting = {name: len(await storage.outbox.waiting(ref(name))) for name in CHANNELS}
        bot.counts = {state: n for state, n in (await storage.outbox.counts()).items() if n and state != "waiting"}
        return bot


@pytest.mark.parametrize("name", CHANNELS)
def test_each_slot_has_one_digest_or_is_in_one_catch_up(bot: Bot, name: str) -> None:
    posts = bot.platform.posts(ref(name))
    slots = dict(expected(name))
    assert all(a.day < b.day for a, b in pairwise(posts))
    assert {post.day for post in posts} <= slots.keys()
    assert posts[-1].day == list(slots)[-1]
    for before, post in pairwise(posts):
        passed = [day for day in slots if before.day < day < post.day]
        assert passed or not post.label
        if passed and not post.label:  # nothing had come since the catch-up just before
            assert not any(bot.made_at[before.day, name] < at < slots[passed[-1]] for at in bot.news)


@pytest.mark.parametrize("name", CHANNELS)
def test_each_paper_is_in_one_digest(bot: Bot, name: str) -> None:
    queued = DAYS * 6 - len(bot.papers)
    assert sum(post.total for post in bot.platform.posts(ref(name))) == queued - bot.waiting[name]
    assert bot.waiting[name] <= 7 * 6, "all but those since the last slot"


def test_every_message_arrived_once_and_is_known_to_have(bot: Bot) -> None:
    assert bot.counts == {"sent": len(bot.platform.messages)}
    keys = [key for _, key, _ in bot.platform.messages]
    assert len(set(keys)) == len(keys)
    assert not bot.platform.faults, "each kill happened"


def test_each_outage_is_caught_up(bot: Bot) -> None:
    labels = {name: [post.label for post in bot.platform.posts(ref(name)) if post.label] for name in CHANNELS}
    assert labels["repeated"] == labels["midnight"] == ["covers 3 days", "covers 3 days"]
    assert labels["skipped"] == ["covers 4 days", "covers 3 days"]
    assert (labels["office"], labels["weekly"]) == (["covers 5 days"], [])


def test_nothing_is_made_while_the_clock_is_wrong(bot: Bot) -> None:
    assert bot.silenced > 100
    assert all(abs(error) < 10 * MINUTE for error in bot.errors)
