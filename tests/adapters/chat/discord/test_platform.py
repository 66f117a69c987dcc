"""Discord as the app runs it: starting, stopping, and a delivery from its rendering to its being read back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.chat import Tools
from adapters.chat.discord import DiscordPlatform, open_platform
from adapters.pace import Pace
from bot.conversation import Notice, Post, Reply
from bot.errors import PlatformRefused
from bot.model import Channel, DeliveryKey, DeliveryKind, Member
from bot.ports import Outcome, ReadBack
from tests.adapters.chat.discord.accounts import ref, settings_of, utc_now
from tests.adapters.chat.discord.judging import NEEDED, judge
from tests.examples import TODAY
from tests.fakes import discord as fakes
from tests.fakes.answering import FakeAnswers, announcement, digest, paper, tools
from tests.fakes.chat_log import MemoryChatLog
from tests.fakes.discord import FakeDiscord, Permission, faults

KEY = DeliveryKey("k" * 24)
MESSAGES = "/channels/*/messages"


def tools_of(known: Iterable[Channel] = ()) -> Tools:
    async def channels() -> list[Channel]:
        return list(known)

    return replace(tools(FakeAnswers(), MemoryChatLog()), channels=channels, now=utc_now)


@asynccontextmanager
async def opened(fake: FakeDiscord, *known: Channel, **settings: object) -> AsyncIterator[DiscordPlatform]:
    platform = open_platform(settings_of(fake, **settings), tools_of(known))
    try:
        yield platform
    finally:
        await platform.stop()


@pytest.fixture
async def platform(fake: FakeDiscord) -> AsyncIterator[DiscordPlatform]:
    fake.rates.lift()
    async with opened(fake) as one:
        one._account.reading_pace = Pace(0)
        yield one


@pytest.fixture
def channel(fake: FakeDiscord) -> fakes.Channel:
    return fake.channel("papers")


# ---------------------------------------------------------------- as the app sees it


async def test_it_connects_and_ends(fake: FakeDiscord) -> None:
    async with opened(fake) as platform:
        assert platform.trouble() is None
        await platform.start()
        assert (platform.trouble(), fake.gateway.identifies) == (None, 1)
        assert (platform.address, list(platform.routes())) == (None, [])
    await platform.stop()
    await fake.until(lambda: not fake.gateway.ready)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in others if "adapters" in repr(task)]


async def test_a_wrong_token_is_told_at_start(fake: FakeDiscord) -> None:
    async with opened(fake, token="MTE.another.token") as platform:
        with pytest.raises(PlatformRefused, match=r"^Discord does not know the token; .*Reset Token"):
            await platform.start()


async def test_stopping_before_a_start_does_no_harm(fake: FakeDiscord) -> None:
    async with opened(fake) as platform:
        await platform.stop()


async def test_too_many_refusals_are_its_trouble(
    fake: FakeDiscord, platform: DiscordPlatform, channel: fakes.Channel
) -> None:
    fake.rates.lift()
    fake.faults.fail_next("POST", MESSAGES, faults.error(50001), times=101)
    for _ in range(101):
        await platform.post(ref(channel), KEY, platform.render(Notice("hello"), KEY))
    await platform.start()
    assert "refused more than 100 requests" in (platform.trouble() or "")


# ---------------------------------------------------------------- as delivering sees it

POSTS: dict[str, Reply] = {
    "digest": digest(),
    "marked digest": replace(digest(), marks=tuple(f"{number:08}" for number in range(10))),
    "announcement": announcement(paper(1)),
    "empty digest": Post(DeliveryKind.DIGEST, (), TODAY, 0, ()),
    "notice": Notice("Nothing came from arXiv since Thursday."),
}


@pytest.mark.parametrize("reply", POSTS.values(), ids=POSTS)
async def test_what_is_posted_is_found_again(
    fake: FakeDiscord, platform: DiscordPlatform, channel: fakes.Channel, reply: Reply
) -> None:
    await platform.turn(ref(channel))
    receipt = await platform.post(ref(channel), KEY, platform.render(reply, KEY))
    [shown] = fake.messages(channel)
    assert (receipt.outcome, receipt.message_id, shown.nonce) == (Outcome.SENT, shown.id, KEY)
    lately = utc_now() - timedelta(minutes=1)
    sighting = await platform.read_back(ref(channel), KEY, lately)
    assert (sighting.result, sighting.message_id) == (ReadBack.FOUND, shown.id)
    posted = await platform.posted(ref(channel), lately)
    assert set(posted.marks) == set(reply.marks if isinstance(reply, Post) else ())
    other = await platform.read_back(ref(channel), DeliveryKey("o" * 24), lately)
    assert other.result is ReadBack.ABSENT


@pytest.mark.parametrize("reply", POSTS.values(), ids=POSTS)
async def test_without_embeds_it_is_posted_as_text_and_found_again_too(
    fake: FakeDiscord, platform: DiscordPlatform, channel: fakes.Channel, reply: Reply
) -> None:
    fake.deny(channel, None, Permission.EMBED_LINKS)
    receipt = await platform.post(ref(channel), KEY, platform.render(reply, KEY))
    [shown] = fake.messages(channel)
    assert (receipt.outcome, shown.embeds, bool(shown.text)) == (Outcome.SENT, [], True)
    lately = utc_now() - timedelta(minutes=1)
    assert (await platform.read_back(ref(channel), KEY, lately)).message_id == shown.id
    posted = await platform.posted(ref(channel), lately)
    assert set(posted.marks) == set(reply.marks if isinstance(reply, Post) else ())


async def test_no_form_of_a_delivery_notifies_anybody_or_may_be_made_twice(platform: DiscordPlatform) -> None:
    for reply in POSTS.values():
        for form in json.loads(platform.render(reply, KEY)):
            assert form["allowed_mentions"] == {"parse": []}
            assert (form["nonce"], form["enforce_nonce"]) == (KEY, True)


async def test_a_check_asks_no_more_than_rest(fake: FakeDiscord, channel: fakes.Channel) -> None:
    fake.deny(channel, None, Permission.ATTACH_FILES)
    async with opened(fake, Channel(ref(channel), "papers")) as platform:
        found = await platform.probe()
    assert found.summary.startswith("Discord: @paperround, 1 channel; ")
    assert "the bot lacks Attach Files" in (found.problem or "")
    assert fake.gateway.identifies == 0


@NEEDED
async def test_all_that_it_asks_keeps_to_discords_document(
    fake: FakeDiscord, channel: fakes.Channel, tmp_path: Path
) -> None:
    plain, lately = fake.channel("plain"), utc_now() - timedelta(minutes=1)
    fake.deny(plain, None, Permission.EMBED_LINKS)
    fake.rates.lift()
    async with opened(fake, Channel(ref(fake.thread("club", channel)), "club")) as platform:
        for number, reply in enumerate(POSTS.values()):
            for place in (ref(channel), ref(plain), Member("discord", "", fake.user("ann").id).direct):
                key = DeliveryKey(f"{number}{place.id[-20:]:k>23}".replace("-", "x"))
                receipt = await platform.post(place, key, platform.render(reply, key))
                assert receipt.outcome is Outcome.SENT
        await platform.posted(ref(channel), lately)
        await platform.probe()
    await judge(fake, tmp_path)
