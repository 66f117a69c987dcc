"""Runs a target with input after input, and notes what goes wrong."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz import Check
from tests.fuzz.targets import TARGETS, Target

LONGEST = 1.0
"""Seconds of computing that one input may take."""

_HANGS = 20.0
_MOST_FINDINGS = 5
_SHOWN = 2_000


class HangError(BaseException):
    """An input is still being worked on; no code catches this by the way."""


@dataclass
class Tally:
    """What came of some runs of a target. Times are in seconds; ``growth`` is what the process grew in the second half
    of its runs, in MB, when every cache is full."""

    target: str
    runs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    growth: float = 0.0
    findings: list[str] = field(default_factory=list)


def run(
    name: str,
    seed: int,
    numbers: range,
    seconds: float = float("inf"),
    targets: Mapping[str, Target] = TARGETS,
) -> Tally:
    """Run a target with the inputs of these numbers, or as many as there is time for. Ends early after five findings
    or a hang. Each input comes of the seed, the target and its number alone."""
    target, tally = targets[name], Tally(name)
    start = time.monotonic()
    halfway: float | None = None
    with target.open() as check:
        for done, number in enumerate(numbers):
            passed = time.monotonic() - start
            if passed > seconds or len(tally.findings) >= _MOST_FINDINGS:
                break
            if halfway is None and (done >= len(numbers) / 2 or passed > seconds / 2):
                halfway = _resident()
            given = target.generate(Random(f"{seed} {name} {number}"))
            if not _try(tally, check, given, f"--target {name} --seed {seed} --first {number} --runs 1"):
                break
        tally.growth = 0.0 if halfway is None else _resident() - halfway
    tally.seconds = time.monotonic() - start
    return tally


def _try(tally: Tally, check: Check, given: Any, how: str) -> bool:
    """Check one input; False after a hang, which leaves nothing to go on with."""
    problem = ""
    before = time.process_time()
    try:
        with _alarm():
            check(given)
    except HangError:
        problem = f"no end after {_HANGS:.0f} s"
    except Exception as error:  # noqa: BLE001 - each is a finding
        problem = f"{type(error).__name__}: {error}"[:_SHOWN] + _place(error)
    took = time.process_time() - before
    tally.runs += 1
    tally.slowest = max(tally.slowest, took)
    if not problem and took > LONGEST:
        problem = f"took {took:.2f} s"
    if problem:
        tally.findings.append(f"{how}\n  {problem}\n  {repr(given)[:_SHOWN]}")
    return not problem.startswith("no end")


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HangError

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, _HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _resident() -> float:
    """The memory this process has now, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
