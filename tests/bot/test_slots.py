"""Channels with a schedule: what a slot posts, and when it posts nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Announcement, ChannelRef, DeliveryKind, Note, PaperId
from bot.ports import Plan, Progress
from storage import SqliteStorage
from tests.bot.test_delivering import Bot, counts
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record
from tests.fakes.platform import loses_the_request, refuses

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SLOT = datetime(2026, 11, 21, 8, tzinfo=UTC)
"""Saturday 09:00 in Berlin; NOW is Friday 12:00 UTC."""

DAILY = replace(CHANNEL, schedule="daily 09:00", zone="Europe/Berlin")


@pytest.fixture
async def bot(storage: SqliteStorage) -> Bot:
    """A bot that has known the channel since NOW."""
    await storage.topics.put_channel(DAILY)
    await storage.topics.put_channel(OTHER_CHANNEL)
    bot = Bot(storage)
    await bot.step()
    return bot


async def announce(
    bot: Bot, count: int = 1, *, note: Note = Note.NONE, channel: ChannelRef = CHANNEL.ref
) -> list[PaperId]:
    ids = [change.paper.id for change in await bot.storage.archive.upsert([a_record() for _ in range(count)], NOW)]
    await bot.storage.outbox.queue([Announcement(channel, number, ("mri",), note) for number in ids], bot.now)
    return ids


async def at(bot: Bot, moment: datetime) -> None:
    bot.now = moment
    await bot.step()


def headlines(bot: Bot) -> list[str]:
    return [post.headline for post in bot.platform.posts(CHANNEL.ref)]


async def test_papers_wait_for_the_slot_and_are_one_digest_of_its_day(bot: Bot) -> None:
    await announce(bot, 3)
    await at(bot, SLOT - timedelta(seconds=1))
    assert headlines(bot) == []
    await at(bot, SLOT)
    await announce(bot, 1)
    await at(bot, SLOT + HOUR)
    assert headlines(bot) == ["3 new papers · Sat 21 Nov"]
    plan = await bot.storage.schedules.plan(CHANNEL.ref)
    assert plan == Plan(
        CHANNEL.ref,
        "daily 09:00",
        "Europe/Berlin",
        posts=Progress("daily 09:00 Europe/Berlin", NOW, last_day=SLOT.date(), last_end=SLOT),
    )
    await at(bot, SLOT + DAY)
    assert headlines(bot)[1:] == ["1 new paper · Sun 22 Nov"]
    assert [post.kind for post in bot.platform.posts(CHANNEL.ref)] == [DeliveryKind.DIGEST] * 2


async def test_a_digest_lists_ten_and_opens_the_rest(bot: Bot) -> None:
    await announce(bot, 13)
    await at(bot, SLOT)
    [post] = bot.platform.posts(CHANNEL.ref)
    assert (len(post.papers), post.total, post.more) == (10, 13, 3)
    assert post.list_key
    listed = await bot.storage.searches.turn(post.list_key, 1, bot.now)
    assert (listed.total, listed.title) == (13, post.headline)


async def test_an_empty_slot_is_silent_and_is_not_made_up_for(bot: Bot) -> None:
    await at(bot, SLOT)
    await announce(bot, 1)
    await at(bot, SLOT + HOUR)
    assert headlines(bot) == []
    await at(bot, SLOT + DAY)
    assert headlines(bot) == ["1 new paper · Sun 22 Nov"]


async def test_an_empty_slot_gets_a_line_where_it_is_wanted(bot: Bot) -> None:
    await bot.storage.topics.put_channel(replace(DAILY, schedule="daily 09:00 even if empty"))
    await at(bot, SLOT)
    await at(bot, SLOT + HOUR)
    assert headlines(bot) == ["No new papers · Sat 21 Nov"]


async def test_what_a_person_asked_for_comes_at_once(bot: Bot) -> None:
    await announce(bot, 2, note=Note.TO_START)
    await announce(bot, 4)
    await bot.step()
    assert [post.kind for post in bot.platform.posts(CHANNEL.ref)] == [DeliveryKind.ANNOUNCEMENT] * 2
    await at(bot, SLOT)
    assert headlines(bot)[2:] == ["4 new papers · Sat 21 Nov"]


async def test_channels_without_slots_are_posted_to_as_before(bot: Bot) -> None:
    await announce(bot, 2, channel=OTHER_CHANNEL.ref)
    await bot.step()
    assert len(bot.platform.posts(OTHER_CHANNEL.ref)) == 2


async def test_missed_slots_are_one_labelled_catch_up(bot: Bot) -> None:
    await announce(bot, 2)
    bot.restart()
    await at(bot, SLOT + 2 * DAY + HOUR)
    await at(bot, SLOT + 2 * DAY + 2 * HOUR)
    assert headlines(bot) == ["2 new papers · Mon 23 Nov · covers 3 days"]


async def test_what_waited_for_more_than_seven_days_is_counted_and_stands_last_in_the_list(bot: Bot) -> None:
    old = await announce(bot, 3)
    bot.now = SLOT + 9 * DAY
    new = await announce(bot, 2)
    await at(bot, SLOT + 10 * DAY)
    [post] = bot.platform.posts(CHANNEL.ref)
    assert post.headline == "5 new papers · Tue 1 Dec · covers 11 days"
    assert ({one.paper.id for one in post.papers}, post.older, post.more) == (set(new), 3, 3)
    assert post.list_key
    listed = await bot.storage.searches.turn(post.list_key, 1, bot.now)
    assert {paper.id for paper in listed.papers[2:]} == set(old)


async def test_nothing_but_old_papers_is_only_a_count_with_a_list(bot: Bot) -> None:
    await announce(bot, 3)
    await at(bot, SLOT + 10 * DAY)
    [post] = bot.platform.posts(CHANNEL.ref)
    assert (post.papers, post.older, post.total, bool(post.list_key)) == ((), 3, 3, True)
    assert await counts(bot) == {"sent": 1}


async def test_a_new_schedule_begins_with_its_next_slot(bot: Bot) -> None:
    await announce(bot)
    await bot.storage.schedules.set_schedule(CHANNEL.ref, "daily 08:00", "UTC")
    await bot.step()
    assert headlines(bot) == []
    await at(bot, datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert headlines(bot) == ["1 new paper · Sat 21 Nov"]
    await bot.storage.schedules.set_schedule(CHANNEL.ref, "daily 10:00", "UTC")
    await announce(bot)
    await bot.step()
    await at(bot, datetime(2026, 11, 21, 10, tzinfo=UTC))
    assert len(headlines(bot)) == 1, "the date is used"


async def test_a_slot_that_could_not_be_sent_is_sent_later_and_is_the_only_one(bot: Bot) -> None:
    bot.platform.faults += [refuses, loses_the_request]
    await announce(bot)
    await at(bot, SLOT)
    bot.restart()
    await bot.deliverer.recover()
    for seconds in (7, 120, 30, 1):
        await bot.step(seconds)
    assert headlines(bot) == ["1 new paper · Sat 21 Nov"]
    assert await counts(bot) == {"sent": 1}


async def test_a_digest_that_is_a_day_late_takes_nothing_of_the_next_one(bot: Bot) -> None:
    bot.platform.faults.append(refuses)
    await announce(bot)
    await at(bot, SLOT)
    await announce(bot, 2)
    await at(bot, SLOT + DAY)
    assert headlines(bot) == ["1 new paper · Sat 21 Nov", "2 new papers · Sun 22 Nov"]


async def test_one_run_of_deliver_sends_what_is_due(bot: Bot) -> None:
    await announce(bot)
    assert ((await bot.deliverer.deliver_due()).sent, headlines(bot)) == (0, [])
    bot.now = SLOT
    report = await bot.deliverer.deliver_due()
    assert (report.sent, report.waiting) == (1, 0)


async def test_papers_merged_while_a_digest_is_made_are_looked_at_again(bot: Bot) -> None:
    [first, second] = await announce(bot, 2)
    batch = await bot.deliverer._composer.next(CHANNEL.ref, SLOT)
    assert batch
    papers = await bot.storage.archive.papers([first, second])
    same = replace(papers[1].records[0], same_work=papers[0].records[0].identifiers, revision="2")
    await bot.storage.archive.upsert([same], NOW)
    assert not await bot.deliverer._post(batch, SLOT)
    await at(bot, SLOT)
    assert headlines(bot) == ["1 new paper · Sat 21 Nov"]


# ---------------------------------------------------------------- snooze


async def test_a_snooze_ends_in_one_catch_up_with_the_next_slot(bot: Bot) -> None:
    await bot.storage.schedules.snooze(CHANNEL.ref, SLOT + 2 * DAY + HOUR)
    await announce(bot, 13)
    for day in range(3):
        await at(bot, SLOT + day * DAY)
    assert headlines(bot) == []
    await at(bot, SLOT + 3 * DAY)
    [post] = bot.platform.posts(CHANNEL.ref)
    assert post.headline == "13 new papers · Tue 24 Nov · covers 4 days"
    assert len(post.papers) == 10


async def test_a_snooze_that_is_ended_early_catches_up_with_the_next_slot(bot: Bot) -> None:
    await bot.storage.schedules.snooze(CHANNEL.ref, SLOT + 9 * DAY)
    await announce(bot)
    await at(bot, SLOT + DAY + HOUR)
    await bot.storage.schedules.snooze(CHANNEL.ref, bot.now)
    await bot.step()
    assert headlines(bot) == []
    await at(bot, SLOT + 2 * DAY)
    assert headlines(bot) == ["1 new paper · Mon 23 Nov · covers 3 days"]


async def test_a_snoozed_channel_without_slots_is_quiet_and_then_gets_one_digest(bot: Bot) -> None:
    await bot.storage.schedules.snooze(OTHER_CHANNEL.ref, NOW + DAY)
    await announce(bot, 13, channel=OTHER_CHANNEL.ref)
    await bot.step(3600)
    assert await bot.storage.outbox.busy_channels(bot.now) == []
    await announce(bot, 1, note=Note.TO_START, channel=OTHER_CHANNEL.ref)
    await bot.step()
    assert [post.total for post in bot.platform.posts(OTHER_CHANNEL.ref)] == [1], "somebody asked for that one"
    await at(bot, NOW + DAY)
    assert [post.total for post in bot.platform.posts(OTHER_CHANNEL.ref)] == [1, 13]


# ---------------------------------------------------------------- recaps


async def test_a_recap_lists_what_was_shown_since_the_last_and_announces_nothing(bot: Bot) -> None:
    await bot.storage.schedules.set_recap(CHANNEL.ref, "weekly mon 17:00")
    await announce(bot, 12)
    await at(bot, SLOT)
    await announce(bot, 1)
    monday = datetime(2026, 11, 23, 16, tzinfo=UTC)
    await at(bot, monday - HOUR)
    await at(bot, monday)
    recap = bot.platform.posts(CHANNEL.ref)[-1]
    assert (recap.kind, recap.headline) == (DeliveryKind.RECAP, "13 papers this week, all posted earlier")
    assert (len(recap.papers), recap.topics) == (10, (("mri", 13),))
    await announce(bot, 1)
    for days in range(1, 8):
        await at(bot, monday + days * DAY)
    kinds = [post.kind for post in bot.platform.posts(CHANNEL.ref)]
    assert kinds.count(DeliveryKind.RECAP) == 2
    assert bot.platform.posts(CHANNEL.ref)[-1].headline == "1 paper this week, all posted earlier"


async def test_a_recap_goes_on_where_the_last_one_ended_whatever_its_schedule(bot: Bot) -> None:
    await bot.storage.schedules.set_recap(CHANNEL.ref, "daily 17:00")
    await bot.step()
    bot.now = SLOT + 5 * HOUR
    await announce(bot, 1, note=Note.TO_START)
    await bot.step()
    await at(bot, SLOT + 8 * HOUR)
    await bot.storage.schedules.set_recap(CHANNEL.ref, "daily 12:00")
    await announce(bot, 2, note=Note.TO_START)
    await bot.step(1)
    await at(bot, SLOT + DAY + 3 * HOUR)
    recaps = [post for post in bot.platform.posts(CHANNEL.ref) if post.kind is DeliveryKind.RECAP]
    assert [post.total for post in recaps] == [1, 2]


async def test_a_recap_of_nothing_is_silent(bot: Bot) -> None:
    await bot.storage.schedules.set_recap(CHANNEL.ref, "daily 17:00")
    await bot.step()
    await at(bot, SLOT + DAY)
    assert headlines(bot) == []


async def test_a_channel_without_slots_can_have_recaps(bot: Bot) -> None:
    await bot.storage.schedules.set_recap(OTHER_CHANNEL.ref, "daily 17:00")
    await announce(bot, 2, channel=OTHER_CHANNEL.ref)
    await bot.step()
    await at(bot, NOW + 6 * HOUR)
    assert [post.kind for post in bot.platform.posts(OTHER_CHANNEL.ref)] == ["announcement", "announcement", "recap"]
