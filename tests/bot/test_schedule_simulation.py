"""24 days of a bot whose power fails and whose clock jumps, while the clocks change in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise

import pytest

from bot.schedule import ClockGuard, Due, Timetable, instant, parse_schedule

START, DAYS = datetime(2026, 10, 3, 12, tzinfo=UTC), 24
"""Sydney puts its clocks forward on 4 October, Berlin back on 25 October."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEP, POLL = 5 * MINUTE, 30 * MINUTE

CHANNELS = {
    "skipped": ("daily 02:30", "Australia/Sydney"),
    "repeated": ("daily 02:30", "Europe/Berlin"),
    "midnight": ("daily 00:00", "Europe/Berlin"),
    "office": ("weekdays 09:00", "Australia/Sydney"),
    "weekly": ("weekly mon 09:00", "America/New_York"),
}
OUTAGES = ((5, 8), (15, 18))
"""From and until which day, counted from the start."""

JUMPS = (
    (2.0, 2.3, 2 * HOUR),
    (7.9, 8.4, DAY),  # it wakes from the first outage with a wrong clock
    (10.0, 10.4, -3 * HOUR),
    (12.5, 12.7, -40 * MINUTE),
    (20.3, 21.0, 9 * MINUTE),  # a jump; but a server's Date may differ by as much
)
"""From and until which day the clock is wrong, and by how much."""

RESTARTS = (1.5, 10.1, 13.2)


@dataclass
class Machine:
    """What is true, and what the machine's clock says."""

    now: datetime = START
    booted: datetime = START

    @property
    def day(self) -> float:
        return (self.now - START) / DAY

    @property
    def up(self) -> bool:
        return not any(begin <= self.day < end for begin, end in OUTAGES)

    @property
    def error(self) -> timedelta:
        return next((off for begin, end, off in JUMPS if begin <= self.day < end), timedelta())

    def clocks(self) -> tuple[datetime, float]:
        return self.now + self.error, (self.now - self.booted).total_seconds()


@dataclass
class Post:
    """A post, with what was true when it was made."""

    due: Due
    at: datetime
    clock_error: timedelta


@dataclass
class Bot:
    """What a bot keeps in its database (tables, posts) and in memory (the guard)."""

    machine: Machine
    tables: dict[str, Timetable]
    posts: dict[str, list[Post]]
    silenced: int = 0
    guard: ClockGuard = field(init=False)

    def start(self) -> None:
        self.guard = ClockGuard(*self.machine.clocks())
        self.poll()

    def poll(self) -> None:
        self.guard.heard(self.machine.now, *self.machine.clocks())

    def deliver(self) -> None:
        wall, monotonic = self.machine.clocks()
        if self.guard.suspicious(wall, monotonic):
            self.silenced += 1
            return
        for name, table in self.tables.items():
            if due := table.due(wall):
                self.posts[name].append(Post(due, self.machine.now, self.machine.error))
                self.tables[name] = replace(table, last_day=due.day)


@pytest.fixture(scope="module")
def bot() -> Bot:
    """A bot after its 24 days."""
    machine = Machine()
    tables = {name: Timetable(parse_schedule(text), zone, START) for name, (text, zone) in CHANNELS.items()}
    bot = Bot(machine, tables, {name: [] for name in CHANNELS})
    bot.start()
    restarts = [START + day * DAY for day in RESTARTS]
    while machine.now < START + DAYS * DAY:
        was_up = machine.up
        machine.now += STEP
        if not machine.up:
            continue
        if not was_up or (restarts and machine.now >= restarts[0]):
            restarts = restarts[1:] if was_up else restarts
            machine.booted = machine.now
            bot.start()
        bot.deliver()
        if (machine.now - machine.booted) % POLL == timedelta():
            bot.poll()
    return bot


def expected(name: str) -> Iterator[tuple[date, datetime]]:
    """The channel's slots in these days."""
    schedule, zone = parse_schedule(CHANNELS[name][0]), CHANNELS[name][1]
    for day in (START.date() + n * DAY for n in range(-1, DAYS + 2)):
        moment = instant(schedule, day, zone)
        if day.weekday() in schedule.days and START < moment <= START + DAYS * DAY:
            yield day, moment


@pytest.mark.parametrize("name", CHANNELS)
def test_each_slot_has_one_digest_or_is_in_one_catch_up(bot: Bot, name: str) -> None:
    slots = dict(expected(name))
    posts = [post.due for post in bot.posts[name]]
    assert all(a.day < b.day for a, b in pairwise(posts))
    assert {post.day for post in posts} <= slots.keys()
    taken = [[day for day in slots if before < day <= due.day] for before, due in covered(posts)]
    assert list(chain(*taken)) == list(slots), "every slot, in order, once"
    assert [len(days) - 1 for days in taken] == [due.missed for due in posts]


def covered(posts: list[Due]) -> Iterator[tuple[date, Due]]:
    """Each post with the day of the one before."""
    return zip([date.min, *(due.day for due in posts)], posts, strict=False)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("skipped", ["covers 4 days", "covers 3 days"]),
        ("repeated", ["covers 3 days", "covers 3 days"]),
        ("midnight", ["covers 3 days", "covers 3 days"]),
        ("office", ["covers 5 days"]),  # of the first outage one slot was left, late but of its own day
        ("weekly", []),
    ],
)
def test_each_outage_makes_one_labelled_catch_up(bot: Bot, name: str, labels: list[str]) -> None:
    assert [post.due.label for post in bot.posts[name] if post.due.missed] == labels


def test_nothing_is_posted_by_a_wrong_clock(bot: Bot) -> None:
    assert bot.silenced > DAY / STEP, "the guard was needed for more than a day"
    for post in chain(*bot.posts.values()):
        assert abs(post.clock_error) < 10 * MINUTE


@pytest.mark.parametrize("name", CHANNELS)
def test_a_post_waits_for_nothing_but_outages_and_wrong_clocks(bot: Bot, name: str) -> None:
    hindrances = sorted([*OUTAGES, *((begin, end) for begin, end, _ in JUMPS)])
    for post in bot.posts[name]:
        latest = post.due.end
        for begin, end in hindrances:
            if begin <= (latest - START) / DAY < end:
                latest = START + end * DAY
        assert post.due.end - 10 * MINUTE < post.at <= latest + POLL + STEP
