"""A channel's rule: its schedule, and whether it wants a line when there is nothing to post (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.schedule.reading import ScheduleError, parse_schedule, parse_schedule_and_zone
from bot.schedule.slots import Schedule
from bot.schedule.words import describe

_EVEN_IF_EMPTY = re.compile(r"[,;]?\s+even (?:if|when) (?:it is |it’s )?empty\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """When a channel is posted to. ``even_if_empty``: a slot without papers gets one short line instead of silence.
    ``str`` gives the text that ``parse_rule`` reads."""

    schedule: Schedule = Schedule()  # noqa: RUF009 - it is frozen
    even_if_empty: bool = False

    def __str__(self) -> str:
        return f"{self.schedule} even if empty" if self.even_if_empty else str(self.schedule)

    def describe(self, zone: str) -> str:
        """Return ``now: each paper as it comes``, ``daily at 09:00 (Europe/Berlin)`` and what else there is to say."""
        return describe(self.schedule, zone) + (", even if there is nothing new" if self.even_if_empty else "")


def parse_rule_and_zone(text: str, zone: str) -> tuple[Rule, str]:
    """Read a schedule that may be followed by a zone, else ``zone`` stays, and by ``even if empty``. Raise Refused."""
    schedule, zone = parse_schedule_and_zone(_EVEN_IF_EMPTY.sub("", text), zone)
    return _rule(schedule, text), zone


def parse_rule(text: str) -> Rule:
    """Read a schedule that may be followed by ``even if empty``. Raise ScheduleError."""
    return _rule(parse_schedule(_EVEN_IF_EMPTY.sub("", text)), text)


def _rule(schedule: Schedule, text: str) -> Rule:
    even_if_empty = _EVEN_IF_EMPTY.search(text) is not None
    if even_if_empty and schedule.is_now:
        raise ScheduleError("“now” has no slots that could be empty.", suggestion="now")
    return Rule(schedule, even_if_empty)
