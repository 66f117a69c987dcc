"""Files of records → archive; nothing is announced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.model import Record
from bot.ports import Refusal, Storage

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the records: ``read`` = new + changed + same + refused, where a record that joins or changes a
    known paper counts as changed. The refusals come without their texts, which would fill the memory."""

    read: int
    new: int
    changed: int
    same: int
    refused: tuple[Refusal, ...]


async def import_records(
    records: Iterator[Record | Refusal],
    storage: Storage,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> ImportReport:
    """Store all records, a batch a transaction; ``progress`` is told how many were read so far. Reading goes on in
    a thread, so that the loop stays free."""
    read = new = changed = 0
    refused: list[Refusal] = []
    while batch := await asyncio.to_thread(lambda: list(islice(records, _BATCH))):
        good = [item for item in batch if isinstance(item, Record)]
        refused += [replace(item, raw="") for item in batch if isinstance(item, Refusal)]
        changes = await storage.archive.upsert(good, clock())
        read += len(batch)
        new += sum(change.before is None for change in changes)
        changed += sum(change.before is not None for change in changes)
        progress(read)
    return ImportReport(read, new, changed, read - new - changed - len(refused), tuple(refused))
