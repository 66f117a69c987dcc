"""Slack and Discord in one process: what befalls one leaves the other alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import App, utc_now
from bot.errors import ConfigurationError
from bot.model import ChannelRef
from tests.acceptance.world import World
from tests.crashes.discord import DiscordTarget
from tests.crashes.slack import SlackTarget
from tests.fakes.literature import FakeLiterature

PATIENCE = 20.0


@dataclass
class Both:
    """A world with a channel on each platform."""

    world: World
    slack: SlackTarget
    discord: DiscordTarget

    @property
    def posts(self) -> tuple[int, int]:
        """How many messages each of the two channels shows."""
        shown = [target.shown(target.channels[0]) for target in (self.slack, self.discord)]
        return len(shown[0]), len(shown[1])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """The bot, once it has asked for what is there already."""
        async with self.world.open() as app:
            stop = asyncio.Event()
            running = asyncio.create_task(app.run(stop))
            async with asyncio.timeout(PATIENCE):
                await app.baselines_done()
            yield app
            stop.set()
            await running

    async def publish(self, title: str, expected: tuple[int, int]) -> None:
        """Publish a paper and wait for what the channels show then."""
        self.world.literature.add_pubmed(title=f"MRI of the {title}")
        async with asyncio.timeout(PATIENCE):
            while self.posts != expected:
                await asyncio.sleep(0.05)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    slack, discord = SlackTarget(), DiscordTarget()
    async with FakeLiterature(now=utc_now) as literature, slack.running(), discord.running():
        more = (
            f'[polling]\nevery = "0.3s"\n{discord.table}\n[[channels]]\nplatform = "discord"\n'
            f'id = "{discord.channels[0]}"\ntopics = ["mri"]\nschedule = "now"\n'
        )
        world = World(
            tmp_path, literature, channel=ChannelRef("slack", "", slack.channels[0]), chat=slack.table, more=more
        )
        yield Both(world, slack, discord)


async def connected(app: App, name: str, *, well: bool = True) -> None:
    """Wait until a platform is connected, or says that it is not."""
    async with asyncio.timeout(PATIENCE):
        while (app.platforms[name].trouble() is None) is not well:
            await asyncio.sleep(0.05)


async def test_each_paper_goes_to_both(both: Both) -> None:
    async with both.running() as app:
        await both.publish("hip", (1, 1))
        await connected(app, "slack")
        await connected(app, "discord")


async def test_a_token_revoked_on_one_leaves_the_other_alone(both: Both) -> None:
    async with both.running() as app:
        await connected(app, "discord")
        await both.slack._slack.revoke()
        await connected(app, "slack", well=False)
        await both.publish("hip", (0, 1))
        assert app.platforms["discord"].trouble() is None


async def test_a_token_reset_on_the_other_leaves_the_one_alone(both: Both) -> None:
    async with both.running() as app:
        await connected(app, "discord")
        both.discord._discord.reset_token()
        await connected(app, "discord", well=False)
        await both.publish("hip", (1, 0))
        assert app.platforms["slack"].trouble() is None


async def test_one_that_refuses_the_bot_from_the_start_leaves_the_other_alone(both: Both) -> None:
    both.discord._discord.reset_token()
    async with both.running():
        await both.publish("hip", (1, 0))


async def test_nothing_runs_if_all_refuse_the_bot(both: Both) -> None:
    both.slack._slack.workspace().token_error = "invalid_auth"
    both.discord._discord.reset_token()
    async with both.world.open() as app:
        with pytest.raises(ConfigurationError, match=r"(?s)Slack.*Discord"):
            await app.run(asyncio.Event())
