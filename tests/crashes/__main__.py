"""``python -m tests.crashes --kills 200``: kills the bot while it posts, and says what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.crashes.discord import DiscordTarget
from tests.crashes.harness import Harness, Target
from tests.crashes.slack import SlackTarget

TARGETS: Mapping[str, Callable[[], Target]] = {"slack": SlackTarget, "discord": DiscordTarget}


def main() -> int:
    """Exit 1 if anything was lost, shown twice or left undone."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes", description=__doc__)
    parser.add_argument("--platform", choices=TARGETS, default="slack")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.2, help="of the answers get lost after the post")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(TARGETS[given.platform](), Path(folder), given.seed)
        totals = asyncio.run(harness.run(given.kills, given.share))
    sys.stdout.write(f"{given.platform}, seed {given.seed}: {totals}\n")
    return int(bool(totals.lost or totals.twice or totals.unsettled))


if __name__ == "__main__":
    sys.exit(main())
