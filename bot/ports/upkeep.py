"""Looking after the data: how it stands, copies of it, and what is forgotten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.reports import DataLine


class Perishable(StrEnum):
    """What is not kept for ever."""

    LISTS = "what stored searches found, and who saw which last"
    SEARCHES = "the words of stored searches"
    REFUSED = "records that could not be read"
    PAYLOADS = "the bytes of finished deliveries"
    ANSWERS = "private answers of the local chat"
    GESTURES = "which commands and clicks were handled"


class Upkeep(Protocol):
    """The data as a whole."""

    async def data(self) -> DataLine:
        """How the file, its disk and its copies stand. Raises StorageError."""

    async def try_writing(self) -> None:
        """Begin to write, and change nothing. Raises StorageError."""

    async def forget(self, what: Perishable, before: datetime, at_most: int) -> int:
        """Delete some of what is older, in one small transaction; returns how many rows that were."""

    async def back_up(self, now: datetime) -> Path:
        """Make a verified copy in the folder of the copies, and remove the oldest. Raises StorageError."""
