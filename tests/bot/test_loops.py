"""The bot's loops: they outlive their failures, and a loop that hangs or only fails is noticed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.loops import Loops

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def loops(clock: Clock) -> AsyncIterator[Loops]:
    made = Loops(clock)
    yield made
    await made.stop()


async def settle() -> None:
    """Let every loop come to its next wait."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_step_is_done_at_once_and_whenever_it_is_woken(loops: Loops) -> None:
    wake = asyncio.Event()
    done: list[int] = []

    async def step() -> None:
        done.append(len(done))

    loops.start(HOUR, step, wake)
    await settle()
    wake.set()
    await settle()
    assert done == [0, 1]


async def test_a_loop_that_hangs_is_stuck_and_failing(loops: Loops, clock: Clock) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    loops.start(SECOND, hang, name="delivering", within=HOUR)
    await settle()
    clock.seconds = 3600
    assert (loops.stuck, loops.failing) == ([], [])
    clock.seconds = 3602
    assert (loops.stuck, loops.failing) == (["delivering"], ["delivering"])


async def test_a_loop_that_fails_goes_on_and_is_not_stuck(loops: Loops, clock: Clock) -> None:
    wake, tries = asyncio.Event(), []

    async def fail() -> None:
        tries.append(1)
        raise OSError("the disk is full")

    loops.start(SECOND, fail, wake, name="delivering", within=HOUR)
    await settle()
    clock.seconds = 4000
    wake.set()
    await settle()
    assert (len(tries), loops.stuck, loops.failing) == (2, [], ["delivering"])


async def test_a_loop_that_works_again_fails_no_more(loops: Loops, clock: Clock) -> None:
    wake, broken = asyncio.Event(), [True]

    async def step() -> None:
        if broken:
            raise OSError("the disk is full")

    loops.start(SECOND, step, wake, name="polling", within=HOUR)
    await settle()
    clock.seconds = 4000
    assert loops.failing == ["polling"]
    broken.clear()
    wake.set()
    await settle()
    assert loops.failing == []


async def test_a_loop_that_is_not_watched_is_never_stuck(loops: Loops, clock: Clock) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    loops.start(SECOND, hang)
    clock.seconds = 1e9
    assert loops.stuck == loops.failing == []
