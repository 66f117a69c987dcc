import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from adapters.metrics import LoopLag, exposition
from adapters.web import WebServer
from bot.model import DeliveryState, PaperId
from bot.reports import Account, DataLine, Freshness, LedgerLine, PlatformLine, Silence, SourceLine, StatusReport

THEN = datetime(2026, 11, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SOON = datetime(2026, 11, 23, tzinfo=UTC)
REPORT = StatusReport(
    sources=(
        SourceLine("pubmed", "PubMed", Freshness.FRESH, THEN, None, None, None),
        SourceLine("arxiv", "arXiv", Freshness.FAILED, None, THEN, None, "down"),
        SourceLine("resting", "Rest", Freshness.QUIET, NOW, None, None, None, Silence(THEN, SOON, "weekend")),
        SourceLine("overdue", "Due", Freshness.LATE, NOW, None, None, None, Silence(THEN, SOON)),
        SourceLine("away", "Away", Freshness.LATE, THEN, None, None, None),
    ),
    papers=1234,
    waiting=3,
    deliveries=((DeliveryState.SENT, 40), (DeliveryState.HELD, 1)),
    channels=(),
    platforms=(PlatformLine("local"), PlatformLine("slack", "revoked")),
    ledger=(
        LedgerLine(THEN.date(), "arxiv", dict.fromkeys(Account, 0), ()),
        LedgerLine(THEN.date(), "pubmed", dict.fromkeys(Account, 2), (PaperId(7), PaperId(9))),
        LedgerLine(THEN.date() - timedelta(days=1), "pubmed", dict.fromkeys(Account, 1), (PaperId(5),)),
    ),
)


def lag(*measured: float) -> LoopLag:
    made = LoopLag()
    made._measured.extend(measured)
    return made


def values(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_monitoring_system_can_tell_what_is_wrong() -> None:
    found = values(exposition(REPORT, lag(0.25)).decode())
    assert found["paperround_papers", ""] == 1234
    assert found["paperround_announcements_waiting", ""] == 3
    assert found["paperround_loop_lag_seconds", ""] == 0.25
    assert 0 < found["paperround_loop_lag_p99_seconds", ""] <= 0.25
    assert found["paperround_deliveries", "held"] == 1
    assert (found["paperround_platform_connected", "local"], found["paperround_platform_connected", "slack"]) == (1, 0)
    assert (found["paperround_source_fresh", "pubmed"], found["paperround_source_fresh", "arxiv"]) == (1, 0)
    assert found["paperround_source_last_success_timestamp_seconds", "pubmed"] == THEN.timestamp()
    assert (found["paperround_ledger_missing", "pubmed"], found["paperround_ledger_missing", "arxiv"]) == (3, 0)
    assert ("paperround_source_last_success_timestamp_seconds", "arxiv") not in found


def test_a_monitoring_system_can_tell_quiet_from_late_and_since_when() -> None:
    found = values(exposition(REPORT, lag()).decode())
    names = ("pubmed", "arxiv", "resting", "overdue", "away")
    assert [found["paperround_source_fresh", name] for name in names] == [1, 0, 1, 0, 0]
    states = ("fresh", "failed", "quiet", "late", "late")
    for name, state in zip(names, states, strict=True):
        in_it = {one.value for one in Freshness if found["paperround_source_state", f"{name},{one.value}"]}
        assert in_it == {state}
    since = {name: found.get(("paperround_source_since_timestamp_seconds", name)) for name in names}
    assert since == dict.fromkeys(names) | dict.fromkeys(("resting", "overdue", "away"), THEN.timestamp())
    following = {name: found.get(("paperround_source_next_announcement_timestamp_seconds", name)) for name in names}
    assert following == dict.fromkeys(names) | dict.fromkeys(("resting", "overdue"), SOON.timestamp())


def test_a_monitoring_system_can_tell_a_full_disk_and_missing_copies() -> None:
    data = DataLine(size=5000, log=1000, free=300, backed_up=True, last_backup=THEN)
    found = values(exposition(replace(REPORT, data=data), lag()).decode())
    names = ("data_bytes", "disk_free_bytes", "last_backup_timestamp_seconds")
    assert [found[f"paperround_{name}", ""] for name in names] == [5000, 300, THEN.timestamp()]
    found = values(exposition(replace(REPORT, data=replace(data, last_backup=None)), lag()).decode())
    assert ("paperround_last_backup_timestamp_seconds", "") not in found


async def test_metrics_are_served_where_they_are_given_and_nowhere_else() -> None:
    async def metrics() -> bytes:
        return exposition(REPORT, lag())

    statuses = []
    for server in (WebServer("127.0.0.1", 0, metrics=metrics), WebServer("127.0.0.1", 0)):
        await server.start()
        address = f"http://127.0.0.1:{server.port}/metrics"
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            statuses.append(response.status)
            if response.status == 200:
                assert response.headers["Content-Type"].startswith("text/plain; version=")
                assert values(await response.text())["paperround_papers", ""] == 1234
        await server.stop()
    assert statuses == [200, 404]


async def test_what_holds_up_the_loop_is_noticed() -> None:
    lag = LoopLag()
    watching = asyncio.create_task(lag.watch())
    await asyncio.sleep(0.05)
    time.sleep(0.8)  # noqa: ASYNC251 - this is what is to be noticed
    while not lag.worst:
        await asyncio.sleep(0.05)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert lag.worst > 0.1
