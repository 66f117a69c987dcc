import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.delivering import Deliverer, DeliverySettings
from bot.digesting import Batch, delivery_key
from bot.model import Announcement, ChannelRef, DeliveryKind
from bot.ports import ReadBack
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record
from tests.fakes.platform import (
    FakePlatform,
    ProcessDied,
    dies_after_writing,
    explodes,
    forgets_to_answer,
    loses_the_request,
    refuses,
    will_never_take,
)


class Bot:
    """A deliverer whose clock the test moves, over real storage and a platform in memory."""

    def __init__(self, storage: SqliteStorage) -> None:
        self.now = NOW
        self.storage = storage
        self.platform = FakePlatform()
        self.restart()

    def restart(self, request_timeout: timedelta = timedelta(seconds=5)) -> None:
        settings = DeliverySettings(request_timeout=request_timeout)
        self.deliverer = Deliverer(self.storage, {"local": self.platform}, self.clock, settings)

    def clock(self) -> datetime:
        return self.now

    async def step(self, seconds: float = 0) -> None:
        self.now += timedelta(seconds=seconds)
        await self.deliverer.step()
        await asyncio.gather(*self.deliverer._lanes.values())

    @property
    def posted(self) -> list[str]:
        return [payload.decode() for _, _, payload in self.platform.messages]


@pytest.fixture
async def bot(storage: SqliteStorage) -> Bot:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.put_channel(OTHER_CHANNEL)
    return Bot(storage)


async def announce(bot: Bot, count: int, channel: ChannelRef = CHANNEL.ref) -> None:
    changes = await bot.storage.archive.upsert([a_record() for _ in range(count)], NOW)
    announcements = [Announcement(channel, change.paper.id, ("mri",)) for change in changes]
    await bot.storage.outbox.queue(announcements, NOW)


async def counts(bot: Bot) -> dict[str, int]:
    return {state: n for state, n in (await bot.storage.outbox.counts()).items() if n}


async def test_up_to_five_papers_are_posted_one_by_one(bot: Bot) -> None:
    await announce(bot, 5)
    await bot.step()
    assert [text.split()[0] for text in bot.posted] == ["announcement"] * 5
    assert await counts(bot) == {"sent": 5}


async def test_six_are_one_digest(bot: Bot) -> None:
    await announce(bot, 6)
    await bot.step()
    [digest] = bot.posted
    assert digest.endswith("(6)")


async def test_more_than_five_become_one_digest_that_lists_ten(bot: Bot) -> None:
    await announce(bot, 13)
    await bot.step()
    [digest] = bot.posted
    assert digest.startswith("digest")
    assert digest.count("Chest radiographs") == 10
    assert digest.endswith("(13)")
    assert await counts(bot) == {"sent": 1}


async def test_nothing_is_posted_twice_by_further_steps(bot: Bot) -> None:
    await announce(bot, 2)
    for _ in range(3):
        await bot.step(1)
    assert len(bot.platform.calls) == 2


async def test_a_refusal_is_tried_again_when_the_platform_says_with_the_same_bytes(bot: Bot) -> None:
    bot.platform.faults.append(refuses)
    await announce(bot, 1)
    await bot.step()
    await bot.step(6)
    assert len(bot.platform.calls) == 1
    await bot.step(1)
    assert bot.platform.calls[0] == bot.platform.calls[1]
    assert await counts(bot) == {"sent": 1}


async def test_a_forgotten_answer_is_settled_by_reading_back_not_by_sending_again(bot: Bot) -> None:
    bot.platform.faults.append(forgets_to_answer)
    await announce(bot, 1)
    await bot.step()
    await bot.step(119)
    assert await counts(bot) == {"unknown": 1}
    await bot.step(1)
    assert await counts(bot) == {"sent": 1}
    assert len(bot.posted) == 1


async def test_a_lost_request_is_sent_again_only_after_two_reads_apart(bot: Bot) -> None:
    bot.platform.faults.append(loses_the_request)
    await announce(bot, 1)
    await bot.step()
    await bot.step(120)
    await bot.step(29)
    assert bot.posted == []
    await bot.step(1)
    assert len(bot.posted) == 1
    assert await counts(bot) == {"sent": 1}


async def test_an_unknown_outcome_blocks_only_its_own_channel(bot: Bot) -> None:
    bot.platform.faults.append(loses_the_request)
    await announce(bot, 2)
    await bot.step()
    await announce(bot, 1, OTHER_CHANNEL.ref)
    await bot.step(1)
    assert [channel for channel, _, _ in bot.platform.messages] == [OTHER_CHANNEL.ref]


async def test_a_channel_that_cannot_be_read_back_holds_the_delivery(bot: Bot) -> None:
    bot.platform.faults.append(loses_the_request)
    bot.platform.readable = ReadBack.UNREADABLE
    await announce(bot, 1)
    await bot.step()
    await bot.step(120)
    assert await counts(bot) == {"held": 1}


async def test_nothing_is_claimed_while_the_platform_wants_it_to_wait(bot: Bot) -> None:
    await announce(bot, 1)
    bot.platform.faults.append(refuses)
    for _ in range(2):  # the first time it is made, the second time it is tried again
        bot.platform.busy = asyncio.Event()
        bot.now += timedelta(seconds=10)
        await bot.deliverer.step()
        await asyncio.sleep(0.05)
        assert (await counts(bot)).get("sending", 0) == 0
        calls = len(bot.platform.calls)
        bot.platform.busy.set()
        await asyncio.gather(*bot.deliverer._lanes.values())
        assert len(bot.platform.calls) == calls + 1
    assert await counts(bot) == {"sent": 1}


async def test_a_poisoned_message_is_given_up_and_the_next_goes_on(bot: Bot) -> None:
    bot.platform.faults.append(will_never_take)
    await announce(bot, 2)
    await bot.step()
    assert await counts(bot) == {"dead": 1, "sent": 1}


async def test_a_mistake_in_the_adapter_is_an_unknown_outcome(bot: Bot) -> None:
    bot.platform.faults.append(explodes)
    await announce(bot, 1)
    await bot.step()
    await bot.step(120)
    assert await counts(bot) == {"sent": 1}
    assert len(bot.posted) == 1


async def test_a_call_that_takes_too_long_may_have_arrived(bot: Bot) -> None:
    bot.restart(request_timeout=timedelta(milliseconds=50))
    bot.platform.hang = asyncio.Event()
    await announce(bot, 1)
    await bot.step()
    assert await counts(bot) == {"unknown": 1}
    assert len(bot.platform.calls) == 1


async def test_stopping_while_sending_leaves_an_unknown_that_the_next_start_settles(bot: Bot) -> None:
    bot.platform.hang = asyncio.Event()
    await announce(bot, 1)
    await bot.deliverer.step()
    while not bot.platform.calls:
        await asyncio.sleep(0.01)
    await bot.deliverer.close()
    assert await counts(bot) == {"unknown": 1}
    bot.platform.hang = None
    bot.restart()
    await bot.deliverer.recover()
    await bot.step(120)
    await bot.step(30)
    assert len(bot.posted) == 1
    assert await counts(bot) == {"sent": 1}


async def test_a_crash_between_the_post_and_its_record_posts_nothing_twice(bot: Bot) -> None:
    bot.platform.faults.append(dies_after_writing)
    await announce(bot, 1)
    with pytest.raises(ProcessDied):
        await bot.deliverer._advance(CHANNEL.ref)
    assert await counts(bot) == {"sending": 1}
    bot.restart()
    await bot.deliverer.recover()
    await bot.step(200)
    assert await counts(bot) == {"sent": 1}
    assert len(bot.posted) == 1


async def test_papers_merged_while_a_message_is_made_are_not_posted_twice(bot: Bot) -> None:
    await announce(bot, 2)
    [first, second] = await bot.storage.outbox.waiting(CHANNEL.ref)
    papers = await bot.storage.archive.papers([first.paper_id, second.paper_id])
    link = papers[1].records[0]
    same_work = replace(link, same_work=papers[0].records[0].identifiers, revision="2")
    await bot.storage.archive.upsert([same_work], NOW)
    batch = Batch(CHANNEL.ref, DeliveryKind.ANNOUNCEMENT, f"P{second.paper_id}", NOW.date(), [second])
    assert not await bot.deliverer._post(batch, NOW)
    await bot.step()
    assert len(bot.posted) == 1
    assert await counts(bot) == {"sent": 1}


def test_keys_differ_by_everything_that_names_a_message() -> None:
    def key(install: str = "i", channel: ChannelRef = CHANNEL.ref, slot: str = "P1", part: int = 1) -> str:
        return delivery_key(install, channel, DeliveryKind.ANNOUNCEMENT, slot, part)

    keys = {key(), key("j"), key(channel=OTHER_CHANNEL.ref), key(slot="P2"), key(part=2)}
    assert len(keys) == 5
    assert all(len(one) == 24 for one in keys)
    assert key() == key()
