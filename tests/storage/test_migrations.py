import sqlite3
from collections.abc import Sequence
from pathlib import Path

import aiosqlite
import pytest

from bot.errors import StorageError
from storage.migrations import bring_up_to_date, scripts

FIRST = "CREATE TABLE a (x);\nINSERT INTO a VALUES (1);\n"
SECOND = "ALTER TABLE a ADD COLUMN y;\nUPDATE a SET y = 2;\n"
BROKEN = "UPDATE a SET x = 99;\nCREATE TABLE b (z);\nINSERT INTO nowhere VALUES (1);\n"


async def migrate(path: Path, migrations: Sequence[str], *, allowed: bool = True) -> None:
    async with aiosqlite.connect(path, isolation_level=None) as writer:
        await bring_up_to_date(writer, path, migrations, allowed=allowed)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def test_a_new_file_gets_every_step_and_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    await migrate(path, [FIRST, SECOND], allowed=False)
    assert rows(path, "SELECT x, y FROM a") == [(1, 2)]
    assert [file.name for file in tmp_path.iterdir()] == ["x.sqlite3"]


async def test_an_older_file_is_backed_up_before_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    await migrate(path, [FIRST])
    await migrate(path, [FIRST, SECOND])
    assert rows(path, "SELECT x, y FROM a") == [(1, 2)]
    backup = tmp_path / "x.sqlite3.before-0002"
    assert rows(backup, "SELECT * FROM a") == [(1,)]
    assert rows(backup, "PRAGMA user_version") == [(1,)]


async def test_a_migration_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    await migrate(path, [FIRST])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await migrate(path, [FIRST, BROKEN])
    assert rows(path, "SELECT * FROM a") == [(1,)]
    assert rows(path, "PRAGMA user_version") == [(1,)]
    assert rows(path, "SELECT name FROM sqlite_master WHERE name = 'b'") == []


async def test_a_new_file_gets_its_schema_at_once_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await migrate(path, [FIRST, BROKEN])
    assert rows(path, "PRAGMA user_version") == [(0,)]
    assert rows(path, "SELECT name FROM sqlite_master") == []


async def test_an_older_file_is_left_alone_by_those_who_do_not_hold_it(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    await migrate(path, [FIRST])
    with pytest.raises(StorageError, match="older"):
        await migrate(path, [FIRST, SECOND], allowed=False)
    assert rows(path, "PRAGMA user_version") == [(1,)]


async def test_the_schema_is_made_of_numbered_scripts(tmp_path: Path) -> None:
    await migrate(tmp_path / "x.sqlite3", scripts())
    assert rows(tmp_path / "x.sqlite3", "PRAGMA user_version") == [(len(scripts()),)]
