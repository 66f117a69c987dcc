from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import PageRequest, Sort
from bot.errors import NotFound, Refused
from bot.model import (
    Announcement,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryKind,
    DeliveryState,
    Member,
    PaperId,
)
from bot.ports import Reaction
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, a_query, a_record

ANN = Member("local", "", "ann")
BOB = Member("local", "", "bob")
ELSEWHERE = Member("slack", "T1", "ann")
LATER = NOW + timedelta(hours=1)
P1, P2 = PaperId(1), PaperId(2)


async def test_a_merged_paper_stands_on_the_list_once_as_its_survivor(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(), a_record()], NOW)
    for paper in (P1, P2):
        await storage.people.save(ANN, paper, NOW)
    await storage.people.save(BOB, P2, NOW)
    first, second = await storage.archive.papers([P1, P2])
    link = replace(second.records[0], same_work=first.records[0].identifiers, revision="linked")
    await storage.archive.upsert([link], LATER)
    assert await storage.people.saved(ANN) == [1]
    assert await storage.people.saved(BOB) == [1]


async def test_a_person_elsewhere_is_somebody_else(storage: SqliteStorage) -> None:
    await storage.people.save(ANN, P1, NOW)
    assert await storage.people.saved(ELSEWHERE) == []
    await storage.people.forget(ELSEWHERE)
    assert await storage.people.saved(ANN) == [1]


async def test_a_reaction_is_kept_once_and_taken_back(storage: SqliteStorage) -> None:
    reaction = Reaction(CHANNEL.ref, "7", "ann", "useful", P1)
    for one in (reaction, reaction, replace(reaction, paper=None), replace(reaction, user="bob")):
        await storage.people.react(one, NOW)
    assert (await storage.people.kept(ANN)).reactions == 2
    await storage.people.unreact(reaction)
    await storage.people.unreact(reaction)
    assert (await storage.people.kept(ANN)).reactions == 1


async def in_direct_messages(storage: SqliteStorage, member: Member) -> Delivery:
    """An alert with an announcement that is being sent."""
    channel = Channel(member.direct, "Direct messages")
    await storage.topics.put_channel(channel)
    topic = await storage.topics.add("mri", a_query(), channel.ref, NOW)
    await storage.sources.baseline_done(topic, "pubmed", NOW)
    await storage.sources.add_baseline([(topic.id, P2)])
    await storage.topics.pause("mri", channel.ref, NOW, by=member.user)
    await storage.outbox.queue([Announcement(channel.ref, P1, ("mri",))], NOW)
    key = DeliveryKey(f"key-{member.user}")
    sending = Delivery(key, channel.ref, DeliveryKind.ANNOUNCEMENT, "P1", 1, b"", paper_ids=(P1,))
    opened = await storage.outbox.open([sending], NOW)
    assert opened is not None
    return opened


async def test_nothing_of_a_forgotten_person_is_left_anywhere(storage: SqliteStorage, tmp_path: Path) -> None:
    await storage.archive.upsert([a_record(), a_record()], NOW)
    await storage.topics.put_channel(CHANNEL)
    for member in (ANN, BOB):
        delivery = await in_direct_messages(storage, member)
        await storage.outbox.sent(delivery.key, "7", NOW)
        await storage.people.save(member, P1, NOW)
        await storage.people.react(Reaction(CHANNEL.ref, "7", member.user, "useful"), NOW)
        await storage.people.react(Reaction(member.direct, "8", member.user, "useful"), NOW)
        await storage.managers.add(member.user, CHANNEL.ref, NOW)
        await storage.topics.add(f"of {member.user[0]}", a_query(), CHANNEL.ref, NOW, by=member.user)
        await storage.searches.remember_list(CHANNEL.ref, member.user, "key")
        await storage.searches.remember_list(member.direct, member.user, "key")
        await storage.chat_log.append("papers", b"{}", NOW, user=member.user)
        await storage.chat_log.append(member.direct.id, b"{}", NOW)
    await storage.searches.settle()
    others = await storage.people.kept(BOB)
    await storage.people.forget(ANN)
    assert (await storage.people.kept(ANN)).nothing
    assert await storage.people.kept(BOB) == replace(others, last_manager_of=("papers",))
    assert everywhere(tmp_path / "papers.sqlite3", "ann") == []
    assert [change.user for change in await storage.topics.history(CHANNEL.ref, "of a")] == [None]
    await storage.people.forget(ANN)


def everywhere(path: Path, name: str) -> list[str]:
    """The columns where a person is found, or the number of a channel or a topic that is no more."""
    found = []
    with sqlite3.connect(path) as database:
        tables = [table for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for _, column, *_ in database.execute(f"PRAGMA table_info({table})").fetchall():
                owner = {"channel_id": "channels", "topic_id": "topics"}.get(column)
                gone = f"OR {column} NOT IN (SELECT id FROM {owner})" if owner else ""
                who = (name, f"dm-{name}")
                if database.execute(f"SELECT 1 FROM {table} WHERE {column} IN (?, ?) {gone}", who).fetchall():
                    found.append(f"{table}.{column}")
    database.close()
    return found


async def test_nobody_is_forgotten_while_a_message_is_being_sent_to_them(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(), a_record()], NOW)
    await storage.people.save(ANN, P1, NOW)
    delivery = await in_direct_messages(storage, ANN)
    with pytest.raises(Refused, match="being sent"):
        await storage.people.forget(ANN)
    assert await storage.people.saved(ANN) == [1]
    await storage.outbox.sent(delivery.key, "7", NOW)
    await storage.people.forget(ANN)


async def test_a_share_is_sent_once_for_its_slot_and_found_again(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record()], NOW)
    await storage.topics.put_channel(CHANNEL)
    share = Delivery(DeliveryKey("k1"), CHANNEL.ref, DeliveryKind.SHARE, "P1", 1, b"bytes")
    assert await storage.outbox.add(share)
    assert not await storage.outbox.add(replace(share, key=DeliveryKey("k2")))
    [waiting] = await storage.outbox.unfinished(CHANNEL.ref)
    assert (waiting.state, waiting.payload) == (DeliveryState.PENDING, b"bytes")
    assert await storage.outbox.shown(CHANNEL.ref, P1) is None
    await storage.outbox.claim(share.key, NOW)
    await storage.outbox.sent(share.key, "57", LATER)
    shown = await storage.outbox.shown(CHANNEL.ref, P1)
    assert shown is not None
    assert (shown.message_id, shown.at) == ("57", LATER)
    assert await storage.outbox.shown(CHANNEL.ref, PaperId(11)) is None


@pytest.mark.parametrize("sort", list(Sort))
async def test_a_stored_list_is_given_whole_in_its_order(storage: SqliteStorage, sort: Sort) -> None:
    await storage.archive.upsert([a_record() for _ in range(12)], NOW)
    page = await storage.searches.search(a_query(), PageRequest(sort, 1, 5), NOW)
    shown = [paper.id for number in (1, 2, 3) for paper in (await storage.searches.turn(page.key, number, NOW)).papers]
    await storage.archive.upsert([a_record()], LATER)
    assert [paper.id async for paper in storage.searches.listed(page.key, LATER)] == shown
    with pytest.raises(NotFound):
        await anext(storage.searches.listed("nosuchkey", NOW))
