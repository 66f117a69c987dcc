"""When a channel is posted to: what is asked and what is answered (pure data)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowSchedule:
    pass


@dataclass(frozen=True, slots=True)
class SetSchedule:
    """``text`` is a schedule, which may be followed by a zone and by ``even if empty``."""

    text: str


@dataclass(frozen=True, slots=True)
class SetRecap:
    """``text`` is a schedule, or ``off``."""

    text: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """``text`` is how long, until when, or ``off``."""

    text: str


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """When a channel is posted to, in words and local times. ``changed`` says what was done just now; ``upcoming`` are
    its next posts, "" if each paper comes at once; ``recap`` and ``next_recap`` are "" without recaps;
    ``snoozed_until`` is "" without a snooze. ``managed``: the configuration file sets the schedule."""

    schedule: str
    upcoming: str
    recap: str = ""
    next_recap: str = ""
    snoozed_until: str = ""
    managed: bool = False
    changed: str = ""
