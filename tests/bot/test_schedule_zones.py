"""Every zone, three years, a slot for each local date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

from bot.schedule import Schedule, instant, slot_days

FIRST, DAYS = date(2026, 1, 1), 3 * 365 + 1
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AT_NIGHT = Schedule(at=time(2, 30))
OTHERS = [Schedule(at=at) for at in (time(0, 0), time(1, 30), time(9, 0), time(23, 59))]


def placed(schedule: Schedule, day: date, zone: ZoneInfo) -> str:
    """Whether a slot is at its local time, the ``first`` of two, or as much later as the clocks were moved forward."""
    moment = instant(schedule, day, zone.key)
    local, wanted = moment.astimezone(zone), datetime.combine(day, schedule.at)
    late = local.replace(tzinfo=None) - wanted
    if late:
        before, after = ((moment + shift).astimezone(zone).utcoffset() for shift in (-DAY / 2, DAY / 2))
        assert before is not None
        assert after is not None
        assert late == after - before > timedelta(), (zone.key, day)
        return "gap"
    assert not local.fold, (zone.key, day)
    return "fold" if wanted.replace(tzinfo=zone, fold=1).utcoffset() != local.utcoffset() else "plain"


def changes(moments: Iterable[datetime], days: Iterable[date]) -> Iterator[date]:
    """The days about which the clocks change: two slots that are not 24 hours apart."""
    for (earlier, later), day in zip(pairwise(moments), days, strict=False):
        apart = later - earlier
        assert 22 * HOUR <= apart <= 26 * HOUR, (day, apart)
        if apart != DAY:
            yield day


def test_each_zone_has_one_slot_for_each_local_date_in_order() -> None:
    days = list(islice(slot_days(AT_NIGHT, FIRST), DAYS))
    assert days == [FIRST + n * DAY for n in range(DAYS)]
    zones = available_timezones()
    assert len(zones) > 590
    seen: Counter[str] = Counter()
    for name in zones:
        zone = ZoneInfo(name)
        moments = [instant(AT_NIGHT, day, name) for day in days]
        for day in changes(moments, days):
            near = [day + n * DAY for n in range(-2, 4)]
            for schedule in (AT_NIGHT, *OTHERS):
                assert all(
                    22 * HOUR <= b - a <= 26 * HOUR for a, b in pairwise(instant(schedule, d, name) for d in near)
                )
                seen.update(placed(schedule, d, zone) for d in near)
    assert min(seen["gap"], seen["fold"]) > 300, seen


def test_a_skipped_time_is_moved_forward_and_of_a_repeated_one_the_first_is_meant() -> None:
    new_york = "America/New_York"
    assert instant(AT_NIGHT, date(2026, 3, 8), new_york) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert instant(OTHERS[1], date(2026, 11, 1), new_york) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_slot_may_fall_on_the_next_date_and_keeps_its_own() -> None:
    late = Schedule(at=time(23, 59))
    moment = instant(late, date(2026, 3, 28), "America/Nuuk")
    assert moment.astimezone(ZoneInfo("America/Nuuk")) == datetime(2026, 3, 29, 0, 59, tzinfo=ZoneInfo("America/Nuuk"))


def test_where_a_whole_date_was_left_out_two_slots_fall_together() -> None:
    daily = Schedule()
    left_out, following = (instant(daily, date(2011, 12, day), "Pacific/Apia") for day in (30, 31))
    assert left_out == following
