from datetime import timedelta

from bot.housekeeping import RULES, forget_old
from bot.ports import Perishable
from storage import SqliteStorage
from tests.examples import NOW


async def test_what_comes_again_is_known_for_a_day(storage: SqliteStorage) -> None:
    assert await storage.gestures.first("slack:event:Ev1", NOW)
    assert not await storage.gestures.first("slack:event:Ev1", NOW + timedelta(hours=1))
    assert await storage.gestures.first("slack:event:Ev2", NOW)
    await forget_old(storage.upkeep, NOW + timedelta(hours=23))
    assert not await storage.gestures.first("slack:event:Ev1", NOW + timedelta(hours=23))
    await forget_old(storage.upkeep, NOW + timedelta(hours=25))
    assert await storage.gestures.first("slack:event:Ev1", NOW + timedelta(hours=25))


def test_they_are_kept_for_as_long_as_platforms_repeat_them() -> None:
    assert [rule.kept for rule in RULES if rule.what is Perishable.GESTURES] == [timedelta(days=1)]


async def test_nobody_is_kept_from_asking_while_nothing_can_be_written(storage: SqliteStorage) -> None:
    await storage._database._writer.execute("PRAGMA query_only = ON")
    assert await storage.gestures.first("slack:event:Ev1", NOW)
    assert not await storage.gestures.first("slack:event:Ev1", NOW)
    await storage._database._writer.execute("PRAGMA query_only = OFF")
    assert not await storage.gestures.first("slack:event:Ev1", NOW)
    assert await storage.gestures.first("slack:event:Ev2", NOW)
