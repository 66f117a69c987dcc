"""Turns on a platform: kept gaps, fairness, Retry-After, and little memory; on a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from adapters.pace import Pace


class Time:
    """A clock that only moves when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.now + seconds, woken))
        await woken.wait()

    async def pass_(self, seconds: float) -> None:
        """Let so much time pass, waking everybody at their moment."""
        end = self.now + seconds
        await settle()
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= end]:
            earliest = min(due, key=lambda sleeper: sleeper[0])
            self._sleepers.remove(earliest)
            self.now = max(self.now, earliest[0])
            earliest[1].set()
            await settle()
        self.now = end


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


class Queue:
    """Who had a turn, when, in seconds from the beginning."""

    def __init__(self, time: Time, pace: Pace) -> None:
        self.time, self.pace, self.turns = time, pace, list[tuple[str, float]]()
        self._begin = time.now
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, channel: str) -> asyncio.Task[None]:
        task = asyncio.create_task(self._turn(channel))
        self._tasks.add(task)
        return task

    async def _turn(self, channel: str) -> None:
        await self.pace.turn(channel)
        self.turns.append((channel, round(self.time.now - self._begin, 2)))


@pytest.fixture
def queue(time: Time) -> Queue:
    return Queue(time, Pace(0.2, 1.05, clock=time.clock, sleep=time.sleep))


async def test_one_channel_has_a_turn_a_second(time: Time, queue: Queue) -> None:
    for _ in range(3):
        queue.ask("C1")
    await time.pass_(60)
    assert queue.turns == [("C1", 0.0), ("C1", 1.05), ("C1", 2.1)]


async def test_everybody_together_has_five_turns_a_second_first_come_first_served(time: Time, queue: Queue) -> None:
    channels = [f"C{number}" for number in range(200)]
    for channel in channels:
        queue.ask(channel)
    await time.pass_(60)
    assert [channel for channel, _ in queue.turns] == channels
    assert [when for _, when in queue.turns] == [round(0.2 * number, 2) for number in range(200)]


async def test_a_channel_that_waits_for_its_second_keeps_nobody_else_waiting(time: Time, queue: Queue) -> None:
    for channel in ("C1", "C1", "C1", "C2", "C3"):
        queue.ask(channel)
    await time.pass_(60)
    assert queue.turns == [("C1", 0.0), ("C2", 0.2), ("C3", 0.4), ("C1", 1.05), ("C1", 2.1)]


async def test_retry_after_holds_everybody_also_those_who_wait_already(time: Time, queue: Queue) -> None:
    queue.ask("C1")
    queue.ask("C2")
    await settle()
    queue.pace.hold(30)
    queue.ask("C3")
    await time.pass_(60)
    assert queue.turns == [("C1", 0.0), ("C2", 30.0), ("C3", 30.2)]


async def test_a_shorter_hold_does_not_end_a_longer_one(time: Time, queue: Queue) -> None:
    queue.pace.hold(30)
    queue.pace.hold(1)
    queue.ask("C1")
    await time.pass_(60)
    assert queue.turns == [("C1", 30.0)]


async def test_who_stops_waiting_takes_no_turn(time: Time, queue: Queue) -> None:
    queue.ask("C1")
    gone = [queue.ask("C1"), queue.ask("C2")]
    queue.ask("C1")
    queue.ask("C3")
    await settle()
    for task in gone:
        task.cancel()
    await time.pass_(60)
    assert queue.turns == [("C1", 0.0), ("C3", 0.2), ("C1", 1.05)]


async def test_channels_that_are_free_again_are_forgotten(time: Time, queue: Queue) -> None:
    for number in range(3000):
        queue.ask(f"C{number}")
    await time.pass_(3000)
    assert len(queue.turns) == 3000
    assert len(queue.pace._lanes) < 1100
