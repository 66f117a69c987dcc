"""``paperround vacuum``: gives the disk back what was deleted.

The compact copy is made beside the data and verified before anything changes. It then goes back in one transaction
of the file itself: renaming it into place would leave a process that reads meanwhile with a file that is no more.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StorageError
from bot.reports import LEAST_FREE
from storage.backup import verify
from storage.daily import size
from storage.database import instance_lock


def vacuum(path: Path) -> tuple[int, int]:
    """Make the file as small as it can be; returns its bytes before and after.

    Raises StorageError (no data, no room, or damaged: nothing is changed) and AnotherInstance.
    """
    if not path.exists():
        raise StorageError(f"There is no {path}. Nothing was changed.")
    compact = path.with_name(f"{path.name}.compact")
    with instance_lock(path):
        before = size(path)
        _need_room(path, 2 * before + LEAST_FREE)
        try:
            compact.unlink(missing_ok=True)
            with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                database.execute("VACUUM INTO ?", (str(compact),))
                rows = verify(compact)
                if rows != verify(path):
                    raise StorageError("the compact copy has not the rows that it should have. Nothing was changed.")
                with closing(sqlite3.connect(compact)) as copy:
                    copy.backup(database)
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"cannot compact {path}: {error}. Nothing was changed.") from error
        finally:
            compact.unlink(missing_ok=True)
        return before, size(path)


def _need_room(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise StorageError(
            f"Compacting needs {needed / 1e6:,.0f} MB beside {path}, and {free / 1e6:,.0f} MB are free. "
            "Nothing was changed. Free some space, or restore a backup on a larger disk."
        )
