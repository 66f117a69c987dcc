"""How topics are changed in conversation, and what is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.answering import Answering
from bot.commands import parse_command, parse_control
from bot.conversation import (
    Asker,
    Command,
    Mistake,
    Notice,
    Reply,
    ResultPage,
    StarterLibrary,
    TopicAdded,
    TopicEdited,
    TopicHistory,
    TopicList,
    TopicResumed,
)
from bot.library import starter_topics
from storage import SqliteStorage
from tests.bot.ledger.days import round_of
from tests.examples import CHANNEL, NOW, TODAY, a_query, a_record
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource

ANN = Asker(CHANNEL.ref, "ann", admin=True)
BEFORE = NOW - timedelta(days=3)


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
async def answering(storage: SqliteStorage, source: FakeSource) -> Answering:
    """A channel follows radiographs, and the first fetch is done."""
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, BEFORE, by="bob")
    await round_of(source, storage, at=BEFORE)
    return Answering(a_desk(storage, {"pubmed": source}))


async def say(answering: Answering, asked: str | Command) -> Reply:
    command = parse_command(asked) if isinstance(asked, str) else asked
    return await answering.answer(command, ANN)


async def noticed(answering: Answering, asked: str | Command) -> Notice:
    reply = await say(answering, asked)
    assert isinstance(reply, Notice)
    return reply


async def test_an_edit_shows_what_it_was_and_what_it_would_bring(answering: Answering, storage: SqliteStorage) -> None:
    edited = await say(answering, "topic edit Chest radiographs OR tomograms")
    assert isinstance(edited, TopicEdited)
    assert (edited.topic.name, edited.before) == ("chest", "radiographs")
    assert edited.preview.query == "radiographs OR tomograms"
    assert isinstance(await say(answering, "topic edit chest titel:x"), Mistake)
    assert "exactly that" in (await noticed(answering, "topic edit chest radiographs OR tomograms")).text
    [topic] = await storage.topics.of_channel(CHANNEL.ref)
    assert str(topic.query) == "radiographs OR tomograms"


async def test_an_edited_topic_announces_nothing_that_was_there_before(
    answering: Answering, storage: SqliteStorage, source: FakeSource
) -> None:
    await round_of(source, storage, a_record(source_id="1"))
    await say(answering, "topic edit chest network")
    source.past = [a_record(source_id="2")]
    await round_of(source, storage, a_record(source_id="1"), a_record(source_id="3"))
    await round_of(source, storage, a_record(source_id="4"))
    assert [a.paper_id for a in await storage.outbox.waiting(CHANNEL.ref)] == [1, 4]


@pytest.mark.parametrize("verb", ["edit", "remove", "pause", "resume"])
async def test_a_misspelt_name_is_answered_with_the_nearest(answering: Answering, verb: str) -> None:
    reply = await noticed(answering, f"topic {verb} chset{' mri' * (verb == 'edit')}")
    assert "Did you mean “chest”?" in reply.text


async def test_a_resumed_topic_shows_what_came_and_announces_none_of_it(
    answering: Answering, storage: SqliteStorage, source: FakeSource
) -> None:
    await round_of(source, storage, a_record(), at=NOW - timedelta(minutes=9))
    paused = await noticed(answering, "topic pause chest")
    assert paused.commands == ('topic resume "chest"',)
    await round_of(source, storage, a_record(), a_record(), a_record(title="Zebras", abstract=""))
    resumed = await say(answering, paused.commands[0])
    assert isinstance(resumed, TopicResumed)
    assert resumed.came == 2
    shown = await say(answering, parse_control(f"1.more.{resumed.key}"))
    assert isinstance(shown, ResultPage)
    assert {paper.id for paper in shown.papers} == {2, 3}
    await round_of(source, storage, a_record())
    assert [a.paper_id for a in await storage.outbox.waiting(CHANNEL.ref)] == [1, 5]


async def test_nothing_came_while_nothing_came(answering: Answering) -> None:
    await say(answering, "topic pause chest")
    resumed = await say(answering, "topic resume chest")
    assert isinstance(resumed, TopicResumed)
    assert (resumed.came, resumed.key) == (0, "")


async def test_removing_by_a_button_asks_first_and_can_be_undone(answering: Answering, storage: SqliteStorage) -> None:
    asked = await noticed(answering, parse_control("1.remove", "chest"))
    assert len(await storage.topics.of_channel(CHANNEL.ref)) == 1
    removed = await noticed(answering, asked.commands[0])
    assert await storage.topics.of_channel(CHANNEL.ref) == []
    back = await noticed(answering, removed.commands[0])
    assert "followed here again" in back.text
    [topic] = await storage.topics.of_channel(CHANNEL.ref)
    assert topic.created == BEFORE


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("topic edit chest mri", "asks this again: radiographs"),
        ("topic pause chest", "posted again from now on"),
        ("topic remove chest", "followed here again"),
    ],
)
async def test_an_undo_says_what_it_did_and_offers_to_undo_that(answering: Answering, change: str, told: str) -> None:
    await say(answering, change)
    undone = await noticed(answering, "topic undo chest")
    assert told in undone.text
    assert undone.commands[-1] == 'topic undo "chest"'
    assert told not in (await noticed(answering, undone.commands[-1])).text


async def test_the_history_names_who_and_what(answering: Answering) -> None:
    await say(answering, "topic edit chest mri")
    told = await say(answering, "topic history")
    assert isinstance(told, TopicHistory)
    assert [(c.topic, c.kind.value, str(c.query), c.user, c.at) for c in told.changes] == [
        ("chest", "edited", "mri", "ann", NOW),
        ("chest", "created", "radiographs", "bob", BEFORE),
    ]
    assert told.undoable == ("chest",)
    assert "Nothing was changed" in (await noticed(answering, "topic history other")).text


async def test_a_declared_topic_is_shown_as_such_and_left_alone(answering: Answering, storage: SqliteStorage) -> None:
    await storage.topics.declare([("mri", a_query("mri"))], [(CHANNEL, ["mri"])], NOW)
    for text in ("edit mri ct", "remove mri", "pause mri", "resume mri", "undo mri"):
        assert "configuration file" in (await noticed(answering, f"topic {text}")).text
    assert "configuration file" in (await noticed(answering, parse_control("1.remove", "mri"))).text


async def test_the_list_shows_what_is_paused(answering: Answering) -> None:
    await say(answering, "topic pause chest")
    listed = await say(answering, "topics")
    assert isinstance(listed, TopicList)
    assert [line.topic.paused for line in listed.topics] == [True]


async def test_a_starter_topic_is_looked_at_and_copied(
    answering: Answering, storage: SqliteStorage, source: FakeSource
) -> None:
    await round_of(source, storage, a_record(title="Deep learning in radiology", abstract="", published=TODAY))
    whole = await say(answering, "topic library")
    assert isinstance(whole, StarterLibrary)
    assert len(whole.starters) == len(starter_topics())
    one = await say(answering, "topic library AI in radiology")
    assert isinstance(one, StarterLibrary)
    [line] = one.starters
    assert (line.name, line.recent, line.followed) == ("radiology-ai", 1, False)
    added = await say(answering, parse_control("1.copy", "radiology-ai"))
    assert isinstance(added, TopicAdded)
    assert str(added.topic.query) == line.query
    one = await say(answering, "topic library radiology-ai")
    assert isinstance(one, StarterLibrary)
    assert one.starters[0].followed
    assert "already has" in (await noticed(answering, parse_control("1.copy", "radiology-ai"))).text
    assert "Did you mean" in (await noticed(answering, "topic library radiolgy-ai")).text
    assert "lists them" in (await noticed(answering, parse_control("1.copy", "zzzz"))).text


async def test_a_topic_removed_for_a_while_announces_nothing_of_that_time(
    answering: Answering, storage: SqliteStorage, source: FakeSource
) -> None:
    """Papers that came before, in, and after a removal that was taken back: the middle ones are not announced."""

    async def round_at(moment: datetime, number: str) -> None:
        await round_of(source, storage, a_record(source_id=number), at=moment)

    await round_at(NOW - timedelta(hours=1), "1")
    await say(answering, "topic remove chest")
    await storage.topics.add("other", a_query("zebras"), CHANNEL.ref, NOW)
    await round_at(NOW + timedelta(hours=1), "2")
    await say(answering, "topic undo chest")
    source.past = [a_record(source_id="3")]
    await round_at(NOW + timedelta(hours=2), "2")
    await round_at(NOW + timedelta(hours=3), "4")
    papers = await storage.archive.papers([a.paper_id for a in await storage.outbox.waiting(CHANNEL.ref)])
    assert [paper.records[0].source_id for paper in papers] == ["1", "4"]
