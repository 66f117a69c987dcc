"""Schedules in words for people (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.schedule.slots import Schedule


def describe(schedule: Schedule, zone: str) -> str:
    """Return ``daily at 09:00 (Europe/Berlin)`` or ``weekly on Mon, Thu at 09:00 (UTC), except 12-24..12-26``."""
    if schedule.is_now:
        return "now: each paper as it comes"
    rhythm, *days = schedule.rhythm.split()
    on = f" on {', '.join(day.title() for day in days)}" if days else ""
    quiet = f", {schedule.exceptions.strip()}" if schedule.quiet else ""
    return f"{rhythm}{on} at {schedule.at:%H:%M} ({zone}){quiet}"


def moments(instants: Iterable[datetime], zone: str) -> str:
    """Return ``Tue 24 Nov 09:00, Wed 25 Nov 09:00``, the local times of the zone."""
    local = (instant.astimezone(ZoneInfo(zone)) for instant in instants)
    return ", ".join(f"{moment:%a} {moment.day} {moment:%b %H:%M}" for moment in local)
