"""Where an announcement stands, in a few words (pure)."""

from __future__ import annotations

from bot.model import DeliveryState
from bot.reports import Announced
from bot.wording.people import person

_FATES: dict[DeliveryState | None, str] = {
    DeliveryState.SENT: "Posted here",
    DeliveryState.UNKNOWN: "Sent, but not yet confirmed here",
    DeliveryState.HELD: "Held: it may or may not have been posted here",
    DeliveryState.DEAD: "Refused by the platform, so not posted here",
}


def fate(announced: Announced) -> str:
    """Say what became of it; who skipped it is named as a person."""
    if announced.state is DeliveryState.CANCELLED:
        by = person(announced.settled_by) if announced.settled_by else "a manager"
        return f"Skipped by {by}, so it counts as posted here"
    return _FATES.get(announced.state, "Waiting to be posted here")
