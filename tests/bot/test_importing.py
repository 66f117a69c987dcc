"""Importing: batches are stored while the next one is read, and the report adds up."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.errors import StorageError
from bot.importing import import_records
from bot.model import Change, Record
from bot.ports import Refusal, Storage
from storage import SqliteStorage
from tests.examples import NOW, a_record

BATCH = 500


def some(count: int) -> Iterator[Record]:
    return (a_record() for _ in range(count))


async def test_the_report_adds_up_and_progress_tells_of_every_batch(storage: SqliteStorage) -> None:
    known = a_record()
    await storage.archive.upsert([known], NOW)
    items: list[Record | Refusal] = [*some(1100), known, a_record(source_id=known.source_id, title="A new title")]
    items.insert(3, Refusal("line 4", "it has no title", "the text of the line"))
    told: list[int] = []
    report = await import_records(iter(items), storage, lambda: NOW, told.append)
    assert (report.read, report.new, report.changed, report.same) == (1103, 1100, 1, 1)
    assert report.refused == (Refusal("line 4", "it has no title"),)
    assert told == [500, 1000, 1103]


def storing(upsert: object) -> Storage:
    return cast("Storage", SimpleNamespace(archive=SimpleNamespace(upsert=upsert)))


async def test_what_came_before_a_file_that_cannot_be_read_is_stored(storage: SqliteStorage) -> None:
    def records() -> Iterator[Record]:
        yield from some(BATCH)
        raise PermissionError("papers.xml")

    with pytest.raises(PermissionError):
        await import_records(records(), storage, lambda: NOW, lambda _: None)
    assert (await storage.archive.summary()).papers == BATCH


async def test_a_failure_to_store_ends_the_import() -> None:
    taken = 0

    def records() -> Iterator[Record]:
        nonlocal taken
        for record in some(4 * BATCH):
            taken += 1
            yield record

    async def upsert(*_: Any) -> list[Change]:
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="full"):
        await import_records(records(), storing(upsert), lambda: NOW, lambda _: None)
    assert taken == BATCH
