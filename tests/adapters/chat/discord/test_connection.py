"""Being connected to Discord: beginning, going on after an interruption, and ending."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from discord.http import Route

from adapters.chat.discord import tree
from adapters.chat.discord.client import Bot
from adapters.chat.discord.identifying import IdentifyBudget
from adapters.chat.discord.listening import Timing
from adapters.chat.discord.traffic import Traffic
from bot.conversation import ListTopics, Search
from bot.errors import PlatformRefused
from tests.adapters.chat.discord.accounts import settings_of, utc_now
from tests.adapters.chat.discord.bench import QUICK, Bench, eventually, others, running
from tests.fakes.answering import DictMemory
from tests.fakes.discord import Channel, FakeDiscord, Intent, User, faults

CALLBACK = ("POST", "/interactions/*/*/callback")
ANSWER = ("PATCH", "/webhooks/*/*/messages/@original")


@pytest.fixture
async def general(fake: FakeDiscord) -> Channel:
    return fake.channel("general")


@pytest.fixture
async def ann(fake: FakeDiscord) -> User:
    return fake.user("ann")


@pytest.fixture
async def bench(fake: FakeDiscord, general: Channel) -> Bench:
    return Bench(fake)


def synced(fake: FakeDiscord) -> int:
    """How often Discord was told of the commands."""
    return len([one for one in fake.requests if one["method"] == "PUT"])


async def answered(fake: FakeDiscord, user: User, channel: Channel) -> bool:
    """Whether a question is answered."""
    return "radiology-ai" in str((await fake.answer_to(await fake.slash(user, channel, "topics"))).embeds)


# ---------------------------------------------------------------- beginning


async def test_commands_are_told_only_when_they_are_others(fake: FakeDiscord, bench: Bench) -> None:
    for _ in range(2):
        async with running(bench) as bot:
            await eventually(lambda: "discord.commands" in bench.memory.texts)
            assert bot.trouble() is None
    assert synced(fake) == 1
    assert fake.commands[None][0]["options"][0]["name"] == tree.commands()[0]["options"][0]["name"]
    bench.memory.texts["discord.commands"] = "what an older version said"
    async with running(bench):
        await fake.until(lambda: synced(fake) == 2)


async def test_no_more_than_needed_is_heard(fake: FakeDiscord, bench: Bench) -> None:
    async with running(bench):
        [session] = fake.gateway.sessions.values()
        assert session.intents == Intent.GUILDS | Intent.GUILD_MESSAGE_REACTIONS | Intent.DIRECT_MESSAGE_REACTIONS


async def test_nothing_is_left_after_the_end(fake: FakeDiscord, bench: Bench, ann: User, general: Channel) -> None:
    before = await others()
    async with running(bench):
        assert await answered(fake, ann, general)
    await fake.until(lambda: not fake.gateway.open)
    left = [repr(task) for task in await others() - before if "aiohttp" not in repr(task)]
    assert left == []
    idle = Bot(settings_of(fake), bench.tools(), Traffic(utc_now), QUICK)
    await idle.end()


async def test_a_wrong_token_refuses_the_bot(fake: FakeDiscord, bench: Bench) -> None:
    fake.token = "MTE.another.token"
    with pytest.raises(PlatformRefused, match="PAPERROUND_CHAT__DISCORD__TOKEN"):
        await refused(bench, token="MTE.fake.discord-token")


async def test_a_token_that_only_the_gateway_refuses_refuses_the_bot(fake: FakeDiscord, bench: Bench) -> None:
    fake.gateway.token = lambda: "MTE.another.token"
    with pytest.raises(PlatformRefused, match="does not know the token"):
        await refused(bench)


async def refused(bench: Bench, **settings: object) -> None:
    bot = Bot(settings_of(bench.fake, **settings), bench.tools(), Traffic(utc_now), QUICK)
    try:
        await bot.begin()
    finally:
        assert bot.trouble()
        await bot.end()


async def test_a_network_that_is_down_is_waited_for(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel
) -> None:
    fake.faults.fail_next("GET", "/users/@me", faults.drop(), times=2)
    async with running(bench) as bot:
        assert await answered(fake, ann, general)
        assert bot.trouble() is None


async def test_trouble_says_that_discord_cannot_be_reached(bench: Bench) -> None:
    nowhere = settings_of(bench.fake, api_url="http://127.0.0.1:9/api/v10")
    base = Route.BASE
    bot = Bot(nowhere, bench.tools(), Traffic(utc_now), replace(QUICK, patience=0.1))
    try:
        await bot.begin()
        assert "cannot be reached" in str(bot.trouble())
    finally:
        await bot.end()
        Route.BASE = base


async def test_several_shards_are_connected_if_discord_asks_for_them(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel
) -> None:
    fake.gateway.shards = 2
    async with running(bench):
        await fake.until(lambda: len(fake.gateway.sessions) == 2)
        assert await answered(fake, ann, general)
        assert fake.gateway.identifies == 2


# ---------------------------------------------------------------- interruptions


async def test_the_session_goes_on_after_an_interruption(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel
) -> None:
    async with running(bench) as bot:
        for interrupt in (fake.gateway.reconnect, lambda: fake.gateway.close(4000), fake.gateway.drop):
            resumes = fake.gateway.resumes
            interrupt()
            await fake.until(lambda before=resumes: fake.gateway.resumes > before and fake.gateway.ready)  # type: ignore[misc]
            assert await answered(fake, ann, general)
            assert bot.trouble() is None
        assert fake.gateway.identifies == 1


async def test_a_session_that_is_over_is_begun_anew(
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel
) -> None:
    async with running(bench):
        fake.gateway.invalidate(resumable=False)
        await fake.until(lambda: fake.gateway.identifies == 2 and fake.gateway.ready)
        assert await answered(fake, ann, general)
    assert len(json.loads(bench.memory.texts["discord.identifies"])) == 2


@pytest.mark.parametrize(("code", "words"), [(4004, "does not know the token"), (4014, "does not let the bot hear")])
async def test_what_can_be_mended_by_people_alone_is_said(
    fake: FakeDiscord, bench: Bench, code: int, words: str
) -> None:
    async with running(bench) as bot:
        fake.gateway.close(code)
        await eventually(lambda: words in str(bot.trouble()))


# ---------------------------------------------------------------- answers on the way


@pytest.mark.parametrize(
    "fault", [faults.drop(), faults.drop(after=True), faults.status(502, after=True), faults.ratelimited(0.05)]
)
@pytest.mark.parametrize("aim", [CALLBACK, ANSWER])
async def test_an_answer_that_gets_lost_is_sent_again(  # noqa: PLR0917 - fixtures
    fake: FakeDiscord, bench: Bench, ann: User, general: Channel, fault: faults.Fault, aim: tuple[str, str]
) -> None:
    async with running(bench):
        fake.faults.fail_next(*aim, fault)
        assert await answered(fake, ann, general)
        assert [type(command) for command, _ in bench.answers.asked] == [ListTopics]


async def test_who_has_given_up_gets_nothing_done(fake: FakeDiscord, bench: Bench, ann: User, general: Channel) -> None:
    async with running(bench):
        fake.faults.fail_next(*CALLBACK, faults.error(10062))
        fake.ack_seconds = 0.1
        await fake.slash(ann, general, "topics")
        fake.ack_seconds = 3.0
        await fake.answer_to(await fake.slash(ann, general, "search", query="mri"))
        assert [type(command) for command, _ in bench.answers.asked] == [Search]


# ---------------------------------------------------------------- how often sessions begin


async def test_sessions_are_begun_no_more_often_than_discord_bears() -> None:
    moments = [datetime(2026, 11, 23, 9, tzinfo=UTC)]
    memory = DictMemory()
    begun: list[datetime] = []
    for _ in range(250):
        budget = IdentifyBudget(memory, lambda: tick(moments), step=0.0)
        await budget.spend()
        begun.append(moments[0])
    for first, later in zip(begun, begun[20:], strict=False):
        assert later - first >= timedelta(hours=1)
    for first, later in zip(begun, begun[200:], strict=False):
        assert later - first >= timedelta(days=1)
    assert len(json.loads(memory.texts["discord.identifies"])) <= 201


def tick(moments: list[datetime]) -> datetime:
    """A clock that goes on by itself."""
    moments[0] += timedelta(seconds=20)
    return moments[0]


async def test_a_clock_that_was_set_back_does_not_hold_the_bot_for_ever() -> None:
    later = datetime(2027, 11, 23, tzinfo=UTC).timestamp()
    memory = DictMemory()
    memory.texts["discord.identifies"] = json.dumps([later] * 19)
    await IdentifyBudget(memory, lambda: datetime(2026, 11, 23, tzinfo=UTC)).spend()


async def test_trouble_says_that_the_bot_waits_to_connect(fake: FakeDiscord, bench: Bench) -> None:
    bench.memory.texts["discord.identifies"] = json.dumps([utc_now().timestamp()] * 20)
    bot = Bot(settings_of(fake), bench.tools(), Traffic(utc_now), replace(QUICK, patience=0.1))
    try:
        await bot.begin()
        assert "connected too often" in str(bot.trouble())
        assert fake.gateway.connects == 0
    finally:
        await bot.end()


async def test_a_bot_that_connected_too_often_can_post_meanwhile(fake: FakeDiscord, bench: Bench) -> None:
    now = utc_now().timestamp()
    bench.memory.texts["discord.identifies"] = json.dumps([now] * 20)
    bot = Bot(settings_of(fake), bench.tools(), Traffic(utc_now), Timing(patience=60.0))
    async with asyncio.timeout(5):
        await bot.begin()
    assert "too often" in (bot.trouble() or "")
    assert fake.gateway.identifies == 0
    await bot.end()
