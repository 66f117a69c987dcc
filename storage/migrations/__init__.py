"""The schema, one numbered script a step, and how a database is brought up to date."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import aiosqlite

from bot.errors import StorageError


def scripts() -> list[str]:
    """Every migration in order; the n-th makes ``user_version`` n."""
    files = (file for file in resources.files(__name__).iterdir() if file.name.endswith(".sql"))
    return [file.read_text(encoding="utf-8") for file in sorted(files, key=lambda file: file.name)]


async def bring_up_to_date(
    writer: aiosqlite.Connection, path: Path, migrations: Sequence[str], *, allowed: bool
) -> None:
    """Run what is missing, each migration in one transaction with its version, after a backup of a used file. A new
    file gets its whole schema in any case and at once, so that nobody beside it takes it for an older one.

    Raises StorageError for a database that is newer than these migrations, or older and not to be migrated.
    """
    version = await _version(writer)
    if version > len(migrations):
        raise StorageError(
            f"the database {path} was made by a newer Paper Round (schema {version}, this one knows "
            f"{len(migrations)}). Nothing was changed. Install the newer version, or restore the backup made "
            "before its migration."
        )
    if version == 0:
        await _run(writer, len(migrations), "".join(migrations))
    elif version < len(migrations):
        if not allowed:
            raise StorageError(
                f"the database {path} was made by an older Paper Round. Nothing was changed. Start `paperround run` "
                "once: it makes a backup and brings the database up to date."
            )
        await _back_up(writer, path.with_name(f"{path.name}.before-{version + 1:04}"))
        for number, migration in enumerate(migrations[version:], start=version + 1):
            await _run(writer, number, migration)


async def _run(writer: aiosqlite.Connection, number: int, migration: str) -> None:
    try:
        await writer.execute("BEGIN IMMEDIATE")
        if await _version(writer) < number:  # else another process was faster
            for statement in _statements(migration):
                await writer.execute(statement)
            await writer.execute(f"PRAGMA user_version = {number}")
        await writer.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.OperationalError):
            await writer.execute("ROLLBACK")
        raise


async def _version(writer: aiosqlite.Connection) -> int:
    ((version,),) = await writer.execute_fetchall("PRAGMA user_version")
    return int(version)


async def _back_up(writer: aiosqlite.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    await writer.execute("VACUUM INTO ?", (str(target),))


def _statements(script: str) -> Iterator[str]:
    """Split a script; sqlite3.executescript would commit an open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
