from storage import SqliteStorage
from storage.chat_log import AT_ONCE
from tests.examples import NOW


async def test_a_message_with_a_key_is_kept_once(storage: SqliteStorage) -> None:
    first = await storage.chat_log.append("papers", b"one", NOW, key="k")
    again = await storage.chat_log.append("papers", b"two", NOW, key="k")
    assert again == first
    assert await storage.chat_log.with_key("papers", "k") == first
    assert await storage.chat_log.with_key("other", "k") is None


async def test_private_messages_are_seen_by_their_person_only(storage: SqliteStorage) -> None:
    await storage.chat_log.append("papers", b"all", NOW)
    await storage.chat_log.append("papers", b"ann's", NOW, user="ann")
    assert [m.body for m in await storage.chat_log.since("papers", None, "ann")] == [b"all", b"ann's"]
    assert [m.body for m in await storage.chat_log.since("papers", None, "bob")] == [b"all"]
    assert [m.body for m in await storage.chat_log.since("papers", None, None)] == [b"all"]


async def test_reading_on_skips_nothing_and_opening_shows_the_newest(storage: SqliteStorage) -> None:
    async with storage.transaction():
        for n in range(AT_ONCE + 20):
            await storage.chat_log.append("papers", str(n).encode(), NOW)
    newest = await storage.chat_log.since("papers", None, None)
    assert (len(newest), newest[-1].body) == (AT_ONCE, str(AT_ONCE + 19).encode())
    read = await storage.chat_log.since("papers", 0, None)
    read += await storage.chat_log.since("papers", read[-1].n, None)
    assert [int(m.body) for m in read] == list(range(AT_ONCE + 20))


async def test_a_message_can_be_changed(storage: SqliteStorage) -> None:
    message = await storage.chat_log.append("papers", b"one", NOW)
    changed = await storage.chat_log.replace(message.n, b"two")
    assert (changed.n, changed.body) == (message.n, b"two")
    assert await storage.chat_log.get(message.n) == changed


async def test_the_newest_message_is_that_which_the_person_may_see(storage: SqliteStorage) -> None:
    assert await storage.chat_log.newest("papers", "ann") == 0
    shared = await storage.chat_log.append("papers", b"all", NOW)
    own = await storage.chat_log.append("papers", b"ann's", NOW, user="ann")
    await storage.chat_log.append("reading", b"elsewhere", NOW)
    assert await storage.chat_log.newest("papers", "ann") == own.n
    assert await storage.chat_log.newest("papers", "bob") == shared.n
    assert await storage.chat_log.newest("papers", None) == shared.n
