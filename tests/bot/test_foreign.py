"""A pasted search whose meaning only its source knows."""

from __future__ import annotations

from storage import SqliteStorage
from tests.fakes.desk import a_desk
from tests.fakes.source import FakeSource

FEED = "https://pubmed.ncbi.nlm.nih.gov/rss/search/1mAdEuPkEy/?limit=15"


async def test_a_feed_is_looked_up(storage: SqliteStorage) -> None:
    source = FakeSource()
    source.feeds[FEED] = "mri[ti] AND joint[ti]"
    found = await a_desk(storage, {"pubmed": source}).foreign(FEED)
    assert found is not None
    assert (str(found.query), found.asked) == ("title:mri title:joint", "mri[ti] AND joint[ti]")


async def test_a_feed_that_cannot_be_read_says_what_to_paste(storage: SqliteStorage) -> None:
    source = FakeSource()
    source.breaks = True
    for desk in (a_desk(storage, {"pubmed": source}), a_desk(storage)):
        found = await desk.foreign(FEED)
        assert found is not None
        assert found.query is None
        assert "address bar" in found.problem
    assert await a_desk(storage).foreign("mri joint") is None
