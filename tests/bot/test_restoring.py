"""After a restore: what the channel shows already is not posted again, and the rest is."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Announcement, ChannelRef, Identifier, PaperId, Record
from bot.ports import ReadBack
from bot.wording import fate
from storage import SqliteStorage, open_storage
from storage.epoch import mark_restored
from tests.bot.test_delivering import Bot, counts
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record, an_arxiv_record

QUARANTINE = 120


@pytest.fixture
async def bot(storage: SqliteStorage, tmp_path: Path) -> Bot:
    """A bot whose data was restored just now; its last moment is NOW."""
    for channel in (CHANNEL, OTHER_CHANNEL):
        await storage.topics.put_channel(channel)
    await storage.archive.upsert(records(3), NOW)
    await storage.sources.succeeded("pubmed", NOW)
    with closing(sqlite3.connect(tmp_path / "papers.sqlite3")) as data, data:
        mark_restored(data, 0, NOW)
    return Bot(storage)


@pytest.fixture
async def lost(bot: Bot, tmp_path: Path) -> AsyncIterator[Bot]:
    """The bot before the restore: it posted to the same channels, and its data is gone."""
    async with open_storage(tmp_path / "lost.sqlite3") as storage:
        for channel in (CHANNEL, OTHER_CHANNEL):
            await storage.topics.put_channel(channel)
        before = Bot(storage)
        before.platform = bot.platform
        before.restart()
        yield before


async def announce(bot: Bot, records: Sequence[Record], *channels: ChannelRef) -> list[PaperId]:
    ids = [change.paper.id for change in await bot.storage.archive.upsert(records, NOW)]
    places = channels or [CHANNEL.ref]
    await bot.storage.outbox.queue([Announcement(place, id_, ("mri",)) for place in places for id_ in ids], NOW)
    return ids


def records(count: int) -> list[Record]:
    return [a_record() for _ in range(count)]


async def test_papers_posted_one_by_one_are_found_under_their_new_numbers(bot: Bot, lost: Bot) -> None:
    papers = records(3)
    await announce(lost, papers)
    await lost.step()
    await announce(bot, [*papers, a_record(title="Really new")])
    await bot.step(QUARANTINE)
    assert len(bot.posted) == 4
    assert "Really new" in bot.posted[-1]
    assert await counts(bot) == {"sent": 4}


async def test_every_paper_of_a_digest_is_found_also_beyond_those_it_lists(bot: Bot, lost: Bot) -> None:
    papers = records(13)
    await announce(lost, papers)
    await lost.step()
    await announce(bot, papers)
    await bot.step(QUARANTINE)
    assert len(bot.posted) == 1
    assert await counts(bot) == {"sent": 13}


async def test_what_was_found_says_where_it_is(bot: Bot, lost: Bot, tmp_path: Path) -> None:
    await announce(lost, records(1))
    papers = records(1)
    await announce(lost, papers)
    await lost.step()
    [number] = await announce(bot, papers)
    await bot.step(QUARANTINE)
    with closing(sqlite3.connect(tmp_path / "papers.sqlite3")) as data:
        assert data.execute("SELECT state, message_id FROM deliveries").fetchall() == [("sent", "1")]
    told = await bot.storage.outbox.announced(CHANNEL.ref, number)
    assert told is not None
    assert fate(told) == "Posted here"


@pytest.mark.parametrize("first", ["preprint", "article"])
async def test_a_paper_is_found_by_any_of_its_records(bot: Bot, lost: Bot, first: str) -> None:
    """The preprint may come back before the article that the message was about, or the other way round."""
    name = frozenset({Identifier("doi", "10.5555/one")})
    preprint, article = an_arxiv_record(same_work=name), a_record(identifiers=name)
    await announce(lost, [preprint, article])
    await lost.step()
    assert len(bot.posted) == 1
    await announce(bot, [preprint if first == "preprint" else article])
    await bot.step(QUARANTINE)
    assert len(bot.posted) == 1


async def test_nothing_is_opened_before_the_quarantine_after_the_restore_is_over(bot: Bot) -> None:
    await announce(bot, records(1))
    await bot.step(QUARANTINE - 1)
    assert (bot.posted, bot.platform.reads) == ([], [])
    await bot.step(1)
    assert len(bot.posted) == 1
    assert bot.platform.reads == [NOW - timedelta(seconds=60)]


async def test_a_channel_is_read_once(bot: Bot, lost: Bot) -> None:
    papers = records(2)
    await announce(lost, papers)
    await lost.step()
    for paper in [*papers, *records(2)]:
        await announce(bot, [paper])
        await bot.step(QUARANTINE)
    assert len(bot.platform.reads) == 1
    assert len(bot.posted) == 4


async def test_each_channel_is_compared_with_what_it_shows_itself(bot: Bot, lost: Bot) -> None:
    papers = records(1)
    await announce(lost, papers, OTHER_CHANNEL.ref)
    await lost.step()
    await announce(bot, papers, CHANNEL.ref, OTHER_CHANNEL.ref)
    await bot.step(QUARANTINE)
    assert [channel for channel, _, _ in bot.platform.messages] == [OTHER_CHANNEL.ref, CHANNEL.ref]


async def test_a_channel_that_cannot_be_read_now_is_read_later_and_nothing_is_opened_meanwhile(
    bot: Bot, lost: Bot
) -> None:
    papers = records(1)
    await announce(lost, papers)
    await lost.step()
    bot.platform.readable = ReadBack.UNAVAILABLE
    await announce(bot, [*papers, a_record()])
    await bot.step(QUARANTINE)
    assert (await counts(bot), len(bot.posted)) == ({"waiting": 2}, 1)
    bot.platform.readable = None
    await bot.step(59)
    assert len(bot.posted) == 1
    await bot.step(1)
    assert (await counts(bot), len(bot.posted)) == ({"sent": 2}, 2)


@pytest.mark.parametrize(("waiting", "messages"), [(2, 2), (6, 1)])
async def test_where_the_channel_can_never_be_read_what_waits_is_held(bot: Bot, waiting: int, messages: int) -> None:
    bot.platform.readable = ReadBack.UNREADABLE
    await announce(bot, records(waiting))
    await bot.step(QUARANTINE)
    assert (await counts(bot), bot.posted) == ({"held": messages}, [])
    report = await bot.deliverer.deliver_due()
    assert report.held == messages
    assert "not for you" in report.errors[0]


async def test_what_comes_after_the_catch_up_is_posted_without_a_look(bot: Bot) -> None:
    await bot.storage.sources.succeeded("pubmed", NOW + timedelta(seconds=1))
    assert await bot.storage.restores.over(["pubmed"])
    bot.platform.readable = ReadBack.UNREADABLE
    await announce(bot, records(1))
    await bot.step()
    assert (len(bot.posted), bot.platform.reads) == (1, [])


async def test_one_run_of_deliver_waits_for_the_quarantine(bot: Bot, lost: Bot) -> None:
    papers = records(1)
    await announce(lost, papers)
    await lost.step()
    await announce(bot, [*papers, a_record()])
    bot.now += timedelta(seconds=QUARANTINE - 0.1)
    report = asyncio.create_task(bot.deliverer.deliver_due())
    await asyncio.sleep(0.02)
    assert len(bot.posted) == 1
    bot.now += timedelta(seconds=0.1)
    assert (await report).waiting == 0
    assert len(bot.posted) == 2
