"""Setting a channel up in conversation, over polled sources: nothing twice, no flood, and whoever may."""

from __future__ import annotations

import asyncio
import contextlib

from bot.conversation import MuteAdded, TopicAdded, TopicEdited, TopicResumed
from tests.acceptance.world import World


async def test_whatever_is_changed_and_taken_back_nothing_is_posted_twice_or_floods(world: World) -> None:
    world.literature.add_pubmed(title="Joints, the first.")
    await world.poll()
    async with world.open() as app:
        assert isinstance(await world.ask(app, "topic add joints joint*"), TopicAdded)
    await world.poll()
    world.literature.add_pubmed(title="Joints, the second.")
    await world.poll()
    assert len(await world.posts()) == 1
    async with world.open() as app:
        assert isinstance(await world.ask(app, "topic edit joints joint* OR knee*"), TopicEdited)
        world.literature.add_pubmed(title="A knee before the first fetch.")
    await world.poll()
    async with world.open() as app:
        await world.ask(app, "topic undo joints")
        await world.ask(app, "topic remove joints")
        await world.ask(app, "topic undo joints")
    world.literature.add_pubmed(title="Joints, the third, in the first fetch again.")
    await world.poll()
    assert len(await world.posts()) == 1
    world.literature.add_pubmed(title="Joints, the fourth.")
    await world.poll()
    posts = await world.posts()
    assert len(posts) == 2
    assert "the fourth" in posts[1]


async def test_what_came_in_a_pause_is_shown_and_not_posted(world: World) -> None:
    async with world.open() as app:
        await world.ask(app, "topic add joints joint*")
    await world.poll()
    async with world.open() as app:
        await world.ask(app, "topic pause joints")
    world.literature.add_pubmed(title="Joints in a pause.")
    await world.poll()
    async with world.open() as app:
        resumed = await world.ask(app, "topic resume joints")
    assert isinstance(resumed, TopicResumed)
    assert resumed.came == 1
    world.literature.add_pubmed(title="Joints after it.")
    await world.poll()
    assert ["after it" in post for post in await world.posts()] == [True]


async def test_a_muted_author_is_never_posted(world: World) -> None:
    await world.poll()
    async with world.open() as app:
        assert isinstance(await world.ask(app, "mute word knees"), MuteAdded)
    world.literature.add_pubmed(title="MRI of knees.")
    world.literature.add_pubmed(title="MRI of hips.")
    await world.poll()
    assert ["hips" in post for post in await world.posts()] == [True]


async def test_a_local_channel_that_follows_nothing_is_greeted_once(world: World) -> None:
    world.topics = ()
    for _ in range(2):
        async with world.open() as app:
            stop = asyncio.Event()
            running = asyncio.create_task(app.run(stop))
            async with asyncio.timeout(20):
                await app.served.wait()
            stop.set()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            messages = await app._storage.chat_log.since("papers", None, None)
    assert ["I post new papers here" in message.body.decode() for message in messages] == [True]
