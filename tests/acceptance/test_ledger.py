"""The daily ledger over the whole bot: a day balances, and a paper that fell through is found and named."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest

from bot.app import App, utc_now
from bot.ledger import balance
from bot.model import Delivery, DeliveryKey, DeliveryKind
from bot.printing import print_status
from bot.reports import Account, StatusReport, WhyReport
from tests.acceptance.world import World
from tests.examples import a_record


async def check(app: App) -> dict[tuple[str, Account], int]:
    """Check the day as if it were over."""
    await balance(app._storage, utc_now() + timedelta(days=2))
    counts: Counter[tuple[str, Account]] = Counter()
    for line in (await app.status()).ledger:
        counts.update({(line.source, account): count for account, count in line.accounts.items() if count})
    return dict(counts)


async def hold_one(app: App, world: World) -> None:
    """Let a person decide about the first announcement that waits."""
    outbox, now = app._storage.outbox, utc_now()
    paper = (await outbox.waiting(world.channel))[0].paper_id
    key = DeliveryKey("held")
    kind = DeliveryKind.ANNOUNCEMENT
    await outbox.open([Delivery(key, world.channel, kind, f"P{paper}", 1, b"", paper_ids=(paper,))], now)
    await outbox.unknown(key, "no answer", now)
    await outbox.held(key, "the channel cannot be read", now)


@pytest.fixture
async def day(world: World) -> World:
    """A first fetch, then papers that are posted, held, left waiting, not matched, and imported."""
    world.literature.add_pubmed(title="MRI of the hip.")
    world.literature.add_arxiv(title="Faster MRI")
    await world.poll()
    world.literature.add_pubmed(41_000_001, title="MRI of the knee.")
    world.literature.add_arxiv(title="Fast MRI")
    world.literature.add_pubmed(title="Resonance in magnetic fields.")  # PubMed is asked for the words one by one
    await world.poll()
    world.literature.add_pubmed(title="MRI of the wrist.")
    world.literature.add_pubmed(title="MRI of the elbow.")
    async with world.open() as app:
        await app.poll([])
        await hold_one(app, world)
        await app.import_records(iter([a_record(title="MRI of a made-up limb")]), lambda _: None)
    return world


BALANCED = {
    ("arxiv", Account.ANNOUNCED): 1,
    ("arxiv", Account.BASELINE): 1,
    ("pubmed", Account.ANNOUNCED): 1,
    ("pubmed", Account.BASELINE): 1,
    ("pubmed", Account.HELD): 1,
    ("pubmed", Account.UNMATCHED): 1,
    ("pubmed", Account.WAITING): 1,
}


async def test_a_day_balances_and_an_import_does_not_appear(day: World) -> None:
    async with day.open() as app:
        assert await check(app) == BALANCED
        reply = await day.ask(app, "status")
        assert isinstance(reply, StatusReport)
        assert reply.ledger == (await app.status()).ledger


async def test_an_announcement_that_was_lost_is_found(day: World, capsys: pytest.CaptureFixture[str]) -> None:
    async with day.open() as app:
        seen = await app.why("41000001", None)
        assert isinstance(seen, WhyReport)
        lost = seen.paper.id
    with closing(sqlite3.connect(day.folder / "papers.sqlite3")) as data, data:
        assert data.execute("DELETE FROM announcements WHERE paper_id = ?", (lost,)).rowcount == 1
    async with day.open() as app:
        found = await check(app)
        assert found.pop(("pubmed", Account.MISSING)) == 1
        assert found | {("pubmed", Account.ANNOUNCED): 1} == BALANCED
        assert ("pubmed", Account.ANNOUNCED) not in found
        report = await app.status()
        print_status(report, as_json=True)
        assert [p for line in json.loads(capsys.readouterr().out)["ledger"] for p in line["lost"]] == [f"P{lost}"]
        print_status(report, as_json=False)
        assert f"P{lost}" in capsys.readouterr().out
        reply = await day.ask(app, f"why P{lost}")
        assert isinstance(reply, WhyReport)
        assert "lost" in reply.channels[0].reason


async def test_a_running_bot_checks_the_days_that_are_over(day: World) -> None:
    long_ago = (utc_now() - timedelta(days=2)).date().isoformat()
    with closing(sqlite3.connect(day.folder / "papers.sqlite3")) as data, data:
        data.execute("UPDATE found SET at = ? || substr(at, 11)", (long_ago,))
    stop = asyncio.Event()
    async with day.open() as app:
        running = asyncio.create_task(app.run(stop))
        async with asyncio.timeout(30):
            while not (ledger := (await app.status()).ledger):
                await asyncio.sleep(0.05)
        stop.set()
        await running
    assert {(line.day.isoformat(), line.source) for line in ledger} == {(long_ago, "arxiv"), (long_ago, "pubmed")}
