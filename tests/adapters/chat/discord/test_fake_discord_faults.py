"""The fake Discord's faults, met by the real client: what was carried out, and what the client heard of it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from tests.adapters.chat.discord.clients import logged_in
from tests.fakes.discord import FakeDiscord, faults

MESSAGES = "/channels/*/messages"


@pytest.mark.parametrize(
    ("fault", "posted", "error"),
    [
        (faults.drop(), 0, aiohttp.ClientError),
        (faults.drop(after=True), 1, aiohttp.ClientError),
        (faults.status(503), 0, discord.DiscordServerError),
        (faults.status(503, after=True), 1, discord.DiscordServerError),
        (faults.status(429), 0, discord.HTTPException),
        (faults.error(50013), 0, discord.Forbidden),
        (faults.error(10008, after=True), 1, discord.NotFound),
    ],
)
async def test_a_fault_strikes_before_or_after_the_deed(
    fake: FakeDiscord, fault: Any, posted: int, error: type[Exception]
) -> None:
    general = fake.channel("general")
    fake.faults.fail_next("POST", MESSAGES, fault)
    async with logged_in(fake) as client:
        channel = client.get_partial_messageable(int(general.id))
        with pytest.raises(error):
            await channel.send("Hello", nonce="key")
        assert len(fake.messages(general)) == posted
        assert fake.requests[-1]["faulty"]
        await channel.send("Hello", nonce="key")
        assert len(fake.messages(general)) == 1


async def test_a_hanging_request_is_never_carried_out_and_a_late_one_afterwards(fake: FakeDiscord) -> None:
    general = fake.channel("general")
    fake.faults.fail_next("POST", MESSAGES, faults.hang(), faults.late())
    async with logged_in(fake) as client:
        channel = client.get_partial_messageable(int(general.id))
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await channel.send("Hello")
        await fake.until(lambda: fake.messages(general))
    assert len(fake.messages(general)) == 1


async def test_discord_py_waits_out_a_rate_limit_and_repeats_with_its_nonce(fake: FakeDiscord) -> None:
    general = fake.channel("general")
    limits = [faults.ratelimited(0.01), faults.ratelimited(0.01, everywhere=True)]
    fake.faults.fail_next("POST", MESSAGES, *limits)
    async with logged_in(fake) as client:
        await client.get_partial_messageable(int(general.id)).send("Hello")
    posts = [one for one in fake.requests if one["method"] == "POST"]
    assert [one["faulty"] for one in posts] == [True, True, False]
    assert len({one["body"]["nonce"] for one in posts}) == 1


async def test_a_share_of_the_requests_goes_wrong_the_same_way_each_time() -> None:
    struck = []
    for _ in range(2):
        plan = faults.Faults(seed=7)
        plan.fault_share("POST", MESSAGES, 0.25, faults.drop())
        struck.append([plan.of("POST", "/channels/1/messages") is not None for _ in range(400)])
        assert plan.of("GET", "/channels/1/messages") is plan.of("POST", "/channels/1/messages/2") is None
        plan.mend()
        assert plan.of("POST", "/channels/1/messages") is None
    assert struck[0] == struck[1]
    assert 60 < sum(struck[0]) < 140
