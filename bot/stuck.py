"""What the bot cannot get out of by itself: deliveries for a person to settle, and channels that refuse it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model import Channel, DeliveryKey, DeliveryKind, DeliveryState

_SHORT = 8

STUCK = frozenset({DeliveryState.HELD, DeliveryState.DEAD})
RESENDABLE = frozenset({DeliveryKind.ANNOUNCEMENT, DeliveryKind.DIGEST})
"""What can be made anew of the papers that it announces."""


@dataclass(frozen=True, slots=True)
class StuckLine:
    """A delivery, of ``papers`` papers, and how it stands since ``at``, with its error. ``settled_by`` is the
    platform's id of who settled it, if anybody did."""

    key: DeliveryKey
    channel: Channel
    kind: DeliveryKind
    slot: str
    state: DeliveryState
    papers: int
    at: datetime | None
    error: str | None
    settled_by: str | None = None

    @property
    def short(self) -> str:
        """The start of the key, which is enough to name it."""
        return self.key[:_SHORT]

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for a person."""
        return self.state in STUCK

    @property
    def resendable(self) -> bool:
        """Whether it can be sent anew."""
        return self.is_stuck and self.kind in RESENDABLE

    @property
    def what(self) -> str:
        """Return ``an announcement of 1 paper``, ``a digest of 12 papers``, ``a share``."""
        of = f" of {self.papers:,} {'paper' if self.papers == 1 else 'papers'}" if self.papers else ""
        return f"{'an' if self.kind is DeliveryKind.ANNOUNCEMENT else 'a'} {self.kind}{of}"

    @property
    def plight(self) -> str:
        """Why it waits for a person."""
        return _PLIGHTS.get(self.state, self.state.value)


_PLIGHTS = {
    DeliveryState.HELD: "held: it may or may not have been posted",
    DeliveryState.DEAD: "refused by the platform",
}


@dataclass(frozen=True, slots=True)
class LostChannel:
    """A channel where the platform takes nothing at all: since when, and what it says. ``waiting`` papers wait."""

    channel: Channel
    since: datetime
    error: str
    waiting: int
