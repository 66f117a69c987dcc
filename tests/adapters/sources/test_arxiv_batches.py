"""arXiv's calendar: when a batch may come, and when it is quiet or late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.arxiv.batches import (
    announced_at,
    announced_day,
    due_day,
    feed_day,
    harvest_day,
    is_missing,
    is_promised,
    last_batch,
    may_come,
    silence,
)
from bot.reports import Silence

NEW_YORK = ZoneInfo("America/New_York")
_DAY = timedelta(days=1)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


# ---------------------------------------------------------------- which batches there are


@pytest.mark.parametrize(
    ("first", "batches"),
    [
        ("2026-11-21", "Mon 23, Tue 24, Wed 25, Thu 26, Mon 30"),  # no announcement on Thursday 26 in the evening
        ("2026-12-21", "Mon 21, Tue 22, Wed 23, Thu 24, Fri 25, Mon 28, Tue 29"),
        ("2026-12-30", "Thu 31, Mon 04, Tue 05, Wed 06, Thu 07, Fri 08"),
    ],
)
def test_a_holiday_has_no_announcement_on_its_evening(first: str, batches: str) -> None:
    days = [day(first) + number * _DAY for number in range(10)]
    assert ", ".join(f"{one:%a %d}" for one in days if may_come(one)) == batches


@pytest.mark.parametrize(
    ("evening", "promised"),
    [
        ("2027-01-17", True),
        ("2027-01-18", False),  # Martin Luther King's day
        ("2027-06-17", False),  # 19 June is a Saturday
        ("2027-06-20", False),
        ("2027-06-21", True),
        ("2025-07-06", False),  # 4 July was a Friday
        ("2027-07-04", False),  # and is a Sunday
        ("2027-07-05", False),
        ("2027-09-06", False),  # Labor Day
        ("2027-11-25", False),  # Thanksgiving
        ("2027-11-24", True),
        ("2027-12-23", True),
        ("2027-12-27", False),
        ("2025-11-27", False),
        ("2025-01-01", False),
        ("2025-01-02", True),
    ],
)
def test_nothing_is_promised_on_a_likely_holiday_of_a_year_not_listed(evening: str, *, promised: bool) -> None:
    batch = day(evening) + _DAY
    assert is_promised(batch) is promised
    assert may_come(batch)


def test_no_holiday_is_guessed_in_a_year_that_is_listed() -> None:
    assert is_promised(day("2026-12-25"))
    assert is_promised(day("2026-12-31"))


@pytest.mark.parametrize(
    ("last", "until", "missing"),
    [
        ("2026-11-20", "2026-11-20", False),
        ("2026-11-20", "2026-11-22", False),
        ("2026-11-20", "2026-11-23", True),
        ("2026-11-19", "2026-11-22", True),
        ("2026-11-23", "2026-11-22", False),
        ("2026-11-26", "2026-11-29", False),
        ("2026-11-26", "2026-11-30", True),
        ("2026-12-31", "2027-01-03", False),
        ("2027-11-25", "2027-11-28", True),  # a likely holiday's batch is looked for
    ],
)
def test_a_batch_is_missing_if_a_day_of_batches_passed_without_it(last: str, until: str, *, missing: bool) -> None:
    assert is_missing(day(last), day(until)) is missing


# ---------------------------------------------------------------- the hours of a day


@pytest.mark.parametrize(
    ("now", "announced", "harvest", "feed", "due"),
    [
        ("2026-11-22T19:59", 22, 22, 22, 22),
        ("2026-11-22T20:00", 23, 22, 22, 22),
        ("2026-11-22T22:30", 23, 23, 22, 22),
        ("2026-11-23T00:00", 23, 23, 23, 22),
        ("2026-11-23T05:59", 23, 23, 23, 22),
        ("2026-11-23T06:00", 23, 23, 23, 23),
        ("2026-11-01T05:59", 1, 1, 1, 31),  # the clocks went back at two
        ("2026-11-01T06:00", 1, 1, 1, 1),
        ("2026-10-31T20:00", 1, 31, 31, 31),
        ("2027-03-14T05:59", 14, 14, 14, 13),  # and forward
        ("2027-03-14T06:00", 14, 14, 14, 14),
        ("2027-03-13T20:00", 14, 13, 13, 13),
    ],
)
def test_a_batch_is_announced_then_harvested_then_in_the_feed_then_due(
    now: str, announced: int, harvest: int, feed: int, due: int
) -> None:
    moment = eastern(now)
    days = (announced_day(moment), harvest_day(moment), feed_day(moment), due_day(moment))
    assert tuple(one.day for one in days) == (announced, harvest, feed, due)


@pytest.mark.parametrize(
    ("batch", "moment"),
    [
        ("2026-11-23", "2026-11-23T01:00+00:00"),
        ("2026-10-30", "2026-10-30T00:00+00:00"),
        ("2026-11-02", "2026-11-02T01:00+00:00"),
        ("2027-03-15", "2027-03-15T00:00+00:00"),
    ],
)
def test_a_batch_is_announced_on_the_evening_before_in_new_york(batch: str, moment: str) -> None:
    assert announced_at(day(batch)) == datetime.fromisoformat(moment)


# ---------------------------------------------------------------- quiet and late


def quiet(since: str, following: str, pause: str) -> Silence:
    return Silence(announced_at(day(since)), announced_at(day(following)), pause)


def late(since: str, following: str) -> Silence:
    return Silence(announced_at(day(since)), announced_at(day(following)))


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("2026-11-20", "2026-11-20T19:59", None),
        ("2026-11-20", "2026-11-20T20:00", quiet("2026-11-20", "2026-11-23", "weekend")),
        ("2026-11-20", "2026-11-22T19:59", quiet("2026-11-20", "2026-11-23", "weekend")),
        ("2026-11-20", "2026-11-22T20:00", None),
        ("2026-11-20", "2026-11-23T05:59", None),
        ("2026-11-20", "2026-11-23T06:00", late("2026-11-20", "2026-11-24")),
        ("2026-11-19", "2026-11-21T12:00", late("2026-11-19", "2026-11-23")),
        ("2026-11-26", "2026-11-26T19:59", None),
        ("2026-11-26", "2026-11-26T20:00", quiet("2026-11-26", "2026-11-30", "holiday")),
        ("2026-11-26", "2026-11-27T12:00", quiet("2026-11-26", "2026-11-30", "holiday")),
        ("2026-11-26", "2026-11-28T12:00", quiet("2026-11-26", "2026-11-30", "weekend")),
        ("2026-11-25", "2026-11-27T12:00", late("2026-11-25", "2026-11-30")),
        ("2026-12-29", "2026-12-30T12:00", quiet("2026-12-29", "2026-12-31", "holiday")),
        ("2026-12-31", "2027-01-01T12:00", quiet("2026-12-31", "2027-01-05", "holiday")),
        ("2026-12-31", "2027-01-04T12:00", quiet("2026-12-31", "2027-01-05", "holiday")),
        ("2027-01-04", "2027-01-04T12:00", None),  # arXiv did announce on what was likely a holiday
        ("2026-12-31", "2027-01-05T06:00", late("2026-12-31", "2027-01-06")),
        ("2026-10-30", "2026-11-01T20:00", None),
        ("2026-10-30", "2026-11-02T06:00", late("2026-10-30", "2026-11-03")),
        ("2027-03-12", "2027-03-14T19:59", quiet("2027-03-12", "2027-03-15", "weekend")),
    ],
)
def test_arxiv_is_quiet_while_nothing_is_announced_and_late_once_a_batch_was_due(
    last: str, now: str, expected: Silence | None
) -> None:
    assert silence(day(last), eastern(now), eastern(now)) == expected


def test_what_was_not_looked_for_since_it_was_due_is_not_called_late() -> None:
    friday = day("2026-11-20")
    assert silence(friday, eastern("2026-11-23T05:59"), eastern("2026-11-23T12:00")) is None
    assert silence(day("2026-11-19"), eastern("2026-11-20T05:00"), eastern("2026-11-20T21:00")) is None


moments = st.datetimes(datetime(2026, 11, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given one
hours = st.integers(0, 24 * 9).map(lambda number: timedelta(hours=number))


@given(moments, hours, hours)
def test_nothing_promised_was_announced_in_a_quiet_time_and_something_in_every_late_one(
    now: datetime, age: timedelta, unread: timedelta
) -> None:
    last = last_batch(feed_day(now - age))
    found = silence(last, now - unread, now)
    promised = [one for number in range(20) if is_promised(one := last + (number + 1) * _DAY)]
    announced = [one for one in promised if announced_at(one) <= now]
    if found is None:
        return
    assert found.next == announced_at(next(one for one in promised if announced_at(one) > now))
    assert found.since == announced_at(last) <= now
    assert bool(found.pause) is not bool(announced)
    if not found.pause:
        due = datetime.combine(announced[0], datetime.min.time(), NEW_YORK) + timedelta(hours=6)
        assert due <= now - unread


@given(moments)
def test_as_long_as_every_batch_comes_in_time_nothing_is_late(now: datetime) -> None:
    found = silence(last_batch(feed_day(now)), now, now)
    assert found is None or found.pause
