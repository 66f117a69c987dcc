"""Every paper that polling found is accounted for, and what was lost is found, over real storage."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.ledger import balance
from bot.model import (
    Announcement,
    Change,
    DeliveryState,
    Match,
    PaperId,
    Topic,
)
from bot.reporting import paper_named, why
from bot.reports import Account
from storage import SqliteStorage
from storage.matching import BatchMatcher
from tests.bot.ledger.days import AFTER, BEFORE, PAPER, checked, lose, round_of, send
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record, an_arxiv_record, doi
from tests.fakes.source import FakeSource


class InterruptedMatcher(BatchMatcher):
    """Something else happens while it matches for the first time."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._meanwhile = [meanwhile]

    async def match(self, changes: Sequence[Change], topics: Sequence[Topic], now: datetime) -> list[Match]:
        while self._meanwhile:
            await self._meanwhile.pop()()
        return await super().match(changes, topics, now)


async def test_every_paper_of_a_day_is_accounted_for(storage: SqliteStorage, source: FakeSource) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, NOW)
    source.past = [a_record(source_id="1")]
    await round_of(source, storage)
    news = [a_record(source_id=str(n)) for n in range(2, 8)]
    await round_of(source, storage, *news, a_record(source_id="8", title="Zebras", abstract=""))
    states = (DeliveryState.SENT, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.HELD, DeliveryState.DEAD)
    for paper, state in enumerate(states, start=2):
        await send(storage, PaperId(paper), state)
    assert await checked(storage) == {
        Account.ANNOUNCED: 2,
        Account.WAITING: 2,
        Account.HELD: 2,
        Account.BASELINE: 1,
        Account.UNMATCHED: 1,
    }


@pytest.mark.usefixtures("watching")
async def test_a_lost_announcement_is_found_named_and_logged_once(
    storage: SqliteStorage, source: FakeSource, caplog: pytest.LogCaptureFixture
) -> None:
    await round_of(source, storage, *(a_record(source_id=str(n)) for n in range(1, 4)))
    await lose(storage, 2)
    assert await checked(storage) == {Account.WAITING: 2, Account.MISSING: 1}
    [line] = await storage.ledger.lines()
    assert (line.day, line.source, line.missing) == (NOW.date(), "pubmed", (2,))
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "P2. Run paperround why P2" in record.getMessage()
    [verdict] = (await why(storage, await paper_named(storage, "P2"), [CHANNEL], AFTER)).channels
    assert "lost" in verdict.reason
    await round_of(source, storage, a_record(), at=AFTER)
    await balance(storage, AFTER + timedelta(days=1))
    assert [record for record in caplog.records if record.levelno == logging.ERROR] == [record]
    assert [(line.day, line.lost) for line in await storage.ledger.lines()] == [(NOW.date(), "P2"), (AFTER.date(), "")]


@pytest.mark.usefixtures("watching")
async def test_what_is_found_again_is_missing_no_more(storage: SqliteStorage, source: FakeSource) -> None:
    await round_of(source, storage, a_record())
    await lose(storage, 1)
    await balance(storage, AFTER)
    await storage.outbox.queue([Announcement(CHANNEL.ref, PAPER, ("chest",))], AFTER)
    assert await checked(storage) == {Account.WAITING: 1}


@pytest.mark.usefixtures("watching")
async def test_a_paper_lost_in_one_of_two_channels_is_missing(storage: SqliteStorage, source: FakeSource) -> None:
    await storage.topics.put_channel(OTHER_CHANNEL)
    await storage.topics.add("ai", a_query("network"), OTHER_CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE + timedelta(minutes=1))
    await round_of(source, storage, a_record())
    await storage._database.write("DELETE FROM announcements WHERE channel_id = 2")
    assert await checked(storage) == {Account.MISSING: 1}


@pytest.mark.usefixtures("watching")
async def test_a_changed_paper_that_came_to_match_and_was_lost_is_missing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    bare = a_record(source_id="7", title="A network", abstract="")
    await storage.archive.upsert([bare], BEFORE - timedelta(days=9))
    await round_of(source, storage, replace(bare, abstract="It reads radiographs.", revision="2"))
    assert await checked(storage) == {Account.WAITING: 1}
    await lose(storage, 1)
    await storage._database.write("DELETE FROM ledger")
    assert await checked(storage) == {Account.MISSING: 1}


@pytest.mark.usefixtures("watching")
async def test_each_source_has_its_own_line_and_a_shared_paper_stands_in_both(
    storage: SqliteStorage, source: FakeSource
) -> None:
    arxiv = FakeSource()
    arxiv.name = "arxiv"
    await round_of(arxiv, storage, at=BEFORE)
    names = {"identifiers": frozenset({doi("10.5555/x")})}
    await round_of(arxiv, storage, an_arxiv_record(**names), an_arxiv_record(title="Zebras", abstract=""))
    await round_of(source, storage, a_record(**names), at=NOW + timedelta(hours=1))
    await balance(storage, AFTER)
    lines = await storage.ledger.lines()
    assert [(line.source, line.equation) for line in lines] == [
        ("arxiv", "2 found = 1 waiting + 1 not matched"),
        ("pubmed", "1 found = 1 waiting"),
    ]


@pytest.mark.usefixtures("watching")
async def test_a_paper_that_was_merged_counts_once_as_its_survivor(storage: SqliteStorage, source: FakeSource) -> None:
    first, second = a_record(source_id="1"), an_arxiv_record(source_id="2611.1")
    await round_of(source, storage, first, second)
    joined = replace(second, version=2, same_work=first.identifiers)
    await round_of(source, storage, joined, at=NOW + timedelta(hours=1))
    assert (await storage.archive.summary()).papers == 1
    assert await checked(storage) == {Account.WAITING: 1}
    await lose(storage, 1)
    await storage._database.write("DELETE FROM ledger")
    assert await checked(storage) == {Account.MISSING: 1}
    assert len(await storage.ledger.finds_of(PAPER)) == 3


@pytest.mark.usefixtures("watching")
async def test_a_merger_in_the_middle_of_a_check_is_no_loss(
    storage: SqliteStorage, source: FakeSource, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = a_record(source_id="1"), an_arxiv_record(source_id="2611.1")
    await round_of(source, storage, first, second)
    joined = replace(second, version=2, same_work=first.identifiers)
    storage.matcher = InterruptedMatcher(lambda: round_of(source, storage, joined, at=AFTER))
    assert await checked(storage) == {Account.WAITING: 1}
    assert caplog.records == []


@pytest.mark.usefixtures("watching")
async def test_a_topic_with_a_relative_date_asks_as_it_did_on_that_day(
    storage: SqliteStorage, source: FakeSource
) -> None:
    await storage.topics.remove("chest", CHANNEL.ref, BEFORE)
    await storage.topics.add("new", a_query("radiographs after:3d"), CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE)
    await round_of(source, storage, a_record(published=NOW.date()))
    await lose(storage, 1)
    assert await checked(storage, NOW + timedelta(days=9)) == {Account.MISSING: 1}


# ---------------------------------------------------------------- which days are checked


@pytest.mark.usefixtures("watching")
async def test_a_day_is_checked_once_and_an_hour_after_it_ended(storage: SqliteStorage, source: FakeSource) -> None:
    await round_of(source, storage, a_record())
    midnight = datetime(2026, 11, 21, tzinfo=NOW.tzinfo)
    await balance(storage, midnight + timedelta(minutes=59))
    assert await storage.ledger.lines() == []
    await balance(storage, midnight + timedelta(minutes=60))
    [line] = await storage.ledger.lines()
    await send(storage, PAPER, DeliveryState.SENT)
    await balance(storage, midnight + timedelta(hours=2))
    assert await storage.ledger.lines() == [line]


@pytest.mark.usefixtures("watching")
async def test_after_a_long_stop_every_day_is_checked_and_old_ones_are_forgotten(
    storage: SqliteStorage, source: FakeSource
) -> None:
    for day in range(3):
        await round_of(source, storage, a_record(), at=NOW + timedelta(days=day))
    await storage._database.write("DELETE FROM announcements")
    await balance(storage, NOW + timedelta(days=3))
    assert [(line.day.day, line.lost) for line in await storage.ledger.lines()] == [(20, "P1"), (21, "P2"), (22, "P3")]
    await round_of(source, storage, a_record(), at=NOW + timedelta(days=32))
    await balance(storage, NOW + timedelta(days=33))
    assert [(line.day.isoformat(), line.lost) for line in await storage.ledger.lines()] == [("2026-12-22", "")]
    assert [await storage.ledger.finds_of(PaperId(paper)) for paper in (1, 2)] == [[], []]


@pytest.mark.usefixtures("watching")
async def test_a_great_loss_is_told_with_its_first_papers(storage: SqliteStorage, source: FakeSource) -> None:
    await round_of(source, storage, *(a_record() for _ in range(12)))
    await storage._database.write("DELETE FROM announcements")
    assert await checked(storage) == {Account.MISSING: 12}
    [line] = await storage.ledger.lines()
    assert line.lost == "P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, …"


async def test_without_any_finds_nothing_is_checked(storage: SqliteStorage) -> None:
    await balance(storage, NOW)
    assert await storage.ledger.lines() == []
