"""Copies of the data: complete, checked, and put back without losing what was there."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivering import Deliverer, DeliverySettings
from bot.errors import AnotherInstance, StorageError
from bot.model import Announcement, Delivery, DeliveryKey, DeliveryKind, PaperId
from storage import SqliteStorage, instance_lock, open_storage
from storage.backup import back_up, restore
from tests.examples import CHANNEL, NOW, a_record
from tests.fakes.platform import FakePlatform, forgets_to_answer, refuses

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the data is; the fixture ``storage`` has it open."""
    return tmp_path / "papers.sqlite3"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.sqlite3"


async def add(storage: SqliteStorage, count: int = 1) -> list[PaperId]:
    return [change.paper.id for change in await storage.archive.upsert([a_record() for _ in range(count)], NOW)]


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


# ---------------------------------------------------------------- back up


async def test_a_backup_holds_everything_and_is_one_file(storage: SqliteStorage, path: Path, copy: Path) -> None:
    ids = await add(storage, 3)
    assert back_up(path, copy, NOW)["papers"] == 3
    assert {name for name in names(copy.parent) if "copy" in name} == {"copy.sqlite3"}
    async with open_storage(copy) as opened:
        assert await opened.archive.papers(ids) == await storage.archive.papers(ids)


async def test_a_backup_beside_a_writing_bot_is_one_state_of_its_data(
    storage: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    copies = [tmp_path / f"copy{number}" for number in range(20)]
    written = threading.Event()
    writing = asyncio.create_task(asyncio.to_thread(write_on, path, written))
    try:
        counted = [(await asyncio.to_thread(back_up, path, copy, NOW))["refused"] for copy in copies]
    finally:
        written.set()
        await writing
    assert len(set(counted)) > 1
    assert counted == sorted(counted)
    assert [rows(copy, "SELECT count(*), max(CAST(record AS INTEGER)) FROM refused") for copy in copies] == [
        [(count, count or None)] for count in counted
    ]


def write_on(path: Path, enough: threading.Event) -> None:
    """Commit one row after the other."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        number = 0
        while not enough.is_set():
            number += 1
            connection.execute("INSERT INTO refused VALUES ('x', ?, '', '', '')", (f"{number}",))


async def test_a_file_that_is_there_is_not_overwritten(storage: SqliteStorage, path: Path, copy: Path) -> None:
    copy.write_text("precious")
    with pytest.raises(StorageError, match="already"):
        back_up(path, copy, NOW)
    assert copy.read_text() == "precious"


def test_no_file_is_made_of_data_that_is_not_there_or_not_ours(path: Path, copy: Path) -> None:
    with pytest.raises(StorageError, match="cannot back up"):
        back_up(path, copy, NOW)
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (title)")
    with pytest.raises(StorageError, match="schema 0"):
        back_up(path, copy, NOW)
    assert names(copy.parent) == {path.name}


async def test_damaged_data_is_not_taken_for_a_backup(tmp_path: Path, path: Path, copy: Path) -> None:
    async with open_storage(path) as storage:
        await add(storage, 50)
    damage(path)
    with pytest.raises(StorageError):
        back_up(path, copy, NOW)
    assert not {name for name in names(tmp_path) if "copy" in name}


def damage(path: Path) -> None:
    """Overwrite pages in the middle of the file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 20_000)


# ---------------------------------------------------------------- restore


@pytest.fixture
async def backup(tmp_path: Path) -> Path:
    """A backup with two papers."""
    async with open_storage(tmp_path / "other.sqlite3") as storage:
        await add(storage, 2)
    back_up(tmp_path / "other.sqlite3", tmp_path / "backup.sqlite3", NOW)
    return tmp_path / "backup.sqlite3"


async def test_a_restore_puts_the_backup_in_place_and_keeps_what_was_there(path: Path, backup: Path) -> None:
    async with open_storage(path) as storage:
        await add(storage, 5)
    kept = restore(path, backup, NOW)
    assert kept == path.with_name("papers.sqlite3.before-restore-20261120T120000Z")
    assert rows(path, "SELECT count(*) FROM papers") == [(2,)]
    assert rows(kept, "SELECT count(*) FROM papers") == [(5,)]
    assert rows(path, "SELECT value FROM meta WHERE key = 'restored_at'") == [("2026-11-20T12:00:00.000+00:00",)]
    assert backup.exists()


async def test_what_a_killed_bot_left_in_its_log_is_kept_and_does_not_meddle(path: Path, backup: Path) -> None:
    async with open_storage(path) as storage:
        await add(storage, 5)
        images = {suffix: Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal")}
    assert images["-wal"]
    for suffix, image in images.items():
        Path(f"{path}{suffix}").write_bytes(image)
    kept = restore(path, backup, NOW)
    assert kept is not None
    assert rows(kept, "SELECT count(*) FROM papers") == [(5,)]
    async with open_storage(path) as storage:
        assert (await storage.archive.summary()).papers == 2
        assert await storage.damage() is None


async def test_damaged_data_can_be_replaced(path: Path, backup: Path) -> None:
    path.write_bytes(b"garbage" * 1000)
    Path(f"{path}-wal").write_bytes(b"more garbage")
    kept = restore(path, backup, NOW)
    assert kept is not None
    assert kept.read_bytes() == b"garbage" * 1000
    assert Path(f"{kept}-wal").read_bytes() == b"more garbage"
    async with open_storage(path) as storage:
        assert await storage.damage() is None


async def test_a_backup_can_be_restored_where_nothing_was(path: Path, backup: Path) -> None:
    assert restore(path, backup, NOW) is None
    assert rows(path, "SELECT count(*) FROM papers") == [(2,)]


async def test_what_is_no_sound_backup_changes_nothing(tmp_path: Path, path: Path, backup: Path) -> None:
    async with open_storage(path) as storage:
        await add(storage, 5)
    newer, foreign, damaged = tmp_path / "newer", tmp_path / "foreign", tmp_path / "damaged"
    newer.write_bytes(backup.read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(foreign)) as connection:
        connection.executescript("CREATE TABLE songs (title); PRAGMA user_version = 1;")
    damaged.write_bytes(backup.read_bytes())
    damage(damaged)
    before = names(tmp_path)
    for file in (newer, foreign, damaged, tmp_path / "absent", path):
        with pytest.raises(StorageError):
            restore(path, file, NOW)
    assert names(tmp_path) - {"papers.sqlite3.lock"} == before - {"papers.sqlite3.lock"}
    assert rows(path, "SELECT count(*) FROM papers") == [(5,)]


async def test_data_in_use_is_not_replaced(path: Path, backup: Path) -> None:
    with instance_lock(path), pytest.raises(AnotherInstance):
        restore(path, backup, NOW)
    assert not path.exists()


async def test_numbers_given_out_since_the_backup_are_not_used_again(path: Path, copy: Path) -> None:
    async with open_storage(path) as storage:
        await add(storage, 2)
        back_up(path, copy, NOW)
        assert sorted(await add(storage, 3)) == [3, 4, 5]
    restore(path, copy, NOW)
    async with open_storage(path) as storage:
        assert await add(storage) == [6]


# ---------------------------------------------------------------- the chat is newer than the backup


@pytest.mark.parametrize("fault", [refuses, forgets_to_answer])
async def test_what_was_sent_after_the_backup_is_looked_for_and_not_sent_again(
    path: Path, copy: Path, fault: object
) -> None:
    platform = FakePlatform()
    platform.faults.append(fault)  # type: ignore[arg-type]
    async with open_storage(path) as storage:
        await storage.topics.put_channel(CHANNEL)
        [paper] = await add(storage)
        await storage.outbox.queue([Announcement(CHANNEL.ref, paper, ("mri",))], NOW)
        await deliver(storage, platform)
        back_up(path, copy, NOW)
        await deliver(storage, platform, hours=1)
        assert await storage.outbox.counts() == {"sent": 1, "waiting": 0}
    assert len(platform.messages) == 1
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        assert await storage.outbox.counts() == {"unknown": 1, "waiting": 0}
        await deliver(storage, platform, hours=2)
        assert await storage.outbox.counts() == {"sent": 1, "waiting": 0}
    assert len(platform.messages) == 1


async def test_what_was_really_not_sent_is_sent_after_the_restore(path: Path, copy: Path) -> None:
    platform = FakePlatform()
    platform.faults.append(refuses)
    async with open_storage(path) as storage:
        await storage.topics.put_channel(CHANNEL)
        [paper] = await add(storage)
        await storage.outbox.queue([Announcement(CHANNEL.ref, paper, ("mri",))], NOW)
        await deliver(storage, platform)
        back_up(path, copy, NOW)
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        for hours in (1, 2, 3):
            await deliver(storage, platform, hours=hours)
        assert await storage.outbox.counts() == {"sent": 1, "waiting": 0}
    assert len(platform.messages) == 1


async def test_after_a_restore_the_quarantine_begins_anew(path: Path, copy: Path) -> None:
    platform = FakePlatform()
    platform.faults.append(refuses)
    async with open_storage(path) as storage:
        await storage.topics.put_channel(CHANNEL)
        [paper] = await add(storage)
        await storage.outbox.queue([Announcement(CHANNEL.ref, paper, ("mri",))], NOW)
        await deliver(storage, platform)
        back_up(path, copy, NOW)
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        [delivery] = await storage.outbox.unfinished(CHANNEL.ref)
    assert (delivery.last_at, delivery.first_at, delivery.absences) == (LATER, NOW, 0)


@pytest.mark.parametrize("later", [0, 10])
async def test_what_may_have_been_sent_since_the_backup_is_looked_for_from_then_on(
    path: Path, copy: Path, later: int
) -> None:
    """Or from its first attempt, if that was earlier; the second part of a message had none."""
    backed_up = NOW + timedelta(minutes=later)
    async with open_storage(path) as storage:
        await storage.topics.put_channel(CHANNEL)
        parts = [Delivery(DeliveryKey(f"k{part}"), CHANNEL.ref, DeliveryKind.DIGEST, "s", part, b"") for part in (1, 2)]
        await storage.outbox.open(parts, NOW)
    back_up(path, copy, backed_up)
    restore(path, copy, NOW + timedelta(hours=1))
    async with open_storage(path) as storage:
        first, second = await storage.outbox.unfinished(CHANNEL.ref)
    assert (first.first_at, second.first_at) == (NOW, backed_up)


async def deliver(storage: SqliteStorage, platform: FakePlatform, hours: int = 0) -> None:
    """Do what is due so many hours later."""
    moment = NOW + timedelta(hours=hours)
    deliverer = Deliverer(storage, {"local": platform}, lambda: moment, DeliverySettings())
    await deliverer.step()
    await asyncio.gather(*deliverer._lanes.values())
