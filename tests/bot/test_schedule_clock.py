from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.schedule import ClockGuard

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def after(hours: float, off: timedelta = timedelta()) -> tuple[datetime, float]:
    """The wall clock, wrong by ``off``, and the monotonic clock so many hours after the start."""
    return START + hours * HOUR + off, 1000 + hours * 3600


@pytest.fixture
def guard() -> ClockGuard:
    return ClockGuard(*after(0))


def test_a_clock_that_runs_is_trusted(guard: ClockGuard) -> None:
    assert guard.suspicious(*after(0)) is None
    assert guard.suspicious(*after(1000, 5 * MINUTE)) is None
    assert guard.suspicious(*after(1000, -5 * MINUTE)) is None


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (6 * MINUTE, "jumped 6 minutes ahead"),
        (-119 * MINUTE, "jumped 119 minutes back"),
        (3 * HOUR, "jumped 3 hours ahead"),
        (-50 * HOUR, "jumped 2 days back"),
    ],
)
def test_a_jump_is_named_and_over_when_the_clock_jumps_back(guard: ClockGuard, off: timedelta, words: str) -> None:
    assert words in (guard.suspicious(*after(1, off)) or "")
    assert guard.suspicious(*after(2)) is None


def test_a_servers_date_confirms_a_clock_that_was_set_right() -> None:
    guard = ClockGuard(*after(0, -2 * HOUR))
    assert guard.suspicious(*after(1)) is not None
    guard.heard(START + HOUR, *after(1))
    assert guard.suspicious(*after(1)) is None
    assert guard.suspicious(*after(1, -2 * HOUR)) is not None


def test_a_laptop_that_slept_is_trusted_after_the_next_answer(guard: ClockGuard) -> None:
    woken, stood_still = START + 8 * HOUR, 1000.0
    assert guard.suspicious(woken, stood_still) is not None
    guard.heard(woken, woken, stood_still)
    assert guard.suspicious(woken + HOUR, stood_still + 3600) is None


@pytest.mark.parametrize(
    ("off", "words"), [(11 * MINUTE, "11 minutes ahead of the sources"), (-3 * HOUR, "3 hours behind the sources")]
)
def test_a_clock_wrong_from_the_start_is_found_by_the_first_date(off: timedelta, words: str) -> None:
    guard = ClockGuard(*after(0, off))
    assert guard.suspicious(*after(1, off)) is None
    guard.heard(START + HOUR, *after(1, off))
    assert words in (guard.suspicious(*after(1, off)) or "")
    assert guard.suspicious(*after(2)) is None, "somebody set it right"


def test_a_date_ten_minutes_off_still_confirms_the_clock(guard: ClockGuard) -> None:
    guard.heard(START + HOUR, *after(1, 10 * MINUTE))
    assert guard.suspicious(*after(1, 10 * MINUTE)) is None


def test_one_wrong_server_is_outvoted_by_the_next(guard: ClockGuard) -> None:
    guard.heard(START - 3 * HOUR, *after(1))
    assert guard.suspicious(*after(1)) is not None
    guard.heard(START + HOUR, *after(1))
    assert guard.suspicious(*after(1)) is None
