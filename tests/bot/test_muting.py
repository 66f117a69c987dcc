"""What is muted is not announced, and everybody who asks is told why, over real storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering import Answering
from bot.commands import parse_command
from bot.conversation import Asker, MuteAdded, MuteList, Notice, Reply
from bot.model import DeliveryState, Mute, MuteKind, PaperId
from bot.reporting import why
from bot.reports import Account
from storage import SqliteStorage
from tests.bot.ledger.days import AFTER, BEFORE, checked, round_of, send
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record, an_arxiv_record
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource

ANN = Asker(CHANNEL.ref, "ann", admin=True)


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture(autouse=True)
async def watching(storage: SqliteStorage, source: FakeSource) -> None:
    """A channel follows radiographs, and the first fetch is done."""
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE)


@pytest.fixture
def answering(storage: SqliteStorage) -> Answering:
    return Answering(a_desk(storage))


async def say(answering: Answering, text: str, asker: Asker = ANN) -> Reply:
    return await answering.answer(parse_command(text), asker)


async def waiting(storage: SqliteStorage) -> set[int]:
    return {announcement.paper_id for announcement in await storage.outbox.waiting(CHANNEL.ref)}


@pytest.mark.parametrize(
    ("mute", "kept_back"),
    [
        ("author lind", {1, 2}),
        ("author “Lind A”", {1, 2}),
        ("author demir", {1}),
        ("author Çelik", {1}),
        ("author lin", set()),
        ("journal radiology", {1}),
        ("journal “made-up radiology”", {1}),
        ("journal medicine", set()),
        ("word saved", {1, 2}),
        ("word “takes time”", {1}),
        ("word “time takes”", set()),
        ("WORD Note", {2}),
        ("word lind", set()),
    ],
)
async def test_a_mute_finds_what_the_search_finds(
    storage: SqliteStorage, source: FakeSource, answering: Answering, mute: str, kept_back: set[int]
) -> None:
    assert isinstance(await say(answering, f"mute {mute}"), MuteAdded)
    await round_of(source, storage, a_record(), an_arxiv_record())
    assert await waiting(storage) == {1, 2} - kept_back


async def test_a_mute_holds_in_its_own_channel_only(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    await storage.topics.put_channel(OTHER_CHANNEL)
    await storage.topics.add("ai", a_query("network"), OTHER_CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE + timedelta(minutes=1))
    await say(answering, "mute author lind")
    await round_of(source, storage, a_record())
    assert await waiting(storage) == set()
    assert len(await storage.outbox.waiting(OTHER_CHANNEL.ref)) == 1
    assert isinstance(listed := await say(answering, "mutes"), MuteList)
    assert [(str(line.mute), line.kept_back) for line in listed.mutes] == [("author “lind”", 1)]


async def test_a_mute_tells_what_it_would_have_removed_and_takes_what_waits(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    await round_of(source, storage, *(a_record() for _ in range(3)), an_arxiv_record(), a_record())
    for paper in (1, 2, 4):
        await send(storage, PaperId(paper), DeliveryState.SENT)
    assert await say(answering, "mute journal radiology") == MuteAdded(
        Mute(MuteKind.JOURNAL, "radiology"), 30, removed=2, posted=3, waiting=2
    )
    assert await waiting(storage) == set()


async def test_what_is_posted_to_start_with_is_not_muted_either(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    source.past = [a_record(published=NOW.date()), an_arxiv_record(published=NOW.date())]
    await storage.topics.add("ai", a_query("network"), CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE)
    await say(answering, "mute author demir")
    await say(answering, "topic post ai")
    assert await waiting(storage) == {2}


async def test_a_muted_paper_is_accounted_for_and_explained(
    storage: SqliteStorage, source: FakeSource, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    await say(answering, "mute word saved")
    await round_of(source, storage, a_record(), a_record(abstract=""), a_record(title="Zebras", abstract=""))
    assert await checked(storage) == {Account.MUTED: 1, Account.WAITING: 1, Account.UNMATCHED: 1}
    [paper] = await storage.archive.papers([PaperId(1)])
    [verdict] = (await why(storage, paper, [CHANNEL], AFTER)).channels
    assert verdict.reason == "It was muted by word “saved”."
    assert caplog.records == []


async def test_what_waited_when_it_was_muted_is_no_loss(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    await round_of(source, storage, a_record())
    await say(answering, "mute word saved")
    assert await checked(storage) == {Account.MUTED: 1}


async def test_a_muted_paper_that_is_merged_is_still_muted(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    await say(answering, "mute word saved")
    first, second = a_record(source_id="1"), an_arxiv_record(source_id="2611.1")
    await round_of(source, storage, first, second)
    joined = replace(second, version=2, same_work=first.identifiers)
    await round_of(source, storage, joined, at=NOW + timedelta(hours=1))
    assert (await storage.archive.summary()).papers == 1
    assert await checked(storage) == {Account.MUTED: 1}


async def test_an_unmuted_word_is_posted_from_then_on(
    storage: SqliteStorage, source: FakeSource, answering: Answering
) -> None:
    await say(answering, "mute word “Saved some”")
    await round_of(source, storage, a_record())
    reply = await say(answering, "unmute word saved SOME")
    assert isinstance(reply, Notice)
    assert reply.commands[1] == "mute word Saved some"
    await round_of(source, storage, a_record())
    assert await waiting(storage) == {2}
    assert await storage.mutes.of_channel(CHANNEL.ref) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mute word ...", "no letter"),
        ("mute word saved", "already"),
        ("unmute word other", "not muted here"),
        ("mute autor lind", "author, journal or word"),
        ("mute word", "missing"),
        (f"mute word {'x' * 201}", "At most 200"),
    ],
)
async def test_a_mute_that_makes_no_sense_is_explained(answering: Answering, text: str, problem: str) -> None:
    await say(answering, "mute word Saved")
    reply = await say(answering, text)
    assert isinstance(reply, Notice)
    assert problem in reply.text


async def test_a_place_that_is_no_channel_has_no_mutes(storage: SqliteStorage, answering: Answering) -> None:
    elsewhere = replace(ANN, channel=OTHER_CHANNEL.ref)
    for text in ("mute word x", "managers add @bob"):
        assert isinstance(await say(answering, text, elsewhere), Notice)
    assert (await storage.mutes.all(), await storage.managers.of_channel(OTHER_CHANNEL.ref)) == ({}, [])


# ---------------------------------------------------------------- pauses


async def test_what_came_while_a_topic_was_paused_is_neither_announced_nor_missing(
    storage: SqliteStorage, source: FakeSource
) -> None:
    await storage.topics.pause("chest", CHANNEL.ref, BEFORE)
    await round_of(source, storage, a_record())
    [paper] = await storage.archive.papers([PaperId(1)])
    [verdict] = (await why(storage, paper, [CHANNEL], NOW)).channels
    assert verdict.reason == "Its topic is paused here."
    await storage.topics.resume("chest", CHANNEL.ref, NOW + timedelta(minutes=1))
    await round_of(source, storage, a_record(), at=NOW + timedelta(minutes=2))
    assert await waiting(storage) == {2}
    assert await checked(storage) == {Account.BASELINE: 1, Account.WAITING: 1}


async def test_what_is_put_aside_by_a_pause_is_not_missing(storage: SqliteStorage, source: FakeSource) -> None:
    await round_of(source, storage, a_record())
    await storage.topics.pause("chest", CHANNEL.ref, NOW)
    assert await checked(storage) == {Account.BASELINE: 1}
    await storage.topics.resume("chest", CHANNEL.ref, NOW)
    await round_of(source, storage, a_record(), at=NOW + timedelta(minutes=2))
    await storage._database.write("DELETE FROM ledger")
    assert await checked(storage) == {Account.WAITING: 2}
