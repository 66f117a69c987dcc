"""When a schedule posts: days, local times and the moments they are, through every change of the clocks (pure).

A slot is named by its local date; a date is used once, whatever becomes of the schedule, the zone or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))
DEFAULT_TIME = time(9)

LISTED_FOR = timedelta(days=7)
"""Papers of slots older than this are only counted in a catch-up (facts/delivery.md 3.6)."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class QuietDays:
    """The days from ``first`` to ``last``, both included: ``2026-12-24``, or ``12-24`` for every year, in which case
    they may go past New Year."""

    first: str
    last: str

    def __contains__(self, day: date) -> bool:
        written = day.isoformat()[-len(self.first) :]
        if self.first <= self.last:
            return self.first <= written <= self.last
        return written >= self.first or written <= self.last

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """At which local time, on which days of the week (0 is Monday) a channel gets its post. No days at all: ``now``,
    that is each paper as it comes, without slots. ``str`` gives the text that ``parse_schedule`` reads."""

    days: frozenset[int] = EVERY_DAY
    at: time = DEFAULT_TIME
    quiet: tuple[QuietDays, ...] = ()

    @property
    def is_now(self) -> bool:
        """Whether papers are posted as they come."""
        return not self.days

    @property
    def rhythm(self) -> str:
        """Return ``now``, ``daily``, ``weekdays`` or ``weekly mon thu``."""
        named = {frozenset[int](): "now", EVERY_DAY: "daily", WORKING_DAYS: "weekdays"}.get(self.days)
        return named or " ".join(["weekly", *(WEEKDAYS[day] for day in sorted(self.days))])

    @property
    def exceptions(self) -> str:
        """Return `` except 12-24..12-26``, or nothing."""
        return "".join([" except" if self.quiet else "", *(f" {days}" for days in self.quiet)])

    def has_slot(self, day: date) -> bool:
        """Whether it posts on that local date."""
        return day.weekday() in self.days and not any(day in days for days in self.quiet)

    def __str__(self) -> str:
        return self.rhythm if self.is_now else f"{self.rhythm} {self.at:%H:%M}{self.exceptions}"


NOW = Schedule(days=frozenset())


def slot_days(schedule: Schedule, start: date, step: timedelta = _DAY) -> Iterator[date]:
    """The local dates of the schedule's slots from ``start`` on, or backwards with a negative ``step``; none for
    ``now``, else without end."""
    day = start
    while not schedule.is_now:
        if schedule.has_slot(day):
            yield day
        day += step


def instant(schedule: Schedule, day: date, zone: str) -> datetime:
    """When the slot of a local date is, in UTC.

    A time the clocks skip is moved forward by the gap (02:30 becomes 03:30, 23:59 may become 00:59 of the next date);
    of a time they repeat the first is meant. Slots so stay in order, one for each date. Only where a zone left out a
    whole date (Samoa, 30 December 2011) do two slots fall on one moment: the one catch-up takes both.
    """
    return datetime.combine(day, schedule.at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """One post to be made: the slot of the local date ``day``, which takes what ``missed`` earlier slots left.

    It covers what came after ``begin`` (when the last post was due) until ``end`` (when this one was). If
    ``counted_until`` is set, papers that were waiting by then belong to slots more than 7 days old: they are not
    listed but counted, with a link to a search.
    """

    day: date
    begin: datetime
    end: datetime
    missed: int = 0
    counted_until: datetime | None = None

    @property
    def label(self) -> str:
        """Return ``covers 3 days`` for a catch-up, nothing for a post on time."""
        return f"covers {round((self.end - self.begin) / _DAY)} days" if self.missed else ""


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule in a channel's zone, and how far the channel got with it.

    ``since`` is when this schedule and this zone took effect: slots up to then are none of its own. ``last_day`` is
    the latest local date used as a slot by this channel, under whatever schedule (leave out a date days ahead of today:
    a wrong clock used it, and the channel would be silent until then). While ``snoozed_until`` is not reached nothing
    is due; the first slot from then on catches up. A recap has a timetable of its own.
    """

    schedule: Schedule
    zone: str
    since: datetime
    last_day: date | None = None
    snoozed_until: datetime | None = None

    def due(self, now: datetime) -> Due | None:
        """The one post to make now, or None. It is the latest slot that has come; all before it are caught up."""
        past = list(self._past_slots(now))
        if not past or (self.snoozed_until and past[-1][1] < self.snoozed_until):
            return None
        day, end = past[-1]
        before = self.last_day or next(slot_days(self.schedule, past[0][0] - _DAY, -_DAY))
        old = [moment for _, moment in past if moment < now - LISTED_FOR]
        return Due(day, self._instant(before), end, len(past) - 1, old[-1] if old else None)

    def upcoming(self, now: datetime, count: int = 3) -> list[datetime]:
        """When it will post next (UTC): the first ``count`` slots after ``now``; none for ``now``."""
        awake = self.snoozed_until or now
        moments = (self._instant(day) for day in slot_days(self.schedule, self._first_day(now)))
        return list(islice((moment for moment in moments if now < moment >= awake), count))

    def _past_slots(self, now: datetime) -> Iterator[tuple[date, datetime]]:
        """The slots since the last one used that have come, with their moments."""
        tomorrow = now.astimezone(ZoneInfo(self.zone)).date() + _DAY
        for day in slot_days(self.schedule, self._first_day(self.since)):
            if day > tomorrow:
                return
            moment = self._instant(day)
            if self.since < moment <= now:
                yield day, moment

    def _first_day(self, moment: datetime) -> date:
        """The first local date that may be used from ``moment`` on; a slot may fall on the date after its own."""
        yesterday = moment.astimezone(ZoneInfo(self.zone)).date() - _DAY
        return max(yesterday, self.last_day + _DAY) if self.last_day else yesterday

    def _instant(self, day: date) -> datetime:
        return instant(self.schedule, day, self.zone)
