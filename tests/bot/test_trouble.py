"""When managers hear of a trouble and of its end, and in which words (pure)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from bot.model import Channel, ChannelRef, DeliveryKey, DeliveryKind, DeliveryState, PaperId
from bot.monthly import month_due, month_line
from bot.ports import Watched
from bot.reports import Account, DataLine, Freshness, LedgerLine, PlatformLine, SourceLine
from bot.stuck import LostChannel, StuckLine
from bot.trouble import (
    Review,
    Trouble,
    notices,
    of_channels,
    of_deliveries,
    of_platforms,
    of_sources,
    of_the_machine,
    review,
)
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATE = Trouble("source:arxiv", "arXiv is late.", (CHANNEL.ref,), "arXiv answers again.")
ROOM = DataLine(1, 0, 10**12, backed_up=True, last_backup=NOW)
ANN, BOB = (ChannelRef("local", "", f"dm-{user}") for user in ("ann", "bob"))


class Story:
    """A trouble that comes and goes, minute by minute; ``said`` is when what was told."""

    def __init__(self) -> None:
        self.watched: tuple[Watched, ...] = ()
        self.now = NOW
        self.said: list[tuple[int, str]] = []

    def minutes(self, number: int, *, there: bool) -> None:
        for _ in range(number):
            found = review([LATE] if there else [], self.watched, self.now)
            self.watched = found.watched
            minute = (self.now - NOW) // MINUTE
            self.said += [(minute, "news") for _ in found.news] + [(minute, "over") for _ in found.over]
            self.now += MINUTE


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_trouble_is_told_once_and_its_end_once(story: Story) -> None:
    story.minutes(300, there=True)
    story.minutes(300, there=False)
    assert story.said == [(10, "news"), (310, "over")]


def test_what_does_not_last_is_not_told(story: Story) -> None:
    for _ in range(5):
        story.minutes(9, there=True)
        story.minutes(11, there=False)
    assert story.said == []
    assert story.watched == ()


def test_what_comes_and_goes_is_one_trouble(story: Story) -> None:
    for _ in range(100):
        story.minutes(9, there=True)
        story.minutes(9, there=False)
    story.minutes(60, there=False)
    assert [what for _, what in story.said] == ["news", "over"]


def test_a_trouble_that_comes_back_is_told_again_only_after_a_day(story: Story) -> None:
    for _ in range(40):
        story.minutes(60, there=True)
        story.minutes(60, there=False)
    told = [minute for minute, what in story.said if what == "news"]
    assert len(told) == 4
    assert all(later - sooner >= DAY / MINUTE for sooner, later in pairwise(told))
    assert [what for _, what in story.said] == ["news", "over"] * 4


def test_what_is_over_and_long_told_is_forgotten(story: Story) -> None:
    story.minutes(20, there=True)
    story.minutes(23 * 60, there=False)
    assert len(story.watched) == 1
    story.minutes(2 * 60, there=False)
    assert len(story.watched) == 0


def test_a_trouble_that_may_last_longer_is_told_later() -> None:
    slow = Trouble("slow", "…", (), lasting=DAY)
    assert not review([slow], [Watched("slow", NOW)], NOW + 23 * HOUR).news
    assert review([slow], [Watched("slow", NOW)], NOW + DAY).news == (slow,)


# ---------------------------------------------------------------- what is a trouble


def a_source(state: Freshness, since: datetime | None, error: str | None = None) -> SourceLine:
    return SourceLine("arxiv", "arXiv", state, since, None, None, error)


@pytest.mark.parametrize(
    ("state", "age", "told"),
    [
        (Freshness.FAILED, 25 * HOUR, True),
        (Freshness.LATE, DAY, True),
        (Freshness.FAILED, 23 * HOUR, False),
        (Freshness.QUIET, 3 * DAY, False),
        (Freshness.FRESH, 3 * DAY, False),
    ],
)
def test_a_source_is_told_after_a_day(state: Freshness, age: timedelta, told: bool) -> None:
    assert bool(of_sources([a_source(state, NOW - age)], (CHANNEL.ref,), NOW)) is told


def test_a_source_that_never_answered_gets_a_day() -> None:
    [trouble] = of_sources([a_source(Freshness.FAILED, None, "no answer")], (CHANNEL.ref,), NOW)
    assert trouble.lasting == DAY
    assert "(no answer)" in trouble.text


def stuck(kind: DeliveryKind = DeliveryKind.DIGEST, state: DeliveryState = DeliveryState.HELD) -> StuckLine:
    return StuckLine(DeliveryKey("k" * 24), CHANNEL, kind, "2026-11-20", state, 12, NOW, "cannot be read")


def test_a_stuck_delivery_says_what_to_do_and_offers_it() -> None:
    [trouble] = of_deliveries([stuck()])
    assert "papers: a digest of 12 papers is held" in trouble.text
    assert trouble.commands == (f"resend {'k' * 24}", f"skip {'k' * 24}")
    [trouble] = of_deliveries([stuck(DeliveryKind.SHARE, DeliveryState.DEAD)])
    assert trouble.commands == (f"skip {'k' * 24}",)


def test_a_notice_that_is_stuck_makes_no_other_notice() -> None:
    assert of_deliveries([stuck(DeliveryKind.NOTICE)]) == []


def test_a_lost_channel_is_told_but_not_lost_direct_messages() -> None:
    [trouble] = of_channels([LostChannel(CHANNEL, NOW, "is_archived", 41), LostChannel(Channel(ANN, ""), NOW, "", 1)])
    assert "(is_archived)" in trouble.text
    assert "41 papers" in trouble.text
    assert trouble.channels == (CHANNEL.ref,)


def test_a_platform_that_cannot_be_reached_is_told_on_the_others() -> None:
    there, here = ChannelRef("slack", "", "C1"), CHANNEL.ref
    lines = [PlatformLine("local"), PlatformLine("slack", "the token was revoked")]
    [trouble] = of_platforms(lines, (there, here))
    assert "not connected to Slack: the token was revoked" in trouble.text
    assert trouble.channels == (here,)
    assert "connected to Slack again" in trouble.over


def test_a_full_disk_a_wrong_clock_and_lost_papers_are_told() -> None:
    everybody = (CHANNEL.ref,)
    assert of_the_machine(ROOM, [], None, everybody) == []
    full = DataLine(1, 0, 0, backed_up=True, last_backup=NOW)
    lost = LedgerLine(date(2026, 11, 19), "arxiv", {Account.MISSING: 1}, (PaperId(7),))
    troubles = of_the_machine(full, [lost], "The clock jumped.", everybody)
    assert [trouble.key for trouble in troubles] == ["ledger:arxiv:2026-11-19", "disk", "clock"]
    assert "P7" in troubles[0].text


# ---------------------------------------------------------------- who hears what


def test_each_person_gets_one_notice_with_all_that_concerns_them() -> None:
    both = Trouble("disk", "Full.", (CHANNEL.ref, OTHER_CHANNEL.ref), commands=("status",))
    over = Watched("clock", NOW, (OTHER_CHANNEL.ref,), "The clock is right again.")
    told = notices(Review((), (LATE, both), (over,)), {CHANNEL.ref: [ANN], OTHER_CHANNEL.ref: [ANN, BOB]})
    assert {person: notice.text.splitlines() for person, notice in told.items()} == {
        ANN: ["arXiv is late.", "Full.", "The clock is right again."],
        BOB: ["Full.", "The clock is right again."],
    }
    assert told[BOB].commands == ("status",)


def test_an_end_that_nobody_needs_to_hear_of_is_not_told() -> None:
    over = Watched("delivery:k", NOW, (CHANNEL.ref,))
    assert notices(Review((), (), (over,)), {CHANNEL.ref: [ANN]}) == {}


def test_a_flood_of_troubles_is_one_notice_of_bounded_length() -> None:
    many = tuple(
        Trouble(str(number), f"{number}.", (CHANNEL.ref,), commands=(f"skip {number}",)) for number in range(30)
    )
    notice = notices(Review((), many, ()), {CHANNEL.ref: [ANN]})[ANN]
    assert len(notice.text.splitlines()) == 11
    assert "20 more" in notice.text
    assert len(notice.commands) == 5


# ---------------------------------------------------------------- each month


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 12, 1, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 3, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 3, 8, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 15, 12, 0, tzinfo=UTC), False),
    ],
)
def test_the_monthly_line_is_due_from_the_hour_of_the_channels_post_on(now: datetime, due: bool) -> None:
    channel = Channel(CHANNEL.ref, "papers", "weekly mon 09:00", "Europe/Berlin")
    month = month_due(channel, now)
    assert (month is not None) is due
    if month:
        assert [moment.isoformat() for moment in month] == ["2026-11-01T00:00:00+01:00", "2026-12-01T00:00:00+01:00"]


def test_the_monthly_line_counts() -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    assert month_line(CHANNEL, begin, 412, 0, ROOM) == (
        "Still running. papers in November: 412 papers posted, 0 held; last backup Fri 20 Nov."
    )
    none = DataLine(1, 0, 10**12, backed_up=False, last_backup=None)
    assert month_line(CHANNEL, begin, 1, 2, none).endswith("1 paper posted, 2 held; no backups are made.")
