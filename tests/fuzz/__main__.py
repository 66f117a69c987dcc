"""``python -m tests.fuzz``: fuzzes the bot, prints a table, and exits with 1 if anything was found.

A finding is an exception that no caller expects, an answer that is not right, an input that takes more than a second of
computing, or a process that grows. The command printed with it brings it back.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from tests.fuzz.running import Tally, run
from tests.fuzz.targets import TARGETS

_MOST_GROWTH = 32.0
"""MB in the second half of the runs."""

_SEED = 2611


def main() -> int:
    """Fuzz what the arguments ask for; returns the exit code."""
    asked = _arguments()
    names = asked.target or list(TARGETS)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.jobs, mp_context=context, max_tasks_per_child=1) as pool:
        shares = [
            (name, pool.submit(run, name, asked.seed, share, asked.seconds))
            for name in names
            for share in _shares(asked.first, asked.runs or TARGETS[name].runs, asked.jobs)
        ]
        tallies = [_together([future.result() for other, future in shares if other == name]) for name in names]
    _print(tallies)
    return 1 if any(tally.findings for tally in tallies) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=(__doc__ or "").split("\n", maxsplit=1)[0]
    )
    parser.add_argument("--target", action="append", choices=list(TARGETS))
    parser.add_argument("--runs", type=int, help="of each target; without it, the full number of each")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most, for each target")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def _shares(first: int, runs: int, jobs: int) -> Iterator[range]:
    ends = [first + runs * job // jobs for job in range(jobs + 1)]
    yield from (range(start, end) for start, end in pairwise(ends) if start < end)


def _together(tallies: Sequence[Tally]) -> Tally:
    whole = Tally(
        tallies[0].target,
        sum(tally.runs for tally in tallies),
        max(tally.seconds for tally in tallies),
        max(tally.slowest for tally in tallies),
        max(tally.growth for tally in tallies),
        [finding for tally in tallies for finding in tally.findings],
    )
    if whole.growth > _MOST_GROWTH:
        whole.findings.append(
            f"--target {whole.target}\n  grew by {whole.growth:.0f} MB in the second half of the runs"
        )
    return whole


def _print(tallies: Sequence[Tally]) -> None:
    table = Table("target", "runs", "runs/s", "slowest ms", "growth MB", "findings")
    for tally in tallies:
        for finding in tally.findings:
            sys.stdout.write(f"{finding}\n")
        rate = tally.runs / max(tally.seconds, 1e-9)
        cells = (f"{tally.runs:,}", f"{rate:,.0f}", f"{tally.slowest * 1000:,.1f}", f"{tally.growth:.1f}")
        table.add_row(tally.target, *cells, str(len(tally.findings)))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
