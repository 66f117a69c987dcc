"""Daily copies: each named by its moment, in one folder; only the newest are kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageError
from bot.reports import LEAST_FREE
from storage.backup import back_up

KEPT = 7
_MOMENT = "%Y%m%dT%H%M%SZ"


def back_up_into(path: Path, folder: Path, now: datetime) -> Path:
    """Copy the data into the folder (made if missing), and remove what is older than the newest KEPT copies.

    Raises StorageError, and leaves all copies, if that fails or the copy would fill the disk.
    """
    target = folder / f"{path.stem}-{now:{_MOMENT}}{path.suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < size(path) + LEAST_FREE:
            raise StorageError(f"{folder} has no room for another copy of {path}. Remove some files there.")
        back_up(path, target, now)
        for _, old in sorted(_copies(path, folder), reverse=True)[KEPT:]:
            old.unlink()
        for unfinished in folder.glob(f"{path.stem}-*{path.suffix}.tmp"):  # of a process that was killed
            unfinished.unlink()
    except OSError as error:
        raise StorageError(f"cannot back up {path} into {folder}: {error}.") from error
    return target


def newest(path: Path, folder: Path) -> datetime | None:
    """When the newest copy was made."""
    return max((moment for moment, _ in _copies(path, folder)), default=None)


def size(path: Path) -> int:
    """How many bytes the data takes, with what stands in its log only."""
    return sum(file.stat().st_size for file in (path, Path(f"{path}-wal")) if file.exists())


def _copies(path: Path, folder: Path) -> Iterator[tuple[datetime, Path]]:
    """The copies with their moments; whatever else lies in the folder is left alone."""
    for file in folder.glob(f"{path.stem}-*{path.suffix}"):
        written = file.name.removeprefix(f"{path.stem}-").removesuffix(path.suffix)
        try:
            yield datetime.strptime(written, _MOMENT).replace(tzinfo=UTC), file
        except ValueError:
            continue
