import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.conversation import PageRequest
from storage import SqliteStorage, open_storage
from tests.examples import CHANNEL, NOW, a_query, a_record


@asynccontextmanager
async def somebody_writing(storage: SqliteStorage) -> AsyncIterator[None]:
    """A page of papers that takes long to store."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with storage.transaction():
            begun.set()
            await over.wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    yield
    over.set()
    await writing


async def test_a_question_is_answered_while_papers_are_being_stored(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(), a_record()], NOW)
    async with somebody_writing(storage):
        page = await storage.searches.search(a_query(), PageRequest(), NOW)
        await storage.searches.remember_list(CHANNEL.ref, "ada", page.key)
        assert (await storage.searches.turn(page.key, 1, NOW)).papers == page.papers
        assert await storage.searches.paper_on_line(CHANNEL.ref, "ada", 2, NOW) == page.papers[1].id


async def test_the_list_seen_last_counts_while_papers_are_being_stored(storage: SqliteStorage) -> None:
    await storage.archive.upsert([a_record(title="First radiographs"), a_record(title="Second radiographs")], NOW)
    async with somebody_writing(storage):
        for word in ("first", "second"):
            page = await storage.searches.search(a_query(word), PageRequest(), NOW)
            await storage.searches.remember_list(CHANNEL.ref, "ada", page.key)
        assert await storage.searches.paper_on_line(CHANNEL.ref, "ada", 1, NOW) == page.papers[0].id
    await storage.searches.settle()
    assert await storage.searches.paper_on_line(CHANNEL.ref, "ada", 1, NOW) == page.papers[0].id


async def test_what_was_stored_late_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "papers.sqlite3"
    async with open_storage(path) as storage:
        await storage.archive.upsert([a_record()], NOW)
        async with somebody_writing(storage):
            page = await storage.searches.search(a_query(), PageRequest(), NOW)
            await storage.searches.remember_list(CHANNEL.ref, "ada", page.key)
    async with open_storage(path) as storage:
        assert (await storage.searches.turn(page.key, 1, NOW)).papers == page.papers
        assert await storage.searches.paper_on_line(CHANNEL.ref, "ada", 1, NOW) == page.papers[0].id


async def test_a_full_disk_keeps_nobody_from_reading(storage: SqliteStorage, caplog: pytest.LogCaptureFixture) -> None:
    await storage.archive.upsert([a_record()], NOW)
    await storage._database._writer.execute("PRAGMA max_page_count = 1")
    pages = [await storage.searches.search(a_query(), PageRequest(), NOW) for _ in range(50)]
    assert pages[-1].papers
    assert pages[-1].key == ""
    assert "full" in caplog.text
