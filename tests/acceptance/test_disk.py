"""A disk that is almost full: no source is asked, what waits is posted, and it goes on by itself."""

from __future__ import annotations

from dataclasses import replace

from bot.reports import LEAST_FREE, DataLine
from storage import SqliteStorage
from storage.upkeep import SqliteUpkeep
from tests.acceptance.world import World


class FullDisk(SqliteUpkeep):
    """The real data on a disk with too little room."""

    def __init__(self, storage: SqliteStorage) -> None:
        super().__init__(storage._database, None)

    async def data(self) -> DataLine:
        return replace(await super().data(), free=LEAST_FREE - 1)


async def test_no_source_is_asked_until_there_is_room_again(world: World) -> None:
    await world.poll()
    world.literature.add_pubmed(title="MRI of the hip")
    asked = len(world.literature.requests)
    async with world.open() as app:
        upkeep, app._storage.upkeep = app._storage.upkeep, FullDisk(app._storage)
        rows = await app.poll([])
        assert all("MB are free" in (row.error or "") for row in rows)
        assert len(world.literature.requests) == asked
        data = (await app.status()).data
        assert data
        assert data.shortage
        assert not await app._is_well()
        app._storage.upkeep = upkeep
        assert [(row.error, row.queued) for row in await app.poll([])] == [(None, 1), (None, 0)]


async def test_what_waits_is_posted_though_the_disk_is_almost_full(world: World) -> None:
    await world.poll()
    world.literature.add_pubmed(title="MRI of the hip")
    async with world.open() as app:
        await app.poll([])
        app._storage.upkeep = FullDisk(app._storage)
        assert (await app.deliver()).sent == 1
