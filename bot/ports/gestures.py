"""What people did on a chat platform, each thing once."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Gestures(Protocol):
    """Which commands, clicks and events were handled: platforms deliver them again, also after a restart."""

    async def first(self, gesture: str, now: datetime) -> bool:
        """Whether it comes for the first time; ``gesture`` is an id that the platform gives each of them. It is
        remembered for a day."""
