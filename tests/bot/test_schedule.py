from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.schedule import (
    NOW,
    QuietDays,
    Schedule,
    ScheduleError,
    describe,
    moments,
    parse_recap,
    parse_schedule,
    parse_schedule_and_zone,
    parse_snooze,
    parse_zone,
)

# ---------------------------------------------------------------- schedules


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("now", "now"),
        ("immediately", "now"),
        ("daily 09:00", "daily 09:00"),
        ("daily", "daily 09:00"),
        ("Daily at 9", "daily 09:00"),
        ("every day 9:00", "daily 09:00"),
        ("9am", "daily 09:00"),
        ("12 am", "daily 00:00"),
        ("12pm", "daily 12:00"),
        ("9 pm", "daily 21:00"),
        ("21.30", "daily 21:30"),
        ("0730", "daily 07:30"),
        ("9h30", "daily 09:30"),
        ("weekdays at 8:30", "weekdays 08:30"),
        ("every weekday", "weekdays 09:00"),
        ("mon-fri 8", "weekdays 08:00"),
        ("weekly mon 09:00", "weekly mon 09:00"),
        ("weekly monday 9", "weekly mon 09:00"),
        ("weekly", "weekly mon 09:00"),
        ("week mon", "weekly mon 09:00"),
        ("mon 09:00", "weekly mon 09:00"),
        ("every Thursday and Monday, 21:30", "weekly mon thu 21:30"),
        ("fri-mon", "weekly mon fri sat sun 09:00"),
        ("weekends 10:00", "weekly sat sun 10:00"),
        ("sun-sat 7", "daily 07:00"),
        ("daily except sat sun", "weekdays 09:00"),
        ("daily 8 except weekends and 12-24", "weekdays 08:00 except 12-24"),
        ("daily 9 except 12-24..01-01, 2026-11-26", "daily 09:00 except 12-24..01-01 2026-11-26"),
        ("daily except 02-29", "daily 09:00 except 02-29"),
    ],
)
def test_a_schedule_is_read_generously_and_written_in_one_way(typed: str, canonical: str) -> None:
    assert str(parse_schedule(typed)) == canonical
    assert parse_schedule(canonical) == parse_schedule(typed)


@pytest.mark.parametrize(
    ("typed", "message", "suggestion"),
    [
        ("dialy 9:00", "“dialy” is no word of a schedule. Did you mean “daily 09:00”?", "daily 09:00"),
        ("wekly tusday 9", "“wekly” is no word", "weekly tue 09:00"),
        ("daily mon 9", "two answers to which days", "weekly mon 09:00"),
        ("now 8:00", "posts each paper as it comes", "daily 08:00"),
        ("now except sat", "no quiet days", "daily 09:00 except sat"),
        ("daily weekly 9", "more than one schedule", None),
        ("9:00 17:00", "with one time", None),
        ("25:00", "“25:00” is no time of day. Write now, daily 09:00,", None),
        ("daily 13pm", "“13pm” is no time of day", None),
        ("daily 0am", "“0am” is no time of day", None),
        ("daily 9:60", "“9:60” is no time of day", None),
        ("", "A schedule is missing. Write now", None),
        ("at", "A schedule is missing", None),
        ("blah", "“blah” is no word of a schedule", None),
        ("daily except", "After “except” come days", None),
        ("weekdays except sat", "After “except” come days", None),
        ("daily except mon-sun", "never be a post", None),
        ("daily except 01-01..12-31", "never be a post", None),
        ("daily except 02-30", "“02-30” is not in the calendar. Write days as sat, 12-24,", None),
        ("daily except 2026-01-01..2028-01-01", "is no quiet day", None),
        ("daily except 2026-12-24..2026-12-01", "is no quiet day", None),
        ("daily except 12-24..2026-12-26", "is no quiet day", None),
        ("daily except christmas", "“christmas” is no quiet day", None),
        ("daily " * 100, "too long", None),
    ],
)
def test_a_mistyped_schedule_is_answered_with_what_to_write(typed: str, message: str, suggestion: str | None) -> None:
    with pytest.raises(ScheduleError) as error:
        parse_schedule(typed)
    assert message in str(error.value)
    assert error.value.suggestion == suggestion


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
YEARLY = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: f"{day:%m-%d}")
QUIET = st.one_of(
    st.builds(QuietDays, YEARLY, YEARLY),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)).map(lambda day: QuietDays(day.isoformat(), day.isoformat())),
)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
SCHEDULES = st.builds(Schedule, DAYS, TIMES) | st.just(NOW)


@given(SCHEDULES)
def test_the_text_of_a_schedule_is_read_as_that_schedule(schedule: Schedule) -> None:
    assert parse_schedule(str(schedule)) == schedule


@given(DAYS, TIMES, st.lists(QUIET, max_size=4, unique=True))
def test_quiet_days_are_written_and_read_again(days: frozenset[int], at: time, quiet: list[QuietDays]) -> None:
    schedule = Schedule(days, at, tuple(sorted(quiet)))
    if any(schedule.has_slot(date.fromordinal(date(2000, 1, 1).toordinal() + day)) for day in range(366)):
        assert parse_schedule(str(schedule)) == schedule


TOKENS = ["now", "daily", "weekly", "mon", "mon-fri", "9", "09:00", "except", "12-24", "12-24..01-02", "sat", "99", "é"]


@given(st.lists(st.sampled_from(TOKENS) | st.text(max_size=5)).map(" ".join))
def test_any_text_is_a_schedule_or_a_refusal(text: str) -> None:
    with suppress(Refused):
        parse_schedule_and_zone(text, "UTC")


def test_quiet_days_of_every_year_go_past_new_year() -> None:
    every_year, one_year = QuietDays("12-24", "01-02"), QuietDays("2026-12-24", "2026-12-26")
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(5 * 365)):
        assert (day in every_year) == ((day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2))
        assert (day in one_year) == (date(2026, 12, 24) <= day <= date(2026, 12, 26))


def test_a_recap_is_off_or_has_slots() -> None:
    assert parse_recap(" Off") is None
    assert str(parse_recap("friday 16:00")) == "weekly fri 16:00"
    with pytest.raises(ScheduleError, match="looks back"):
        parse_recap("now")


@pytest.mark.parametrize(
    ("typed", "schedule", "zone"),
    [
        ("daily 9", "daily 09:00", "UTC"),
        ("daily 9 berlin", "daily 09:00", "Europe/Berlin"),
        ("mon 9 in New York", "weekly mon 09:00", "America/New_York"),
        ("weekdays except 12-24 Europe/Paris", "weekdays 09:00 except 12-24", "Europe/Paris"),
    ],
)
def test_a_schedule_may_end_in_its_zone(typed: str, schedule: str, zone: str) -> None:
    read, in_zone = parse_schedule_and_zone(typed, "UTC")
    assert (str(read), in_zone) == (schedule, zone)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("daily 9:0o", "“9:0o” is no time of day"),
        ("dialy 9 berlin", "“dialy” is no word of a schedule"),
        ("daily lodnon", "There is no time zone “lodnon”. Did you mean Europe/London?"),
    ],
)
def test_the_mistake_is_named_whether_in_the_schedule_or_in_the_zone(typed: str, message: str) -> None:
    with pytest.raises(Refused, match=message.replace("?", r"\?")):
        parse_schedule_and_zone(typed, "UTC")


# ---------------------------------------------------------------- zones and snoozes


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("EUROPE/berlin ", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
        ("cet", "CET"),
        ("singapore", "Singapore"),
        ("Etc/GMT+1", "Etc/GMT+1"),
    ],
)
def test_a_zone_is_found_as_people_write_it(typed: str, name: str) -> None:
    assert parse_zone(typed) == name


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Istanbul", "There is more than one time zone “Istanbul”. Did you mean Asia/Istanbul or Europe/Istanbul?"),
        ("Europ/Berlin", "There is no time zone “Europ/Berlin”. Did you mean Europe/Berlin"),
        ("xyzzy", "There is no time zone “xyzzy”. Name one such as Europe/Berlin."),
        ("GMT+1", "“GMT+1” knows no summer time: name a place, such as Europe/Berlin."),
        ("+02:00", "“+02:00” knows no summer time"),
        ("localtime", "There is no time zone “localtime”."),
    ],
)
def test_an_unknown_zone_is_answered_with_the_nearest(typed: str, message: str) -> None:
    with pytest.raises(Refused) as error:
        parse_zone(typed)
    assert message in str(error.value)


TUESDAY = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
"""15:30 in Berlin."""


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("2w", datetime(2026, 12, 8, 14, 30, tzinfo=UTC)),
        ("10 days", datetime(2026, 12, 4, 14, 30, tzinfo=UTC)),
        ("for a week", datetime(2026, 12, 1, 14, 30, tzinfo=UTC)),
        ("5m", datetime(2027, 4, 23, 13, 30, tzinfo=UTC)),
        ("until 2026-12-24", datetime(2026, 12, 23, 23, tzinfo=UTC)),
        ("Until Friday", datetime(2026, 11, 26, 23, tzinfo=UTC)),
        ("until tue", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("until tomorrow", datetime(2026, 11, 24, 23, tzinfo=UTC)),
        ("off", TUESDAY),
        ("end", TUESDAY),
    ],
)
def test_a_snooze_ends_by_the_channels_own_clock(typed: str, end: datetime) -> None:
    assert parse_snooze(typed, "Europe/Berlin", TUESDAY) == end


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "write 10d, 2w, until friday"),
        ("soon", "“soon” is no time to snooze"),
        ("0d", "over already"),
        ("until 2026-11-24", "over already"),
        ("until never", "“never” is no day"),
        ("until 2026-02-30", "is no day"),
        ("9999w", "a year at most"),
        ("until 9999-12-31", "a year at most"),
    ],
)
def test_a_snooze_that_cannot_be_is_refused(typed: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        parse_snooze(typed, "Europe/Berlin", TUESDAY)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("now", "now: each paper as it comes"),
        ("daily 9", "daily at 09:00 (Europe/Berlin)"),
        ("weekdays 8:30", "weekdays at 08:30 (Europe/Berlin)"),
        ("mon thu 9", "weekly on Mon, Thu at 09:00 (Europe/Berlin)"),
        ("daily except 12-24..12-26", "daily at 09:00 (Europe/Berlin), except 12-24..12-26"),
    ],
)
def test_a_schedule_is_described_for_people(schedule: str, words: str) -> None:
    assert describe(parse_schedule(schedule), "Europe/Berlin") == words


def test_moments_are_written_in_local_time() -> None:
    first, second = datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2027, 6, 1, 7, tzinfo=UTC)
    assert moments([first, second], "Europe/Berlin") == "Tue 24 Nov 09:00, Tue 1 Jun 09:00"
