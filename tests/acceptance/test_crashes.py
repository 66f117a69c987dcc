"""A slice of ``python -m tests.crashes``, which kills the bot many times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crashes.discord import DiscordTarget
from tests.crashes.harness import Harness, Posted, Target, Wanted, compare
from tests.crashes.slack import SlackTarget


@pytest.mark.parametrize("target", [SlackTarget(), DiscordTarget()], ids=lambda target: target.name)
async def test_nothing_is_lost_or_shown_twice_when_the_bot_is_killed(target: Target, tmp_path: Path) -> None:
    totals = await Harness(target, tmp_path).run(kills=5, share=0.3)
    assert totals.deliveries >= 40
    assert totals.lost_answers > 0
    assert (totals.lost, totals.twice, totals.unsettled) == (0, 0, 0), totals


def test_what_is_missing_and_what_is_there_twice_is_counted() -> None:
    one, other, third = (Wanted(frozenset({mark}), key) for mark, key in (("a", "k"), ("b", "k"), ("c", "l")))
    first, second = Posted("k", frozenset({"a", "b"})), Posted("l", frozenset({"c"}))
    assert compare([one, other, third], [first, second]) == (0, 0)
    assert compare([one, other, third], [Posted("k", frozenset({"a"})), second]) == (0, 0), "no room for all marks"
    assert compare([one, other, third], [first]) == (1, 0)
    assert compare([one, other, third], [first, second, first]) == (0, 2)
    assert compare([one, other, third], [first, second, Posted("m", frozenset({"c"}))]) == (0, 1)
