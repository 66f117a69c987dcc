"""Managers are told what they must act on, by direct message and once, whatever crashes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from adapters.chat.local.render import render
from bot.conversation import Reply
from bot.model import Announcement, ChannelRef, Delivery, DeliveryKey, DeliveryKind, PaperId
from bot.watching import Watcher
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, TODAY, a_query, a_record
from tests.fakes.source import FakeSource

EVERY = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
ANN, BOB = (ChannelRef("local", "", f"dm-{user}") for user in ("ann", "bob"))


class ProcessDied(BaseException):
    pass


class Watch:
    """A watcher whose clock the test moves."""

    def __init__(self, storage: SqliteStorage) -> None:
        self.storage = storage
        self.now = NOW
        self.clock: str | None = None
        self.dies = False
        self.restart()

    def restart(self) -> None:
        sources = {"pubmed": FakeSource()}
        self.watcher = Watcher(self.storage, sources, EVERY, lambda: self.clock, self.render)

    def render(self, channel: ChannelRef, reply: Reply, key: DeliveryKey) -> bytes:
        if self.dies:
            raise ProcessDied
        return json.dumps(render(reply, TODAY)).encode()

    async def minutes(self, number: int) -> None:
        for _ in range(number):
            await self.storage.sources.succeeded("pubmed", self.now)
            await self.watcher.look(self.now)
            self.now += MINUTE

    async def told(self, person: ChannelRef = ANN) -> list[str]:
        return [json.loads(one.payload)["text"] for one in await self.storage.outbox.unfinished(person)]


@pytest.fixture
async def watch(storage: SqliteStorage) -> Watch:
    for channel, manager in ((CHANNEL, "ann"), (OTHER_CHANNEL, "bob")):
        await storage.topics.put_channel(channel)
        await storage.topics.add("mine", a_query(), channel.ref, NOW)
        await storage.managers.add(manager, channel.ref, NOW)
    return Watch(storage)


async def refuse(storage: SqliteStorage, paper: int = 1) -> DeliveryKey:
    [change] = await storage.archive.upsert([a_record()], NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, change.paper.id, ("mine",))], NOW)
    key, kind = DeliveryKey(f"{paper:024}"), DeliveryKind.ANNOUNCEMENT
    delivery = Delivery(key, CHANNEL.ref, kind, f"P{paper}", 1, b"bytes", paper_ids=(PaperId(change.paper.id),))
    assert await storage.outbox.open([delivery], NOW)
    await storage.outbox.dead(key, "invalid_blocks", NOW)
    return key


async def test_all_is_well_and_nobody_hears_of_it(watch: Watch) -> None:
    await watch.minutes(30)
    assert await watch.told(ANN) == await watch.told(BOB) == []
    assert await watch.storage.troubles.watched() == []


async def test_the_managers_of_the_channel_hear_of_a_refused_post_once(watch: Watch) -> None:
    key = await refuse(watch.storage)
    await watch.minutes(60)
    [text] = await watch.told(ANN)
    assert "refused by the platform (invalid_blocks)" in text
    assert await watch.told(BOB) == []
    [delivery] = await watch.storage.outbox.unfinished(ANN)
    assert delivery.kind is DeliveryKind.NOTICE
    actions = [action["value"] for action in json.loads(delivery.payload)["actions"]]
    assert actions == [f"resend {key}", f"skip {key}"]


async def test_a_restart_tells_nothing_twice(watch: Watch) -> None:
    watch.clock = "The clock jumped."
    for _ in range(30):
        await watch.minutes(1)
        watch.restart()
    assert await watch.told(ANN) == await watch.told(BOB) == ["The clock jumped."]


async def test_what_was_not_kept_is_told_after_a_crash(watch: Watch) -> None:
    watch.clock = "The clock jumped."
    await watch.minutes(10)
    watch.dies = True
    with pytest.raises(ProcessDied):
        await watch.minutes(1)
    watch.dies = False
    watch.restart()
    await watch.minutes(5)
    assert await watch.told(ANN) == ["The clock jumped."]


async def test_the_end_is_told_to_those_who_look_after_the_channels(watch: Watch) -> None:
    watch.clock = "The clock jumped."
    await watch.minutes(20)
    watch.clock = None
    await watch.minutes(20)
    assert await watch.told(BOB) == ["The clock jumped.", "This machine’s clock is right again; posting goes on."]


async def test_a_source_that_fails_for_a_day_is_told_and_so_is_its_return(watch: Watch) -> None:
    await watch.storage.sources.succeeded("pubmed", NOW)
    for hour in range(30):
        await watch.storage.sources.failed("pubmed", "no answer", NOW, None)
        await watch.watcher.look(NOW + timedelta(hours=hour))
    [text] = await watch.told()
    assert text.startswith("PubMed could not be asked properly since Fri 20 Nov (no answer).")
    watch.now = NOW + timedelta(hours=30)
    await watch.minutes(12)
    assert (await watch.told())[1] == "PubMed answers again; the papers it had meanwhile follow."


async def test_a_channel_without_managers_is_left_to_status_and_log(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    for channel, manager in ((CHANNEL, "ann"), (OTHER_CHANNEL, "bob")):
        await watch.storage.managers.remove(manager, channel.ref)
    await refuse(watch.storage)
    await watch.minutes(20)
    assert [channel.ref for channel in await watch.storage.topics.channels()] == [CHANNEL.ref, OTHER_CHANNEL.ref]
    assert [record.getMessage().split(" is ")[0] for record in caplog.records] == ["papers: an announcement of 1 paper"]


async def test_the_monthly_line_comes_once_with_the_counts_of_the_month(watch: Watch) -> None:
    storage = watch.storage
    key = await refuse(storage)
    [line] = await storage.troubles.named(key)
    assert await storage.troubles.skip(line, "ann", NOW)
    [change] = await storage.archive.upsert([a_record()], NOW)
    await storage.outbox.queue([Announcement(CHANNEL.ref, change.paper.id, ("mine",))], NOW)
    sent = Delivery(
        DeliveryKey("s" * 24), CHANNEL.ref, DeliveryKind.ANNOUNCEMENT, "P9", 1, b"", paper_ids=(change.paper.id,)
    )
    assert await storage.outbox.open([sent], NOW)
    await storage.outbox.sent(sent.key, "7", NOW)
    first = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert not await watch.watcher.tell_months(first - MINUTE)
    assert await watch.watcher.tell_months(first)
    for minute in range(3):
        watch.restart()
        assert not await watch.watcher.tell_months(first + minute * MINUTE)
    assert await watch.told(ANN) == ["Still running. papers in November: 1 paper posted, 0 held; no backups are made."]
    assert len(await watch.told(BOB)) == 1
