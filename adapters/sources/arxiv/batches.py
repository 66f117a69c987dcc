"""Which batches arXiv announces, and whether a daily feed has brought them all (pure).

A batch bears the day on which the feeds show it, Monday to Friday: it is announced at 20:00 of the evening before, and
the feeds are built at midnight, all in New York (https://info.arxiv.org/help/availability.html). A feed holds the
current batch alone, and may show an old one for days under a fresh date; only its ids tell.

A holiday is an evening without an announcement ("Sun 6 July" stood in the list of 2025). arXiv names them year by year.
In a year not listed here, a likely holiday's batch is looked for like any other, but nobody is told that it is late.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.model import Record
from bot.reports import Silence

_HOLIDAYS = frozenset({date(2026, 11, 26), date(2026, 12, 25), date(2026, 12, 29), date(2026, 12, 31)})
_LISTED_YEARS = frozenset(evening.year for evening in _HOLIDAYS)
_CHRISTMAS = (12, 24)
"""From this evening to New Year, arXiv skips evenings of its choice."""

_EASTERN = ZoneInfo("America/New_York")
_ANNOUNCED = time(20)
_ANNOUNCED_BEFORE = timedelta(hours=4)
_IN_OAI_BEFORE = timedelta(hours=1, minutes=30)
_BUILT_AT_LAST = timedelta(hours=6)
"""The feed is built at midnight; so much later it should be there."""

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6
_ID = re.compile(r"\d{4}\.\d{5}")


def highest_id(records: Iterable[Record]) -> str:
    """The newest of the ids in today's form, which grow with time; "" if there is none."""
    return max((record.source_id for record in records if _ID.fullmatch(record.source_id)), default="")


# ---------------------------------------------------------------- the calendar


def may_come(day: date) -> bool:
    """Whether there may be a batch of that day."""
    return day.weekday() < _SATURDAY and day - _DAY not in _HOLIDAYS


def is_promised(day: date) -> bool:
    """Whether there should be a batch of that day."""
    evening = day - _DAY
    return may_come(day) and (evening.year in _LISTED_YEARS or not _is_likely_holiday(evening))


def last_batch(day: date) -> date:
    """The last day up to this one of which there may be a batch."""
    return _nearest(day, -_DAY, may_come)


def announced_at(day: date) -> datetime:
    """When the batch of that day is announced, in UTC."""
    return datetime.combine(day - _DAY, _ANNOUNCED, _EASTERN).astimezone(UTC)


def _nearest(day: date, step: timedelta, wanted: Callable[[date], bool]) -> date:
    return next(found for steps in count() if wanted(found := day + steps * step))


def _is_likely_holiday(evening: date) -> bool:
    """A holiday between Friday and Sunday may be kept on the evenings of announcements next to it."""
    year = evening.year
    days = (
        date(year, 1, 1),
        _weekday_of_month(year, 1, _MONDAY, 3),
        date(year, 6, 19),
        date(year, 7, 4),
        _weekday_of_month(year, 9, _MONDAY, 1),
        _weekday_of_month(year, 11, _THURSDAY, 4),
    )
    around = {_FRIDAY: (-1, 2), _SATURDAY: (-2, 1), _SUNDAY: (0, 1)}
    kept = {day + shift * _DAY for day in days for shift in around.get(day.weekday(), (0,))}
    return evening in kept or (evening.month, evening.day) >= _CHRISTMAS


def _weekday_of_month(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))


# ---------------------------------------------------------------- what is where by now


def announced_day(now: datetime) -> date:
    """The day whose batch is announced by now, if there is one."""
    return (now.astimezone(_EASTERN) + _ANNOUNCED_BEFORE).date()


def harvest_day(now: datetime) -> date:
    """The day whose batch OAI-PMH holds by now, if there is one (https://info.arxiv.org/help/oa/index.html)."""
    return (now.astimezone(_EASTERN) + _IN_OAI_BEFORE).date()


def feed_day(now: datetime) -> date:
    """The day whose batch a feed may hold by now, if there is one."""
    return now.astimezone(_EASTERN).date()


def due_day(now: datetime) -> date:
    """The day whose batch a feed should hold by now, if there is one."""
    return (now.astimezone(_EASTERN) - _BUILT_AT_LAST).date()


def is_missing(last: date, until: date) -> bool:
    """Whether there may have been a batch after that of day ``last``, up to that of day ``until``."""
    return any(may_come(last + days * _DAY) for days in range(1, (until - last).days + 1))


def silence(last: date, read: datetime, now: datetime) -> Silence | None:
    """Why nothing came after the batch of day ``last``, if that has a reason other than that nothing is due yet. The
    feed was last ``read`` then."""
    today = announced_day(now)
    following = announced_at(_nearest(today + _DAY, _DAY, is_promised))
    if last < _nearest(due_day(read), -_DAY, is_promised):
        return Silence(announced_at(last), following)
    if is_promised(today) or not _nearest(today, -_DAY, is_promised) <= last < today:
        return None
    return Silence(announced_at(last), following, "weekend" if today.weekday() >= _SATURDAY else "holiday")
