"""One SQLite file: one writer, a few readers, transactions, migrations, one instance at a time."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import platform
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import aiosqlite

from bot.errors import AnotherInstance, StorageError
from storage.migrations import bring_up_to_date, scripts

READERS = 2
Row = tuple[Any, ...]

_COMMON_PRAGMAS = ("PRAGMA busy_timeout = 10000", "PRAGMA temp_store = MEMORY", "PRAGMA foreign_keys = ON")
_WRITER_PRAGMAS = (*_COMMON_PRAGMAS, "PRAGMA synchronous = FULL")
_WAL_TRIES, _WAL_PAUSE = 100, 0.1  # seconds


class Database:
    """Access to the file. Writes happen in ``transaction()``; a read inside one sees its changes, any other read
    sees the last commit."""

    def __init__(self, path: Path, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers
        self._idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None

    @classmethod
    async def open(cls, path: Path, *, migrate: bool) -> Database:
        """Open the file, made if it is missing, and with ``migrate`` bring it to this version's schema.

        Raises StorageError if it cannot be used, is newer than this program, or older and not to be migrated.
        """
        connections: list[aiosqlite.Connection] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = await _connect(str(path), _WRITER_PRAGMAS)
            connections.append(writer)
            await _write_ahead(writer)
            await bring_up_to_date(writer, path, scripts(), allowed=migrate)
            for _ in range(READERS):
                reader = await _connect(f"{path.resolve().as_uri()}?mode=ro", _COMMON_PRAGMAS)
                connections.append(reader)  # one by one, so that a failure closes what is open
        except (sqlite3.Error, OSError) as error:
            await _close(connections)
            raise StorageError(f"cannot open the database {path}: {error}. Nothing was changed.") from error
        except BaseException:
            await _close(connections)
            raise
        return cls(path, writer, connections[1:])

    async def close(self) -> None:
        """Close every connection."""
        await _close([*self._readers, self._writer])

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All writes inside are kept together, or none of them; joins a transaction this task has open."""
        if self._owner is not None and self._owner is asyncio.current_task():
            yield
            return
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                self._owner = asyncio.current_task()
                yield
                await self._writer.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.OperationalError):  # BEGIN itself may have failed
                    await self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise StorageError(
                        f"cannot write to {self.path}: {error}. Nothing of this step was kept."
                    ) from error
                raise
            finally:
                self._owner = None

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[aiosqlite.Connection]:
        """A connection on which several reads see the same state."""
        if self._owner is not None and self._owner is asyncio.current_task():
            yield self._writer
            return
        reader = await self._idle.get()
        try:
            await reader.execute("BEGIN")
            yield reader
        except asyncio.CancelledError:
            await reader.interrupt()  # a query goes on in its thread until told to stop
            raise
        except sqlite3.Error as error:
            raise StorageError(f"cannot read {self.path}: {error}.") from error
        finally:
            try:
                with contextlib.suppress(sqlite3.OperationalError):
                    await reader.execute("ROLLBACK")
            finally:  # also when cancelled once more: what was queued on the reader runs before what follows
                self._idle.put_nowait(reader)

    async def read(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """Run a SELECT and fetch all of it."""
        async with self.snapshot() as connection:
            return await fetch(connection, sql, parameters)

    async def write(self, sql: str, parameters: Iterable[Any] = ()) -> int:
        """Run one writing statement; returns how many rows it changed."""
        async with self.transaction():
            cursor = await self._writer.execute(sql, parameters)
            return cursor.rowcount

    async def insert(self, sql: str, parameters: Iterable[Any] = ()) -> int:
        """Run one INSERT; returns the new rowid."""
        async with self.transaction():
            cursor = await self._writer.execute_insert(sql, parameters)
            return int(cursor[0]) if cursor else 0

    async def write_many(self, sql: str, rows: Sequence[Iterable[Any]]) -> None:
        """Run one writing statement for each row of parameters."""
        if rows:
            async with self.transaction():
                await self._writer.executemany(sql, rows)

    async def quick_check(self) -> str | None:
        """What SQLite finds wrong with the file, or None; on a connection of its own, as it reads everything."""
        try:
            connection = await _connect(f"{self.path.resolve().as_uri()}?mode=ro", _COMMON_PRAGMAS)
            try:
                rows = await fetch(connection, "PRAGMA quick_check")
            finally:
                await connection.close()
        except sqlite3.Error as error:
            return str(error)
        return None if rows == [("ok",)] else "; ".join(str(row[0]) for row in rows[:3])

    async def meta(self, key: str) -> str | None:
        """A single remembered value."""
        rows = await self.read("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    async def set_meta(self, key: str, value: str) -> None:
        """Remember a single value."""
        await self.write(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (key, value)
        )


async def fetch(connection: aiosqlite.Connection, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
    """All rows of a SELECT."""
    return [tuple(row) for row in await connection.execute_fetchall(sql, parameters)]


@contextlib.contextmanager
def instance_lock(path: Path) -> Iterator[None]:
    """Hold the data file for this process alone. Raises AnotherInstance if another one does."""
    lock: IO[str]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise StorageError(f"cannot lock the database {path}: {error}. Nothing was changed.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherInstance(
                f"another Paper Round is running on {path}. Stop it first, or use another [storage] path."
            ) from None
        yield


def is_held(path: Path) -> bool:
    """Whether a process holds the data file now."""
    try:
        with path.with_name(path.name + ".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def versions() -> str:
    """Python's and SQLite's."""
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"


async def _connect(address: str, pragmas: Iterable[str]) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(address, isolation_level=None, uri=address.startswith("file:"))
    try:
        for pragma in pragmas:
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _write_ahead(writer: aiosqlite.Connection) -> None:
    """Keep a write-ahead log. SQLite does not wait where several turn a new file to it at once, so this does."""
    for left in reversed(range(_WAL_TRIES)):
        try:
            await writer.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
            await asyncio.sleep(_WAL_PAUSE)
        else:
            return


async def _close(connections: Iterable[aiosqlite.Connection]) -> None:
    for connection in connections:
        await connection.close()
