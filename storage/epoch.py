"""Data that is older than what the bot did with it: how a start notices, and what is marked in it then.

The epoch counts the starts. It is kept in the data and, beside it, in ``NAME.epoch``; the data is written first, so
only data that was put back to an earlier state can be behind. A copy made by ``storage.backup`` says that it is one.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from storage.rows import moment

BACKED_UP_AT = "backed_up_at"
"""In the meta of a copy: when it was begun, so that it knows everything until then."""

_NEWEST = (
    "SELECT max(at) FROM (SELECT max(last_at) AS at FROM deliveries UNION ALL SELECT max(queued) FROM announcements "
    "UNION ALL SELECT max(last_success) FROM sources UNION ALL SELECT max(last_failure) FROM sources)"
)
"""The newest moment that the data itself knows of."""

_LONG_AGO = "1970-01-01T00:00:00.000+00:00"


def begin(path: Path, now: datetime) -> bool:
    """Count this start of a bot that holds the instance lock, and mark data that is older than what the bot did.

    Returns whether it was. Raises StorageError.
    """
    try:
        noted = noted_epoch(path)
        with closing(sqlite3.connect(path, timeout=10)) as database, database:
            epoch = int(_meta(database, "epoch") or 0)
            put_back = epoch < noted or _meta(database, BACKED_UP_AT) is not None
            if put_back:
                mark_restored(database, noted, now)
            epoch = max(epoch, noted) + 1
            _set_meta(database, "epoch", str(epoch))
        _note(path, epoch)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"cannot count this start in {path}: {error}.") from error
    return put_back


def noted_epoch(path: Path) -> int:
    """The epoch that the file beside the data knows of; 0 if there is none. Raises StorageError."""
    file = _side_file(path)
    try:
        return int(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except ValueError:
        raise StorageError(f"{file} holds no number. Nothing was changed. Remove it to go on.") from None


def mark_restored(database: sqlite3.Connection, noted: int, now: datetime) -> None:
    """Note since when the chat may show more than the data knows of, and from when on it may be read.

    Whatever was being sent, or about to be, becomes ``unknown``. The data is behind no more. The next delivery keys
    are new ones, for a paper's number may be given twice.
    """
    at, since = moment(now), _knows_until(database, now)
    _set_meta(database, "restored_at", at)
    _set_meta(database, "last_restore", at)
    _set_meta(database, "restored_since", since)
    _set_meta(database, "epoch", str(max(noted, int(_meta(database, "epoch") or 0))))
    database.execute("DELETE FROM meta WHERE key IN (?, 'restored_until', 'install_id')", (BACKED_UP_AT,))
    database.execute("UPDATE sources SET last_success = min(last_success, ?)", (at,))
    database.execute(
        "UPDATE deliveries SET state = 'unknown', absences = 0, not_before = NULL, last_at = ?, "
        "first_at = min(coalesce(first_at, ?), ?), error = 'the data was restored from a backup' "
        "WHERE state IN ('pending', 'sending', 'unknown')",
        (at, since, since),
    )


def _knows_until(database: sqlite3.Connection, now: datetime) -> str:
    """A moment up to which the data knows everything, if a restore before this one is over; else that one's."""
    until = _meta(database, BACKED_UP_AT) or database.execute(_NEWEST).fetchone()[0] or _LONG_AGO
    return min(until, moment(now), _meta(database, "restored_since") or until)


def _set_meta(database: sqlite3.Connection, key: str, value: str) -> None:
    """Remember a single value."""
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _meta(database: sqlite3.Connection, key: str) -> str | None:
    row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _side_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.epoch")


def _note(path: Path, epoch: int) -> None:
    """Write the file beside the data as a whole, or not at all."""
    file = _side_file(path)
    unfinished = file.with_name(f"{file.name}.tmp")
    with unfinished.open("w", encoding="ascii") as handle:
        handle.write(f"{epoch}\n")
        handle.flush()
        os.fsync(handle.fileno())
    unfinished.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make a renaming in the folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
