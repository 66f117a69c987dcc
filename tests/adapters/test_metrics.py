import asyncio
import time
from datetime import UTC, datetime

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from adapters.metrics import LoopLag, exposition
from adapters.web import WebServer
from bot.model import DeliveryState
from bot.reports import Freshness, SourceLine, StatusReport

THEN = datetime(2026, 11, 20, tzinfo=UTC)
REPORT = StatusReport(
    sources=(
        SourceLine("pubmed", "PubMed", Freshness.FRESH, THEN, None, None, None),
        SourceLine("arxiv", "arXiv", Freshness.FAILED, None, THEN, None, "down"),
    ),
    papers=1234,
    waiting=3,
    deliveries=((DeliveryState.SENT, 40), (DeliveryState.HELD, 1)),
    channels=(),
)


def values(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_monitoring_system_can_tell_what_is_wrong() -> None:
    found = values(exposition(REPORT, 0.25).decode())
    assert found["paperround_papers", ""] == 1234
    assert found["paperround_announcements_waiting", ""] == 3
    assert found["paperround_loop_lag_seconds", ""] == 0.25
    assert found["paperround_deliveries", "held"] == 1
    assert (found["paperround_source_fresh", "pubmed"], found["paperround_source_fresh", "arxiv"]) == (1, 0)
    assert found["paperround_source_last_success_timestamp_seconds", "pubmed"] == THEN.timestamp()
    assert ("paperround_source_last_success_timestamp_seconds", "arxiv") not in found


async def test_metrics_are_served_where_they_are_given_and_nowhere_else() -> None:
    async def metrics() -> bytes:
        return exposition(REPORT, 0)

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
