"""Data that was put back to an earlier state is noticed at the next start, once, whoever put it back."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.model import Announcement
from storage import open_storage
from storage.backup import back_up, restore
from storage.epoch import begin
from storage.rows import moment
from tests.examples import CHANNEL, NOW, a_record

HOUR = timedelta(hours=1)
LATER = NOW + 10 * HOUR


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """Data with one waiting announcement."""
    file = tmp_path / "papers.sqlite3"
    async with open_storage(file) as storage:
        await storage.topics.put_channel(CHANNEL)
        [change] = await storage.archive.upsert([a_record()], NOW)
        await storage.outbox.queue([Announcement(CHANNEL.ref, change.paper.id, ("mri",))], NOW)
        await storage.sources.succeeded("pubmed", NOW + HOUR)
        await storage.outbox.install_id()
    return file


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.sqlite3"


def meta(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as data:
        return dict(data.execute("SELECT key, value FROM meta"))


def noted(path: Path) -> str:
    return path.with_name("papers.sqlite3.epoch").read_text().strip()


def test_every_start_is_counted_in_the_data_and_beside_it(path: Path) -> None:
    assert [begin(path, NOW), begin(path, NOW)] == [False, False]
    assert (meta(path)["epoch"], noted(path)) == ("2", "2")
    assert "restored_at" not in meta(path)


def test_an_old_file_copied_over_the_data_is_noticed_once(path: Path, copy: Path) -> None:
    begin(path, NOW)
    shutil.copy(path, copy)
    begin(path, LATER - HOUR)
    shutil.copy(copy, path)
    assert [begin(path, LATER), begin(path, LATER)] == [True, False]
    told = meta(path)
    assert (told["restored_at"], told["restored_since"]) == (moment(LATER), moment(NOW + HOUR))
    assert (told["epoch"], noted(path)) == ("4", "4")


def test_a_backup_copied_over_the_data_is_noticed_even_without_a_start_between(path: Path, copy: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW + 3 * HOUR)
    shutil.copy(copy, path)
    assert [begin(path, LATER), begin(path, LATER)] == [True, False]
    assert meta(path)["restored_since"] == moment(NOW + 3 * HOUR)


def test_a_backup_of_a_backup_knows_no_more_than_that(path: Path, copy: Path, tmp_path: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    back_up(copy, tmp_path / "second", LATER)
    restore(path, tmp_path / "second", LATER)
    assert meta(path)["restored_since"] == moment(NOW)


def test_a_backup_put_to_work_on_another_machine_is_noticed(path: Path, copy: Path, tmp_path: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    elsewhere = tmp_path / "elsewhere" / "papers.sqlite3"
    elsewhere.parent.mkdir()
    shutil.copy(copy, elsewhere)
    assert [begin(elsewhere, LATER), begin(elsewhere, LATER)] == [True, False]


def test_what_restore_has_marked_is_not_marked_again_by_the_start(path: Path, copy: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    begin(path, NOW)
    begin(path, NOW)
    restore(path, copy, LATER)
    before = meta(path)
    assert begin(path, LATER + HOUR) is False
    assert meta(path) == before | {"epoch": "4"}
    assert before["restored_since"] == moment(NOW)


def test_what_was_set_aside_is_noticed_when_it_is_put_back_after_a_start(path: Path, copy: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    kept = restore(path, copy, LATER)
    assert kept is not None
    begin(path, LATER)
    shutil.copy(kept, path)
    assert begin(path, LATER + HOUR) is True


def test_data_without_the_file_beside_it_is_taken_as_it_is(path: Path) -> None:
    begin(path, NOW)
    path.with_name("papers.sqlite3.epoch").unlink()
    assert begin(path, NOW) is False
    assert (meta(path)["epoch"], noted(path)) == ("2", "2")


def test_a_start_that_ended_between_the_data_and_the_file_beside_it_is_no_restore(path: Path) -> None:
    begin(path, NOW)
    before = noted(path)
    begin(path, NOW)
    path.with_name("papers.sqlite3.epoch").write_text(before)
    assert begin(path, NOW) is False


def test_a_file_beside_the_data_that_holds_no_number_stops_the_start(path: Path) -> None:
    path.with_name("papers.sqlite3.epoch").write_text("")
    before = meta(path)
    with pytest.raises(StorageError, match="Remove it"):
        begin(path, NOW)
    assert meta(path) == before


def test_a_restore_before_the_last_one_is_over_keeps_its_earlier_moment(path: Path, copy: Path, tmp_path: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    restore(path, copy, LATER)
    back_up(path, tmp_path / "second", LATER + HOUR)
    restore(path, tmp_path / "second", LATER + 2 * HOUR)
    told = meta(path)
    assert (told["restored_at"], told["restored_since"]) == (moment(LATER + 2 * HOUR), moment(NOW))


async def test_a_restore_makes_new_delivery_keys_for_numbers_may_be_given_twice(path: Path, copy: Path) -> None:
    begin(path, NOW)
    back_up(path, copy, NOW)
    before = meta(path)["install_id"]
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        assert await storage.outbox.install_id() != before


@pytest.mark.parametrize("ahead", [timedelta(0), 20 * HOUR])
async def test_no_round_of_the_restored_data_counts_as_one_since(path: Path, copy: Path, ahead: timedelta) -> None:
    """Also when the clock was wrong then."""
    async with open_storage(path) as storage:
        await storage.sources.succeeded("pubmed", NOW + ahead)
    settle_all(path)
    back_up(path, copy, NOW)
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        assert not await storage.restores.over(["pubmed"])
        await storage.sources.succeeded("pubmed", LATER + HOUR)
        assert await storage.restores.over(["pubmed"])


async def doubt(path: Path) -> tuple[datetime, datetime] | None:
    async with open_storage(path) as storage:
        restored = await storage.restores.doubt(CHANNEL.ref)
    return (restored.at, restored.since) if restored else None


# ---------------------------------------------------------------- until when


async def test_all_that_waits_is_in_doubt_until_every_source_has_had_a_round(path: Path, copy: Path) -> None:
    assert await doubt(path) is None
    back_up(path, copy, NOW)
    restore(path, copy, LATER)
    assert await doubt(path) == (LATER, NOW)
    settle_all(path)
    assert await doubt(path) is None
    async with open_storage(path) as storage:
        await storage.sources.succeeded("pubmed", LATER + HOUR)
        assert not await storage.restores.over(["pubmed", "arxiv"])
        await announce_another(path, LATER + 2 * HOUR)
        assert await doubt(path) == (LATER, NOW)
        await storage.sources.succeeded("arxiv", LATER + 3 * HOUR)
        assert not await storage.restores.over(["pubmed", "arxiv"])
    assert await doubt(path) == (LATER, NOW)


async def test_it_is_over_once_nothing_waits_that_was_queued_until_then(path: Path, copy: Path) -> None:
    back_up(path, copy, NOW)
    restore(path, copy, LATER)
    async with open_storage(path) as storage:
        await storage.sources.succeeded("pubmed", LATER + HOUR)
        assert not await storage.restores.over(["pubmed"])
    await announce_another(path, LATER + 2 * HOUR)
    settle_all(path, until=NOW + HOUR)
    assert await doubt(path) is None
    async with open_storage(path) as storage:
        assert await storage.restores.over(["pubmed"])
        assert not await storage.restores.over(["pubmed"])
    assert not meta(path).keys() & {"restored_at", "restored_since", "restored_until"}


def settle_all(path: Path, until: datetime = LATER) -> None:
    with closing(sqlite3.connect(path)) as data, data:
        data.execute("DELETE FROM announcements WHERE queued <= ?", (moment(until),))


async def announce_another(path: Path, now: datetime) -> None:
    async with open_storage(path) as storage:
        [change] = await storage.archive.upsert([a_record()], now)
        await storage.outbox.queue([Announcement(CHANNEL.ref, change.paper.id, ("mri",))], now)
