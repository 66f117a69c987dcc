"""Who may change what a channel follows, and how the bot introduces itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering import Answering
from bot.commands import parse_command
from bot.conversation import Asker, ManagerList, MuteAdded, Notice, Reply
from bot.model import Channel
from bot.wording import PERSON, person
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query
from tests.fakes.desk import a_desk

ANN = Asker(CHANNEL.ref, "ann", admin=True)
BOB, GUEST = Asker(CHANNEL.ref, "bob"), Asker(CHANNEL.ref, "gus", admin=True, guest=True)
CHANGES = (
    "topic add mri mri",
    "topic edit chest mri",
    "topic remove chest",
    "topic pause chest",
    "topic resume chest",
    "topic undo chest",
    "topic post chest",
    "mute word x",
    "unmute word x",
    "managers add @eve",
    "managers remove @ann",
)


@pytest.fixture
async def answering(storage: SqliteStorage) -> Answering:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, NOW)
    return Answering(a_desk(storage))


async def say(answering: Answering, text: str, asker: Asker = ANN) -> Reply:
    return await answering.answer(parse_command(text), asker)


@pytest.mark.parametrize("text", CHANGES)
async def test_only_who_may_administer_changes_anything(
    storage: SqliteStorage, answering: Answering, text: str
) -> None:
    for asker in (BOB, GUEST):
        reply = await say(answering, text, asker)
        assert isinstance(reply, Notice)
        assert "Ask an admin" in reply.text
    await say(answering, "managers add <@U7|carl>")
    await say(answering, "managers add @ann")
    reply = await say(answering, text, BOB)
    assert isinstance(reply, Notice)
    assert "Ask one of: " in reply.text
    assert set(PERSON.findall(reply.text)) == {"U7", "ann"}
    [topic] = await storage.topics.of_channel(CHANNEL.ref)
    assert (topic.name, str(topic.query), topic.paused) == ("chest", "radiographs", False)


async def test_a_manager_administers_and_names_others(answering: Answering) -> None:
    await say(answering, "managers add bob")
    assert isinstance(await say(answering, "mute word x", BOB), MuteAdded)
    listed = await say(answering, "managers add <@!123>", BOB)
    assert isinstance(listed, ManagerList)
    assert set(listed.managers) == {"123", "bob"}
    listed = await say(answering, "managers remove bob", replace(BOB, user="123"))
    assert isinstance(listed, ManagerList)
    assert listed.managers == ("123",)
    assert isinstance(await say(answering, "mute word y", BOB), Notice)


async def test_only_an_admin_removes_the_last_manager(answering: Answering) -> None:
    await say(answering, "managers add bob")
    reply = await say(answering, "managers remove bob", BOB)
    assert isinstance(reply, Notice)
    assert "last manager" in reply.text
    assert await say(answering, "managers remove @bob") == ManagerList((), f"{person('bob')} is no manager any more")
    assert await say(answering, "managers remove @bob") == ManagerList((), f"{person('bob')} was no manager")


async def test_everybody_administers_their_own_direct_messages(storage: SqliteStorage, answering: Answering) -> None:
    own = replace(BOB.member.direct)
    await storage.topics.put_channel(replace(CHANNEL, ref=own))
    assert isinstance(await say(answering, "mute word x", Asker(own, "bob", guest=True)), MuteAdded)
    assert isinstance(await say(answering, "mute word y", Asker(own, "eve")), Notice)


async def test_whoever_invites_the_bot_manages_the_channel_unless_a_guest(
    storage: SqliteStorage, answering: Answering
) -> None:
    greeting = await answering.invited(OTHER_CHANNEL, "bob")
    assert greeting is not None
    assert greeting.manager == "bob"
    assert len(greeting.starters) == 5
    assert await storage.managers.of_channel(OTHER_CHANNEL.ref) == ["bob"]
    assert await answering.invited(OTHER_CHANNEL, "gus", guest=True) is None
    assert await answering.invited(OTHER_CHANNEL, "eve") is None
    assert set(await storage.managers.of_channel(OTHER_CHANNEL.ref)) == {"bob", "eve"}
    greeting = await answering.invited(CHANNEL, "gus", guest=True)
    assert greeting is not None
    assert greeting.manager is None


async def test_an_invitation_keeps_how_a_channel_is_set_up(storage: SqliteStorage, answering: Answering) -> None:
    await storage.topics.put_channel(replace(OTHER_CHANNEL, zone="Europe/Berlin"))
    await answering.invited(OTHER_CHANNEL, None)
    known = await storage.topics.channel(OTHER_CHANNEL.ref)
    assert known is not None
    assert known.zone == "Europe/Berlin"


async def test_a_channel_that_was_renamed_keeps_everything_else(storage: SqliteStorage, answering: Answering) -> None:
    await storage.topics.put_channel(replace(OTHER_CHANNEL, zone="Europe/Berlin"))
    await answering.admit(Channel(OTHER_CHANNEL.ref, "new-name"))
    assert await storage.topics.channel(OTHER_CHANNEL.ref) == replace(
        OTHER_CHANNEL, name="new-name", zone="Europe/Berlin"
    )
