"""The data as a whole: what is forgotten, the daily copies, and giving disk back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import AnotherInstance, StorageError
from bot.housekeeping import RULES, forget_old, keep_house
from bot.model import Announcement, Delivery, DeliveryKey, DeliveryKind, DeliveryState
from bot.ports import Perishable, Refusal
from storage import SqliteStorage, daily, instance_lock, is_held, open_storage
from storage.compacting import vacuum
from tests.examples import CHANNEL, NOW, a_query, a_record

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the data is; the fixture ``storage`` has it open."""
    return tmp_path / "papers.sqlite3"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


async def deliver(storage: SqliteStorage, at: datetime, state: DeliveryState) -> DeliveryKey:
    """A delivery of one new paper that came into this state then."""
    [change] = await storage.archive.upsert([a_record()], at)
    await storage.outbox.queue([Announcement(CHANNEL.ref, change.paper.id, ("mri",))], at)
    key = DeliveryKey(f"key-{change.paper.id}")
    kind = DeliveryKind.ANNOUNCEMENT
    delivery = Delivery(key, CHANNEL.ref, kind, f"P{change.paper.id}", 1, b"bytes", paper_ids=(change.paper.id,))
    assert await storage.outbox.open([delivery], at)
    match state:
        case DeliveryState.SENT:
            await storage.outbox.sent(key, "1", at)
        case DeliveryState.UNKNOWN:
            await storage.outbox.unknown(key, "no answer", at)
        case DeliveryState.DEAD:
            await storage.outbox.dead(key, "refused", at)
    return key


# ---------------------------------------------------------------- what is forgotten


def test_every_kind_of_perishable_has_one_rule() -> None:
    assert sorted(rule.what for rule in RULES) == sorted(Perishable)


async def test_private_answers_are_forgotten_and_what_was_posted_stays(storage: SqliteStorage, path: Path) -> None:
    old = NOW - 91 * DAY
    await storage.chat_log.append("papers", b"posted", old, key="k")
    await storage.chat_log.append("papers", b"asked", old, user="ann")
    await storage.chat_log.append("papers", b"asked lately", NOW, user="ann")
    await forget_old(storage.upkeep, NOW)
    assert rows(path, "SELECT body FROM chat_messages ORDER BY n") == [(b"posted",), (b"asked lately",)]


async def test_lists_and_who_saw_them_are_forgotten_with_age(storage: SqliteStorage, path: Path) -> None:
    for user, at in (("eve", NOW - 401 * DAY), ("ann", NOW - 91 * DAY), ("bob", NOW)):
        key = await storage.searches.store_list("a list", [], at)
        await storage.searches.remember_list(CHANNEL.ref, user, key)
    await storage.searches.settle()
    await forget_old(storage.upkeep, NOW)
    assert rows(path, "SELECT user FROM last_lists") == [("bob",)]
    assert rows(path, "SELECT length(head) > 0 FROM searches ORDER BY created") == [(0,), (1,)]


async def test_refused_records_are_forgotten_and_seen_ones_never(storage: SqliteStorage, path: Path) -> None:
    old = NOW - 10_000 * DAY
    await storage.archive.upsert([a_record()], old)
    await storage.archive.quarantine("pubmed", [Refusal("1", "no title")], NOW - 91 * DAY)
    await storage.archive.quarantine("pubmed", [Refusal("2", "no title")], NOW)
    await forget_old(storage.upkeep, NOW)
    assert rows(path, "SELECT record FROM refused") == [("2",)]
    assert rows(path, "SELECT count(*) FROM seen") == rows(path, "SELECT count(*) FROM papers") == [(1,)]


async def test_only_finished_messages_lose_their_bytes_and_all_stay_known(storage: SqliteStorage, path: Path) -> None:
    await storage.topics.put_channel(CHANNEL)
    old = NOW - 31 * DAY
    for at, state in (
        (old, DeliveryState.SENT),
        (old, DeliveryState.DEAD),
        (old, DeliveryState.UNKNOWN),
        (NOW, DeliveryState.SENT),
    ):
        await deliver(storage, at, state)
    await forget_old(storage.upkeep, NOW)
    found = rows(path, "SELECT state, length(payload) FROM deliveries ORDER BY opened")
    assert found == [("sent", 0), ("dead", 0), ("unknown", 5), ("sent", 5)]
    assert rows(path, "SELECT count(*) FROM announcements WHERE delivery_key IS NOT NULL") == [(4,)]


async def test_much_is_forgotten_in_small_transactions(storage: SqliteStorage, path: Path) -> None:
    for n in range(5):
        await storage.chat_log.append("papers", b"asked", NOW - 91 * DAY, user=f"u{n}")
    assert await storage.upkeep.forget(Perishable.ANSWERS, NOW, 2) == 2
    assert rows(path, "SELECT count(*) FROM chat_messages") == [(3,)]


# ---------------------------------------------------------------- daily copies


async def test_one_copy_a_day_is_made_and_seven_stay(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    async with open_storage(path, backups=folder) as storage:
        assert (await storage.upkeep.data()).last_backup is None
        for half_day in range(20):
            await keep_house(storage, NOW + half_day * DAY / 2)
        data = await storage.upkeep.data()
    assert data.last_backup == NOW + 9 * DAY
    assert len(list(folder.iterdir())) == daily.KEPT
    for copy in folder.iterdir():
        assert rows(copy, "PRAGMA quick_check") == [("ok",)]


async def test_other_files_in_the_folder_stay_and_remains_of_a_kill_go(
    storage: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in ("notes.txt", "papers-mine.sqlite3", "papers-20260101T000000Z.sqlite3.tmp"):
        (folder / name).touch()
    made = daily.back_up_into(path, folder, NOW)
    assert {file.name for file in folder.iterdir()} == {"notes.txt", "papers-mine.sqlite3", made.name}
    assert daily.newest(path, folder) == NOW


async def test_without_a_folder_no_copy_is_made(storage: SqliteStorage, tmp_path: Path) -> None:
    before = {file.name for file in tmp_path.iterdir()}
    await keep_house(storage, NOW)
    assert {file.name for file in tmp_path.iterdir()} == before
    assert not (await storage.upkeep.data()).backed_up


async def test_a_copy_that_cannot_be_made_is_an_error_and_the_others_stay(
    storage: SqliteStorage, path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    first = daily.back_up_into(path, folder, NOW)
    with pytest.raises(StorageError, match="is there already"):
        daily.back_up_into(path, folder, NOW)
    blocked = tmp_path / "a file"
    blocked.touch()
    with pytest.raises(StorageError, match="cannot back up"):
        daily.back_up_into(path, blocked, NOW)
    assert list(folder.iterdir()) == [first]


# ---------------------------------------------------------------- vacuum


async def test_vacuum_gives_disk_back_and_keeps_all_else(path: Path, tmp_path: Path) -> None:
    async with open_storage(path) as storage:
        ids = [change.paper.id for change in await storage.archive.upsert([a_record() for _ in range(20)], NOW)]
        papers = await storage.archive.papers(ids)
        for n in range(300):
            await storage.chat_log.append("papers", b"x" * 5000, NOW - 91 * DAY, user=f"u{n}")
        await forget_old(storage.upkeep, NOW)
    before, after = vacuum(path)
    assert after < before / 2
    assert {file.name for file in tmp_path.iterdir()} <= {"papers.sqlite3", "papers.sqlite3.lock"}
    async with open_storage(path) as storage:
        assert await storage.archive.papers(ids) == papers
        assert await storage.damage() is None
        total, _ = await storage.searches.newest(a_query("radiographs"), 1, NOW)
    assert total == 20


async def test_vacuum_leaves_alone_what_another_process_holds_or_is_not_there(path: Path) -> None:
    with pytest.raises(StorageError, match="There is no"):
        vacuum(path)
    async with open_storage(path):
        pass
    with instance_lock(path):
        assert is_held(path)
        with pytest.raises(AnotherInstance):
            vacuum(path)
    assert not is_held(path)


async def test_vacuum_leaves_a_damaged_file_as_it_is(path: Path) -> None:
    async with open_storage(path) as storage:
        await storage.archive.upsert([a_record() for _ in range(50)], NOW)
    content = bytearray(path.read_bytes())
    content[8192:40_000] = b"\xff" * (40_000 - 8192)
    path.write_bytes(content)
    with pytest.raises(StorageError):
        vacuum(path)
    assert path.read_bytes() == bytes(content)
    assert not path.with_name("papers.sqlite3.compact").exists()


async def test_a_reader_beside_a_vacuum_goes_on_reading(path: Path) -> None:
    async with open_storage(path) as storage:
        await storage.archive.upsert([a_record()], NOW)
    async with open_storage(path, exclusive=False) as reader:
        vacuum(path)
        assert (await reader.archive.summary()).papers == 1
        await reader.searches.store_list("kept", [], datetime.now(UTC))
        await reader.searches.settle()
    assert rows(path, "SELECT title FROM searches") == [("kept",)]
