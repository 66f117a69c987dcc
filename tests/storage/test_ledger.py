from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.model import PaperId
from bot.ports import Found
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, a_query

LATER = NOW + timedelta(hours=1)


def found(number: int = 1, source: str = "pubmed") -> Found:
    return Found(PaperId(number), source, NOW, frozenset({7, 8}))


async def test_what_was_found_is_read_by_day_and_by_paper(storage: SqliteStorage) -> None:
    finds = [found(1), found(1, "arxiv"), found(2)]
    await storage.ledger.note(finds, NOW)
    await storage.ledger.note(finds, NOW)
    day = NOW.date()
    assert set(await storage.ledger.finds(day)) == set(finds)
    assert (
        await storage.ledger.finds(day - timedelta(days=1)) == await storage.ledger.finds(day + timedelta(days=1)) == []
    )
    assert await storage.ledger.finds_of(PaperId(2)) == finds[2:]


async def test_a_topic_is_watched_for_since_it_is_followed_and_its_first_fetch_is_complete(
    storage: SqliteStorage,
) -> None:
    await storage.topics.put_channel(CHANNEL)
    topic = await storage.topics.add("mri", a_query("mri"), CHANNEL.ref, NOW)
    await storage.ledger.note([found()], NOW)
    assert await storage.ledger.watched() == {}
    await storage.sources.baseline_done(topic, "pubmed", LATER)
    await storage.sources.baseline_done(topic, "arxiv", NOW - timedelta(hours=1))
    await storage.ledger.note([found()], LATER)
    watched = {("pubmed", topic.id): {CHANNEL.ref: LATER}, ("arxiv", topic.id): {CHANNEL.ref: NOW}}
    assert await storage.ledger.watched() == watched
    await storage.topics.remove("mri", CHANNEL.ref, NOW)
    assert await storage.ledger.watched() == {}


async def test_a_paused_channel_watches_for_nothing(storage: SqliteStorage) -> None:
    await storage.topics.declare([], [(CHANNEL, [])], NOW)
    topic = await storage.topics.add("mri", a_query("mri"), CHANNEL.ref, NOW)
    await storage.sources.baseline_done(topic, "pubmed", NOW)
    await storage.topics.declare([], [], NOW)
    await storage.ledger.note([found()], NOW)
    assert await storage.ledger.watched() == {}


async def test_a_page_that_is_not_kept_was_not_found(storage: SqliteStorage) -> None:
    with pytest.raises(StorageError):
        async with storage.transaction():
            await storage.ledger.note([found()], NOW)
            raise StorageError("no space")
    assert await storage.ledger.finds_of(PaperId(1)) == []
