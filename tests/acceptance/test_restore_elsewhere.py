"""The restore drill on platforms that keep their messages themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import utc_now
from bot.config import load
from bot.identity import paper_marks
from bot.maintenance import back_up, restore
from bot.model import ChannelRef
from storage import open_storage
from tests.acceptance.world import World
from tests.crashes.discord import DiscordTarget
from tests.crashes.harness import Target
from tests.crashes.slack import SlackTarget
from tests.fakes.literature import FakeLiterature


@pytest.mark.parametrize("target", [SlackTarget(), DiscordTarget()], ids=lambda target: target.name)
async def test_after_a_restore_nothing_is_posted_twice_and_nothing_is_lost(target: Target, tmp_path: Path) -> None:
    async with FakeLiterature(now=utc_now) as literature, target.running():
        channel = target.channels[0]
        world = World(tmp_path, literature, channel=ChannelRef(target.name, "", channel), chat=target.table)
        await world.poll()
        await publish(world, "hip", 2)
        copy = tmp_path / "copy"
        back_up(load(world.config, {}), copy, utc_now())
        await publish(world, "knee", 2)
        await publish(world, "liver", 12)
        assert len(target.shown(channel)) == 5, "four papers and a digest"

        assert restore(load(world.config, {}), copy, utc_now()) is not None
        await publish(world, "heart", 1)
        async with asyncio.timeout(20):
            while len(target.shown(channel)) < 6:  # the platform may have wanted it to wait
                await asyncio.sleep(0.5)
                await world.poll()
        async with open_storage(tmp_path / "papers.sqlite3", exclusive=False) as storage:
            marks = [paper_marks(paper) async for paper in storage.searches.stream(None, utc_now())]
        assert len(marks) == 17
        shown = [mark for post in target.shown(channel) for mark in post.marks]
        assert [sum(mark in shown for mark in one) for one in marks] == [1] * 17
        assert len(set(shown)) == len(shown), "none is there twice"
        assert len(target.shown(channel)) == 6


async def publish(world: World, subject: str, count: int) -> None:
    for number in range(count):
        world.literature.add_pubmed(title=f"MRI of the {subject} {chr(ord('a') + number)}")
    await world.poll()
