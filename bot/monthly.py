"""The line that tells a channel's managers once a month that the bot still runs (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import Channel
from bot.reports import DataLine
from bot.schedule import parse_rule
from bot.wording import counted, weekday_day

_LATEST = timedelta(days=2)
"""How late the line may still be: the bot may be off on the first of the month."""


def month_due(channel: Channel, now: datetime) -> tuple[datetime, datetime] | None:
    """The month that has ended, if its line is due in the channel now: from the hour of its post on the first day."""
    local = now.astimezone(ZoneInfo(channel.zone))
    end = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    at = parse_rule(channel.schedule).schedule.at
    due = end.replace(hour=at.hour, minute=at.minute)
    if not due <= local < due + _LATEST:
        return None
    return (end - timedelta(days=1)).replace(day=1), end


def month_line(channel: Channel, begin: datetime, posted: int, held: int, data: DataLine) -> str:
    """Return ``Still running. papers in October: 412 papers posted, 0 held; last backup Sun 1 Nov.``.

    ``begin`` is the month's.
    """
    backup = "no backups are made"
    if data.backed_up:
        backup = f"last backup {weekday_day(data.last_backup.date())}" if data.last_backup else "no backup yet"
    return f"Still running. {channel.name} in {begin:%B}: {counted(posted, 'paper')} posted, {held:,} held; {backup}."
