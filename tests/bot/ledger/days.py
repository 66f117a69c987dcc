"""What the tests of the ledger do to a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ledger import balance
from bot.model import (
    Delivery,
    DeliveryKey,
    DeliveryKind,
    DeliveryState,
    PaperId,
    Record,
)
from bot.polling import poll
from bot.reports import Account
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW
from tests.fakes.source import FakeSource

BEFORE = NOW - timedelta(hours=2)
AFTER = NOW + timedelta(days=1)
PAPER = PaperId(1)


async def round_of(source: FakeSource, storage: SqliteStorage, *news: Record, at: datetime = NOW) -> None:
    source.news = list(news)
    await poll(source, storage, lambda: at, timedelta(days=14))


async def lose(storage: SqliteStorage, paper: int) -> None:
    assert await storage._database.write("DELETE FROM announcements WHERE paper_id = ?", (paper,)) == 1


async def send(storage: SqliteStorage, paper: PaperId, state: DeliveryState) -> None:
    """Post what waits, up to this state."""
    key, kind = DeliveryKey(f"key{paper}"), DeliveryKind.ANNOUNCEMENT
    assert await storage.outbox.open(
        [Delivery(key, CHANNEL.ref, kind, f"P{paper}", 1, b"bytes", paper_ids=(paper,))], NOW
    )
    match state:
        case DeliveryState.SENT:
            await storage.outbox.sent(key, "7", NOW)
        case DeliveryState.UNKNOWN | DeliveryState.HELD:
            await storage.outbox.unknown(key, "no answer", NOW)
            if state is DeliveryState.HELD:
                await storage.outbox.held(key, "cannot be read", NOW)
        case DeliveryState.DEAD:
            await storage.outbox.dead(key, "too long", NOW)


async def checked(storage: SqliteStorage, at: datetime = AFTER) -> dict[Account, int]:
    """What the check counts, without the accounts where nothing stands."""
    await balance(storage, at)
    [line] = await storage.ledger.lines()
    return {account: count for account, count in line.accounts.items() if count}
