import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.model import Announcement, Delivery, DeliveryKey, DeliveryKind, DeliveryState, Note, PaperId
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record

KEY = DeliveryKey("k" * 24)


def an_announcement(paper: int = 1, **changes: object) -> Announcement:
    values: dict[str, object] = {"channel": CHANNEL.ref, "paper_id": PaperId(paper), "topics": ("mri",)}
    return Announcement(**{**values, **changes})  # type: ignore[arg-type]


def a_delivery(key: str = KEY, slot: str = "P1", papers: tuple[int, ...] = (1,)) -> Delivery:
    ids = tuple(PaperId(paper) for paper in papers)
    kind = DeliveryKind.ANNOUNCEMENT
    return Delivery(DeliveryKey(key), CHANNEL.ref, kind, slot, 1, b"bytes", paper_ids=ids)


@pytest.fixture(autouse=True)
async def channels(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.put_channel(OTHER_CHANNEL)
    await storage.archive.upsert([a_record()], NOW)


async def opened(storage: SqliteStorage) -> Delivery:
    await storage.outbox.queue([an_announcement()], NOW)
    delivery = await storage.outbox.open([a_delivery()], NOW)
    assert delivery is not None
    return delivery


async def state(storage: SqliteStorage) -> DeliveryState | None:
    unfinished = await storage.outbox.unfinished(CHANNEL.ref)
    return unfinished[0].state if unfinished else None


async def test_a_paper_is_queued_once_for_a_channel_for_ever(storage: SqliteStorage) -> None:
    assert await storage.outbox.queue([an_announcement(), an_announcement()], NOW) == 1
    await storage.outbox.open([a_delivery()], NOW)
    await storage.outbox.sent(KEY, "7", NOW)
    assert await storage.outbox.queue([an_announcement(topics=("ct",), note=Note.REVISED)], NOW) == 0
    assert await storage.outbox.queue([an_announcement(channel=OTHER_CHANNEL.ref)], NOW) == 1


async def test_opening_freezes_and_claims_in_one_commit(storage: SqliteStorage, tmp_path: Path) -> None:
    delivery = await opened(storage)
    assert (delivery.state, delivery.attempts, delivery.first_at) == (DeliveryState.SENDING, 1, NOW)
    assert await storage.outbox.waiting(CHANNEL.ref) == []
    with sqlite3.connect(tmp_path / "papers.sqlite3") as another:
        assert another.execute("SELECT state, payload FROM deliveries").fetchall() == [("sending", b"bytes")]
    another.close()


async def test_what_was_not_sent_is_tried_again_with_the_same_bytes(storage: SqliteStorage) -> None:
    await opened(storage)
    await storage.outbox.not_sent(KEY, "busy", NOW, NOW + timedelta(seconds=5))
    [pending] = await storage.outbox.unfinished(CHANNEL.ref)
    assert (pending.state, pending.not_before) == (DeliveryState.PENDING, NOW + timedelta(seconds=5))
    with pytest.raises(StorageError):
        await storage.outbox.sent(KEY, "7", NOW)
    again = await storage.outbox.claim(KEY, NOW)
    assert (again.payload, again.attempts) == (b"bytes", 2)


async def test_after_a_crash_what_was_being_sent_is_unknown(storage: SqliteStorage) -> None:
    await opened(storage)
    assert await storage.outbox.recover() == 1
    assert await state(storage) is DeliveryState.UNKNOWN


async def test_an_unknown_is_only_sent_again_after_two_absences(storage: SqliteStorage) -> None:
    await opened(storage)
    await storage.outbox.unknown(KEY, "no answer", NOW)
    with pytest.raises(StorageError):
        await storage.outbox.claim(KEY, NOW)
    await storage.outbox.absent(KEY, NOW)
    assert await state(storage) is DeliveryState.UNKNOWN
    await storage.outbox.absent(KEY, NOW)
    assert await state(storage) is DeliveryState.PENDING
    await storage.outbox.claim(KEY, NOW)
    await storage.outbox.unknown(KEY, "no answer again", NOW)
    await storage.outbox.absent(KEY, NOW)
    assert await state(storage) is DeliveryState.UNKNOWN, "the second attempt is looked for twice as well"


async def test_a_sent_delivery_stays_sent(storage: SqliteStorage, tmp_path: Path) -> None:
    await opened(storage)
    await storage.outbox.sent(KEY, "7", NOW)
    for change in (storage.outbox.unknown(KEY, "", NOW), storage.outbox.dead(KEY, "", NOW)):
        with pytest.raises(StorageError):
            await change
    with sqlite3.connect(tmp_path / "papers.sqlite3") as another, pytest.raises(sqlite3.IntegrityError):
        another.execute("UPDATE deliveries SET state = 'pending'")
    another.close()


async def test_a_delivery_of_one_slot_cannot_be_opened_twice(storage: SqliteStorage) -> None:
    await opened(storage)
    with pytest.raises(StorageError):
        await storage.outbox.open([a_delivery(key="l" * 24, papers=())], NOW)


async def test_a_message_whose_paper_no_longer_waits_is_not_opened(storage: SqliteStorage) -> None:
    await opened(storage)
    assert await storage.outbox.open([a_delivery(key="l" * 24, slot="P2")], NOW) is None
    assert [delivery.key for delivery in await storage.outbox.unfinished(CHANNEL.ref)] == [KEY]


async def test_the_install_id_is_made_once(storage: SqliteStorage) -> None:
    assert await storage.outbox.install_id() == await storage.outbox.install_id()
