"""What is rightly not announced is not taken for a loss, over real storage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.ports import Page
from bot.query import Query
from bot.reports import Account
from storage import SqliteStorage
from tests.bot.ledger.days import BEFORE, checked, round_of
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record, an_arxiv_record
from tests.fakes.source import FakeSource


class UpdatingSource(FakeSource):
    """Asked for what it changed, as PubMed and arXiv are."""

    async def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        yield Page(tuple(self.news), updates=True)


class HurriedSource(FakeSource):
    """Somebody adds a topic while it answers."""

    storage: SqliteStorage

    async def poll(
        self, queries: Sequence[Query], cursor: str | None, now: datetime, lookback: timedelta
    ) -> AsyncIterator[Page]:
        await self.storage.topics.add("zoo", a_query("zebras"), CHANNEL.ref, now)
        yield Page(tuple(self.news))


@pytest.mark.usefixtures("watching")
async def test_an_import_does_not_appear_nor_what_it_brought_and_polling_changed(
    storage: SqliteStorage, source: FakeSource
) -> None:
    record = a_record(source_id="7")
    await storage.archive.upsert([record, a_record()], NOW - timedelta(hours=1))
    await round_of(source, storage, replace(record, categories=("Lung",), revision="2"))
    assert await checked(storage) == {Account.BASELINE: 1}


@pytest.mark.usefixtures("watching")
async def test_a_topic_made_later_misses_nothing(storage: SqliteStorage, source: FakeSource) -> None:
    await round_of(source, storage, a_record(title="Zebras", abstract=""))
    await storage.topics.add("zoo", a_query("zebras"), CHANNEL.ref, NOW + timedelta(hours=1))
    source.past = [a_record(title="Zebras", abstract="")]
    await round_of(source, storage, at=NOW + timedelta(hours=2))
    assert await checked(storage) == {Account.BASELINE: 2}


@pytest.mark.usefixtures("watching")
async def test_a_topic_whose_first_fetch_is_not_complete_misses_nothing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    await storage.topics.add("zoo", a_query("zebras"), CHANNEL.ref, BEFORE)
    source.failing = {"zebras"}
    await round_of(source, storage, a_record(title="Zebras", abstract=""))
    await storage.archive.upsert([a_record(source_id="7", title="Zebras", abstract="")], NOW)
    assert await checked(storage) == {Account.BASELINE: 1}


@pytest.mark.usefixtures("watching")
async def test_a_topic_added_in_the_middle_of_a_round_misses_nothing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    hurried = HurriedSource()
    hurried.storage = storage
    await round_of(hurried, storage, a_record(title="Zebras", abstract=""))
    await round_of(source, storage, at=NOW + timedelta(minutes=1))
    assert await storage.sources.baselines("pubmed") == {1, 2}
    assert await checked(storage) == {Account.BASELINE: 1}


@pytest.mark.usefixtures("watching")
async def test_what_turns_out_to_be_a_paper_that_was_there_before_is_not_missing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    old, new = a_record(source_id="1"), an_arxiv_record(title="A network", abstract="It saves time.")
    await storage.archive.upsert([old], BEFORE - timedelta(days=9))
    await round_of(source, storage, new)
    await round_of(source, storage, replace(new, version=2, same_work=old.identifiers), at=NOW + timedelta(hours=1))
    assert (await storage.archive.summary()).papers == 1
    assert await checked(storage) == {Account.BASELINE: 1}


async def test_old_papers_among_updates_are_baseline(storage: SqliteStorage) -> None:
    source = UpdatingSource()
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE)
    await round_of(source, storage, a_record(entered=date(2019, 1, 1)), a_record())
    assert await checked(storage) == {Account.WAITING: 1, Account.BASELINE: 1}


async def test_a_channel_that_follows_a_declared_topic_later_misses_nothing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    topics = [("chest", a_query("radiographs"))]
    await storage.topics.declare(topics, [(CHANNEL, ["chest"])], BEFORE)
    await round_of(source, storage, at=BEFORE)
    await round_of(source, storage, a_record())
    both = [(CHANNEL, ["chest"]), (OTHER_CHANNEL, ["chest"])]
    await storage.topics.declare(topics, both, NOW + timedelta(hours=1))
    await round_of(source, storage, a_record(), at=NOW + timedelta(hours=2))
    assert await checked(storage) == {Account.WAITING: 2}
    await storage._database.write("DELETE FROM announcements WHERE channel_id = 2")
    await storage._database.write("DELETE FROM ledger")
    assert await checked(storage) == {Account.WAITING: 1, Account.MISSING: 1}


async def test_a_channel_no_longer_in_the_file_misses_nothing_meanwhile(
    storage: SqliteStorage, source: FakeSource
) -> None:
    topics = [("chest", a_query("radiographs"))]
    both = [(CHANNEL, ["chest"]), (OTHER_CHANNEL, ["chest"])]
    await storage.topics.declare(topics, both, BEFORE)
    await round_of(source, storage, at=BEFORE)
    await round_of(source, storage, a_record(), at=BEFORE)
    await storage.topics.declare(topics, both[:1], NOW)
    await round_of(source, storage, a_record())
    await storage.topics.declare(topics, both, NOW + timedelta(hours=1))
    assert await checked(storage) == {Account.WAITING: 2}
