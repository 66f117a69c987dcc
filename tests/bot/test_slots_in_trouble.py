"""Slots in trouble: wrong clocks, restores, late sources, and many channels."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.agenda import Agenda
from bot.delivering import Deliverer, DeliverySettings
from bot.model import Announcement, Channel, ChannelRef, DeliveryKind, Note
from bot.ports import ReadBack
from storage import SqliteStorage, open_storage
from storage.epoch import mark_restored
from tests.bot.test_delivering import Bot, counts
from tests.bot.test_slots import DAILY, DAY, HOUR, SLOT, announce, at, headlines
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record
from tests.fakes.platform import refuses


@pytest.fixture
async def bot(storage: SqliteStorage) -> Bot:
    """A bot that has known the channel since NOW."""
    await storage.topics.put_channel(DAILY)
    await storage.topics.put_channel(OTHER_CHANNEL)
    bot = Bot(storage)
    await bot.step()
    return bot


async def test_while_the_clock_is_not_trusted_nothing_new_is_made_but_what_was_made_is_settled(bot: Bot) -> None:
    trusted = [False]
    settings = DeliverySettings()
    bot.platform.faults.append(refuses)
    await announce(bot, 1, channel=OTHER_CHANNEL.ref)
    await bot.step()
    bot.deliverer = Deliverer(
        bot.storage, {"local": bot.platform}, bot.clock, settings, distrust=lambda: None if trusted[0] else "wrong"
    )
    await announce(bot, 1, channel=OTHER_CHANNEL.ref)
    await announce(bot, 1)
    await at(bot, SLOT)
    assert len(bot.posted) == 1
    await bot.storage.schedules.set_recap(CHANNEL.ref, "daily 17:00")
    await bot.step()
    plan = await bot.storage.schedules.plan(CHANNEL.ref)
    assert plan
    assert plan.recaps is None, "a wrong clock notes nothing"
    trusted[0] = True
    await bot.step()
    assert len(bot.posted) == 3


async def test_a_date_that_a_wrong_clock_used_ahead_is_passed_over_when_it_comes(bot: Bot) -> None:
    await announce(bot)
    await at(bot, SLOT + 5 * DAY)
    assert headlines(bot) == ["1 new paper · Thu 26 Nov · covers 6 days"]
    await announce(bot)
    await at(bot, SLOT)
    assert headlines(bot)[1:] == ["1 new paper · Sat 21 Nov"]
    for day in range(1, 5):
        await at(bot, SLOT + day * DAY)
    await announce(bot)
    await at(bot, SLOT + 5 * DAY)
    assert len(headlines(bot)) == 2, "the message of that date exists"
    await at(bot, SLOT + 6 * DAY)
    assert headlines(bot)[2:] == ["1 new paper · Fri 27 Nov"]


async def test_a_schedule_that_was_set_by_a_clock_ahead_holds_from_now_on(bot: Bot) -> None:
    bot.now = NOW + 30 * DAY
    await bot.storage.schedules.set_schedule(CHANNEL.ref, "daily 10:00", "Europe/Berlin")
    await bot.step()
    await at(bot, NOW)
    await announce(bot)
    await at(bot, SLOT + HOUR)
    assert headlines(bot) == ["1 new paper · Sat 21 Nov"]


async def test_the_foot_of_a_digest_says_what_is_exceptional(bot: Bot) -> None:
    async def remarks(_: datetime) -> Sequence[str]:
        return ["arXiv late since Thu; its papers will follow"]

    bot.deliverer = Deliverer(bot.storage, {"local": bot.platform}, bot.clock, DeliverySettings(), remarks=remarks)
    await announce(bot)
    await at(bot, SLOT)
    [post] = bot.platform.posts(CHANNEL.ref)
    assert post.footer == ("arXiv late since Thu; its papers will follow",)


@pytest.fixture
async def restored(tmp_path: Path, bot: Bot) -> Bot:
    """The bot after its data went back to what it was before the slot; one paper was queued then."""
    records = [a_record() for _ in range(3)]
    async with open_storage(tmp_path / "lost.sqlite3") as storage:
        await storage.topics.put_channel(DAILY)
        lost = Bot(storage)
        lost.platform = bot.platform
        lost.restart()
        await lost.step()
        changes = await storage.archive.upsert(records[:2], NOW)
        announcements = [Announcement(CHANNEL.ref, change.paper.id, ("mri",)) for change in changes]
        await storage.outbox.queue(announcements, NOW)
        await at(lost, SLOT)
    bot.now = SLOT + HOUR
    with closing(sqlite3.connect(tmp_path / "papers.sqlite3")) as data, data:
        mark_restored(data, 0, bot.now)
    changes = await bot.storage.archive.upsert(records, NOW)
    announcements = [Announcement(CHANNEL.ref, change.paper.id, ("mri",)) for change in changes]
    await bot.storage.outbox.queue(announcements, bot.now)
    return bot


async def test_a_slot_that_the_channel_shows_is_not_posted_again_after_a_restore(restored: Bot) -> None:
    for seconds in (0, 120, 1):
        await restored.step(seconds)
    assert headlines(restored) == ["2 new papers · Sat 21 Nov"]
    assert await counts(restored) == {"sent": 2, "waiting": 1}
    await at(restored, SLOT + DAY)
    assert headlines(restored)[1:] == ["1 new paper · Sun 22 Nov"]


async def test_what_cannot_be_compared_after_a_restore_is_held_with_its_slot(restored: Bot) -> None:
    restored.platform.readable = ReadBack.UNREADABLE
    for seconds in (0, 120, 60, 60):
        await restored.step(seconds)
    assert await counts(restored) == {"held": 1}


async def test_a_line_or_a_recap_that_may_be_there_from_before_a_restore_is_left_out(bot: Bot, tmp_path: Path) -> None:
    await announce(bot, 2, note=Note.TO_START)
    await bot.storage.topics.put_channel(replace(DAILY, schedule="daily 09:00 even if empty"))
    await bot.storage.schedules.set_recap(CHANNEL.ref, "daily 09:00")
    await bot.step()
    with closing(sqlite3.connect(tmp_path / "papers.sqlite3")) as data, data:
        mark_restored(data, 0, SLOT + HOUR)
    await at(bot, SLOT + HOUR)
    assert [post.kind for post in bot.platform.posts(CHANNEL.ref)] == ["announcement"] * 2
    await at(bot, SLOT + DAY)
    assert [post.kind for post in bot.platform.posts(CHANNEL.ref)][2:] == ["digest"]


async def test_many_channels_with_nothing_due_start_nothing(storage: SqliteStorage) -> None:
    async with storage.transaction():
        for number in range(50):
            await storage.topics.put_channel(Channel(ChannelRef("local", "", f"c{number}"), "c", "daily 09:00", "UTC"))
    agenda = Agenda(storage.schedules)
    assert await agenda.due(NOW) == []
    assert len(await agenda.due(NOW + DAY)) == 50
    [plan] = [plan for plan in await storage.schedules.plans() if plan.channel.id == "c7"]
    assert plan.posts
    assert (plan.posts.rule, plan.posts.since) == ("daily 09:00 UTC", NOW)
    await storage.schedules.use(plan.channel, DeliveryKind.DIGEST, date(2026, 11, 21), NOW + DAY)
    assert len(await agenda.due(NOW + DAY)) == 49
    assert await storage.outbox.busy_channels(NOW) == []
