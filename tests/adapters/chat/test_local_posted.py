"""What papers the local chat's log says were announced."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.chat.local import LocalPlatform
from bot.model import ChannelRef, DeliveryKey
from bot.ports import Posted, ReadBack, Shown
from tests.fakes.answering import NOW, announcement, local_chat, paper
from tests.fakes.chat_log import MemoryChatLog

PAPERS = ChannelRef("local", "", "papers")
READING = ChannelRef("local", "", "reading")


@pytest.fixture
def log() -> MemoryChatLog:
    return MemoryChatLog()


@pytest.fixture
async def platform(log: MemoryChatLog) -> AsyncIterator[LocalPlatform]:
    async with local_chat(log) as (opened, _):
        yield opened


async def post(platform: LocalPlatform, name: str, *marks: str) -> None:
    key = DeliveryKey(name)
    await platform.post(PAPERS, key, platform.render(replace(announcement(paper(1)), marks=marks), key))


async def test_each_mark_leads_to_the_first_message_that_carries_it(platform: LocalPlatform) -> None:
    await post(platform, "k1", "one", "both")
    await post(platform, "k2", "both", "two")
    posted = await platform.posted(PAPERS, NOW)
    assert posted == Posted(ReadBack.FOUND, {"one": Shown("1", NOW), "both": Shown("1", NOW), "two": Shown("2", NOW)})


async def test_only_this_channels_messages_since_the_moment_are_read(platform: LocalPlatform) -> None:
    await post(platform, "k1", "one")
    assert await platform.posted(PAPERS, NOW + timedelta(seconds=1)) == Posted(ReadBack.FOUND)
    assert await platform.posted(READING, NOW) == Posted(ReadBack.FOUND)


async def test_the_whole_log_is_read_and_what_is_no_announcement_is_passed_over(
    platform: LocalPlatform, log: MemoryChatLog
) -> None:
    await post(platform, "k1", "first")
    for _ in range(1001):
        await log.append("papers", b"{}", NOW)
    await log.append("papers", b"{}", NOW, key="a notice")
    await post(platform, "k2", "last")
    assert (await platform.posted(PAPERS, NOW)).marks.keys() == {"first", "last"}


async def test_a_broken_log_can_be_read_later(platform: LocalPlatform, log: MemoryChatLog) -> None:
    log.failure = OSError("disk full")
    posted = await platform.posted(PAPERS, NOW)
    assert (posted.result, posted.error) == (ReadBack.UNAVAILABLE, "the chat log failed: disk full")
