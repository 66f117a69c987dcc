"""When the machine's clock is trusted."""

import logging
from datetime import datetime, timedelta

import pytest

from bot.timekeeping import LONGEST_WAIT, Timekeeper
from tests.examples import NOW

HOUR = timedelta(hours=1)


class Machine:
    """A clock that the test sets, and the seconds since the start."""

    def __init__(self) -> None:
        self.wall = NOW
        self.seconds = 0.0

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds

    def keeper(self) -> Timekeeper:
        return Timekeeper(lambda: self.wall, lambda: self.seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_the_first_date_is_waited_for_but_not_for_ever(machine: Machine) -> None:
    keeper = machine.keeper()
    assert keeper.distrust()
    assert keeper.find_problem() is None
    machine.pass_by(LONGEST_WAIT.total_seconds())
    assert keeper.distrust() is None


@pytest.mark.parametrize(("told", "trusted"), [(NOW, True), (NOW - HOUR, False), (NOW + HOUR, False)])
def test_the_first_date_decides(machine: Machine, told: datetime, trusted: bool) -> None:
    keeper = machine.keeper()
    keeper.heard(told)
    assert (keeper.distrust() is None) is trusted


def test_a_jump_and_its_end_are_told_once(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    keeper = machine.keeper()
    keeper.stop_waiting()
    assert not keeper.lost_trust()
    machine.wall += HOUR
    assert [keeper.lost_trust() for _ in range(3)] == [True, False, False]
    problem = keeper.distrust()
    assert problem
    keeper.heard(machine.wall)
    assert (keeper.distrust(), keeper.lost_trust(), keeper.lost_trust()) == (None, False, False)
    assert [record.message for record in caplog.records] == [
        problem,
        "This machine's clock is right again; posting goes on.",
    ]
