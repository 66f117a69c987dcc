"""A slice of ``python -m tests.crashes``, which kills the bot many times."""

from __future__ import annotations

from pathlib import Path

from tests.crashes.harness import Harness, compare
from tests.crashes.slack import SlackTarget


async def test_nothing_is_lost_or_shown_twice_on_slack_when_the_bot_is_killed(tmp_path: Path) -> None:
    totals = await Harness(SlackTarget(), tmp_path).run(kills=6, share=0.3)
    assert totals.deliveries >= 48
    assert totals.lost_answers > 0
    assert (totals.lost, totals.twice, totals.unsettled) == (0, 0, 0), totals


def test_what_is_missing_and_what_is_there_twice_is_counted() -> None:
    one, other, both = frozenset({"a"}), frozenset({"b"}), frozenset({"c", "d"})
    assert compare([one, other, both], [one | other, both]) == (0, 0)
    assert compare([one, other, both], [one, frozenset({"c"})]) == (1, 0)
    assert compare([one, other, both], [one | other, both, frozenset({"d"}), one]) == (0, 2)
