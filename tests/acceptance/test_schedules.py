"""Schedules, recaps and snoozes as people set them in the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.chat.local.render import render
from bot.app import App, utc_now
from bot.commands import offered_command
from bot.conversation import Notice, ScheduleReport, TopicAdded, TopicList
from bot.reports import StatusReport
from tests.acceptance.world import World


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    world.schedule = ""
    async with world.open() as opened:
        yield opened


async def report(world: World, app: App, text: str) -> ScheduleReport:
    reply = await world.ask(app, text)
    assert isinstance(reply, ScheduleReport), reply
    return reply


async def test_a_channel_that_says_nothing_is_posted_to_daily_at_nine(world: World, app: App) -> None:
    told = await report(world, app, "schedule")
    assert (told.schedule, told.managed, told.changed) == ("daily at 09:00 (UTC)", False, "")
    assert told.upcoming.count("09:00") == 3


async def test_a_schedule_is_set_with_its_zone_and_kept_over_a_restart(world: World) -> None:
    world.schedule = ""
    async with world.open() as app:
        told = await report(world, app, "schedule weekdays 8:30 berlin even if empty")
        assert told.schedule == "weekdays at 08:30 (Europe/Berlin), even if there is nothing new"
        assert told.upcoming.count("08:30") == 3
    async with world.open() as app:
        assert (await report(world, app, "schedule")).schedule == told.schedule
        topics = await world.ask(app, "topics")
        assert isinstance(topics, TopicList)
        assert topics.schedule == told.schedule


async def test_the_files_schedule_wins_at_start_and_is_not_changed_in_chat(world: World) -> None:
    world.schedule = ""
    async with world.open() as app:
        await report(world, app, "schedule weekdays 8:30")
    world.schedule = 'schedule = "weekly fri 16:00"'
    async with world.open() as app:
        told = await report(world, app, "schedule")
        assert (told.schedule, told.managed) == ("weekly on Fri at 16:00 (UTC)", True)
        refused = await world.ask(app, "schedule daily 10:00")
        assert isinstance(refused, Notice)
        assert "configuration file" in refused.text
        assert (await report(world, app, "schedule")).schedule == told.schedule
    world.schedule = ""
    async with world.open() as app:
        told = await report(world, app, "schedule")
        assert (told.schedule, told.managed) == ("weekly on Fri at 16:00 (UTC)", False)


async def test_a_mistake_offers_what_was_meant(world: World, app: App) -> None:
    for text, meant in (("schedule dayly 9", "schedule daily 09:00"), ("recap now", "recap weekly mon 09:00")):
        reply = await world.ask(app, text)
        assert isinstance(reply, Notice)
        assert reply.commands == (meant,)
        await report(world, app, meant)
    for text in ("schedule atlantis", "schedule daily 9 atlantis", "recap", "recap sometimes", "snooze", "snooze long"):
        assert isinstance(await world.ask(app, text), Notice), text


async def test_only_admins_change_when_a_channel_is_posted_to(world: World, app: App) -> None:
    for text in ("schedule now", "recap daily", "snooze 2w"):
        refused = await world.ask(app, text, admin=False)
        assert isinstance(refused, Notice)
        assert "admin" in refused.text
    assert isinstance(await world.ask(app, "schedule", admin=False), ScheduleReport)


async def test_recaps_are_switched_on_and_off(world: World, app: App) -> None:
    told = await report(world, app, "recap weekly fri 16:00")
    assert told.recap == "weekly on Fri at 16:00 (UTC)"
    assert told.next_recap.startswith("Fri ")
    assert (await report(world, app, "recap off")).recap == ""


async def test_a_snooze_is_told_offered_to_be_ended_and_ended(world: World, app: App) -> None:
    told = await report(world, app, "snooze 2w")
    assert told.snoozed_until
    [wake] = render(told, utc_now().date(), "snooze 2w")["actions"]
    assert offered_command(wake["id"], wake["value"]) == "snooze off"
    ended = await world.click(app, wake["id"])
    assert isinstance(ended, ScheduleReport)
    assert (ended.snoozed_until, ended.changed) == ("", "The snooze is over.")
    assert isinstance(await world.ask(app, "snooze off"), Notice)


async def test_a_new_topic_tells_the_channels_real_first_post(world: World, app: App) -> None:
    added = await world.ask(app, "topic add joints joint")
    assert isinstance(added, TopicAdded)
    assert added.first_post in {"today 09:00", "tomorrow 09:00"}
    await world.ask(app, "schedule now")
    added = await world.ask(app, "topic add knees knee")
    assert isinstance(added, TopicAdded)
    assert added.first_post == "as soon as a new paper matches"


async def test_status_tells_the_next_post_and_a_wrong_clock(world: World, app: App) -> None:
    told = await world.ask(app, "status")
    assert isinstance(told, StatusReport)
    assert told.clock is None
    assert told.channels[0].next_post
    assert "next post" in render(told, utc_now().date(), "status")["text"]
    app._time._guard.heard(utc_now().replace(year=2020), utc_now(), app._time._monotonic())
    told = await world.ask(app, "status")
    assert isinstance(told, StatusReport)
    assert told.clock
    assert told.clock in render(told, utc_now().date(), "status")["text"]


@pytest.mark.parametrize("text", ["schedule", "schedule now", "schedule mon 9 even if empty", "recap fri", "snooze 1d"])
async def test_every_answer_can_be_read(world: World, app: App, text: str) -> None:
    told = await report(world, app, text)
    message = render(told, utc_now().date(), text)
    assert told.schedule in message["text"]
    assert told.changed in message["text"]


async def test_a_scheduled_channel_is_posted_to_by_deliver_once_its_slot_has_come(world: World) -> None:
    world.schedule = 'schedule = "daily 00:00"'
    await world.poll()
    world.literature.add_pubmed(title="MRI of the knee.")
    await world.poll()
    assert await world.posts() == []
    async with world.open() as app:
        yesterday = utc_now().replace(year=utc_now().year - 1)
        await app._storage._database.write("UPDATE timetables SET since = ?", (yesterday.isoformat(),))
        report = await app.deliver()
        assert (report.sent, report.waiting) == (1, 0)
    [text] = await world.posts()
    assert text.startswith("1 new paper · ")
