"""Times and how they are shown."""

from __future__ import annotations

import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from typing import TypeVar

from rich.console import Console
from rich.table import Table

T = TypeVar("T")
console = Console(width=200)


@dataclass(slots=True)
class Lap:
    """Seconds that a block took."""

    start: float
    seconds: float = 0.0

    @property
    def so_far(self) -> float:
        """Seconds since the block began."""
        return time.perf_counter() - self.start


@contextmanager
def timed() -> Iterator[Lap]:
    """Times the block."""
    lap = Lap(time.perf_counter())
    yield lap
    lap.seconds = lap.so_far


async def timed_call(call: Callable[[], Awaitable[T]], times: list[float]) -> T:
    """Await a call and note its seconds."""
    with timed() as lap:
        result = await call()
    times.append(lap.seconds)
    return result


def percentile(times: Sequence[float], percent: int) -> float:
    """The time that ``percent`` of a hundred calls stay within."""
    return quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def milliseconds(times: Sequence[float]) -> str:
    """p50 / p95 / max in milliseconds."""
    return " / ".join(_short(1000 * value) for value in (percentile(times, 50), percentile(times, 95), max(times)))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are figures."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
