"""The restore drill: the data goes back, the chat does not; nothing is posted twice, and nothing is lost."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, utc_now
from bot.config import load
from bot.digesting import Batch
from bot.maintenance import back_up, restore
from bot.model import DeliveryKind
from tests.acceptance.world import World


def titles(subject: str, count: int) -> list[str]:
    return [f"MRI of the {subject} {chr(ord('a') + n)}" for n in range(count)]


BEFORE = titles("hip", 2)
PENDING = titles("wrist", 1)
WAITING = titles("ankle", 1)
SINGLES = titles("knee", 2)
DIGEST = titles("liver", 12)
NEW = titles("heart", 1)
SHOWN_IN_A_DIGEST = 10


def put_back_by_command(world: World, copy: Path) -> None:
    assert restore(load(world.config, {}), copy, utc_now()) is not None


def put_back_by_hand(world: World, copy: Path) -> None:
    shutil.copy(copy, data(world))


def back_up_by_command(world: World, copy: Path) -> None:
    back_up(load(world.config, {}), copy, utc_now())


def back_up_by_hand(world: World, copy: Path) -> None:
    """The bot does not run, so the file is whole."""
    shutil.copy(data(world), copy)


@pytest.mark.parametrize(
    ("keep", "put_back"),
    [
        (back_up_by_command, put_back_by_command),
        (back_up_by_command, put_back_by_hand),
        (back_up_by_hand, put_back_by_command),
        (back_up_by_hand, put_back_by_hand),
    ],
)
async def test_after_a_restore_nothing_is_posted_twice_and_nothing_is_lost(
    world: World,
    tmp_path: Path,
    keep: Callable[[World, Path], None],
    put_back: Callable[[World, Path], None],
) -> None:
    await world.poll()
    await publish_and_post(world, BEFORE)
    await leave_in_the_middle(world)
    keep(world, tmp_path / "copy")
    async with world.open() as app:
        await app.deliver()
    await publish_and_post(world, SINGLES)
    await publish_and_post(world, DIGEST)
    before = await world.posts()
    shown = chat(world)

    put_back(world, tmp_path / "copy")
    carry_on(world, shown)
    for title in NEW:
        world.literature.add_pubmed(title=title)
    await world.poll()
    await world.poll()

    posts = await world.posts()
    assert posts[: len(before)] == before, "the chat stands"
    assert len(posts) == len(before) + len(NEW)
    text = "\n".join(posts)
    for title in BEFORE + PENDING + WAITING + SINGLES + NEW:
        assert text.count(title) == 1, title
    assert sum(text.count(title) for title in DIGEST) == SHOWN_IN_A_DIGEST
    assert rows(world, "SELECT count(*) FROM announcements AS a JOIN deliveries AS d ON d.key = a.delivery_key") == [
        (len(BEFORE + PENDING + WAITING + SINGLES + DIGEST + NEW),)
    ]
    assert rows(world, "SELECT DISTINCT state FROM deliveries") == [("sent",)]
    assert rows(world, "SELECT key FROM meta WHERE key LIKE 'restored%'") == []


async def publish_and_post(world: World, papers: list[str]) -> None:
    for title in papers[::2]:
        world.literature.add_pubmed(title=title)
    for title in papers[1::2]:
        world.literature.add_arxiv(title=title)
    await world.poll()


async def leave_in_the_middle(world: World) -> None:
    """One paper is being sent when the bot dies, and one waits."""
    world.literature.add_pubmed(title=PENDING[0])
    world.literature.add_arxiv(title=WAITING[0])
    async with world.open() as app:
        await app.poll([])
        await begin_to_send(app, world, PENDING[0])


async def begin_to_send(app: App, world: World, title: str) -> None:
    outbox = app._storage.outbox
    waiting = await outbox.waiting(world.channel)
    papers = await app._storage.archive.papers([one.paper_id for one in waiting])
    [ours] = [one for one, paper in zip(waiting, papers, strict=True) if title in paper.title]
    now = utc_now()
    batch = Batch(world.channel, DeliveryKind.ANNOUNCEMENT, f"P{ours.paper_id}", now.date(), [ours])
    composed = await app.deliverer._composer.compose(batch, now)
    assert composed
    assert await outbox.open([composed], now)


# The local chat is in the same file and would go back with it; here it stands for a chat that does not.


def chat(world: World) -> list[tuple[Any, ...]]:
    return rows(world, "SELECT * FROM chat_messages")


def carry_on(world: World, messages: list[tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(data(world))) as database, database:
        database.executemany("INSERT OR REPLACE INTO chat_messages VALUES (?, ?, ?, ?, ?, ?)", messages)


def data(world: World) -> Path:
    return world.folder / "papers.sqlite3"


def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data(world))) as database:
        return database.execute(sql).fetchall()
