"""What a channel may say of when it is posted to, and what is told of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import Refused
from bot.model import ChannelRef, DeliveryKind
from bot.ports import Plan, Progress
from bot.schedule import ScheduleError, parse_rule, parse_rule_and_zone
from bot.timetables import due_at, first_post, next_post
from tests.examples import NOW

PLAN = Plan(ChannelRef("local", "", "papers"), "daily 09:00", "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "written", "zone"),
    [
        ("daily 9", "daily 09:00", "UTC"),
        ("daily 9 even if empty", "daily 09:00 even if empty", "UTC"),
        ("weekdays 8:30 berlin, even when it is empty", "weekdays 08:30 even if empty", "Europe/Berlin"),
        ("mon 9 new york even if empty", "weekly mon 09:00 even if empty", "America/New_York"),
        ("now", "now", "UTC"),
    ],
)
def test_a_rule_is_a_schedule_a_zone_and_what_becomes_of_empty_slots(text: str, written: str, zone: str) -> None:
    rule, found = parse_rule_and_zone(text, "UTC")
    assert (str(rule), found) == (written, zone)
    assert parse_rule(written) == rule


@pytest.mark.parametrize("text", ["now even if empty", "even if empty", "daily 9 even if", "daily 9 atlantis"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_rule_and_zone(text, "UTC")
    with pytest.raises(ScheduleError):
        parse_rule(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "tomorrow 09:00"),
        ({"schedule": "daily 14:00"}, "today 14:00"),
        ({"schedule": "weekdays 09:00"}, "Mon 23 Nov 09:00"),
        ({"schedule": "now"}, "as soon as a new paper matches"),
        ({"schedule": "now", "snoozed_until": datetime(2026, 11, 21, 6, tzinfo=UTC)}, "tomorrow 07:00"),
        ({"snoozed_until": datetime(2026, 11, 28, 12, tzinfo=UTC)}, "Sun 29 Nov 09:00"),
        ({"zone": "Pacific/Auckland"}, "today 09:00"),
    ],
)
def test_the_first_post_is_told_in_the_channels_own_time(changes: dict[str, object], words: str) -> None:
    """NOW is Friday 13:00 in Berlin, and Saturday 01:00 in Auckland."""
    assert first_post(replace(PLAN, **changes), NOW) == words  # type: ignore[arg-type]


def test_a_channel_without_slots_is_never_due() -> None:
    plan = replace(PLAN, schedule="now")
    assert next_post(plan, NOW) is None
    assert due_at(plan, DeliveryKind.DIGEST, NOW) is None
    assert due_at(plan, DeliveryKind.RECAP, NOW) is None


def test_a_rule_that_began_earlier_under_another_name_begins_anew() -> None:
    long_ago = datetime(2026, 11, 1, tzinfo=UTC)
    old = replace(PLAN, posts=Progress("daily 08:00 Europe/Berlin", long_ago))
    assert due_at(old, DeliveryKind.DIGEST, NOW) == datetime(2026, 11, 21, 8, tzinfo=UTC)
    same = replace(PLAN, posts=Progress("daily 09:00 Europe/Berlin", long_ago))
    assert due_at(same, DeliveryKind.DIGEST, NOW) == NOW
