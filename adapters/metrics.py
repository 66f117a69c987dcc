"""What a monitoring system reads at /metrics, in Prometheus' text format, and the watch over the event loop.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from statistics import quantiles

from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest

from bot.reports import Account, DataLine, Freshness, SourceLine, StatusReport

__all__ = ["CONTENT_TYPE", "LoopLag", "exposition"]

_EVERY = 0.5
_REMEMBERED = 120
"""Measurements kept: one minute of them."""
_ALARMING = 1.0
_log = logging.getLogger(__name__)


class LoopLag:
    """Measures how late the event loop is: seconds between when a sleep should have ended and when it did."""

    def __init__(self) -> None:
        self._measured: deque[float] = deque([0.0], maxlen=_REMEMBERED)

    @property
    def worst(self) -> float:
        """The greatest lag of the last minute, in seconds."""
        return max(self._measured)

    @property
    def p99(self) -> float:
        """What 99 of a hundred measurements of the last minute stay within, in seconds."""
        return quantiles([0.0, *self._measured], n=100, method="inclusive")[98]

    async def watch(self) -> None:
        """Measure for ever; more than a second is logged, for then people wait for their answers."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _EVERY
            await asyncio.sleep(_EVERY)
            self._measured.append(loop.time() - due)
            if self._measured[-1] > _ALARMING:
                _log.warning("something held up the event loop for %.1f s", self._measured[-1])


def exposition(report: StatusReport, lag: LoopLag) -> bytes:
    """The metrics of this moment."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    _gauge(registry, "loop_lag_seconds", "The event loop's greatest lag of the last minute.").set(lag.worst)
    _gauge(registry, "loop_lag_p99_seconds", "What 99 in 100 lags of the last minute stay within.").set(lag.p99)
    _gauge(registry, "papers", "Papers in the archive.").set(report.papers)
    _gauge(registry, "announcements_waiting", "Announcements that are in no delivery yet.").set(report.waiting)
    connected = _gauge(registry, "platform_connected", "1 if nothing is wrong with the connection.", "platform")
    for platform in report.platforms:
        connected.labels(platform.name).set(platform.trouble is None)
    deliveries = _gauge(registry, "deliveries", "Deliveries by state.", "state")
    for state, count in report.deliveries:
        deliveries.labels(state.value).set(count)
    _expose_sources(registry, report.sources)
    missing = _gauge(registry, "ledger_missing", "Papers that matched a topic and were never announced.", "source")
    for line in report.ledger:
        missing.labels(line.source).inc(line.accounts[Account.MISSING])
    if report.data:
        _expose_data(registry, report.data)
    return generate_latest(registry)


def _expose_data(registry: CollectorRegistry, data: DataLine) -> None:
    _gauge(registry, "data_bytes", "Size of the data file with its log.").set(data.size)
    _gauge(registry, "disk_free_bytes", "Free on the disk of the data.").set(data.free)
    if data.last_backup:
        last = _gauge(registry, "last_backup_timestamp_seconds", "When the last daily copy was made.")
        last.set(data.last_backup.timestamp())


def _expose_sources(registry: CollectorRegistry, sources: Iterable[SourceLine]) -> None:
    fresh = _gauge(registry, "source_fresh", "1 if the source is neither late nor failed.", "source")
    states = _gauge(registry, "source_state", "1 for the state that the source is in.", "source", "state")
    texts = {
        "success": ("source_last_success_timestamp_seconds", "When a round was last complete."),
        "since": ("source_since_timestamp_seconds", "Since when the source has not been fresh."),
        "next": ("source_next_announcement_timestamp_seconds", "When the next is promised, if it is quiet or late."),
    }
    moments = {key: _gauge(registry, name, text, "source") for key, (name, text) in texts.items()}
    for source in sources:
        fresh.labels(source.name).set(source.state in (Freshness.FRESH, Freshness.QUIET))
        for state in Freshness:
            states.labels(source.name, state.value).set(source.state is state)
        following = source.silence.next if source.silence else None
        times = {"success": source.last_success, "since": source.since, "next": following}
        for key, moment in times.items():
            if moment is not None:
                moments[key].labels(source.name).set(moment.timestamp())


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"paperround_{name}", text, labels, registry=registry)
