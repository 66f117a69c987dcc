"""Copies of the data: made beside a running bot, verified, and put back.

A copy is one file without ``-wal`` and ``-shm``. It gets its name only once it is complete and verified.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from storage.database import instance_lock
from storage.epoch import BACKED_UP_AT, mark_restored, noted_epoch, sync_folder
from storage.migrations import scripts
from storage.rows import moment

_COMPANIONS = ("", "-wal", "-shm")
Rows = Mapping[str, int]


def back_up(path: Path, target: Path, now: datetime) -> Rows:
    """Copy the data to a new file, which says when (a copy of a copy: when that was made).

    Returns how many rows each table has. Raises StorageError.
    """
    if target.exists():
        raise StorageError(f"{target} is there already. Nothing was changed. Name a file that is not.")
    with _made(target, f"cannot back up {path} to {target}", "Nothing was changed.") as copy:
        rows = _copy(path, copy)
        with closing(sqlite3.connect(copy)) as database, database:
            database.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (BACKED_UP_AT, moment(now)))
        return rows


def restore(path: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in place of the data; returns where what was there before is kept, if there was anything.

    The chat is newer than the backup: see storage.epoch for what is marked. Raises StorageError, AnotherInstance.
    """
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    if backup.exists() and path.exists() and backup.samefile(path):
        raise StorageError(f"{backup} is the data itself. Nothing was changed.")
    if kept.exists():
        raise StorageError(f"{kept} is there already. Nothing was changed. Try again in a second.")
    outcome = f"What was there is still in {path}, or in {kept}."
    with instance_lock(path), _made(path, f"cannot restore {backup}", outcome) as copy:
        verify(backup)
        _copy(backup, copy)
        with closing(sqlite3.connect(copy)) as database, database:
            mark_restored(database, noted_epoch(path), now)
            _keep_numbers(database, _numbers_used(path))
        _set_aside(path, kept)
    return kept if kept.exists() else None


@contextlib.contextmanager
def _made(target: Path, failure: str, outcome: str) -> Iterator[Path]:
    """A file to be filled, which takes the target's place at the end; removed after a failure."""
    unfinished = target.with_name(f"{target.name}.tmp")
    try:
        unfinished.unlink(missing_ok=True)
        yield unfinished
        unfinished.replace(target)
        sync_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{failure}: {error}. {outcome}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> Rows:
    """Copy one state of the source, whatever is written to it meanwhile, and compare."""
    with closing(_open(source)) as original, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        original.execute("BEGIN")
        rows = _rows(original)
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    if verify(target) != rows:
        raise StorageError(f"the copy of {source} has not the rows that it should have. Nothing was changed.")
    return rows


def verify(path: Path) -> Rows:
    """Check that a file is sound and of a schema that this version knows; returns its rows."""
    with closing(_open(path)) as database:
        ((version,),) = database.execute("PRAGMA user_version")
        if not 1 <= version <= len(scripts()):
            raise StorageError(
                f"{path} has schema {version}, and this Paper Round knows 1 to {len(scripts())}. Nothing was changed."
            )
        damage = [text for (text,) in database.execute("PRAGMA quick_check") if text != "ok"]
        if damage:
            raise StorageError(f"{path} is damaged: {'; '.join(damage[:3])}. Nothing was changed.")
        rows = _rows(database)
    if not {"papers", "deliveries", "meta"} <= rows.keys():
        raise StorageError(f"{path} holds no data of Paper Round. Nothing was changed.")
    return rows


def _rows(database: sqlite3.Connection) -> Rows:
    """How many rows each table has; the index speaks through the tables that it is kept in."""
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables.fetchall()}


def _numbers_used(path: Path) -> Mapping[str, int]:
    """The last number given to a paper, a message, …, as far as the file can tell."""
    with contextlib.suppress(sqlite3.Error), closing(_open(path)) as database:
        return dict(database.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    return {}


def _keep_numbers(database: sqlite3.Connection, used: Mapping[str, int]) -> None:
    """Give no number twice: messages in the chat name papers."""
    for name, number in used.items():
        changed = database.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name))
        if not changed.rowcount:
            database.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))


def _set_aside(path: Path, kept: Path) -> None:
    """Rename the present data with its companions: its write-ahead log holds commits, and would corrupt another file.
    It is not opened for writing, for SQLite deletes the log of a file that it cannot read."""
    for companion in _COMPANIONS:
        file = Path(f"{path}{companion}")
        if file.exists():
            file.rename(f"{kept}{companion}")


def _open(path: Path) -> sqlite3.Connection:
    """Open a file for reading only; it must be there."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
