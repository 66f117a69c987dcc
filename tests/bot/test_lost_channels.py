"""A channel that the platform refuses altogether: its papers wait, it is tried ever later, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.delivering import Deliverer, DeliverySettings, probe_at
from bot.model import Announcement, ChannelRef, DeliveryKey
from bot.ports import Outcome, Receipt
from bot.reporting import status, why
from bot.wording.overall import overall
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record
from tests.fakes.platform import FakePlatform, will_never_take

HOUR = timedelta(hours=1)


class Archived(FakePlatform):
    """Refuses everything in one channel while it is ``archived``."""

    def __init__(self) -> None:
        super().__init__()
        self.archived = True

    async def post(self, channel: ChannelRef, key: DeliveryKey, payload: bytes) -> Receipt:
        if self.archived and channel == CHANNEL.ref:
            self.calls.append(payload)
            return Receipt(Outcome.NOT_SENT, error="is_archived", channel_lost=True)
        return await super().post(channel, key, payload)


class Bot:
    def __init__(self, storage: SqliteStorage) -> None:
        self.now = NOW
        self.storage = storage
        self.platform = Archived()
        self.restart()

    def restart(self) -> None:
        self.deliverer = Deliverer(self.storage, {"local": self.platform}, self.clock, DeliverySettings())

    def clock(self) -> datetime:
        return self.now

    async def announce(self, count: int, channel: ChannelRef = CHANNEL.ref) -> None:
        changes = await self.storage.archive.upsert([a_record() for _ in range(count)], self.now)
        wanted = [Announcement(channel, change.paper.id, ("mine",)) for change in changes]
        await self.storage.outbox.queue(wanted, self.now)

    async def step(self, after: timedelta = timedelta()) -> None:
        self.now += after
        await self.deliverer.step()
        await asyncio.gather(*self.deliverer._lanes.values())

    async def tried(self, hours: Sequence[int]) -> list[int]:
        """At which of these hours from now on the platform was called."""
        begin, called = self.now, []
        for hour in hours:
            before = len(self.platform.calls)
            await self.step(begin + hour * HOUR - self.now)
            called += [hour] * (len(self.platform.calls) - before)
        return called


@pytest.fixture
async def bot(storage: SqliteStorage) -> Bot:
    for channel in (CHANNEL, OTHER_CHANNEL):
        await storage.topics.put_channel(channel)
        await storage.schedules.set_schedule(channel.ref, "now", "UTC")
        await storage.topics.add("mine", a_query(), channel.ref, NOW)
    return Bot(storage)


def test_a_lost_channel_is_tried_ever_later() -> None:
    for lost_for, pause in ((0, 1), (1, 6), (7, 24), (31, 24), (1000, 24)):
        now = NOW + lost_for * HOUR
        assert probe_at(NOW, now) - now == pause * HOUR


async def test_papers_wait_while_the_channel_is_lost_and_it_is_not_hammered(bot: Bot) -> None:
    await bot.announce(3)
    await bot.step()
    assert await bot.tried(range(1, 100)) == [1, 7, 31, 55, 79]
    assert (await bot.storage.outbox.counts())["waiting"] == 2, "none of them is given up"


async def test_another_channel_goes_on(bot: Bot) -> None:
    await bot.announce(1)
    await bot.announce(1, OTHER_CHANNEL.ref)
    await bot.step()
    assert [channel for channel, _, _ in bot.platform.messages] == [OTHER_CHANNEL.ref]


async def test_it_comes_back_by_itself_with_one_post_of_what_was_missed(bot: Bot) -> None:
    await bot.announce(1)
    await bot.step()
    [lost] = await bot.storage.troubles.lost()
    assert (lost.channel.ref, lost.since, lost.error, lost.waiting) == (CHANNEL.ref, NOW, "is_archived", 1)
    await bot.announce(20)
    bot.platform.archived = False
    bot.restart()
    await bot.step(HOUR)
    assert [payload.split()[0] for _, _, payload in bot.platform.messages] == [b"announcement", b"digest"]
    assert await bot.storage.troubles.lost() == []
    assert (await bot.storage.outbox.counts()).get("waiting", 0) == 0


async def test_it_is_tried_at_once_when_the_platform_says_that_it_is_back(bot: Bot) -> None:
    await bot.announce(2)
    await bot.step()
    bot.platform.archived = False
    await bot.storage.troubles.hurry(OTHER_CHANNEL.ref)
    await bot.step()
    assert bot.platform.messages == []
    await bot.storage.troubles.hurry(CHANNEL.ref)
    await bot.step()
    assert len(bot.platform.messages) == 2


async def test_a_message_that_is_refused_for_itself_shows_that_the_channel_is_back(bot: Bot) -> None:
    await bot.announce(1)
    await bot.step()
    bot.platform.archived = False
    bot.platform.faults.append(will_never_take)
    await bot.step(HOUR)
    assert await bot.storage.troubles.lost() == []


async def test_the_time_is_counted_from_the_first_refusal(bot: Bot) -> None:
    await bot.announce(1)
    await bot.step()
    await bot.step(HOUR)
    [lost] = await bot.storage.troubles.lost()
    assert lost.since == NOW


async def test_status_and_why_say_that_the_channel_is_lost(bot: Bot) -> None:
    await bot.announce(2)
    await bot.step()
    report = await status(bot.storage, {}, HOUR, NOW, channel=CHANNEL.ref)
    assert overall(report) == (
        "Not all is well: nothing can be posted in papers. 1 paper waits until the bot can post here again."
    )
    papers = await bot.storage.archive.papers([one.paper_id for one in await bot.storage.outbox.waiting(CHANNEL.ref)])
    [verdict] = (await why(bot.storage, papers[0], [CHANNEL], NOW)).channels
    assert verdict.waits == "It waits until the bot can post here again."
