"""The bot in servers: introducing itself, and going on where it may write again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation import React
from tests.adapters.chat.discord.bench import Bench, eventually, known_channel, running
from tests.fakes.discord import Channel, FakeDiscord, Permission, User


@pytest.fixture
async def boss(fake: FakeDiscord) -> User:
    return fake.user("boss", permissions=Permission.MANAGE_GUILD)


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


@pytest.fixture
async def bench(fake: FakeDiscord, general: Channel) -> Bench:
    return Bench(fake, is_new=True)


def greeting(fake: FakeDiscord, channel: Channel) -> list[str]:
    """What the bot says there."""
    return [f"{message.text} {message.embeds}" for message in fake.messages(channel) if message.author is fake.bot]


async def test_it_introduces_itself_once_where_it_may_write(fake: FakeDiscord, bench: Bench, general: Channel) -> None:
    random = fake.channel("random")
    fake.deny(general, fake.bot, Permission.SEND_MESSAGES)
    for _ in range(2):
        async with running(bench):
            await fake.until(lambda: greeting(fake, random))
    assert (greeting(fake, general), len(greeting(fake, random)), bench.greeted) == ([], 1, [random.id])
    assert "Nothing is posted until you choose" in greeting(fake, random)[0]


async def test_it_introduces_itself_when_it_is_invited(fake: FakeDiscord, bench: Bench, boss: User) -> None:
    home = fake.guild()
    fake.kick(home)
    async with running(bench):
        fake.invite(boss, home)
        await fake.until(lambda: greeting(fake, fake.channel("general")))
        await eventually(lambda: bench.memory.texts.get("discord.guilds") == f"[{home.id}]")
        fake.kick(home)
        await eventually(lambda: bench.memory.texts["discord.guilds"] == "[]")


async def test_a_server_that_is_away_for_a_while_is_not_left(fake: FakeDiscord, bench: Bench, general: Channel) -> None:
    async with running(bench):
        await fake.until(lambda: greeting(fake, general))
        await eventually(lambda: bench.memory.texts.get("discord.guilds", "[]") != "[]")
        kept = bench.memory.texts["discord.guilds"]
        fake.fail(fake.guild())
        fake.recover(fake.guild())
        await fake.answer_to(await fake.slash(fake.user("ann"), general, "topics"))
        assert bench.memory.texts["discord.guilds"] == kept


async def test_what_waits_is_tried_where_the_bot_may_write_again(
    fake: FakeDiscord, bench: Bench, general: Channel
) -> None:
    other, thread = fake.channel("other"), fake.thread("talk", general)
    bench.known = [known_channel(channel) for channel in (general, other, thread)]
    fake.deny(general, fake.bot, Permission.SEND_MESSAGES)
    async with running(bench):
        await fake.until(lambda: len(bench.returned) == 2)
        assert set(bench.returned) == {other.id, thread.id}
        bench.returned.clear()
        fake.deny(general, fake.bot, Permission.EMBED_LINKS)
        fake.allow(general, fake.bot, Permission.SEND_MESSAGES)
        await fake.answer_to(await fake.slash(fake.user("ann"), general, "topics"))
        assert bench.returned == []
        fake.allow(general, fake.bot, Permission.EMBED_LINKS)
        await fake.until(lambda: bench.returned)
        assert bench.returned == [general.id]
        fake.archive_thread(thread)
        fake.unarchive_thread(thread)
        await fake.until(lambda: thread.id in bench.returned)


async def test_a_renamed_channel_is_not_greeted(fake: FakeDiscord, bench: Bench, general: Channel) -> None:
    other = fake.channel("other")
    async with running(bench):
        await fake.until(lambda: greeting(fake, general))
        fake.rename(other, "else")
        await fake.answer_to(await fake.slash(fake.user("ann"), general, "topics"))
        assert (bench.greeted, greeting(fake, other)) == ([general.id], [])


async def test_reactions_to_our_messages_are_kept(fake: FakeDiscord, bench: Bench, general: Channel) -> None:
    ann = fake.user("ann")
    async with running(bench):
        ours = fake.say(fake.bot, general, "Papers")
        fake.react(ann, fake.say(ann, general, "Lunch?"), "👎")
        fake.react(ann, ours, "👍")
        fake.react(ann, ours, "👍", remove=True)
        direct = fake.say(fake.bot, fake.direct_channel(ann), "Papers")
        fake.react(ann, direct, "🎉")
        await fake.until(lambda: len(bench.asked) == 3)
        assert bench.asked == [React("👍", ours.id), React("👍", ours.id, added=False), React("🎉", direct.id)]
        assert str(bench.asker.channel) == f"discord:dm-{ann.id}"


async def test_a_known_channel_is_called_by_its_new_name(fake: FakeDiscord, bench: Bench, general: Channel) -> None:
    other = fake.channel("other")
    bench.known.append(known := known_channel(general))
    async with running(bench):
        fake.rename(other, "unheard")
        fake.rename(general, "reading")
        await fake.until(lambda: len(bench.known) > 1 or None)
    assert bench.known == [known, replace(known, name="reading")]
