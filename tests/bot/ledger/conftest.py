from __future__ import annotations

import pytest

from storage import SqliteStorage
from tests.bot.ledger.days import BEFORE, round_of
from tests.examples import CHANNEL, a_query
from tests.fakes.source import FakeSource


@pytest.fixture
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture
async def watching(storage: SqliteStorage, source: FakeSource) -> None:
    """A channel follows radiographs, and the first fetch is done."""
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.add("chest", a_query("radiographs"), CHANNEL.ref, BEFORE)
    await round_of(source, storage, at=BEFORE)
