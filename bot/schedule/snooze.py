"""How long a channel wants quiet: ``2w``, ``10 days``, ``until friday``, ``off`` (pure)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.schedule.slots import WEEKDAYS

LONGEST = timedelta(days=366)

_SPAN = re.compile(r"(?:for )?(\d{1,4}|a) ?(d|days?|w|weeks?|m|months?)")
_UNTIL = re.compile(r"(?:until|till) (\S+)")
_DAYS = {"d": 1, "w": 7, "m": 30}


def parse_snooze(text: str, zone: str, now: datetime) -> datetime:
    """Return the moment (UTC) the quiet ends; raise Refused with what may be written.

    A span ends so many local days later at this hour, so that ``1d`` leaves out one daily post whenever it is typed.
    ``until`` a day ends when that day begins. ``off`` ends a snooze: now.
    """
    words = " ".join(text.casefold().split())
    local = now.astimezone(ZoneInfo(zone))
    if words in {"off", "end"}:
        return now
    if span := _SPAN.fullmatch(words):
        count = 1 if span[1] == "a" else int(span[1])
        end = local + timedelta(days=count * _DAYS[span[2][0]])
    elif until := _UNTIL.fullmatch(words):
        end = datetime.combine(_day(until[1], local.date()), time(), local.tzinfo)
    else:
        raise Refused(f"“{text[:40]}” is no time to snooze: write 10d, 2w, until friday, until 2026-12-24, or off.")
    if end <= local:
        raise Refused(f"“{text[:40]}” is over already.")
    if end - local > LONGEST:
        raise Refused("A snooze lasts a year at most.")
    return end.astimezone(UTC)


def _day(word: str, today: date) -> date:
    """Read a date, ``tomorrow``, or a weekday, which is the next one after today."""
    if word == "tomorrow":
        return today + timedelta(days=1)
    if word[:3] in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(word[:3]) - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Refused(f"“{word[:40]}” is no day: write friday, or a date as 2026-12-24.") from None
