"""A few values that an adapter wants to know after a restart."""

from __future__ import annotations

from typing import Protocol


class Memory(Protocol):
    """Short texts by name; a name begins with the adapter's."""

    async def get(self, name: str) -> str | None:
        """The text, if there is one."""

    async def set(self, name: str, text: str) -> None:
        """Keep a text in place of the one before."""
