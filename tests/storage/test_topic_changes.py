"""Changing topics, and taking it back: what is asked, what is announced, and who did it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NotFound, Refused
from bot.model import Announcement, Follow, PaperId, Topic
from bot.query import parse
from bot.reports import ChangeKind
from storage import SqliteStorage, open_storage
from storage.migrations import scripts
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record, an_arxiv_record

REF = CHANNEL.ref
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def topic(storage: SqliteStorage) -> Topic:
    """A topic of ann's, fetched from PubMed."""
    await storage.topics.put_channel(CHANNEL)
    made = await storage.topics.add("mri", a_query("mri"), REF, NOW, by="ann")
    await storage.sources.baseline_done(made, "pubmed", NOW)
    return made


async def queued(storage: SqliteStorage, *topics: str) -> PaperId:
    [change] = await storage.archive.upsert([a_record()], NOW)
    await storage.outbox.queue([Announcement(REF, change.paper.id, topics)], NOW)
    return change.paper.id


async def waiting(storage: SqliteStorage) -> dict[PaperId, tuple[str, ...]]:
    return {announcement.paper_id: announcement.topics for announcement in await storage.outbox.waiting(REF)}


async def kinds(storage: SqliteStorage, name: str | None = None) -> list[str]:
    return [change.kind.value for change in await storage.topics.history(REF, name)]


async def test_an_edited_topic_is_a_new_question_and_keeps_its_number(storage: SqliteStorage, topic: Topic) -> None:
    edited = await storage.topics.edit("MRI", a_query("mri OR mrt"), REF, LATER, by="bob")
    assert (edited.id, str(edited.query), edited.created) == (topic.id, "mri OR mrt", LATER)
    assert await storage.topics.of_channel(REF) == [edited]
    assert await storage.sources.baselines("pubmed") == set()
    with pytest.raises(Refused, match="exactly that"):
        await storage.topics.edit("mri", a_query("mri OR  mrt"), REF, LATER)


async def test_a_paused_topic_is_asked_for_but_nobody_is_told(storage: SqliteStorage, topic: Topic) -> None:
    paused = await storage.topics.pause("mri", REF, LATER)
    assert await storage.topics.all() == [paused]
    assert await storage.topics.of_channel(REF) == [paused]
    assert (paused.paused, await storage.topics.follows()) == (True, [])
    assert await storage.sources.baselines("pubmed") == {topic.id}
    with pytest.raises(Refused, match="paused already"):
        await storage.topics.pause("mri", REF, LATER)
    assert await storage.topics.resume("mri", REF, LATER) == topic
    assert await storage.topics.follows() == [Follow(REF, topic.id)]
    with pytest.raises(Refused, match="not paused"):
        await storage.topics.resume("mri", REF, LATER)


async def test_what_waits_for_a_paused_or_removed_topic_alone_waits_again_when_it_is_back(
    storage: SqliteStorage, topic: Topic
) -> None:
    await storage.topics.add("ct", a_query("ct"), REF, NOW)
    both, mri, ct = await queued(storage, "ct", "mri"), await queued(storage, "mri"), await queued(storage, "ct")
    await storage.topics.pause("mri", REF, LATER)
    assert await waiting(storage) == {both: ("ct",), ct: ("ct",)}
    await storage.topics.remove("ct", REF, LATER)
    assert await waiting(storage) == {}
    await storage.topics.remove("mri", REF, LATER)
    await storage.topics.undo("mri", REF, LATER)  # back, but paused
    await storage.topics.undo("ct", REF, LATER)
    assert await waiting(storage) == {both: ("ct",), ct: ("ct",)}
    await storage.topics.resume("mri", REF, LATER)
    assert await waiting(storage) == {both: ("ct",), mri: ("mri",), ct: ("ct",)}


async def test_what_waits_aside_follows_its_paper_when_that_is_merged(storage: SqliteStorage, topic: Topic) -> None:
    one, two = a_record(source_id="1"), an_arxiv_record(source_id="2611.1")
    changes = await storage.archive.upsert([one, two], NOW)
    await storage.outbox.queue([Announcement(REF, changes[1].paper.id, ("mri",))], NOW)
    await storage.topics.pause("mri", REF, LATER)
    await storage.archive.upsert([replace(two, version=2, same_work=one.identifiers)], LATER)
    await storage.topics.resume("mri", REF, LATER)
    assert await waiting(storage) == {changes[0].paper.id: ("mri",)}


async def test_what_waits_in_another_channel_for_a_topic_of_that_name_stays(
    storage: SqliteStorage, topic: Topic
) -> None:
    await storage.topics.put_channel(OTHER_CHANNEL)
    await storage.topics.add("mri", a_query("mri"), OTHER_CHANNEL.ref, NOW)
    paper = await queued(storage, "mri")
    await storage.topics.remove("mri", OTHER_CHANNEL.ref, LATER)
    assert await waiting(storage) == {paper: ("mri",)}


async def test_a_removed_topic_comes_back_with_all_it_had(storage: SqliteStorage, topic: Topic) -> None:
    paper = await queued(storage, "mri")
    await storage.sources.add_baseline([(topic.id, paper)])
    await storage.topics.remove("mri", REF, LATER)
    assert (await storage.topics.all(), await storage.topics.of_channel(REF)) == ([], [])
    change = await storage.topics.undo("Mri", REF, LATER, by="bob")
    assert (change.topic, change.kind, change.user) == ("mri", ChangeKind.RESTORED, "bob")
    assert await storage.topics.of_channel(REF) == [topic]
    assert await storage.sources.baselines("pubmed") == {topic.id}
    assert await storage.sources.baseline_marks([paper]) == {(topic.id, paper)}


async def test_a_topic_that_a_source_was_not_asked_for_meanwhile_is_fetched_anew(
    storage: SqliteStorage, topic: Topic
) -> None:
    await storage.sources.baseline_done(topic, "arxiv", NOW)
    await storage.topics.remove("mri", REF, LATER)
    await storage.sources.succeeded("arxiv", LATER + timedelta(minutes=1))
    await storage.topics.undo("mri", REF, LATER + timedelta(days=9))
    assert await storage.sources.baselines("pubmed") == {topic.id}
    assert await storage.sources.baselines("arxiv") == set()


async def test_a_paused_topic_that_was_removed_comes_back_paused(storage: SqliteStorage, topic: Topic) -> None:
    await storage.topics.pause("mri", REF, NOW)
    await storage.topics.remove("mri", REF, LATER)
    await storage.topics.undo("mri", REF, LATER)
    [back] = await storage.topics.of_channel(REF)
    assert back.paused


async def test_a_name_given_to_another_topic_meanwhile_is_not_taken_from_it(
    storage: SqliteStorage, topic: Topic
) -> None:
    await storage.topics.remove("mri", REF, LATER)
    other = await storage.topics.add("MRI", a_query("ct"), REF, LATER)
    assert other.id != topic.id
    await storage.topics.undo("mri", REF, LATER)  # the making of the other
    assert await storage.topics.of_channel(REF) == []
    await storage.topics.undo("mri", REF, LATER)
    assert await storage.topics.of_channel(REF) == [other]


async def test_each_change_is_taken_back_and_undo_itself_too(storage: SqliteStorage, topic: Topic) -> None:
    await storage.topics.edit("mri", a_query("mrt"), REF, LATER)
    assert (await storage.topics.undo("mri", REF, LATER)).kind is ChangeKind.EDITED
    assert str((await storage.topics.of_channel(REF))[0].query) == "mri"
    assert str((await storage.topics.undo("mri", REF, LATER)).query) == "mrt"
    await storage.topics.pause("mri", REF, LATER)
    assert (await storage.topics.undo("mri", REF, LATER)).kind is ChangeKind.RESUMED
    assert (await storage.topics.undo("mri", REF, LATER)).kind is ChangeKind.PAUSED
    assert (await storage.topics.of_channel(REF))[0].paused


async def test_undoing_the_first_change_removes_the_topic(storage: SqliteStorage, topic: Topic) -> None:
    assert (await storage.topics.undo("mri", REF, LATER)).kind is ChangeKind.REMOVED
    assert await storage.topics.of_channel(REF) == []
    with pytest.raises(NotFound, match="nothing to undo"):
        await storage.topics.undo("ct", REF, LATER)


async def test_the_history_tells_who_did_what_to_which_query(storage: SqliteStorage, topic: Topic) -> None:
    await storage.topics.add("ct", a_query("ct"), REF, NOW)
    await storage.topics.edit("mri", a_query("mrt"), REF, LATER, by="bob")
    await storage.topics.pause("mri", REF, LATER)
    await storage.topics.resume("mri", REF, LATER)
    await storage.topics.remove("mri", REF, LATER)
    await storage.topics.undo("mri", REF, LATER)
    assert await kinds(storage, "MRI") == ["restored", "removed", "resumed", "paused", "edited", "created"]
    assert await kinds(storage) == ["restored", "removed", "resumed", "paused", "edited", "created", "created"]
    edited, created = (await storage.topics.history(REF, "mri"))[-2:]
    assert (str(edited.query), edited.user, edited.at) == ("mrt", "bob", LATER)
    assert (created.query, created.user) == (parse("mri"), "ann")
    assert await storage.topics.history(OTHER_CHANNEL.ref) == []


async def test_a_declared_topic_is_changed_in_the_file_only(storage: SqliteStorage) -> None:
    await storage.topics.declare([("mri", a_query())], [(CHANNEL, ["mri"])], NOW)
    topics = storage.topics
    for change in (topics.pause, topics.resume, topics.remove, topics.undo):
        with pytest.raises(Refused, match="configuration file"):
            await change("mri", REF, NOW)
    with pytest.raises(Refused, match="configuration file"):
        await topics.edit("mri", a_query("ct"), REF, NOW)
    assert await kinds(storage) == []


async def test_topics_of_an_earlier_version_have_been_created_by_somebody(tmp_path: Path) -> None:
    path = tmp_path / "papers.sqlite3"
    old = sqlite3.connect(path)
    for script in scripts()[:2]:
        old.executescript(script)
    old.executescript(
        "INSERT INTO channels VALUES (1, 'local', '', 'papers', 'papers', 'now', 'UTC', 0, 0);"
        "INSERT INTO topics VALUES (1, 'mri', 'mri', '2026-11-20T12:00:00.000+00:00', 1), "
        "(2, 'declared', 'ct', '2026-11-20T12:00:00.000+00:00', NULL);"
        "INSERT INTO follows VALUES (1, 1, 0); PRAGMA user_version = 2;"
    )
    old.close()
    async with open_storage(path) as storage:
        assert [(c.topic, c.kind.value, c.user) for c in await storage.topics.history(REF)] == [
            ("mri", "created", None)
        ]
        assert await storage.topics.follows() == [Follow(REF, 1)]
        await storage.topics.remove("mri", REF, NOW)
