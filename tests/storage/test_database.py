import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.errors import AnotherInstance, StorageError
from storage.database import READERS, Database, instance_lock


async def opened(path: Path) -> Database:
    return await Database.open(path, migrate=True)


async def test_a_failed_transaction_keeps_nothing(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    with pytest.raises(ValueError, match="stop"):
        async with database.transaction():
            await database.set_meta("a", "1")
            assert await database.meta("a") == "1", "a transaction sees its own changes"
            raise ValueError("stop")
    assert await database.meta("a") is None
    await database.close()


async def test_a_new_file_can_be_opened_by_several_at_once(tmp_path: Path) -> None:
    for turn in range(5):
        path = tmp_path / f"{turn}.sqlite3"
        for database in await asyncio.gather(*(Database.open(path, migrate=False) for _ in range(6))):
            assert await database.meta("a") is None
            await database.close()


async def test_others_see_a_transaction_only_when_it_is_committed(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    written, read = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction():
            await database.set_meta("a", "1")
            written.set()
            await read.wait()

    writer = asyncio.create_task(write())
    await written.wait()
    assert await database.meta("a") is None
    read.set()
    await writer
    assert await database.meta("a") == "1"
    await database.close()


async def test_transactions_of_different_tasks_wait_for_one_another(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    await database.set_meta("n", "0")

    async def add_one() -> None:
        async with database.transaction():
            n = int(await database.meta("n") or 0)
            await asyncio.sleep(0)
            await database.set_meta("n", str(n + 1))

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert await database.meta("n") == "20"
    await database.close()


async def test_a_cancelled_transaction_rolls_back_and_leaves_the_writer_usable(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    for turns in range(12):

        async def write() -> None:
            async with database.transaction():
                await database.set_meta("a", "1")
                await database.set_meta("b", "1")

        task = asyncio.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await database.meta("a") == await database.meta("b")
    await database.set_meta("c", "1")
    assert await database.meta("c") == "1"
    await database.close()


async def test_a_cancelled_read_frees_its_reader(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    for _ in range(3):
        task = asyncio.create_task(database.read(endless))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.wait_for(database.meta("a"), 5) is None
    await database.close()


async def test_an_error_of_sqlite_says_what_was_kept(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    with pytest.raises(StorageError, match="Nothing of this step was kept"):
        await database.write("INSERT INTO nowhere VALUES (1)")
    with pytest.raises(StorageError, match="cannot read"):
        await database.read("SELECT * FROM nowhere")
    await database.close()


async def test_a_newer_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 999")
    raw.close()
    with pytest.raises(StorageError, match="newer"):
        await opened(path)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"not a database, but a long enough text to be read as one" * 100)
    with pytest.raises(StorageError, match="Nothing was changed"):
        await opened(path)


def test_only_one_instance_holds_the_data(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with instance_lock(path), pytest.raises(AnotherInstance), instance_lock(path):
        pass
    with instance_lock(path):
        pass


async def test_a_reader_survives_being_cancelled_twice(tmp_path: Path) -> None:
    database = await opened(tmp_path / "x.sqlite3")
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    for _ in range(READERS + 1):
        task = asyncio.create_task(database.read(endless))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.wait_for(database.meta("a"), 5) is None
    await database.close()


async def test_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    database = await opened(path)
    assert await database.quick_check() is None
    async with database.transaction():
        for n in range(2000):
            await database.set_meta(f"key {n}", "x" * 50)
    await database.close()
    content = bytearray(path.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    path.write_bytes(content)
    damaged = await opened(path)
    assert await damaged.quick_check()
    await damaged.close()
