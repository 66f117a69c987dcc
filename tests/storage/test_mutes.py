from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotFound, Refused
from bot.model import Mute, MuteKind
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_record, an_arxiv_record

REF = CHANNEL.ref
WANG = Mute(MuteKind.AUTHOR, "Wang X")


@pytest.fixture(autouse=True)
async def channels(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)
    await storage.topics.put_channel(OTHER_CHANNEL)


async def test_the_same_words_are_one_mute_however_they_are_written(storage: SqliteStorage) -> None:
    await storage.mutes.add(WANG, REF, NOW)
    with pytest.raises(Refused, match="already"):
        await storage.mutes.add(Mute(MuteKind.AUTHOR, "wang  x."), REF, NOW)
    await storage.mutes.add(Mute(MuteKind.WORD, "Wang X"), REF, NOW + timedelta(hours=1))
    await storage.mutes.add(WANG, OTHER_CHANNEL.ref, NOW)
    assert await storage.mutes.of_channel(REF) == [WANG, Mute(MuteKind.WORD, "Wang X")]
    assert await storage.mutes.remove(Mute(MuteKind.AUTHOR, "WANG x"), REF) == WANG
    with pytest.raises(NotFound):
        await storage.mutes.remove(WANG, REF)
    assert await storage.mutes.all() == {REF: [Mute(MuteKind.WORD, "Wang X")], OTHER_CHANNEL.ref: [WANG]}


async def test_what_a_mute_kept_back_is_counted_per_channel_and_time(storage: SqliteStorage) -> None:
    changes = await storage.archive.upsert([a_record(), a_record()], NOW)
    first, second = (change.paper.id for change in changes)
    await storage.mutes.keep_back({(REF, first): WANG}, NOW - timedelta(days=40))
    await storage.mutes.keep_back({(REF, second): WANG, (OTHER_CHANNEL.ref, second): WANG}, NOW)
    assert await storage.mutes.kept_back(REF, NOW - timedelta(days=30)) == {WANG: 1}
    assert await storage.mutes.channels_without([first, second]) == {first: {REF}, second: {REF, OTHER_CHANNEL.ref}}
    assert await storage.mutes.kept_back_by(OTHER_CHANNEL.ref, first) is None


async def test_a_paper_that_is_merged_into_another_stays_muted(storage: SqliteStorage) -> None:
    one, two = a_record(source_id="1"), an_arxiv_record(source_id="2611.1")
    survivor, loser = (change.paper.id for change in await storage.archive.upsert([one, two], NOW))
    await storage.mutes.keep_back({(REF, loser): WANG}, NOW)
    await storage.archive.upsert([replace(two, version=2, same_work=one.identifiers)], NOW)
    assert await storage.mutes.kept_back_by(REF, survivor) == WANG
    assert await storage.mutes.channels_without([loser]) == {}
