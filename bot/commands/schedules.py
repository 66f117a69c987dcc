"""Commands for when a channel is posted to (pure)."""

from __future__ import annotations

from bot.commands.entry import Entry
from bot.conversation import Command, SetRecap, SetSchedule, ShowSchedule, Snooze


def _read_schedule(rest: str) -> Command:
    return SetSchedule(rest) if rest else ShowSchedule()


ENTRIES = (
    Entry(
        "schedule",
        "[SCHEDULE] [ZONE] [even if empty]",
        _read_schedule,
        "When this channel gets its post; alone it only tells.",
        "schedule weekdays 09:00 Europe/Berlin",
        admin=True,
    ),
    Entry(
        "recap",
        "SCHEDULE|off",
        SetRecap,
        "Lists now and then what was posted since the last recap; nothing is announced by it.",
        "recap weekly fri 16:00",
        admin=True,
    ),
    Entry(
        "snooze",
        "2w|until DATE|off",
        Snooze,
        "Post nothing for a while; then one post catches up.",
        "snooze 2w",
        admin=True,
    ),
)
