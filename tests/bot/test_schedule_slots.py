from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import NOW, Due, Timetable, instant, parse_schedule

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 11) -> datetime:
    """A moment of November 2026, when Berlin is one hour ahead of UTC. The first is a Sunday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def november(day: int) -> date:
    return date(2026, 11, day)


def timetable(
    schedule: str = "daily 09:00", *, zone: str = BERLIN, last: date | None = None, snoozed: datetime | None = None
) -> Timetable:
    return Timetable(parse_schedule(schedule), zone, since=at(2), last_day=last, snoozed_until=snoozed)


def summary(due: Due | None) -> tuple[int, int, str] | None:
    return (due.day.day, due.missed, due.label) if due else None


# ---------------------------------------------------------------- what is due


@pytest.mark.parametrize(
    ("schedule", "last", "now", "expected"),
    [
        ("daily 09:00", 9, at(10, 7, 59), None),
        ("daily 09:00", 9, at(10, 8), (10, 0, "")),
        ("daily 09:00", 10, at(10, 8), None),
        ("daily 09:00", 9, at(12, 7, 59), (11, 1, "covers 2 days")),
        ("daily 09:00", 9, at(12, 8), (12, 2, "covers 3 days")),
        ("weekdays 09:00", 12, at(15), (13, 0, "")),
        ("weekdays 09:00", 12, at(16), (16, 1, "covers 4 days")),
        ("weekly mon 09:00", 9, at(24), (23, 1, "covers 14 days")),
        ("daily 09:00 except 11-11..11-12", 10, at(12), None),
        ("daily 09:00 except 11-11..11-12", 10, at(13), (13, 0, "")),
        ("now", None, at(30), None),
    ],
)
def test_what_is_due(schedule: str, last: int | None, now: datetime, expected: tuple[int, int, str] | None) -> None:
    assert summary(timetable(schedule, last=november(last) if last else None).due(now)) == expected


def test_a_new_schedule_begins_with_its_next_slot() -> None:
    new = timetable()
    assert new.due(at(2, 23)) is None, "it was made at noon"
    assert new.due(at(3)) == Due(november(3), begin=at(2, 8), end=at(3, 8))
    assert summary(new.due(at(4))) == (4, 1, "covers 2 days")


def test_a_slot_at_the_moment_of_the_change_is_not_of_the_new_schedule() -> None:
    assert Timetable(parse_schedule("daily 09:00"), BERLIN, since=at(3, 8)).due(at(3, 9)) is None


def test_the_first_slot_of_a_new_schedule_begins_where_the_last_post_ended() -> None:
    weekly = Timetable(parse_schedule("weekly mon 09:00"), BERLIN, since=at(11), last_day=november(10))
    assert weekly.due(at(16)) == Due(november(16), begin=at(10, 8), end=at(16, 8))


def test_a_slot_that_was_moved_to_the_next_date_is_still_to_come_then() -> None:
    late = timetable("daily 23:59", zone="America/Nuuk")
    moved, past_midnight = datetime(2027, 3, 28, 1, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert late.upcoming(past_midnight, 1) == [moved]


def test_a_date_is_used_once_whatever_the_schedule_becomes() -> None:
    evening = Timetable(parse_schedule("daily 18:00"), BERLIN, since=at(10, 9), last_day=november(10))
    assert evening.due(at(10, 18)) is None
    assert evening.upcoming(at(10, 9), 1) == [at(11, 17)]


def test_a_date_is_used_once_whatever_the_zone_becomes() -> None:
    west = Timetable(parse_schedule("daily 09:00"), "Pacific/Honolulu", since=at(9, 21), last_day=november(10))
    assert west.due(at(10, 23)) is None, "the 10th was used in Auckland"
    assert summary(west.due(at(11, 19))) == (11, 0, "")


def test_a_recap_covers_what_came_since_the_one_before() -> None:
    due = timetable("weekly fri 16:00", last=november(6)).due(at(13, 15))
    assert due == Due(november(13), begin=at(6, 15), end=at(13, 15))


def test_papers_of_slots_older_than_a_week_are_only_counted() -> None:
    catch_up = timetable(last=november(9)).due(at(20))
    assert catch_up == Due(november(20), begin=at(9, 8), end=at(20, 8), missed=10, counted_until=at(13, 8))
    week = timetable(last=november(9)).due(at(17, 8))
    assert week == Due(november(17), begin=at(9, 8), end=at(17, 8), missed=7)


def test_a_slot_itself_more_than_a_week_late_is_only_counted() -> None:
    christmas = timetable("daily 09:00 except 11-11..11-30", last=november(9)).due(at(18))
    assert christmas == Due(november(10), begin=at(9, 8), end=at(10, 8), counted_until=at(10, 8))


# ---------------------------------------------------------------- snoozes, and what comes next


def test_a_snooze_ends_with_one_catch_up_at_the_next_slot() -> None:
    snoozed = timetable(last=november(9), snoozed=at(13, 12))
    assert [summary(snoozed.due(at(day))) for day in (10, 13)] == [None, None]
    assert snoozed.due(at(14, 7, 59)) is None
    assert summary(snoozed.due(at(14, 8))) == (14, 4, "covers 5 days")


def test_a_slot_at_the_moment_a_snooze_ends_is_its_catch_up() -> None:
    snoozed = timetable(last=november(9), snoozed=at(14, 8))
    assert summary(snoozed.due(at(14, 8))) == (14, 4, "covers 5 days")


def test_a_snooze_that_is_ended_does_not_post_at_once() -> None:
    woken = timetable(last=november(9), snoozed=at(12, 10))
    assert woken.due(at(12, 10)) is None
    assert woken.upcoming(at(12, 10), 1) == [at(13, 8)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (timetable(), [at(10, 8), at(11, 8), at(12, 8)]),
        (timetable(last=november(10)), [at(11, 8), at(12, 8), at(13, 8)]),
        (timetable(snoozed=at(15, 8)), [at(15, 8), at(16, 8), at(17, 8)]),
        (timetable(snoozed=at(15, 9)), [at(16, 8), at(17, 8), at(18, 8)]),
        (timetable("weekdays 09:00 except 11-12"), [at(10, 8), at(11, 8), at(13, 8)]),
        (timetable("weekly mon 9"), [at(16, 8), at(23, 8), at(30, 8)]),
        (timetable("now"), []),
    ],
)
def test_the_next_three_times(table: Timetable, expected: list[datetime]) -> None:
    assert table.upcoming(at(10, 7)) == expected


def test_a_slot_that_has_just_come_is_not_the_next_one() -> None:
    assert timetable().upcoming(at(10, 8), 1) == [at(11, 8)]


# ---------------------------------------------------------------- whatever happens

ZONES = st.sampled_from(
    ["UTC", BERLIN, "America/New_York", "America/Nuuk", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Pago_Pago"]
)
TEXTS = st.sampled_from(
    ["daily 00:00", "daily 02:30", "daily 23:59", "weekdays 9", "weekly sun 1:30", "daily except 03-28 10-25", "now"]
)
WAITS = st.integers(1, 60 * 24 * 12).map(lambda minutes: timedelta(minutes=minutes))
STEPS = st.lists(st.tuples(WAITS, st.none() | st.tuples(TEXTS, ZONES), st.none() | WAITS), min_size=2, max_size=40)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), STEPS)  # noqa: DTZ001 - made aware below
def test_no_date_is_used_twice_and_no_slot_is_left(
    start: datetime, steps: list[tuple[timedelta, tuple[str, str] | None, timedelta | None]]
) -> None:
    now = start.replace(tzinfo=UTC)
    table = Timetable(NOW, "UTC", since=now)
    posts: list[date] = []
    for wait, changed, snooze in steps:
        now += wait
        if due := table.due(now):
            assert due.begin < due.end <= now
            assert table.since < due.end == instant(table.schedule, due.day, table.zone)
            assert bool(due.label) == bool(due.missed)
            posts.append(due.day)
            table = replace(table, last_day=due.day)
        assert table.due(now) is None
        following = table.upcoming(now)
        assert all(now < a < b for a, b in pairwise(following))
        if following:
            assert table.due(following[0] - timedelta(seconds=1)) is None
            assert (punctual := table.due(following[0]))
            assert punctual.end == following[0]
        if changed:
            table = replace(table, schedule=parse_schedule(changed[0]), zone=changed[1], since=now)
        if snooze:
            table = replace(table, snoozed_until=now + snooze)
    assert all(a < b for a, b in pairwise(posts))
