"""Schedules as people write them (pure)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from bot.errors import Refused
from bot.schedule.slots import DEFAULT_TIME, EVERY_DAY, NOW, WEEKDAYS, WORKING_DAYS, QuietDays, Schedule
from bot.schedule.zones import parse_zone

_RHYTHMS = {
    **dict.fromkeys(("daily", "everyday", "day", "days"), EVERY_DAY),
    **dict.fromkeys(("weekdays", "weekday", "workdays", "workday"), WORKING_DAYS),
    **dict.fromkeys(("weekly", "week"), frozenset({0})),
    **dict.fromkeys(("now", "immediately"), NOW.days),
}
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {f"{name}{s}": i for names in (WEEKDAYS, _FULL_NAMES) for i, name in enumerate(names) for s in ("", "s")}
_FILLERS = frozenset({"at", "on", "every", "each", "and", "for"})
_VOCABULARY = (*_RHYTHMS, *_DAYS, "weekend", "weekends", "except")

_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d\d))?h?(am|pm)?", re.ASCII)
_BETWEEN = re.compile(r"([a-z]+)(?:-|–|\.\.)([a-z]+)")
_DATES = re.compile(r"((?:\d{4}-)?\d\d-\d\d)(?:\.\.((?:\d{4}-)?\d\d-\d\d))?", re.ASCII)

_A_LEAP_YEAR = "2000-"
_HOW = "Write now, daily 09:00, weekdays 09:00 or weekly mon 09:00."
_HOW_QUIET = "Write days as sat, 12-24, 12-24..01-01 or 2026-12-24."
_LONGEST_TEXT = 200
_LONGEST_QUIET = timedelta(days=366)
_WEEKDAYS_REPEAT = 28 * 366
"""In so many days each date falls on each day of the week."""


class ScheduleError(Refused):
    """A schedule cannot be understood. ``suggestion`` is a whole schedule to take instead, or None."""

    def __init__(self, problem: str, *, suggestion: str | None = None, how: str = _HOW) -> None:
        super().__init__(f"{problem} Did you mean “{suggestion}”?" if suggestion else f"{problem} {how}")
        self.suggestion = suggestion


def parse_schedule(text: str) -> Schedule:
    """Read ``now``, ``daily 09:00``, ``weekdays at 8:30``, ``weekly monday 9``, ``mon, thu 21.30``, ``9am``; without a
    time 09:00 is meant, and Monday where ``weekly`` names no day.

    After ``except`` come quiet days: days of the week and dates (``2026-12-24``, ``12-24`` for every year, two of
    them with ``..`` between). What would have come on such a day comes with the next slot. Raise ScheduleError.
    """
    words = text.casefold().replace(",", " ").split()
    if len(text) > _LONGEST_TEXT:
        raise ScheduleError("That is too long for a schedule.")
    if "except" not in words:
        return _read(words)
    border = words.index("except")
    return _without(_read(words[:border]), words[border + 1 :])


def parse_schedule_and_zone(text: str, zone: str) -> tuple[Schedule, str]:
    """Read a schedule that may end in a zone (``daily 9:00 new york``); else ``zone`` stays. Raise Refused."""
    words = text.split()
    try:
        return parse_schedule(text), zone
    except ScheduleError as error:
        mistake = error
    for end in range(len(words) - 1, 0, -1):
        rest = words[end:]
        if any(word[0].isdigit() for word in rest):
            break
        try:
            schedule = parse_schedule(" ".join(words[:end]))
        except ScheduleError:
            continue
        return schedule, parse_zone(" ".join(rest).removeprefix("in "))
    raise mistake


def parse_recap(text: str) -> Schedule | None:
    """Read a recap's schedule; None is ``off``. Raise ScheduleError."""
    if text.strip().casefold() == "off":
        return None
    schedule = parse_schedule(text)
    if schedule.is_now:
        raise ScheduleError("A recap looks back on a period, so it cannot be “now”.", suggestion="weekly mon 09:00")
    return schedule


# ---------------------------------------------------------------- the words


def _read(words: Sequence[str]) -> Schedule:
    """Read what stands before ``except``."""
    rhythms: list[str] = []
    times: list[time] = []
    days: set[int] = set()
    for word in re.sub(r"(?<=\d) (?=[ap]m\b)", "", " ".join(words)).split():
        if word in _RHYTHMS:
            rhythms.append(word)
        elif named := _weekdays(word):
            days |= named
        elif moment := _time(word):
            times.append(moment)
        elif word not in _FILLERS:
            raise _unknown(word, words)
    if len({_RHYTHMS[word] for word in rhythms}) > 1 or len(times) > 1:
        raise ScheduleError("That is more than one schedule; a channel has one, with one time.")
    if not (rhythms or times or days):
        raise ScheduleError("A schedule is missing.")
    return _compose(_RHYTHMS[rhythms[0]] if rhythms else None, frozenset(days), times[0] if times else None)


def _compose(rhythm: frozenset[int] | None, days: frozenset[int], at: time | None) -> Schedule:
    if rhythm == NOW.days:
        if days or at:
            instead = Schedule(days or EVERY_DAY, at or DEFAULT_TIME)
            raise ScheduleError("“now” posts each paper as it comes, at any time.", suggestion=str(instead))
        return NOW
    if days and rhythm in {EVERY_DAY, WORKING_DAYS}:
        instead = Schedule(days, at or DEFAULT_TIME)
        raise ScheduleError("Those are two answers to which days.", suggestion=str(instead))
    return Schedule(days or rhythm or EVERY_DAY, at or DEFAULT_TIME)


def _without(schedule: Schedule, words: Sequence[str]) -> Schedule:
    """Leave out the days that stand after ``except``."""
    if schedule.is_now:
        raise ScheduleError("“now” has no quiet days.", suggestion=f"daily 09:00 except {' '.join(words)}".strip())
    days, quiet = set(schedule.days), set[QuietDays]()
    for word in words:
        if named := _weekdays(word):
            days -= named
        elif word not in _FILLERS:
            quiet.add(_quiet_days(word))
    if len(days) == len(schedule.days) and not quiet:
        raise ScheduleError("After “except” come days that would have a post.", how=_HOW_QUIET)
    left = Schedule(frozenset(days), schedule.at, tuple(sorted(quiet)))
    if not any(left.has_slot(date(2000, 1, 1) + timedelta(days=day)) for day in range(_WEEKDAYS_REPEAT)):
        raise ScheduleError("With these exceptions there would never be a post.", how=_HOW_QUIET)
    return left


def _weekdays(word: str) -> frozenset[int]:
    """The days of the week that ``mon``, ``mondays``, ``mon-fri`` or ``weekends`` names; empty if it is none."""
    if word in {"weekend", "weekends"}:
        return EVERY_DAY - WORKING_DAYS
    first, last = pair.groups() if (pair := _BETWEEN.fullmatch(word)) else (word, word)
    if first not in _DAYS or last not in _DAYS:
        return frozenset()
    return frozenset((_DAYS[first] + i) % 7 for i in range((_DAYS[last] - _DAYS[first]) % 7 + 1))


def _time(word: str) -> time | None:
    """The time of day that ``09:00``, ``9``, ``9am``, ``21.30``, ``0930`` or ``9h`` names."""
    if not (match := _TIME.fullmatch(word)):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of a clock's face
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a day's hours, an hour's minutes


def _quiet_days(word: str) -> QuietDays:
    if match := _DATES.fullmatch(word):
        first, last = match[1], match[2] or match[1]
        try:
            begin, end = (date.fromisoformat(_A_LEAP_YEAR[: 10 - len(written)] + written) for written in (first, last))
        except ValueError:
            raise ScheduleError(f"“{word}” is not in the calendar.", how=_HOW_QUIET) from None
        yearly = len(first) == len("12-24")
        if len(first) == len(last) and (yearly or timedelta() <= end - begin <= _LONGEST_QUIET):
            return QuietDays(first, last)
    raise ScheduleError(f"“{word[:40]}” is no quiet day.", how=_HOW_QUIET)


def _unknown(word: str, words: Sequence[str]) -> ScheduleError:
    """The error for a word nobody knows, with the schedule it may have meant."""
    problem = f"“{word[:40]}” is no {'time of day' if word[0].isdigit() else 'word of a schedule'}."
    near = difflib.get_close_matches(word, _VOCABULARY, n=1, cutoff=0.6)
    if not near:
        return ScheduleError(problem)
    try:
        return ScheduleError(problem, suggestion=str(_read([near[0] if each == word else each for each in words])))
    except ScheduleError as error:
        return ScheduleError(problem, suggestion=error.suggestion)
