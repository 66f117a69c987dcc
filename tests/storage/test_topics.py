import pytest

from bot.errors import ConfigurationError, NotFound, Refused
from bot.model import ChannelRef, Topic
from storage import SqliteStorage
from tests.examples import CHANNEL, NOW, OTHER_CHANNEL, a_query, a_record


@pytest.fixture(autouse=True)
async def channel(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(CHANNEL)


async def names(storage: SqliteStorage, ref: ChannelRef = CHANNEL.ref) -> list[str]:
    return [topic.name for topic in await storage.topics.of_channel(ref)]


async def test_a_topic_added_in_chat_belongs_to_its_channel(storage: SqliteStorage) -> None:
    topic = await storage.topics.add("mri", a_query("mri"), CHANNEL.ref, NOW)
    assert await storage.topics.of_channel(CHANNEL.ref) == [topic]
    assert not topic.declared
    assert await names(storage, OTHER_CHANNEL.ref) == []


async def test_a_name_is_taken_once_a_channel_whatever_its_case(storage: SqliteStorage) -> None:
    await storage.topics.put_channel(OTHER_CHANNEL)
    await storage.topics.add("mri", a_query(), CHANNEL.ref, NOW)
    with pytest.raises(Refused, match="already"):
        await storage.topics.add("MRI", a_query(), CHANNEL.ref, NOW)
    await storage.topics.add("mri", a_query(), OTHER_CHANNEL.ref, NOW)


async def test_a_place_that_is_no_channel_takes_no_topics(storage: SqliteStorage) -> None:
    with pytest.raises(Refused, match="belong to a channel"):
        await storage.topics.add("mri", a_query(), ChannelRef("local", "", "dm-ann"), NOW)
    assert await storage.topics.all() == []


async def test_a_removed_topic_leaves_its_name_free(storage: SqliteStorage) -> None:
    topic = await storage.topics.add("mri", a_query(), CHANNEL.ref, NOW)
    await storage.topics.remove("mri", CHANNEL.ref, NOW)
    assert await storage.topics.all() == []
    with pytest.raises(NotFound):
        await storage.topics.remove("mri", CHANNEL.ref, NOW)
    assert (await storage.topics.add("mri", a_query(), CHANNEL.ref, NOW)).id != topic.id


async def test_what_the_file_declares_is_made_so_at_every_start(storage: SqliteStorage) -> None:
    declare = storage.topics.declare
    await declare([("mri", a_query("mri")), ("ct", a_query("ct"))], [(CHANNEL, ["mri"]), (OTHER_CHANNEL, ["mri"])], NOW)
    assert (await names(storage), await names(storage, OTHER_CHANNEL.ref)) == (["mri"], ["mri"])
    assert len(await storage.topics.all()) == 1
    await declare([("mri", a_query("mri")), ("ct", a_query("ct"))], [(CHANNEL, ["ct"])], NOW)
    assert (await names(storage), await names(storage, OTHER_CHANNEL.ref)) == (["ct"], [])


async def test_a_declared_query_that_changes_is_fetched_from_the_start_again(storage: SqliteStorage) -> None:
    async def declared(query: str) -> Topic:
        await storage.topics.declare([("mri", a_query(query))], [(CHANNEL, ["mri"])], NOW)
        return (await storage.topics.all())[0]

    topic = await declared("mri")
    await storage.sources.baseline_done(topic, "pubmed", NOW)
    assert await declared("mri") == topic
    assert await storage.sources.baselines("pubmed") == {topic.id}
    assert (await declared("mri OR mrt")).id == topic.id
    assert await storage.sources.baselines("pubmed") == set()


async def test_a_declared_topic_stays_and_a_clash_of_names_is_an_error(storage: SqliteStorage) -> None:
    await storage.topics.declare([("mri", a_query())], [(CHANNEL, ["mri"])], NOW)
    with pytest.raises(Refused, match="configuration"):
        await storage.topics.remove("mri", CHANNEL.ref, NOW)
    await storage.topics.add("ct", a_query(), CHANNEL.ref, NOW)
    with pytest.raises(ConfigurationError, match="made in chat"):
        await storage.topics.declare([("ct", a_query())], [(CHANNEL, ["ct"])], NOW)
    assert await names(storage) == ["ct", "mri"], "a refused declaration changes nothing"


async def test_baseline_marks_are_kept_per_topic_and_paper(storage: SqliteStorage) -> None:
    [change] = await storage.archive.upsert([a_record()], NOW)
    await storage.sources.add_baseline([(1, change.paper.id), (1, change.paper.id)])
    assert await storage.sources.baseline_marks([change.paper.id]) == {(1, change.paper.id)}


async def test_a_source_that_fails_keeps_its_cursor_and_one_that_succeeds_clears_the_error(
    storage: SqliteStorage,
) -> None:
    await storage.sources.advance("pubmed", "here")
    await storage.sources.failed("pubmed", "down", NOW, NOW)
    state = await storage.sources.state("pubmed")
    assert (state.cursor, state.error, state.not_before) == ("here", "down", NOW)
    await storage.sources.succeeded("pubmed", NOW)
    state = await storage.sources.state("pubmed")
    assert (state.cursor, state.error, state.not_before, state.last_failure) == ("here", None, None, NOW)


async def test_a_channel_that_leaves_the_file_is_paused_and_comes_back_without_a_flood(storage: SqliteStorage) -> None:
    declare = storage.topics.declare
    await declare([("mri", a_query())], [(OTHER_CHANNEL, ["mri"])], NOW)
    own = await storage.topics.add("own", a_query("own"), OTHER_CHANNEL.ref, NOW)
    for topic in await storage.topics.all():
        await storage.sources.baseline_done(topic, "pubmed", NOW)
    await declare([("mri", a_query())], [], NOW)
    assert (await storage.topics.all(), await storage.topics.follows()) == ([], [])
    assert OTHER_CHANNEL.ref not in {channel.ref for channel in await storage.topics.channels()}
    await declare([("mri", a_query())], [(OTHER_CHANNEL, ["mri"])], NOW)
    assert await names(storage, OTHER_CHANNEL.ref) == ["mri", "own"]
    assert own.id in {topic.id for topic in await storage.topics.all()}
    assert await storage.sources.baselines("pubmed") == set()


async def test_a_restart_with_the_same_file_starts_nothing_anew(storage: SqliteStorage) -> None:
    for _ in range(2):
        await storage.topics.declare([("mri", a_query())], [(CHANNEL, ["mri"])], NOW)
        [topic] = await storage.topics.all()
        await storage.sources.baseline_done(topic, "pubmed", NOW)
    await storage.topics.declare([("mri", a_query())], [(CHANNEL, ["mri"])], NOW)
    assert await storage.sources.baselines("pubmed") == {topic.id}
