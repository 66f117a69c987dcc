"""Who may do what, read from each command and click."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.chat.discord.client import Bot
from bot.conversation import Notice, ShowStatus
from tests.adapters.chat.discord.bench import Bench, known_channel, running
from tests.fakes.discord import Channel, FakeDiscord, Kind, Message, Permission, User


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


@pytest.fixture
async def boss(fake: FakeDiscord) -> User:
    return fake.user("boss", permissions=Permission.MANAGE_CHANNELS)


@pytest.fixture
async def bench(fake: FakeDiscord, general: Channel, boss: User) -> Bench:
    return Bench(fake)


@pytest.fixture
async def bot(bench: Bench) -> AsyncIterator[Bot]:
    async with running(bench, admins=["80351110224678912"]) as bot:
        yield bot


async def add_topic(fake: FakeDiscord, user: User, channel: Channel) -> Message:
    return await fake.answer_to(await fake.slash(user, channel, "topic add", name="ai", query="ai"))


async def test_the_rights_of_this_channel_come_with_the_command(
    fake: FakeDiscord, bench: Bench, bot: Bot, boss: User, general: Channel
) -> None:
    await add_topic(fake, boss, general)
    assert (bench.asker.admin, bench.asker.local) == (True, True)
    fake.deny(general, boss, Permission.MANAGE_CHANNELS)
    await add_topic(fake, boss, general)
    assert not bench.asker.admin
    await add_topic(fake, fake.user("ann"), general)
    assert not bench.asker.admin


async def test_rights_are_read_again_at_each_click(
    fake: FakeDiscord, bench: Bench, bot: Bot, boss: User, general: Channel
) -> None:
    bench.replies[ShowStatus] = Notice("Fine.", ("topic remove ai",))
    shown = await fake.answer_to(await fake.slash(boss, general, "status"))
    for may in (True, False):
        await fake.answer_to(await fake.click(boss, shown, "1.run.topic remove ai"))
        assert bench.asker.admin is may
        fake.deny(general, boss, Permission.MANAGE_CHANNELS)


async def test_whom_the_settings_name_administers_everywhere(
    fake: FakeDiscord, bench: Bench, bot: Bot, general: Channel
) -> None:
    ann = fake.user("ann")
    ann_id, ann.id = ann.id, "80351110224678912"
    home = fake.guild()
    home.members[ann.id] = home.members.pop(ann_id)
    await add_topic(fake, ann, general)
    assert (bench.asker.admin, bench.asker.local) == (True, False)


async def test_a_channel_is_known_once_somebody_administers_it(
    fake: FakeDiscord, bench: Bench, bot: Bot, boss: User, general: Channel
) -> None:
    await add_topic(fake, fake.user("ann"), general)
    await fake.answer_to(await fake.slash(boss, general, "status"))
    assert bench.known == []
    for _ in range(2):
        await add_topic(fake, boss, general)
    assert [(channel.ref.id, channel.name) for channel in bench.known] == [(general.id, "general")]


async def test_what_the_bot_lacks_is_said_before_a_channel_is_known(
    fake: FakeDiscord, bench: Bench, bot: Bot, boss: User, general: Channel
) -> None:
    fake.deny(general, fake.bot, Permission.SEND_MESSAGES | Permission.EMBED_LINKS)
    assert "allow me: Send Messages, Embed Links" in (await add_topic(fake, boss, general)).text
    assert bench.asked == []
    bench.known.append(known_channel(general))
    await add_topic(fake, boss, general)
    assert bench.asked


async def test_a_channel_that_is_no_place_for_posts_is_refused(
    fake: FakeDiscord, bench: Bench, bot: Bot, boss: User
) -> None:
    news = fake.create_channel("news", kind=Kind.ANNOUNCEMENT)
    assert "this is an announcement channel" in (await add_topic(fake, boss, news)).text
    assert bench.known == []


async def test_direct_messages_belong_to_their_person(fake: FakeDiscord, bench: Bench, bot: Bot, boss: User) -> None:
    await add_topic(fake, boss, fake.direct_channel(boss))
    assert (str(bench.asker.channel), bench.asker.admin, bench.known) == (f"discord:dm-{boss.id}", False, [])
